"""The plots of a cohort's summary, each with its numbers in it, as SVG and PNG, without a browser.

A picture in a file has its title and the label; in a page these are around it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from .._label import LABEL, PURPOSE
from ..reports import cohort_titles as titles
from ..reports.cohort_figures import CohortFigures, Split, StateShare
from ..reports.cohort_titles import GROUP_NAMES, Told, label_of, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 560
_INK, _MUTED, _PAPER, FAINT, _EDGE = "#1a222c", "#55606d", "#ffffff", "#d7dce2", "#7d8894"
SELECTED, _UNSELECTED, _HELD = "#0b4f86", "#8fb8dc", "#d9a35c"
GROUP_COLOURS = {"selected": SELECTED, "ranked": SELECTED, "unselected": _UNSELECTED, "held-back": _HELD}
_HATCHED = "held-back"
"""The group drawn as hatching: lightness and texture tell groups apart in grey as well."""
_HEADS, _FOOT = 44, 24
"""Points for the headings above a plot, and for the axis below it."""
_COLUMN = 66
"""Points for a column of counts."""
_VARIABLES = {
    _INK: "ink",
    _MUTED: "muted",
    _PAPER: "paper",
    FAINT: "rule",
    _EDGE: "edge",
    SELECTED: "g-selected",
    _UNSELECTED: "g-unselected",
    _HELD: "g-held",
}
"""The variables of a page for the colours, by which a plot follows it into the dark."""
_MARKS = ("o", "o", "D")
_FACES = (SELECTED, _PAPER, _HELD)
_EDGES = (SELECTED, _EDGE, _HELD)
MAX_BARS = 10
"""Rows of a plot: a poster has no room for more, and the tables have them."""
MAX_STATES = len(_MARKS)
"""Subgroups in a plot, one for each mark."""
_ROW, _LINE, _LETTERS, _NAMES, _SMALL = 31, 15.5, 24, 196, 12.5
"""Points of a row and of a line, letters in a line of a name, points for names, the size of small letters."""
_STYLE: dict[Any, Any] = {
    "font.size": 13.5,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": _INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": _MUTED,
    "xtick.color": _MUTED,
    "ytick.color": _INK,
    "hatch.color": _HELD,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": FAINT,
    "axes.axisbelow": True,
}


class Plot(NamedTuple):
    """A plot to be drawn: its texts, its height in points, and how it is drawn into a sheet."""

    told: Told
    height: float
    draw: Callable[["_Sheet"], None]


class _Sheet:
    """A figure in which places are points from the left and from the top of the plot."""

    def __init__(self, height: float, above: float = 0, below: float = 0, margin: float = 0) -> None:
        from matplotlib.figure import Figure

        self._above = above
        self._margin = margin
        self._width = WIDTH + 2 * margin
        self._height = height + above + below
        self.figure = Figure(figsize=(self._width / 72, self._height / 72), facecolor=_PAPER)

    def axes(self, left: float, top: float, width: float, height: float) -> "Axes":
        """Return new axes at a place."""
        bottom = self._height - self._above - top - height
        place = (self.x(left), bottom / self._height, width / self._width, height / self._height)
        return self.figure.add_axes(place, facecolor="none")

    def x(self, points: float) -> float:
        """Return a place as a share of the width."""
        return (self._margin + points) / self._width

    def y(self, points: float) -> float:
        """Return a place as a share of the height, from below."""
        return 1 - (self._above + points) / self._height

    def text(self, x: float, y: float, text: str, *, bottom: bool = False, **how: Any) -> None:
        """Write lines around a height, or above it: each for itself, so that other letters align as well."""
        lines = text.split("\n")
        above = len(lines) - 1 if bottom else (len(lines) - 1) / 2
        for at, line in enumerate(lines):
            height = self.y(y + _LINE * (at - above))
            self.figure.text(self.x(x), height, line, va="bottom" if bottom else "center", **how)


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


def draw(plots: Mapping[str, Plot]) -> dict[str, bytes]:
    """Return each plot as a whole picture, as SVG and as PNG, by the names of their files."""
    made: dict[str, bytes] = {}
    for name, plot in plots.items():
        with _style(name):
            sheet = _framed(plot)
            made |= {f"{name}.{kind}": _saved(sheet, kind) for kind in ("svg", "png")}
    return made


def inline(name: str, plot: Plot) -> str:
    """Return a plot as SVG to be put into a page that sets the variables of its colours."""
    with _style(name):
        sheet = _Sheet(plot.height)
        plot.draw(sheet)
        text = _saved(sheet, "svg").decode()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", text)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var(--{variable})")
    return text.replace("<svg", f'<svg class="plot" role="img" aria-labelledby="{name}-title"', 1)


def _style(name: str) -> Any:
    import matplotlib as mpl

    return mpl.rc_context(_STYLE | {"svg.hashsalt": name})


def _framed(plot: Plot) -> _Sheet:
    """The plot between its title and the label."""
    title, note = wrap(plot.told.title, 58), wrap(plot.told.note, 82)
    above, below = 58 + 21 * len(title), 52 + 16 * len(note)
    sheet = _Sheet(plot.height, above, below, margin=20)
    for at, line in enumerate(title):
        sheet.text(0, 26 + 21 * at - above, line, weight="bold", size=15)
    sheet.text(0, 28 + 21 * len(title) - above, plot.told.measure, size=_SMALL, color=_MUTED)
    for at, line in enumerate(note):
        sheet.text(0, plot.height + 12 + 16 * at, line, size=12, color=_MUTED)
    sheet.text(0, plot.height + below - 22, f"{LABEL} · {PURPOSE}", size=12)
    plot.draw(sheet)
    return sheet


def _saved(sheet: _Sheet, kind: str) -> bytes:
    data = BytesIO()
    sheet.figure.savefig(data, format=kind, dpi=200, metadata={"Date": None} if kind == "svg" else None)
    return data.getvalue()


class _Rows(NamedTuple):
    """The names of rows, in as many lines as they need, and where each row is."""

    names: list[str]
    middles: list[float]
    top: float
    height: float

    @classmethod
    def of(cls, names: Iterable[str], top: float, row: float = _ROW) -> "_Rows":
        """Place rows one below the other."""
        folded = ["\n".join(wrap(name, _LETTERS)) for name in names]
        heights = [max(row, _LINE * (1 + name.count("\n")) + 6) for name in folded]
        middles = [top + sum(heights[:at]) + height / 2 for at, height in enumerate(heights)]
        return cls(folded, middles, top, sum(heights))

    def draw(self, sheet: _Sheet, left: float, width: float) -> "Axes":
        """Write the names to the left of new axes, in which heights are those of the sheet."""
        axes = sheet.axes(left, self.top, width, self.height)
        axes.set_ylim(self.top + self.height, self.top)
        axes.set_yticks([])
        for name, middle in zip(self.names, self.middles, strict=True):
            sheet.text(left - 8, middle, name, ha="right")
        return axes


def _counted(axes: "Axes", most: int) -> None:
    """Let an axis count tumours, up to `most`."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(0, max(most, 1))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelsize=_SMALL)
    axes.grid(axis="x")


def _add_ons(found: CohortFigures) -> Plot:
    shown = found.add_ons[:MAX_BARS]
    groups = found.add_on_groups
    rows, columns = _Rows.of((one.add_on for one in shown), _HEADS), _COLUMN * len(groups)

    def drawn(sheet: _Sheet) -> None:
        axes = rows.draw(sheet, _NAMES, WIDTH - _NAMES - columns - 12)
        _counted(axes, max(one.tumours for one in shown))
        begun = [0] * len(shown)
        for at, group in enumerate(groups):
            right = WIDTH - _COLUMN * (len(groups) - 1 - at) - 2
            _heading(sheet, right, GROUP_NAMES[group].replace(" ", "\n"))
            colour, hatched = GROUP_COLOURS[group], group == _HATCHED
            counts = [one.groups.get(group, 0) for one in shown]
            how: dict[str, Any] = {
                "color": _PAPER if hatched else colour,
                "hatch": "////" if hatched else "",
                "edgecolor": colour if hatched else _PAPER,
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
    return Plot(told, _HEADS + rows.height + _FOOT, drawn)


def _heading(sheet: _Sheet, right: float, text: str) -> None:
    sheet.text(right, _HEADS - 6, text, ha="right", bottom=True, size=_SMALL, color=_MUTED)


def _split(one: Split, kind: str, rows: tuple[StateShare, ...]) -> Plot:
    what = {"add-ons": "selected add-on", "states": "pathway state"}[kind]
    sizes = one.sizes[:MAX_STATES]
    heads = [f"{state}\nn = {size:,}" for state, size in sizes]
    return _shares(titles.split_told(one, rows, what), rows, heads)


def _shares(told: Told, shares: tuple[StateShare, ...], heads: list[str]) -> Plot:
    """Shares with their intervals: a mark for each subgroup, and the numbers to the right of it."""
    shown, column = shares[:MAX_BARS], 96
    rows = _Rows.of(map(titles.row_name, shown), _HEADS, 39)

    def drawn(sheet: _Sheet) -> None:
        axes = rows.draw(sheet, _NAMES, WIDTH - _NAMES - column * len(heads) - 8)
        columns = [one.by[: len(heads)] or (one.share,) for one in shown]
        _per_cent(axes, max(share.high for row in columns for share in row))
        for at, head in enumerate(heads):
            right = WIDTH - column * (len(heads) - 1 - at) - 2
            _heading(sheet, right, head)
            if len(heads) > 1:
                _mark(sheet, right - 7.5 * max(map(len, head.splitlines())) - 8, at)
            for middle, of_row in zip(rows.middles, columns, strict=True):
                share, place = of_row[at], middle + 9 * (at - (len(heads) - 1) / 2)
                axes.plot([share.low, share.high], [place] * 2, color=_EDGES[at], linewidth=2)
                how: dict[str, Any] = {"color": _FACES[at], "markeredgecolor": _EDGES[at], "clip_on": False}
                axes.plot(share.value, place, _MARKS[at], markersize=8, **how)
                sheet.text(right, middle - 8, percent(share), ha="right", weight="bold")
                of_all = f"{share.part:,} of {share.whole:,}"
                sheet.text(right, middle + 8, of_all, ha="right", size=_SMALL, color=_MUTED)

    return Plot(told, _HEADS + rows.height + _FOOT, drawn)


def _mark(sheet: _Sheet, x: float, at: int) -> None:
    """Put the mark of a subgroup before its heading."""
    from matplotlib.lines import Line2D

    how: dict[str, Any] = {
        "marker": _MARKS[at],
        "color": _FACES[at],
        "markeredgecolor": _EDGES[at],
        "markersize": 8,
    }
    sheet.figure.add_artist(Line2D([sheet.x(x)], [sheet.y(_HEADS - 27)], linestyle="", **how))


def _per_cent(axes: "Axes", most: float) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    axes.set_xlim(0, min(1.0, most * 1.05))
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.tick_params(labelsize=_SMALL)
    axes.grid(axis="x")


def _together(found: CohortFigures) -> Plot:
    """An UpSet plot: combinations above, their members below, and the size of each set at the left."""
    columns, top, bars = found.intersections, 20, 118
    rows = _Rows.of((", ".join(one.add_ons) for one in found.sets), top + bars + 6)
    left = 86 + _NAMES

    def drawn(sheet: _Sheet) -> None:
        upper = sheet.axes(left, top, WIDTH - left, bars)
        upper.bar(range(len(columns)), [one.tumours for one in columns], 0.55, color=SELECTED)
        upper.set(xlim=(-0.5, max(len(columns), 4) - 0.5), ylim=(0, columns[0].tumours * 1.02))
        upper.set(xticks=[], yticks=[])
        for at, one in enumerate(columns):
            place: dict[str, Any] = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
            upper.annotate(f"{one.tumours:,}", (at, one.tumours), weight="bold", **place)
        sheet.text(0, top + 4, "Tumours with exactly", size=_SMALL, color=_MUTED)
        sheet.text(0, top + 20, "this combination", size=_SMALL, color=_MUTED)
        sheet.text(82, top + bars - 4, "tumours", ha="right", size=_SMALL, color=_MUTED)
        lower = rows.draw(sheet, left, WIDTH - left)
        lower.set_xlim(upper.get_xlim())
        sizes = sheet.axes(36, rows.top, 46, rows.height)
        sizes.set(xlim=(found.sets[0].tumours, 0), ylim=lower.get_ylim())
        for axes in (lower, sizes):
            axes.set_axis_off()
        sizes.barh(rows.middles, [one.tumours for one in found.sets], 15, color=_UNSELECTED)
        for middle, selected in zip(rows.middles, found.sets, strict=True):
            sheet.text(31, middle, f"{selected.tumours:,}", ha="right")
            lower.plot(range(len(columns)), [middle] * len(columns), "o", color=FAINT, markersize=12.5)
        for at, column in enumerate(columns):
            members = [rows.middles[one] for one in column.sets]
            lower.plot([at] * len(members), members, "o-", color=_INK, markersize=12.5, linewidth=2.5)

    return Plot(titles.together_told(found), rows.top + rows.height + 8, drawn)


def _measurements(found: CohortFigures) -> Plot:
    shown, column = found.measurements[:MAX_BARS], 92
    rows = _Rows.of((label_of(one.marker, one.axis) for one in shown), _HEADS)

    def drawn(sheet: _Sheet) -> None:
        axes = rows.draw(sheet, _NAMES, WIDTH - _NAMES - 2 * column)
        _counted(axes, found.tried)
        axes.barh(rows.middles, [one.missing for one in shown], 19, color=FAINT)
        axes.barh(rows.middles, [one.first for one in shown], 19, color=SELECTED)
        for right, head in ((WIDTH - column, "not\nmeasured"), (WIDTH - 2, "could\nchange")):
            _heading(sheet, right, head)
        for middle, one in zip(rows.middles, shown, strict=True):
            sheet.text(WIDTH - column, middle, f"{one.missing:,}", ha="right")
            sheet.text(WIDTH - 2, middle, f"{one.first:,}", ha="right", weight="bold")

    return Plot(titles.measurements_told(found), _HEADS + rows.height + _FOOT, drawn)


def _file_name(marker: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", marker.lower()).strip("-")
