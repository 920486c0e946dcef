"""The answer on one screen of 80 columns and 24 rows, or of 120 columns and 31 rows."""

import sys
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from .._label import LABEL, PURPOSE
from .._text import counted, printable
from ..reports.screenful import AddOnLine, GroupLines, Screenful
from .entries import DIM
from .screen import Screen

WIDE = 120
"""From so many columns on there is room for the partner and the warnings in the line of an add-on."""
_LINES = {False: 23, True: 30}
"""Lines at most, so that the prompt still fits."""
_NOTICES = 2
"""Notices that are printed; more are counted."""
_ADD_ON = 33
"""Columns of the name of an add-on."""


class _Columns(NamedTuple):
    """Where the columns of the ranks begin; numbers are right-aligned at their end."""

    wide: bool
    added_to: int
    why: int
    score_end: int
    evidence: int
    reference_end: int


_COLUMNS = {
    False: _Columns(False, 0, 38, 63, 65, 79),
    True: _Columns(True, 38, 57, 82, 84, 98),
}


def one_screen(found: Screenful, screen: Screen, more: str, *, whole: bool = False) -> str:
    """Return the first screen of an answer, or the `whole` of it, however many add-ons there are.

    `more` names the commands that show the rest.
    """
    wide = screen.width >= WIDE
    width = min(screen.width, WIDE if wide else 80)
    head = [_label(), *_head(found, width, wide)]
    tail = [*_tail(found, width, wide), *_footer(found, width, more)]
    room = sys.maxsize if whole else _LINES[wide] - len(head) - len(tail)
    lines = [*head, *_groups(found.groups, _COLUMNS[wide], width, room), *tail]
    return screen.text(Text("\n").join(lines))


def _label() -> Text:
    return Text(f" {LABEL} · {PURPOSE}", style=DIM)


def _head(found: Screenful, width: int, wide: bool) -> Iterator[Text]:
    if wide:
        yield Text()
    case = printable(found.case)
    titles = wrap(found.title, width - 2) or [""]
    for number, line in enumerate(titles):
        text = Text(f" {line}", style="bold")
        if number == len(titles) - 1 and cell_len(line) + cell_len(case) + 4 <= width:
            text.append(" " * (width - 2 - cell_len(line) - cell_len(case)))
            text.append(case, style="not bold dim")
        yield text
    if found.findings or found.groups:
        yield from _listed(found.findings or ("No marker measured that a rule reads",), width, " ", most=2)
    if found.implied:
        yield from _listed(found.implied, width, " → ", most=2 if wide else 1, style="blue")
    for number, notice in enumerate(found.notices[:_NOTICES], 1):
        left = len(found.notices) - number
        more = f" (and {counted(left, 'more notice')})" if number == _NOTICES and left else ""
        yield from (Text(f" {line}", style="yellow") for line in _wrapped(printable(notice) + more, width, 2))
    if found.warnings:
        yield from _listed(found.warnings, width, " ! ", most=2, style="yellow")


def _listed(items: Sequence[str], width: int, start: str, *, most: int, style: str = "") -> Iterator[Text]:
    """Yield items with dots between them; those that have no room in `most` lines are counted."""
    lines, left = [""], list(items)
    while left:
        item = left[0] if lines[-1] else _cut(left[0], width - cell_len(start) - 1)
        joined = f"{lines[-1]} · {item}" if lines[-1] else item
        reserve = len(f" · and {len(left) - 1} more") if len(lines) == most and len(left) > 1 else 0
        if cell_len(start) + cell_len(joined) + reserve < width:
            lines[-1] = joined
        elif len(lines) < most:
            lines.append(item)
        else:
            break
        left.pop(0)
    if left:
        lines[-1] += f" · and {len(left)} more"
    for number, line in enumerate(lines):
        yield Text(f"{start if number == 0 else ' ' * len(start)}{line}", style=style)


def _groups(groups: Sequence[GroupLines], at: _Columns, width: int, room: int) -> list[Text]:
    """Return the ranked add-ons, as many as there is room for; the rest is counted."""
    lines: list[Text] = []
    shown = 0
    total = sum(len(group.lines) for group in groups)
    spaced = (
        at.wide
        and sum(len(_row(one, at, width)) for group in groups for one in group.lines) + (2 * len(groups))
        <= room
    )
    for number, group in enumerate(groups):
        heading = _heading(group.title, at, first=number == 0, width=width)
        before = [Text()] if spaced or number == 0 else []
        for place, one in enumerate(group.lines):
            row = [*([*before, heading] if place == 0 else []), *_row(one, at, width)]
            if len(lines) + len(row) + (1 if shown + 1 < total else 0) > room:
                return [*lines, Text(f" … and {total - shown} more", style=DIM)]
            lines += row
            shown += 1
    return lines


def _heading(title: str, at: _Columns, *, first: bool, width: int) -> Text:
    text = Text(f" {_cut(title, width - 2)}", style="bold")
    if first and width >= at.reference_end:
        cells = [(at.why, "Why this tumour"), (at.score_end - 5, "Score"), (at.evidence, "Evidence")]
        cells += [(at.reference_end - 3, "Ref")]
        for place, name in ([(at.added_to, "Added to")] if at.wide else []) + cells:
            _put(text, place, name, "not bold dim")
    return text


def _narrow_row(one: AddOnLine, width: int) -> list[Text]:
    """Return an add-on for fewer columns than the ranks have: its score behind the name, the rest below."""
    style = DIM if one.severe else "bold" if one.rank == "1" else ""
    names = _wrapped(one.add_on, width, 2, margin=6 + len(one.score))
    text = Text(f"{one.rank:>2}  {names[0]}", style=style)
    _put(text, width - 1 - len(one.score), one.score)
    below = " · ".join(filter(None, [one.why, one.evidence, f"[{one.references}]" if one.references else ""]))
    lines = [text, *(Text(f"    {name}", style=style) for name in names[1:])]
    lines += [Text(f"    {line}", style=DIM) for line in _wrapped(below, width, 2, margin=5)]
    if one.flag:
        flag = _wrapped(f"! {one.flag}", width, 1, margin=5)
        lines += [Text(f"    {line}", style="yellow") for line in flag]
    return lines


def _row(one: AddOnLine, at: _Columns, width: int) -> list[Text]:
    if width < at.reference_end:
        return _narrow_row(one, width)
    star = "*" if one.replaces and not at.wide else ""
    names = _wrapped(one.add_on + star, _ADD_ON, 2, margin=0)
    style = DIM if one.severe else "bold" if one.rank == "1" else ""
    text = Text(f"{one.rank:>2}  {names[0]}", style=style)
    if at.wide:
        _put(text, at.added_to, _cut(one.added_to, at.why - at.added_to - 1))
    _put(text, at.why, _cut(one.why, at.score_end - 5 - at.why))
    _put(text, at.score_end - len(one.score), one.score)
    _put(text, at.evidence, _cut(one.evidence, at.reference_end - at.evidence - len(one.references) - 1))
    _put(text, at.reference_end - len(one.references), one.references)
    lines = [text, *(Text(f"    {name}", style=style) for name in names[1:])]
    if one.flag:
        flag = f"! {one.flag}"
        if at.wide and at.reference_end + 3 + len(flag) <= width:
            _put(text, at.reference_end + 3, flag, "yellow")
        else:
            lines += [Text(f"    {line}", style="yellow") for line in _wrapped(flag, width, 1, margin=5)]
    return lines


def _put(text: Text, place: int, said: str, style: str = "") -> None:
    text.append(" " * max(place - text.cell_len, 1))
    text.append(said, style=style or None)


def _tail(found: Screenful, width: int, wide: bool) -> Iterator[Text]:
    if found.verdict:
        yield Text()
        yield from (Text(f" {line}") for line in _wrapped(found.verdict, width, 3))
    if found.could_change:
        yield Text(f" {_fitting('Could change that: ', found.could_change, width - 1)}")
    if found.context:
        yield Text(f" {_fitting('Context: ', found.context, width - 1)}")
    if wide and found.measure:
        yield Text()
        for number, one in enumerate(found.measure):
            text = Text(" Measure next" if number == 0 else "")
            for place, said in ((16, one.marker), (24, one.assay), (48, one.states), (72, one.effect)):
                _put(text, place, said)
            text.truncate(width, overflow="ellipsis")
            yield text
        yield Text()
    elif found.measure:
        narrow = width < _COLUMNS[wide].reference_end
        said = f"Measure next: {found.measure[0].marker} ({found.measure[0].assay})"
        text = Text(f" {_cut(said, width - (2 if narrow else 22))}")
        replaced = {one.added_to for group in found.groups for one in group.lines if one.replaces}
        if len(replaced) == 1 and not narrow:
            note = f"* {replaced.pop()}"
            _put(text, width - 1 - cell_len(note), note, DIM)
        yield text


def _footer(found: Screenful, width: int, more: str) -> Iterator[Text]:
    for said in (found.packs, found.other_evidence):
        yield from (Text(f" {line}", style=DIM) for line in wrap(printable(said), width - 2))
    for line in (" · ".join(found.counts), more):
        if line:
            yield Text(f" {_cut(line, width - 1)}", style=DIM)


def _fitting(start: str, items: Sequence[str], width: int) -> str:
    """Return as many items as fit into a line, and how many more there are."""
    for count in range(len(items), 0, -1):
        rest = f" and {len(items) - count} more" if count < len(items) else ""
        said = f"{start}{', '.join(items[:count])}{rest}."
        if cell_len(said) <= width or count == 1:
            return _cut(said, width)
    return ""


def _wrapped(text: str, width: int, most: int, margin: int = 2) -> list[str]:
    return wrap(text, width - margin, max_lines=most, placeholder=" …", break_on_hyphens=False) or [""]


def _cut(text: str, width: int) -> str:
    """Return a text that is at most so wide, cut between words where it can be."""
    return text if cell_len(text) <= width else (wrap(text, width - 2) or [""])[0] + " …"
