"""The screen for which a table is made: a width, and whether there are colours."""

from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

MIN_WIDTH, MAX_WIDTH = 40, 400
"""Columns that a table can be made for."""


@dataclass(frozen=True)
class Screen:
    """A terminal, or a file, that text is made for.

    `styles` says whether bold and the like are shown, `colours` names the set of colours as rich does,
    and `plain` is what NO_COLOR asks for.
    """

    width: int = 80
    styles: bool = False
    colours: str | None = None
    plain: bool = False

    def text(self, content: "RenderableType") -> str:
        """Return anything that rich can show as text."""
        from rich.console import Console  # the other formats do without it

        shown = StringIO()
        console = Console(
            file=shown,
            width=self.width,
            height=25,  # of no meaning here; without it rich reads COLUMNS, which may hold anything
            force_terminal=self.styles,
            color_system=self.colours,  # type: ignore[arg-type]
            no_color=self.plain,
            highlight=False,
            markup=False,
            emoji=False,
        )
        console.print(content)
        return "\n".join(line.rstrip() for line in shown.getvalue().splitlines()) + "\n"
