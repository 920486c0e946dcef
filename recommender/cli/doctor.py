"""`recommender doctor`: the state of the installation."""

from . import options

EXAMPLES = "Example: recommender doctor --format json"


def doctor(
    output_format: options.TableOrJson = "table", rules: options.Rules = None, width: options.Width = None
) -> None:
    """Show versions, the engine, the rule base and which optional parts are present."""
    from ..doctor import examine
    from ..views.plain import as_json
    from ..views.table import two_columns
    from .output import emit, screen

    found = examine(rules or ())
    if output_format == "json":
        emit(as_json(found), None)
    else:
        emit(two_columns("recommender doctor", found, screen=screen(width)), None)
