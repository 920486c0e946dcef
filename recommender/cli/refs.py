"""`recommender refs`: the references, for a reference manager."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options

EXAMPLES = "Examples: recommender refs --format csl-json; recommender refs --format bibtex --for result.json"


def refs(
    output_format: Annotated[
        Literal["table", "json", "csl-json", "bibtex", "ris"],
        typer.Option("--format", help="bibtex and ris need the extra `refs`."),
    ] = "table",
    cited_by: Annotated[
        Path | None,
        typer.Option("--for", metavar="RESULT.json", help="Only what this result cites."),
    ] = None,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """List the references of the review, with its own numbers."""
    from ..curation.records import reference_rows
    from ..recommender import Recommender
    from ..views import bibliography
    from ..views.listing import listing
    from ..views.plain import as_json
    from ..views.records import REFERENCES
    from .output import emit, screen
    from .reading import read_result

    base = Recommender(rules=rules or (), engine="plain").base
    chosen = sorted(base.references)
    if cited_by is not None:
        cited = read_result(cited_by)
        chosen = [number for number in chosen if number in cited]
    references = [base.references[number] for number in chosen]
    match output_format:
        case "csl-json":
            text = as_json([bibliography.csl(reference) for reference in references])
        case "bibtex":
            text = bibliography.bibtex(references)
        case "ris":
            text = bibliography.ris(references)
        case _:
            rows = reference_rows(base, chosen)
            columns = {"number": "Ref", "citation": "Citation", "title": "Title", "doi": "DOI"}
            text = listing(rows, columns, output_format, title=REFERENCES, screen=screen(width, output))
    emit(text, output)
