"""`recommender refs`: the references, for a reference manager."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import options
from .helping import examples, first_word

EXAMPLES = examples(
    "recommender refs --format bibtex --for result.json",
    "recommender refs check --retractions retraction_watch.csv",
    "recommender refs check --abstracts abstracts",
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
        "recommender refs check --abstracts abstracts",
    )
)
def check(
    retractions: Annotated[
        Path | None,
        typer.Option(
            "--retractions",
            metavar="FILE",
            help="Look for retractions: the list of Retraction Watch, as CSV or JSON; kept by you.",
        ),
    ] = None,
    abstracts: Annotated[
        Path | None,
        typer.Option(
            "--abstracts",
            metavar="DIR",
            help="Look for the sealed quotes: texts that you fetched (.txt, .ris, .nbib, .json).",
        ),
    ] = None,
    seal: Annotated[
        Path | None,
        typer.Option(
            "--seal",
            metavar="FILE",
            help="Seal the sentences of a list in these texts instead, and print a rule file (for curators).",
        ),
    ] = None,
    output_format: options.TableOrJson = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Look for retracted papers, or for the quotes that rules rest on. Exit code 3 for bad news."""
    from .._errors import InputError, Problem
    from ..recommender import Recommender
    from ..views.literature import quote_table, state_table
    from .output import emit, screen, tell

    if (retractions is None) == (abstracts is None) or (seal is not None and abstracts is None):
        what = "one of `retractions=` and `abstracts=` is needed, and `seal=` needs the second."
        raise InputError([Problem("", what)])
    recommender = Recommender(rules=rules or (), engine="plain")
    base, stamp = recommender.base, recommender.rule_base.packs_field
    if abstracts is not None:
        from ..curation import quotes

        if seal is not None:
            emit(quotes.seals_as_yaml(quotes.seal(base, abstracts, seal)), output)
            return
        checked = quotes.check_quotes(base, abstracts)
        emit(quote_table(checked, output_format, screen(width, output), stamp), output)
        for name in checked.others:
            tell(f"Not read: {name} is named after none of the papers.")
        if checked.missed:
            raise typer.Exit(3)
    elif retractions is not None:
        from ..curation.literature import check_literature

        found = check_literature(base, retractions)
        emit(state_table(found, output_format, screen(width, output), stamp), output)
        if found.news:
            raise typer.Exit(3)
