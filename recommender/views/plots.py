"""The plots of a cohort's summary, each with its numbers in it."""

import re
from typing import Any

from ..reports import cohort_titles as titles
from ..reports.cohort_figures import CohortFigures, Split, StateShare
from ..reports.cohort_titles import GROUP_NAMES, label_of, percent
from ..reports.told import Told
from .sheets import (
    FAINT,
    FOOT,
    HEADS,
    HELD,
    INK,
    MARK_EDGES,
    MARK_FACES,
    MARKS,
    MUTED,
    NAMES,
    PAPER,
    SELECTED,
    SMALL,
    UNSELECTED,
    WIDTH,
    Plot,
    PlotRows,
    PlotSheet,
    count_axis,
    heading,
    mark,
    share_axis,
)

GROUP_COLOURS = {"selected": SELECTED, "ranked": SELECTED, "unselected": UNSELECTED, "held-back": HELD}
_HATCHED = "held-back"
"""The group drawn as hatching: lightness and texture tell groups apart in grey as well."""
_COLUMN = 66
"""Points for a column of counts."""
MAX_BARS = 10
"""Rows of a plot: a poster has no room for more, and the tables have them."""
MAX_STATES = len(MARKS)
"""Subgroups in a plot, one for each mark."""


def plots_of(found: CohortFigures) -> dict[str, Plot]:
    """Return the plots that the figures have numbers for, by the names of their files."""
    made = {"add-ons": _add_ons(found)} if found.add_ons else {}
    if found.states:
        made["states"] = _shares(titles.states_told(found), found.states, ["tumours"])
    if len(found.sets) > 1:
        made["together"] = _together(found)
    if found.measurements:
        made["measurements"] = _measurements(found)
    for one in found.splits:
        for kind, rows in (("add-ons", one.add_ons), ("states", one.states)):
            if rows and one.sizes:
                made[f"{kind}-by-{_file_name(one.marker)}"] = _split(one, kind, rows)
    return made


def _add_ons(found: CohortFigures) -> Plot:
    shown = found.add_ons[:MAX_BARS]
    groups = found.add_on_groups
    rows, columns = PlotRows.of((one.add_on for one in shown), HEADS), _COLUMN * len(groups)

    def drawn(sheet: PlotSheet) -> None:
        axes = rows.draw(sheet, NAMES, WIDTH - NAMES - columns - 12)
        count_axis(axes, max(one.tumours for one in shown))
        begun = [0] * len(shown)
        for at, group in enumerate(groups):
            right = WIDTH - _COLUMN * (len(groups) - 1 - at) - 2
            heading(sheet, right, GROUP_NAMES[group].replace(" ", "\n"))
            colour, hatched = GROUP_COLOURS[group], group == _HATCHED
            counts = [one.groups.get(group, 0) for one in shown]
            how: dict[str, Any] = {
                "color": PAPER if hatched else colour,
                "hatch": "////" if hatched else "",
                "edgecolor": colour if hatched else PAPER,
                "linewidth": 0.8,
            }
            bars = [bar for bar in zip(rows.middles, counts, begun, strict=True) if bar[1]]
            for middle, count, start in bars:
                axes.barh(middle, count, 19, start, **how)
            begun = [sum(pair) for pair in zip(begun, counts, strict=True)]
            for middle, count in zip(rows.middles, counts, strict=True):
                number = f"{count:,}" if count else "–"
                sheet.text(right, middle, number, ha="right", weight="normal" if at else "bold")

    told = titles.add_ons_told(found)
    if len(found.add_ons) > len(shown):
        told = told._replace(note=f"The first {len(shown)} of {len(found.add_ons)} add-ons.")
    return Plot(told, HEADS + rows.height + FOOT, drawn)


def _split(one: Split, kind: str, rows: tuple[StateShare, ...]) -> Plot:
    what = {"add-ons": "selected add-on", "states": "pathway state"}[kind]
    sizes = one.sizes[:MAX_STATES]
    heads = [f"{state}\nn = {size:,}" for state, size in sizes]
    return _shares(titles.split_told(one, rows, what), rows, heads)


def _shares(told: Told, shares: tuple[StateShare, ...], heads: list[str]) -> Plot:
    """Shares with their intervals: a mark for each subgroup, and the numbers to the right of it."""
    shown, column = shares[:MAX_BARS], 96
    rows = PlotRows.of(map(titles.row_name, shown), HEADS, 39)

    def drawn(sheet: PlotSheet) -> None:
        axes = rows.draw(sheet, NAMES, WIDTH - NAMES - column * len(heads) - 8)
        columns = [one.by[: len(heads)] or (one.share,) for one in shown]
        share_axis(axes, max(share.high for row in columns for share in row))
        for at, head in enumerate(heads):
            right = WIDTH - column * (len(heads) - 1 - at) - 2
            heading(sheet, right, head)
            if len(heads) > 1:
                mark(sheet, right - 7.5 * max(map(len, head.splitlines())) - 8, at)
            for middle, of_row in zip(rows.middles, columns, strict=True):
                share, place = of_row[at], middle + 9 * (at - (len(heads) - 1) / 2)
                axes.plot([share.low, share.high], [place] * 2, color=MARK_EDGES[at], linewidth=2)
                how: dict[str, Any] = {
                    "color": MARK_FACES[at],
                    "markeredgecolor": MARK_EDGES[at],
                    "clip_on": False,
                }
                axes.plot(share.value, place, MARKS[at], markersize=8, **how)
                sheet.text(right, middle - 8, percent(share), ha="right", weight="bold")
                of_all = f"{share.part:,} of {share.whole:,}"
                sheet.text(right, middle + 8, of_all, ha="right", size=SMALL, color=MUTED)

    return Plot(told, HEADS + rows.height + FOOT, drawn)


def _together(found: CohortFigures) -> Plot:
    """An UpSet plot: combinations above, their members below, and the size of each set at the left."""
    columns, top, bars = found.intersections, 20, 118
    rows = PlotRows.of((", ".join(one.add_ons) for one in found.sets), top + bars + 6)
    left = 86 + NAMES

    def drawn(sheet: PlotSheet) -> None:
        upper = sheet.axes(left, top, WIDTH - left, bars)
        upper.bar(range(len(columns)), [one.tumours for one in columns], 0.55, color=SELECTED)
        upper.set(xlim=(-0.5, max(len(columns), 4) - 0.5), ylim=(0, columns[0].tumours * 1.02))
        upper.set(xticks=[], yticks=[])
        for at, one in enumerate(columns):
            place: dict[str, Any] = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
            upper.annotate(f"{one.tumours:,}", (at, one.tumours), weight="bold", **place)
        sheet.text(0, top + 4, "Tumours with exactly", size=SMALL, color=MUTED)
        sheet.text(0, top + 20, "this combination", size=SMALL, color=MUTED)
        sheet.text(82, top + bars - 4, "tumours", ha="right", size=SMALL, color=MUTED)
        lower = rows.draw(sheet, left, WIDTH - left)
        lower.set_xlim(upper.get_xlim())
        sizes = sheet.axes(36, rows.top, 46, rows.height)
        sizes.set(xlim=(found.sets[0].tumours, 0), ylim=lower.get_ylim())
        for axes in (lower, sizes):
            axes.set_axis_off()
        sizes.barh(rows.middles, [one.tumours for one in found.sets], 15, color=UNSELECTED)
        for middle, selected in zip(rows.middles, found.sets, strict=True):
            sheet.text(31, middle, f"{selected.tumours:,}", ha="right")
            lower.plot(range(len(columns)), [middle] * len(columns), "o", color=FAINT, markersize=12.5)
        for at, column in enumerate(columns):
            members = [rows.middles[one] for one in column.sets]
            lower.plot([at] * len(members), members, "o-", color=INK, markersize=12.5, linewidth=2.5)

    return Plot(titles.together_told(found), rows.top + rows.height + 8, drawn)


def _measurements(found: CohortFigures) -> Plot:
    shown, column = found.measurements[:MAX_BARS], 92
    rows = PlotRows.of((label_of(one.marker, one.axis) for one in shown), HEADS)

    def drawn(sheet: PlotSheet) -> None:
        axes = rows.draw(sheet, NAMES, WIDTH - NAMES - 2 * column)
        count_axis(axes, found.tried)
        axes.barh(rows.middles, [one.missing for one in shown], 19, color=FAINT)
        axes.barh(rows.middles, [one.first for one in shown], 19, color=SELECTED)
        for right, head in ((WIDTH - column, "not\nmeasured"), (WIDTH - 2, "could\nchange")):
            heading(sheet, right, head)
        for middle, one in zip(rows.middles, shown, strict=True):
            sheet.text(WIDTH - column, middle, f"{one.missing:,}", ha="right")
            sheet.text(WIDTH - 2, middle, f"{one.first:,}", ha="right", weight="bold")

    return Plot(titles.measurements_told(found), HEADS + rows.height + FOOT, drawn)


def _file_name(marker: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", marker.lower()).strip("-")
