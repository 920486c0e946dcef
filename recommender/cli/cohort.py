"""`recommender cohort`: many tumours at once, and the picture over all of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .._extras import needs
from .._text import counted, shortened
from . import completing, options
from .helping import examples, first_word

if TYPE_CHECKING:
    from ..cohort.tally import Tally
    from ..options import Options

EXAMPLES = examples("recommender cohort STUDY -o ranked.parquet", "recommender cohort summary ranked.parquet")


MAX_REASONS = 8
"""Reasons why profiles cannot be used that are named; the file has all of them."""
MAX_NAMES = 5
"""Parts that are named for one reason."""
_MEANINGS = {
    "NO_STRATEGY": "ranked without any strategy",
    "NO_THERAPY": "not ranked, because no therapy is given",
    "OUTSIDE_SCOPE": "not ranked, because the disease is out of scope",
}


app = typer.Typer(
    cls=first_word("rank"),
    no_args_is_help=True,
    help="Rank a cohort and summarise it (extra `cohort`).",
    epilog=EXAMPLES,
)


@app.command(
    "rank",
    epilog=examples(
        "recommender cohort tumours.parquet -o ranked.parquet --top 3",
        "recommender cohort STUDY -o parts --resume",
    ),
)
def rank_command(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT", help="A study folder, a Parquet, CSV or NDJSON file, or a folder of such files."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="A file (.parquet, .csv, .ndjson), or a folder.",
        ),
    ],
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="Keep the first N ranks of each profile.")
    ] = None,
    therapy: options.AddTherapy = None,
    any_disease: options.AnyDisease = False,
    sheet: options.Sheet = None,
    backend: Annotated[
        Literal["local", "spark"],
        typer.Option("--backend", metavar="NAME", help="Where to run: local or spark (extra `spark`)."),
    ] = "local",
    spark_master: Annotated[
        str, typer.Option("--spark-master", metavar="URL", help="Master of a Spark cluster.")
    ] = "local[*]",
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue with a folder; keep the parts that would be the same.")
    ] = False,
    progress: Annotated[
        bool, typer.Option("--progress/--no-progress", help="Count profiles on stderr.")
    ] = True,
    rules: options.RuleFolders = None,
) -> None:
    """Rank every profile of a cohort into one long table. This is what `recommender cohort INPUT` does.

    Rows that cannot be used are written, with the reason, to a file next to the output; the exit code is 2.
    """
    _begin()
    from .._errors import InputError, Problem
    from .._files import refuse_inside
    from ..cohort import run
    from ..cohort.sources import parts_of, rows_in
    from ..knowledge.loading import load_rules
    from ..options import Options
    from .progress import counting

    base = load_rules(rules or ())
    asked, therapies = Options(any_disease=any_disease, top=top), tuple(therapy or ())
    if resume and (output.suffix or backend == "spark"):
        what = "only a local ranking into a folder can be resumed; a file is always ranked as a whole."
        raise InputError([Problem("", what, "Leave it out, or name a folder as the output.", "resume")])
    refuse_inside(output, source)
    parts = parts_of(source, sheet=sheet)
    if backend == "spark":
        needs("cohorts on Spark")
        from ..cohort import spark

        tally = spark.rank(parts, output, base, asked, therapies, master=spark_master)
    else:
        with counting(progress, rows_in(parts)) as step:
            if output.suffix:
                tally = run.rank_file(parts, output, base, asked, therapies, step=step)
            else:
                tally = run.rank_folder(parts, output, base, asked, therapies, resume=resume, step=step)
    _report(tally, run.rejects_beside(output), asked)
    if tally.rejected:
        raise typer.Exit(2)


@app.command(
    epilog=examples(
        "recommender cohort summary ranked.parquet",
        "recommender cohort summary ranked.parquet --cohort tumours.parquet --by MARKER",
    )
)
def summary(
    ranked: Annotated[Path, typer.Argument(metavar="OUT", help="A ranked cohort, as written by `cohort`.")],
    cohort: Annotated[
        Path | None,
        typer.Option(
            "--cohort",
            metavar="INPUT",
            help="The cohort, for tumours without a rank, pathway states, measurements and subgroups.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="MARKER",
            help="Split by a marker; may be repeated.",
            autocompletion=completing.marker,
        ),
    ] = None,
    therapy: Annotated[
        list[str] | None,
        typer.Option(
            "--therapy",
            metavar="NAME",
            help="A therapy that was added for the ranking; may be repeated.",
            autocompletion=completing.therapy,
        ),
    ] = None,
    any_disease: options.AnyDisease = False,
    sheet: options.Sheet = None,
    output_format: Annotated[
        Literal["table", "json", "markdown", "html", "multiqc"],
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: table, json, markdown, multiqc, or html with plots (extra `report`).",
        ),
    ] = "table",
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures", metavar="DIR", help="Also write the plots as SVG and PNG (extra `report`)."
        ),
    ] = None,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Summarise a ranked cohort: add-ons by group, pathway states, combinations, what to measure."""
    _begin()
    from ..cohort.summary import summarise
    from ..knowledge.loading import load_rules
    from ..views.cohorts import summary_text
    from .output import emit, emit_all, screen

    base = load_rules(rules or ())
    found = summarise(
        ranked,
        base,
        cohort=cohort,
        by=tuple(by or ()),
        therapies=tuple(therapy or ()),
        sheet=sheet,
        any_disease=any_disease,
    )
    if pictures is not None or output_format == "html":
        needs("pictures")
    if pictures is not None:
        from ..reports.cohort_figures import cohort_figures
        from ..views.plots import plots_of
        from ..views.sheets import draw

        emit_all(pictures, draw(plots_of(cohort_figures(found))))
    emit(summary_text(found, output_format, screen=screen(width, output)), output)


def _begin() -> None:
    """Check for the columnar packages, and let their memory be given back at the end.

    DuckDB complains about what never is, which is what a quick end leaves frozen.
    """
    from .startup import give_memory_back

    needs("cohorts")
    from ..cohort.arrow import leave_pandas_alone

    leave_pandas_alone()
    give_memory_back()


def _report(tally: "Tally", rejects: Path, asked: "Options") -> None:
    from .._label import LABEL
    from .flags import with_flags
    from .output import tell

    for text in tally.told:
        tell(with_flags(text))
    for code, count in sorted(tally.notices.items()):
        if count:
            meaning = f"{counted(count, 'profile')} {_MEANINGS[code]}" if code in _MEANINGS else f"{count:,}"
            tell(f"{code}: {meaning}")
    if tally.skipped_parts:
        tell(f"{counted(tally.skipped_parts, 'part')} kept from before")
    for why, parts in tally.anew.items():
        tell(f"{counted(len(parts), 'part is', 'parts are')} ranked again, because {why}: {_few(parts)}")
    if tally.removed:
        gone = _few(tally.removed)
        many = counted(len(tally.removed), "part is", "parts are")
        tell(f"{many} removed, because the cohort no longer has them: {gone}")
    if tally.rejected:
        tell(f"{counted(tally.rejected, 'profile')} cannot be used; the reasons are in {rejects.name}")
        for reason, count in tally.reasons.most_common(MAX_REASONS):
            tell(f"  {count:,}: {shortened(reason, 160)}")
        if len(tally.reasons) > MAX_REASONS:
            tell(f"  and {len(tally.reasons) - MAX_REASONS:,} other reasons")
    first = f" (first {asked.top} ranks)" if asked.top else ""
    rows = counted(tally.rows, "row")
    tell(f"{counted(tally.profiles, 'profile')}, {rows}{first}. {LABEL}, not for treatment decisions.")


def _few(names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(map(shortened, names[:MAX_NAMES])) + more
