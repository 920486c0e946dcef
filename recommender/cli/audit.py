"""`recommender audit`: where the review and its sources disagree."""

from typing import Annotated

import typer

from . import options

EXAMPLES = "Examples: recommender audit --ref 86; recommender audit --format markdown > audit.md"


def audit(
    ref: Annotated[
        int | None, typer.Option("--ref", min=1, help="Only findings on this reference of the review.")
    ] = None,
    output_format: options.TableJsonMarkdown = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Show where the review and the works that it cites disagree, and what we encode."""
    from ..curation.records import audit_rows
    from ..recommender import Recommender
    from ..views.listing import document, listing
    from ..views.records import audit_title
    from ..views.rule_pages import audit_page
    from .output import emit, screen

    base = Recommender(rules=rules or (), engine="plain").base
    found = audit_rows(base, ref)
    title = audit_title(ref)
    note = "" if found else "No disagreement was found on this reference."
    if output_format == "table" and ref is not None:
        text = document(audit_page(found, title, note), screen=screen(width, output))
    else:
        columns = {
            "id": "Finding",
            "references": "Ref",
            "severity": "Severity",
            "review_says": "The review says",
        }
        if output_format == "markdown":
            columns |= {
                "cited_work_says": "The cited work says",
                "encoded_as": "What we encode",
                "checked": "Checked",
            }
        text = listing(found, columns, output_format, title=title, screen=screen(width, output), note=note)
    emit(text, output)
