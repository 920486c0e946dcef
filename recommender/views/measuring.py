"""What to measure next, in a terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from ..reports.screenful import ABBREVIATIONS, Measure
from .records import NEXT_TESTS
from .screen import Screen
from .table import labelled_page

ROOMY = 100
"""Columns that leave room for any finding in one line."""


def measuring(found: Sequence[Measure], shifts: Sequence[int | None], note: str, screen: Screen) -> str:
    """Return the markers to measure, with how many of the first places each could change."""
    table = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
    table.add_column("If measured", max_width=None if screen.width >= ROOMY else 22)
    table.add_column("What it could do", ratio=1, overflow="fold")
    table.add_column("Top 3", justify="right", no_wrap=True)
    table.add_column("Assay", overflow="fold")
    for one, shift in zip(found, shifts, strict=True):
        finding = f"{one.marker} {one.states.removeprefix('if ')}"
        table.add_row(finding, one.effect, "" if shift is None else str(shift), one.assay)
    initials = ((whole, short) for whole, short in ABBREVIATIONS.items() if short.isupper())
    used = [f"{short}: {whole}" for whole, short in initials if _uses(short, found)]
    below = Text(f"\n{note} {', '.join(used)}." if used else note)
    return labelled_page(NEXT_TESTS, "", *([table] if found else []), below, screen=screen)


def _uses(short: str, found: Sequence[Measure]) -> bool:
    return any(short in one.assay.replace(";", " ").split() for one in found)
