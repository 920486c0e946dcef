"""`recommender recommend`: the main job."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import options

if TYPE_CHECKING:
    from ..intake.lines import Line
    from ..recommender import Asked, Recommender

EXAMPLES = (
    "Examples: recommender recommend case.json; recommender recommend - --format json --top 3 < case.yaml; "
    "recommender recommend tumours.ndjson > answers.ndjson"
)


def recommend(
    file: Annotated[
        str,
        typer.Argument(metavar="[FILE|-]", help="A profile in JSON or YAML, or one a line; - is stdin."),
    ] = "-",
    output_format: Annotated[
        Literal["table", "json", "ndjson", "markdown", "html", "csv"] | None,
        typer.Option("--format", help="How to show it: a table, or NDJSON for a stream of profiles."),
    ] = None,
    top: options.Top = None,
    brief: options.Brief = False,
    strict: options.Strict = False,
    any_disease: options.AnyDisease = False,
    engine: options.EngineChoice = None,
    verify: options.Verify = False,
    progress: Annotated[
        bool, typer.Option("--progress", help="Count the profiles of a stream on a terminal's stderr.")
    ] = False,
    output: options.Output = None,
    rules: options.Rules = None,
    width: options.Width = None,
) -> None:
    """Rank the ferroptosis-inducing add-ons for a tumour profile, or for each of a stream.

    Preclinical evidence, not for treatment decisions.
    """
    from ..profile import Profile
    from ..recommender import Asked, Recommender
    from ..views import render
    from .output import emit, screen
    from .reading import opened

    asked = Asked(brief=brief, strict=strict, any_disease=any_disease, verify=verify)
    with opened(file, stream_wanted=output_format in ("ndjson", "csv")) as (data, lines, name):
        if lines is None:
            profile = Profile.read(data, source=name)
            recommender = Recommender(rules=rules or (), engine=engine)
            if output_format == "html":
                from ..reports.case_report import report
                from ..views.pages import page

                emit(page(report(recommender, profile, top=top, **asked._asdict())), output)
                return
            result = recommender.recommend(profile, **asked._asdict())
            if top is not None:
                result = result.first(top)
            table = output_format in (None, "table")
            shown_on = screen(width, output) if table else None
            emit(render(result, output_format or "table", shown_on), output)
        else:
            recommender = Recommender(rules=rules or (), engine=engine, isolated=True)
            _stream(recommender, lines, asked, output_format, top, output, show=progress)


def _stream(
    recommender: "Recommender",
    lines: "Iterable[Line]",
    asked: "Asked",
    output_format: str | None,
    top: int | None,
    output: Path | None,
    *,
    show: bool,
) -> None:
    """Answer profiles one a line, as they come. Exits with 2 where a line was bad, 4 where engines differ."""
    from .._errors import InputError, Problem
    from ..streaming import answers
    from ..views.stream import writer
    from . import exit_code
    from .output import STDOUT, tell, writing
    from .progress import progress

    if output_format in ("table", "markdown", "html"):
        what = f"a stream of profiles is answered as ndjson or csv, not as {output_format}."
        raise InputError([Problem("--format", what)])
    codes = set()
    bad = 0
    with writing(output) as write, progress(show) as step:
        put = writer("csv" if output_format == "csv" else "ndjson", write, tell)
        for answer in answers(recommender, lines, asked):
            put(answer, top)
            step(bad=answer.error is not None)
            if answer.error is not None:
                codes.add(exit_code(answer.error))
                bad += 1
    if codes:
        if output not in (None, STDOUT) and output_format != "csv":
            tell(f"{bad} line{'s' if bad > 1 else ''} could not be answered; {output} says why.")
        raise typer.Exit(max(codes))
