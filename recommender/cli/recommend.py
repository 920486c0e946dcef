"""`recommender recommend`: the main job."""

from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import completing, options
from .helping import examples

if TYPE_CHECKING:
    from ..recommender import Recommender
    from ..result.model import Result
    from ..streaming import Answer, Item
    from .parallel import Setup

EXAMPLES = examples(
    "recommender recommend case.json",
    "recommender recommend - --format json --top 3 < case.yaml",
    "recommender recommend tumours.ndjson > answers.ndjson",
    "recommender recommend *.json -o answers.ndjson",
)
_FIGURES = "corroborate --show RULE has the figures of drug screens"
_MORE = "--full prints all of it, with all limits · {}next-tests FILE"


def recommend(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|CASE|-",
            help="Profiles in JSON, YAML or NDJSON, folders of them, or a shipped case; - for stdin.",
            autocompletion=completing.profile,
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "ndjson", "markdown", "html", "csv"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: table, json, ndjson, markdown, html or csv.",
            show_default="table; ndjson for several profiles",
        ),
    ] = None,
    top: options.Top = None,
    full: Annotated[
        bool, typer.Option("--full", help="Print everything: proofs, limits, context, disputed claims.")
    ] = False,
    brief: options.Brief = False,
    strict: options.Strict = False,
    any_disease: options.AnyDisease = False,
    engine: options.EngineChoice = None,
    verify: options.Verify = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            help="Processes that answer a long stream.",
            show_default="one for each core",
        ),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--progress", help="Count the profiles of a stream on stderr.")
    ] = False,
    output: options.Output = None,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="Append a line of JSON for each answer: time, and digests of input, rules and result.",
        ),
    ] = None,
    rules: options.RuleFolders = None,
    weights: options.OwnWeights = None,
    width: options.Width = None,
) -> None:
    """Rank the ferroptosis-inducing add-ons for a tumour profile, or for each of many.

    Several files, and folders in the order of names, are answered as NDJSON.
    Preclinical evidence, not for treatment decisions.
    """
    from ..options import Options
    from ..recommender import Recommender
    from ..views import render
    from .output import emit, screen
    from .reading import named, opened_input, profile_in_data

    asked = Options(brief=brief, strict=strict, any_disease=any_disease, verify=verify, top=top)
    given = files or ["-"]
    wanted = output_format in ("ndjson", "csv")

    def stream(found: "Iterable[Item | Answer]") -> None:
        from .parallel import Setup, cores

        kind: Literal["ndjson", "csv"] = "csv" if output_format == "csv" else "ndjson"
        setup = Setup(rules or (), engine, asked, kind, weights, logged=log is not None)
        _stream(found, setup, jobs or cores(), output, log, show=progress)

    if len(given) > 1 or Path(given[0]).is_dir():
        from ..streaming import items_of_files

        _refuse_page(output_format, "several files are")
        opened = partial(opened_input, stream_wanted=wanted)
        stream(items_of_files(named(given), opened))
        return
    with opened_input(given[0], stream_wanted=wanted) as (name, data, lines):
        if lines is not None:
            from ..streaming import items

            _refuse_page(output_format, "a stream of profiles is")
            stream(items(lines))
            return
        profile = profile_in_data(data, rules, name=name)
    recommender = Recommender(rules=rules or (), engine=engine, weights=weights)
    if output_format == "html":
        from ..reports.case_report import case_report
        from ..views.pages import report_page

        made = case_report(recommender, profile, asked)
        _note(made.result, recommender, log)
        emit(report_page(made), output)
        return
    result = recommender.answer(profile, asked)
    _note(result, recommender, log)
    if output_format not in (None, "table"):
        emit(render(result, output_format), output)
        return
    from ..reports.screenful import screenful
    from ..views.one_screen import one_screen
    from ..views.table import details

    shown_on = screen(width, output)
    if not recommender.base.grouped:
        emit(render(result, "table", shown_on), output)
        return
    more = _FIGURES if full else _MORE.format("explain FILE 1 · " if result.recommendations else "")
    first = one_screen(screenful(result, recommender.base), shown_on, more, whole=full)
    emit(first + (details(result, shown_on) if full else ""), output)


def _refuse_page(output_format: str | None, what: str) -> None:
    """Raises InputError for a format that has room for one answer only."""
    from .._errors import InputError, Problem

    if output_format in ("table", "markdown", "html"):
        raise InputError(
            [Problem("", f"{what} answered as ndjson or csv, not as {output_format}.", parameter="format")]
        )


def _note(result: "Result", recommender: "Recommender", log: Path | None) -> None:
    """Append the line of one answer to a log, if there is one. Raises InputError."""
    if log is not None:
        from ..streaming import Answer
        from ..views.logs import log_line
        from .output import appended_to

        with appended_to(log) as note:
            note(log_line(Answer(1, result), recommender.rule_base))


def _stream(
    given: "Iterable[Item | Answer]",
    setup: "Setup",
    jobs: int,
    output: Path | None,
    log: Path | None,
    *,
    show: bool,
) -> None:
    """Write answers as they come. Exits with 2 where a profile was bad, 4 where engines differ."""
    from .._text import counted
    from ..views.stream import writer
    from .output import STDOUT, appended_to, tell, written_to
    from .parallel import answers_written
    from .progress import progress

    codes = []
    found = answers_written(setup, given, jobs)
    with closing(found), appended_to(log) as note, written_to(output) as write, progress(show) as step:
        writer(setup.output_format, write, tell)
        for answer in found:
            note(answer.log)
            if answer.text:
                write(answer.text)
            for text in answer.told:
                tell(text)
            step(bad=answer.code != 0)
            if answer.code:
                codes.append(answer.code)
    if codes:
        if output not in (None, STDOUT) and setup.output_format != "csv":
            tell(f"{counted(len(codes), 'line')} could not be answered; {output} has the reasons.")
        raise typer.Exit(max(codes))
