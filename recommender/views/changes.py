"""The effects of a change of the profile, in a terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..reports.comparison import Comparison, RankChange
from .entries import Entries
from .screen import Screen
from .table import labelled_page

_HANG = 18


def changes(found: Comparison, title: str, note: str, screen: Screen) -> str:
    """Return the ranking before and after a change, what else changed, and a note."""
    return labelled_page(title, "", *change_parts(found), Text(f"\n{note}"), screen=screen)


def change_parts(found: Comparison) -> Iterator[RenderableType]:
    """Yield the ranking before and after, and what else changed."""
    if found.ranking:
        ranks = Table(box=None, padding=(0, 1), header_style="bold")
        ranks.add_column("Now", justify="right")
        ranks.add_column("Before", justify="right")
        ranks.add_column("Add-on", ratio=1)
        ranks.add_column("What changed", ratio=1)
        for one in found.ranking:
            arrow, style = _arrow(one)
            now = "–" if one.now is None else str(one.now)
            ranks.add_row(now, Text(arrow, style=style), Text(one.add_on), one.why)
        yield ranks
    if found.others:
        entries = Entries(1, _HANG)
        last = ""
        for heading, text in found.others:
            entries.add("" if heading == last else heading, text)
            last = heading
        yield Text()
        yield entries


def _arrow(one: RankChange) -> tuple[str, str]:
    """The old rank with the direction from it, and a style."""
    if one.before is None:
        return "new", "green"
    if one.now is None:
        return f"left {one.before}", "red"
    if one.now == one.before:
        return f"= {one.before}", "dim"
    return (f"▲ {one.before}", "green") if one.now < one.before else (f"▼ {one.before}", "yellow")
