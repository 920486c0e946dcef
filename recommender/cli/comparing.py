"""`recommender rules compare`: two rule bases or claim registers side by side."""

from typing import Annotated

import typer

from . import options
from .helping import examples

EXAMPLES = examples(
    "recommender rules compare shipped review-as-printed",
    "recommender rules compare shipped my-pack",
    "recommender rules compare shipped own-claims.yaml",
)


def compare_rules(
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="shipped, a shipped pack, a folder of rules, or a register."),
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    full: Annotated[bool, typer.Option("--full", help="List every claim and add-on in the table.")] = False,
    output_format: options.TableJsonMarkdown = "table",
    output: options.Output = None,
    width: options.Width = None,
) -> None:
    """Show where two rule bases or claim registers agree and contradict each other, and rank otherwise."""
    from ..curation.comparing.compared import compare_sides
    from ..curation.comparing.sides import open_side
    from ..intake.cases import cases
    from ..views.sides import sides_json, sides_markdown, sides_table
    from .output import emit, screen

    found = compare_sides(open_side(a), open_side(b), ((one.name, one.profile) for one in cases()))
    if output_format == "json":
        text = sides_json(found)
    elif output_format == "markdown":
        text = sides_markdown(found)
    else:
        text = sides_table(
            found, screen(width, output), full=full, note="" if full else "All claims: --full."
        )
    emit(text, output)
