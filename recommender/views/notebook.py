"""The first screen of an answer as a piece of HTML that stands alone, as notebooks show values."""

from typing import NamedTuple

from .._text import counted
from ..result.model import Result
from ..result.recommendation import Recommendation
from .ranks import RankGroup, not_selected, rank_groups, rank_row
from .templating import template

MAX_SHOWN = 8
"""Add-ons that are shown; the others are counted."""
MAX_MARKERS = 4
"""Markers to measure next that are shown."""


class NotebookRow(NamedTuple):
    """An add-on in a line: its cells, why it is there, and its chief limit."""

    cells: tuple[str, ...]
    why: str
    limit: str
    held_back: bool


def fragment(result: Result) -> str:
    """Return the first screen of an answer as a piece of HTML without scripts, styles or links of its own."""
    groups, left = [], MAX_SHOWN
    for group in rank_groups(result):
        shown = [_row(one, group) for one in group.recommendations[:left]]
        left -= len(shown)
        if shown or (group.note and not group.recommendations):
            groups.append((group.title, group.note, shown))
    hidden = len(result.recommendations) - (MAX_SHOWN - left)
    partners = " and ".join(one.name for one in result.therapies)
    return template("notebook.html").render(
        result=result,
        title=f"Add-ons to {partners}" if partners else "No therapy given",
        findings=dict.fromkeys(f"{one.marker} {one.state}" for one in result.facts),
        warnings=dict.fromkeys(one.flag for one in result.therapy_cautions or ()),
        groups=groups,
        more=f"and {counted(hidden, 'more add-on')}" if hidden else "",
        tests=[_test(one.marker, one.needs) for one in result.next_tests[:MAX_MARKERS]],
        packs=result.rule_base.packs_in_words(12),
    )


def _row(one: Recommendation, group: RankGroup) -> NotebookRow:
    selecting = one.selection.by if one.selection else ()
    why = ", ".join(dict.fromkeys(f"{met.marker} {met.state}" for met in selecting)) or not_selected(one)
    held = [reason.words for reason in one.held_back_because or ()]
    flags = [caution.flag for caution in one.cautions if caution.flag]
    row = rank_row(one, group)
    cells = (row.rank, row.add_on, row.partner, row.score, row.evidence, row.references)
    return NotebookRow(cells, why, next(iter([*held, *flags]), ""), bool(held))


def _test(marker: str, needs: tuple[str, ...]) -> str:
    return f"{marker} (if {' or '.join(needs)})" if needs else marker
