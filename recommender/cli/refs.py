"""`recommender refs`: the references, for a reference manager."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options
from .helping import examples

EXAMPLES = examples(
    "recommender refs --format csl-json", "recommender refs --format bibtex --for result.json"
)


def refs(
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
