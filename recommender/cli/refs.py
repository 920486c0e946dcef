"""`recommender refs`: the references, for a reference manager."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options
from .helping import examples, first_word

EXAMPLES = examples(
    "recommender refs --format bibtex --for result.json",
    "recommender refs check --retractions retraction_watch.csv",
)

app = typer.Typer(
    cls=first_word("list", alone=True),
    help="The papers that the review cites: list them, and look for retractions.",
    epilog=EXAMPLES,
)


@app.command(
    "list",
    epilog=examples(
        "recommender refs --format csl-json", "recommender refs --format bibtex --for result.json"
    ),
)
def list_references(
    output_format: Annotated[
        Literal["table", "json", "csl-json", "bibtex", "ris"],
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: table, json, csl-json, bibtex or ris (the last two: extra `refs`).",
        ),
    ] = "table",
    cited_by: Annotated[
        Path | None,
        typer.Option("--for", metavar="RESULT.json", help="Only the references of this result."),
    ] = None,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """List the references of the review under its own numbers."""
    from ..curation.records import reference_rows
    from ..recommender import Recommender
    from ..views import bibliography
    from ..views.blocks import reference_blocks
    from ..views.plain import as_json, labelled
    from ..views.records import REFERENCES
    from .output import emit, screen
    from .reading import read_result

    recommender = Recommender(rules=rules or (), engine="plain")
    base, stamp = recommender.base, recommender.rule_base
    chosen = sorted(base.references)
    if cited_by is not None:
        cited = read_result(cited_by)
        chosen = [number for number in chosen if number in cited or base.references[number].id in cited]
    references, packs = [base.references[number] for number in chosen], stamp.packs_in_words()
    match output_format:
        case "csl-json":
            text = as_json([bibliography.csl(reference, packs) for reference in references])
        case "bibtex":
            text = bibliography.bibtex(references, packs)
        case "ris":
            text = bibliography.ris(references, packs)
        case "json":
            text = labelled(title=REFERENCES, rows=reference_rows(base, chosen), **stamp.packs_field)
        case _:
            rows = reference_rows(base, chosen)
            title = f"{REFERENCES}: {len(rows)}"
            text = reference_blocks(rows, title, stamp.packs_in_words(), screen(width, output))
    emit(text, output)


@app.command(
    epilog=examples(
        "recommender refs check --retractions retraction_watch.csv",
        "recommender refs check --retractions retractions.json --format json",
    )
)
def check(
    retractions: Annotated[
        Path,
        typer.Option(
            "--retractions", metavar="FILE", help="The list of Retraction Watch, as CSV or JSON; kept by you."
        ),
    ],
    output_format: options.TableOrJson = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Look for retractions, concerns and corrections of papers. Exit code 3 for one that is not on record."""
    from ..curation.literature import check_literature
    from ..recommender import Recommender
    from ..views.listing import listing
    from ..views.plain import labelled
    from .output import emit, screen

    recommender = Recommender(rules=rules or (), engine="plain")
    found = check_literature(recommender.base, retractions)
    known = [one for one in found.papers if one.state != "none-found"]
    if output_format == "json":
        rows = [one._asdict() for one in found.papers]
        stamp = recommender.rule_base.packs_field
        text = labelled(title="State of the literature", notices=found.notices, rows=rows, **stamp)
    else:
        columns = {
            "id": "Paper",
            "state": "State",
            "found_by": "Found by",
            "recorded": "On record",
            "rules": "Rules",
        }
        note = (
            f"{len(known)} of {len(found.papers)} papers are among {found.notices} notices; "
            f"{len(found.news)} not on record. No notice does not mean that a paper is sound."
        )
        rows = [one._asdict() for one in known]
        text = listing(
            rows, columns, "table", title="State of the literature", screen=screen(width, output), note=note
        )
    emit(text, output)
    if found.news:
        raise typer.Exit(3)
