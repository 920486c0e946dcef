"""Labels with text that hangs to their right: quicker than a table, which measures everything twice."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.segment import Segment
from rich.text import Text

DIM = "dim"
_NARROWEST = 20
_MEASURE = 88
"""The longest line of prose: longer ones are hard to read on a wall."""


class Entries:
    """A list of labelled paragraphs, each wrapped to the right of its label."""

    def __init__(self, indent: int, hang: int) -> None:
        self._indent, self._hang = indent, hang
        self._rows: list[tuple[Text, Text | str]] = []

    def add(self, label: str, text: Text | str, style: str = DIM) -> None:
        """Add a paragraph. A text of type str is taken to be of single-width characters."""
        # Without a span, rich renders the lines of a text without its style.
        styled = Text.assemble(text) if isinstance(text, Text) and text.style else text
        self._rows.append((Text.assemble((label, style)), styled))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - self._indent - self._hang, _NARROWEST)
        margin = Segment(" " * (self._indent + self._hang))
        for label, text in self._rows:
            label.pad_left(self._indent)
            label.pad_right(self._indent + self._hang - label.cell_len)
            first = True
            lines = wrap(text, width) if isinstance(text, str) else text.wrap(console, width, overflow="fold")
            for line in lines:
                if first:
                    yield from label.render(console)
                    first = False
                else:
                    yield margin
                if isinstance(line, str):
                    yield Segment(line)
                else:
                    yield from line.render(console)
                yield Segment.line()


def no_wider(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """Yield parts of a screen, those that are prose no wider than can be read well."""
    for part in parts:
        yield Constrain(part, _MEASURE) if isinstance(part, Entries | Text) else part
