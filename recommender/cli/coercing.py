"""Arguments that are what they should be already: Typer would build a validator for each parameter.

Building these, and what pydantic imports for the first of them, takes a tenth of a short command.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args, get_origin

_Process = Callable[[Any, Any], Any]


def keep_plain(parameters: Iterable[Any]) -> None:
    """Let parameters keep a text that they may be, and None where they are not given, without a validator.

    Any other value, and so every fault, is left to Typer.
    """
    for one in parameters:
        kind = getattr(getattr(one, "type_descriptor", None), "annotation", None)
        if kind is not None and not one.required:
            one.process_value = _process(one, kind, one.process_value)


def _process(parameter: Any, kind: Any, coerced: _Process) -> _Process:
    several = parameter.nargs == -1 or getattr(parameter, "multiple", False)

    def process(context: Any, value: Any) -> Any:
        kept: Any
        if value is None:
            kept = () if several else None
        elif several and type(value) is tuple and kind == list[str] and value and all(map(_is_text, value)):
            kept = list(value)
        elif not several and _is_text(value) and _may_be(value, kind):
            kept = value
        else:
            return coerced(context, value)
        return parameter.callback(context, parameter, kept) if parameter.callback else kept

    return process


def _is_text(value: Any) -> bool:
    return type(value) is str


def _may_be(text: str, kind: Any) -> bool:
    return kind is str or (get_origin(kind) is Literal and text in get_args(kind))
