"""Lists of records as a table, as Markdown or as JSON, always with the label."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .._label import DISCLAIMER, LABEL
from .._text import printable
from .entries import DIM
from .escaping import in_markdown
from .plain import labelled
from .screen import Screen
from .table import labelled_page

Rows = Sequence[Mapping[str, Any]]

_WHOLE = {"code", "id", "interval", "kind", "level", "name", "number", "share", "tour", "tumours"}
"""Fields that are not broken over lines."""


def listing(
    rows: Rows,
    columns: Mapping[str, str],
    output_format: str,
    *,
    title: str,
    screen: Screen | None = None,
    note: str = "",
    more: Mapping[str, Any] | None = None,
) -> str:
    """Return rows as "table", "markdown" or "json".

    `columns` maps fields to headings, for the first two; `more` are further fields of the last.
    """
    if output_format == "json":
        return labelled(title=title, rows=list(rows), **(more or {}))
    if output_format == "markdown":
        return _markdown(rows, columns, title, note)
    table = Table(box=None, padding=(0, 1), header_style="bold", title_justify="left")
    for name, heading in columns.items():
        table.add_column(heading, overflow="fold", no_wrap=name in _WHOLE)
    for row in rows:
        table.add_row(*(Text(printable(_cell(row[name]))) for name in columns))
    parts: list[RenderableType] = ["", table if rows else Text("None.")]
    if note:
        parts.append(Text(f"\n{note}"))
    return labelled_page(title, *parts, screen=screen or Screen())


def paragraphs(title: str, entries: Iterable[tuple[str, str, str]], screen: Screen, *, note: str = "") -> str:
    """Return entries of two lines, each a name with a remark, and a text that is cut where its line ends."""
    parts: list[RenderableType] = []
    for name, remark, text in entries:
        first = Text.assemble((printable(name), "bold"), "  ", printable(remark))
        second = Text(f"  {printable(text)}", style=DIM)
        for line in (first, second):
            line.truncate(screen.width, overflow="ellipsis")
        parts += [first, second]
    return labelled_page(title, *parts, *([Text(note)] if note else []), screen=screen)


def document(markdown: str, screen: Screen) -> str:
    """Return Markdown as it looks in a terminal."""
    from rich.markdown import Markdown

    return screen.text(Markdown(markdown, hyperlinks=False))


def _markdown(rows: Rows, columns: Mapping[str, str], title: str, note: str) -> str:
    lines = [f"# {in_markdown(title)}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += [f"| {' | '.join(columns.values())} |", f"|{'---|' * len(columns)}"]
    for row in rows:
        cells = (in_markdown(_cell(row[name])) for name in columns)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *(["", in_markdown(note)] if note else [])]) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
