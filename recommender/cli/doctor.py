"""`recommender doctor`: the state of the installation."""

from . import options
from .helping import examples

EXAMPLES = examples("recommender doctor", "recommender doctor --format json")


def doctor(
    output_format: options.TableOrJson = "table",
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Report whether the program is ready: engine, rule base, versions and optional parts."""
    from ..doctor import TO_INSTALL, examine
    from ..views.plain import as_json
    from ..views.table import two_columns
    from .output import emit, screen

    found = examine(rules or ())
    if output_format == "json":
        emit(as_json(found), None)
    else:
        apart = ("label", "disclaimer", "verdict")
        commands = {name: value for name, value in found.items() if name.startswith(TO_INSTALL)}
        state = {name: value for name, value in found.items() if name not in (*apart, *commands)}
        table = two_columns(found["verdict"], state, screen=screen(width))
        # A command that is broken at the width of the terminal cannot be copied.
        emit(table + "".join(f"{name}: {value}\n" for name, value in commands.items()), None)
