"""`recommender triage`: new papers against the rules, and which to read first."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options
from .helping import examples

EXAMPLES = examples(
    "recommender triage new-papers.ris",
    "recommender triage pubmed.nbib zotero.ris --format csv -o reading-list.csv",
)


def triage(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="New papers as RIS (Zotero, EndNote, Scopus) or .nbib (PubMed)."
        ),
    ],
    output_format: Annotated[
        Literal["table", "json", "csv", "markdown"],
        typer.Option("--format", metavar="FORMAT", help="Output format: table, json, csv or markdown."),
    ] = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Match new papers to rules by their words: what to read first (extra `refs`)."""
    from ..curation.papers import read_papers
    from ..curation.triage import matching
    from ..recommender import Recommender
    from ..views.triaged import triaged
    from .output import emit, screen

    papers = [paper for file in files for paper in read_papers(file)]
    recommender = Recommender(rules=rules or (), engine="plain")
    found = matching.triage(recommender.base, papers)
    stamp = recommender.rule_base
    emit(
        triaged(found, output_format, screen(width, output), stamp.packs_field, stamp.packs_in_words()),
        output,
    )
