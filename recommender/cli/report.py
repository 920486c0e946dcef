"""`recommender report`: a page about one tumour, to show and to print."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options
from .helping import examples
from .keyboard import is_terminal

EXAMPLES = examples(
    "recommender report case.json -o case.html",
    "recommender report case.json -o handout.md",
    "recommender report case.json -o case.pdf",
    "recommender report case.json --handout -o handout.pdf",
    "recommender report case.json --slides -o slides.pdf",
)
_BY_SUFFIX = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".pdf": "pdf"}


def report(
    file: options.File,
    output: options.Output = None,
    output_format: Annotated[
        Literal["html", "markdown", "pdf"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: html, markdown or pdf (extra `report`).",
            show_default="by the name of the output, else html",
        ),
    ] = None,
    handout: Annotated[
        bool, typer.Option("--handout", help="One or two A4 pages for a journal club, as html or pdf.")
    ] = False,
    slides: Annotated[
        bool, typer.Option("--slides", help="Slides of 16:9, one idea each, as html or pdf.")
    ] = False,
    top: options.Top = None,
    brief: options.Brief = False,
    strict: options.Strict = False,
    any_disease: options.AnyDisease = False,
    engine: options.EngineChoice = None,
    verify: options.Verify = False,
    rules: options.RuleFolders = None,
    weights: options.OwnWeights = None,
) -> None:
    """Make one self-contained page: case, pathway map, ranking, proofs and disputed claims.

    Preclinical evidence, not for treatment decisions.
    """
    from .._errors import InputError, Problem
    from ..options import Options
    from ..recommender import Recommender
    from ..reports.case_report import case_report
    from .reading import profile_in_file
    from .writing import format_for

    kind = format_for(output, output_format, _BY_SUFFIX, default="html", binary="pdf")
    if kind == "html" and output is None and is_terminal(sys.stdout):
        what = "a page is not printed in a terminal."
        raise InputError([Problem("", what, "Name a file: -o case.html; or print it with -o -", "output")])
    if handout and slides:
        raise InputError(
            [Problem("", "a file is a handout or slides, not both.", "Write two files.", "slides")]
        )
    if (handout or slides) and kind == "markdown":
        what = f"{'a handout is' if handout else 'slides are'} laid out on pages, not written as markdown."
        raise InputError([Problem("", what, "Name it *.html or *.pdf.", "format")])
    made = case_report(
        Recommender(rules=rules or (), engine=engine, weights=weights),
        profile_in_file(file, rules),
        Options(brief=brief, strict=strict, any_disease=any_disease, verify=verify, top=top),
    )
    if kind == "markdown":
        from ..views import markdown

        _written(markdown.handout(made), output)
        return
    from ..views.pages import handout_page, pdf, report_page, slides_page

    page = (handout_page if handout else slides_page if slides else report_page)(made)
    _written(pdf(page) if kind == "pdf" else page, output)


def _written(made: str | bytes, output: Path | None) -> None:
    """Write a page, and name the file in which it is."""
    from .output import STDOUT, emit, tell

    emit(made, output)
    if output not in (None, STDOUT):
        tell(f"Written: {output}")
