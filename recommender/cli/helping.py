"""The layout of the help: how examples, flags and the order of commands are shown."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup


def examples(*lines: str) -> str:
    """Return the text below a help page, with an example on each line."""
    return "\n".join([f"Example{'s' if len(lines) > 1 else ''}:", *lines])


def _named(parameters: list[Any]) -> list[Any]:
    """The parameters of a command, without the types that Typer shows for flags and arguments."""
    for one in parameters:
        if getattr(one, "is_flag", False):
            one.metavar = ""
        elif one.param_type_name == "argument":
            one.display_type_rich = _nothing
    return parameters


def _nothing(**_: Any) -> str:
    return ""


class HelpedCommand(TyperCommand):
    """A command whose help is wrapped at the width of the terminal and names no types."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.help = re.sub(r"(?<!\n)\n(?!\n)", " ", self.help or "")

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, the option for help included."""
        return _named(super().get_params(ctx))


def first_word(default: str, *, alone: bool = False) -> "type[HelpedGroup]":
    """Return a group of which `default` is the command where the first word names none of its commands.

    With `alone` it is also the command where no word is given.
    """

    class _WithDefault(HelpedGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if (args or alone) and not (
                args and (args[0] in self.commands or args[0] in ctx.help_option_names)
            ):
                args = [default, *args]
            return super().parse_args(ctx, args)

    return _WithDefault


class HelpedGroup(TyperGroup):
    """A group of commands whose help names no types."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, the option for help included."""
        return _named(super().get_params(ctx))
