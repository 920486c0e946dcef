"""The option `--with`, which every command with `--rules` has: shipped packs by name."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from . import completing

Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="PACK",
        help="Add the rules of a shipped pack, such as beyond-the-review; may be repeated.",
        autocompletion=completing.pack,
    ),
]
_PARAMETER = inspect.Parameter("packs", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Packs)


def with_packs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that takes shipped packs by name as well, where it takes folders of rules."""
    signature = inspect.signature(command)
    if "rules" not in signature.parameters or _PARAMETER.name in signature.parameters:
        return command

    @functools.wraps(command)
    def taking_packs(*, packs: list[str] | None, **given: Any) -> Any:
        if packs:
            from ..knowledge.packs import pack_to_add

            folders = [pack_to_add(name) for name in dict.fromkeys(packs)]
            given["rules"] = [*folders, *(given["rules"] or ())]
        return command(**given)

    found = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in signature.parameters.values()]
    at = [one.name for one in found].index("rules") + 1
    taking_packs.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*found[:at], _PARAMETER, *found[at:]]
    )
    taking_packs.__annotations__ = {**command.__annotations__, "packs": Packs}
    return taking_packs
