"""`recommender audit`: where the review and its sources disagree."""

from typing import Annotated

import typer

from . import options
from .helping import examples

EXAMPLES = examples("recommender audit --ref 86", "recommender audit --format markdown > audit.md")


def audit(
    ref: Annotated[
        int | None,
        typer.Option("--ref", metavar="N", min=1, help="Only findings on this reference of the review."),
    ] = None,
    output_format: options.TableJsonMarkdown = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Show where the review disagrees with the papers that it cites, and what the program encodes."""
    from ..curation.records import audit_rows
    from ..recommender import Recommender
    from ..views.blocks import audit_blocks
    from ..views.plain import labelled
    from ..views.records import audit_title
    from ..views.rule_pages import audit_page
    from .output import emit, screen

    recommender = Recommender(rules=rules or (), engine="plain")
    stamp = recommender.rule_base
    found = audit_rows(recommender.base, ref)
    title = audit_title(ref)
    none = "" if found else "No disagreement was found on this reference."
    note = f"{none} {stamp.packs_in_words()}".strip()
    match output_format:
        case "table":
            text = audit_blocks(found, title, note, screen(width, output))
        case "markdown":
            text = audit_page(found, title, note)
        case _:
            text = labelled(title=title, rows=found, **stamp.packs_field)
    emit(text, output)
