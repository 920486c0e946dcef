"""`recommender schema`: JSON Schemas of the formats."""

from typing import Annotated, Literal

import typer

from . import options
from .helping import examples

EXAMPLES = examples("recommender schema profile", "recommender schema result -o result.schema.json")


def schema(
    which: Annotated[
        Literal["profile", "result", "rule", "error"],
        typer.Argument(metavar="WHICH", help="The format: profile, result, rule or error."),
    ],
    output: options.Output = None,
) -> None:
    """Print a JSON Schema (2020-12): of a profile, a result, a rule file, or an error line of a stream."""
    from .. import schemas
    from ..views.plain import as_json
    from .output import emit

    emit(as_json(schemas.schema(which)), output)
