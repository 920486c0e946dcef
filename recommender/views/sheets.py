"""Sheets to draw plots on, as SVG and PNG, without a browser: their frame, rows, axes and looks.

A picture in a file has its title and the label; in a page these are around it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from .._label import LABEL, PURPOSE
from ..reports.told import Told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 560
INK, MUTED, PAPER, FAINT, EDGE = "#1a222c", "#55606d", "#ffffff", "#d7dce2", "#7d8894"
SELECTED, UNSELECTED, HELD = "#0b4f86", "#8fb8dc", "#d9a35c"
HEADS, FOOT = 44, 24
"""Points for the headings above a plot, and for the axis below it."""
_VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    PAPER: "paper",
    FAINT: "rule",
    EDGE: "edge",
    SELECTED: "g-selected",
    UNSELECTED: "g-unselected",
    HELD: "g-held",
}
"""The variables of a page for the colours, by which a plot follows it into the dark."""
MARKS = ("o", "o", "D")
MARK_FACES = (SELECTED, PAPER, HELD)
MARK_EDGES = (SELECTED, EDGE, HELD)
_ROW, LINE, _LETTERS, NAMES, SMALL = 31, 15.5, 24, 196, 12.5
"""Points of a row and of a line, letters in a line of a name, points for names, the size of small letters."""
_STYLE: dict[Any, Any] = {
    "font.size": 13.5,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "hatch.color": HELD,
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
    draw: Callable[["PlotSheet"], None]


class PlotSheet:
    """A figure in which places are points from the left and from the top of the plot."""

    def __init__(self, height: float, above: float = 0, below: float = 0, margin: float = 0) -> None:
        from matplotlib.figure import Figure

        self._above = above
        self._margin = margin
        self._width = WIDTH + 2 * margin
        self._height = height + above + below
        self.figure = Figure(figsize=(self._width / 72, self._height / 72), facecolor=PAPER)

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
            height = self.y(y + LINE * (at - above))
            self.figure.text(self.x(x), height, line, va="bottom" if bottom else "center", **how)


def draw(plots: Mapping[str, Plot], kinds: Iterable[str] = ("svg", "png")) -> dict[str, bytes]:
    """Return each plot as a whole picture of each kind, by the names of their files."""
    made: dict[str, bytes] = {}
    for name, plot in plots.items():
        with _style(name):
            sheet = _framed(plot)
            made |= {f"{name}.{kind}": _saved(sheet, kind) for kind in kinds}
    return made


def inline(name: str, plot: Plot) -> str:
    """Return a plot as SVG to be put into a page that sets the variables of its colours."""
    with _style(name):
        sheet = PlotSheet(plot.height)
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


def _framed(plot: Plot) -> PlotSheet:
    """The plot between its title and the label."""
    title, note = wrap(plot.told.title, 58), wrap(plot.told.note, 82)
    above, below = 58 + 21 * len(title), 52 + 16 * len(note)
    sheet = PlotSheet(plot.height, above, below, margin=20)
    for at, line in enumerate(title):
        sheet.text(0, 26 + 21 * at - above, line, weight="bold", size=15)
    sheet.text(0, 28 + 21 * len(title) - above, plot.told.measure, size=SMALL, color=MUTED)
    for at, line in enumerate(note):
        sheet.text(0, plot.height + 12 + 16 * at, line, size=12, color=MUTED)
    sheet.text(0, plot.height + below - 22, f"{LABEL} · {PURPOSE}", size=12)
    plot.draw(sheet)
    return sheet


def _saved(sheet: PlotSheet, kind: str) -> bytes:
    data = BytesIO()
    sheet.figure.savefig(data, format=kind, dpi=200, metadata={"Date": None} if kind == "svg" else None)
    return data.getvalue()


class PlotRows(NamedTuple):
    """The names of rows, in as many lines as they need, and where each row is."""

    names: list[str]
    middles: list[float]
    top: float
    height: float

    @classmethod
    def of(cls, names: Iterable[str], top: float, row: float = _ROW) -> "PlotRows":
        """Place rows one below the other."""
        folded = ["\n".join(wrap(name, _LETTERS)) for name in names]
        heights = [max(row, LINE * (1 + name.count("\n")) + 6) for name in folded]
        middles = [top + sum(heights[:at]) + height / 2 for at, height in enumerate(heights)]
        return cls(folded, middles, top, sum(heights))

    def draw(self, sheet: PlotSheet, left: float, width: float) -> "Axes":
        """Write the names to the left of new axes, in which heights are those of the sheet."""
        axes = sheet.axes(left, self.top, width, self.height)
        axes.set_ylim(self.top + self.height, self.top)
        axes.set_yticks([])
        for name, middle in zip(self.names, self.middles, strict=True):
            sheet.text(left - 8, middle, name, ha="right")
        return axes


def count_axis(axes: "Axes", most: int) -> None:
    """Let an axis count tumours, up to `most`."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(0, max(most, 1))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelsize=SMALL)
    axes.grid(axis="x")


def share_axis(axes: "Axes", most: float) -> None:
    """Let an axis count shares, up to `most`."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    axes.set_xlim(0, min(1.0, most * 1.05))
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.tick_params(labelsize=SMALL)
    axes.grid(axis="x")


def heading(sheet: PlotSheet, right: float, text: str) -> None:
    """Write the heading of a column that ends at `right`."""
    sheet.text(right, HEADS - 6, text, ha="right", bottom=True, size=SMALL, color=MUTED)


def mark(sheet: PlotSheet, x: float, at: int) -> None:
    """Put the mark of a subgroup before its heading."""
    from matplotlib.lines import Line2D

    how: dict[str, Any] = {
        "marker": MARKS[at],
        "color": MARK_FACES[at],
        "markeredgecolor": MARK_EDGES[at],
        "markersize": 8,
    }
    sheet.figure.add_artist(Line2D([sheet.x(x)], [sheet.y(HEADS - 27)], linestyle="", **how))
