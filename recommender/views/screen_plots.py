"""Drawings of a verdict: its figures as a forest plot, and the lines behind a figure as a scatter plot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._text import shortened
from ..knowledge.corroboration_models import Corroboration, CorroborationFigure
from ..knowledge.phrasing import NOT_IN_PATIENTS, VERDICTS
from ..reports.told import Told
from .sheets import (
    EDGE,
    FAINT,
    FOOT,
    HEADS,
    HELD,
    INK,
    MUTED,
    PAPER,
    SELECTED,
    SMALL,
    WIDTH,
    Plot,
    PlotRows,
    PlotSheet,
    heading,
)

if TYPE_CHECKING:
    from ..curation.corroboration.points import LinePoint

_LOOKS: dict[str, tuple[str, str, str]] = {
    "in-line": ("o", SELECTED, SELECTED),
    "contrary": ("D", HELD, INK),
    "no-signal": ("o", PAPER, EDGE),
    "too-few": ("s", PAPER, EDGE),
}
"""For each verdict on a figure its mark, and the colours of its face and edge."""
_LIMIT = 0.6
"""The correlation at the ends of the axis, unless an interval is longer."""
_NAMES, _COLUMN, _VERDICT = 186, 52, 92
"""Points for the names of figures, for a column of numbers, and for the verdicts."""
_LETTERS = 26
"""Letters in the name of a figure."""
_SCATTER = 330
_ROOM = (44, 11)
"""Points that the name of a line takes."""
_LEGEND: dict[str, Any] = {
    "frameon": False,
    "fontsize": 10.5,
    "borderpad": 0,
    "handletextpad": 0.1,
    "columnspacing": 0.9,
}
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "carcinoma": ("carcinoma", {"s": 16, "color": EDGE, "alpha": 0.45, "linewidth": 0}),
    "liver": ("hepatocellular carcinoma", {"s": 46, "color": SELECTED, "edgecolor": PAPER}),
    "other-origin": (
        "liver line of another origin",
        {"s": 46, "color": PAPER, "edgecolor": SELECTED, "marker": "D", "linewidth": 1.4},
    ),
}


def forest_plot(found: Corroboration, title: str) -> Plot:
    """Return the figures of a rule as a forest plot: adjusted correlations with their intervals."""
    rows = PlotRows.of(("" for _ in found.figures), HEADS, 40)
    limit = max([_LIMIT, *(abs(end) for one in found.figures for end in one.adjusted_interval)])

    def drawn(sheet: PlotSheet) -> None:
        axes = rows.draw(sheet, _NAMES, WIDTH - _NAMES - 2 * _COLUMN - _VERDICT)
        axes.set_xlim(-limit - 0.05, limit + 0.05)
        axes.axvline(0, color=EDGE, linewidth=1)
        axes.grid(axis="x")
        axes.tick_params(labelsize=SMALL)
        for right, head in (
            (WIDTH - _VERDICT - _COLUMN, "rho"),
            (WIDTH - _VERDICT, "q"),
            (WIDTH - 2, "verdict"),
        ):
            heading(sheet, right, head)
        for middle, one in zip(rows.middles, found.figures, strict=True):
            shape, face, edge = _LOOKS[one.verdict]
            name = shortened(f"{one.marker}, {one.drug}", _LETTERS)
            sheet.text(_NAMES - 8, middle - 8, name, ha="right")
            sheet.text(_NAMES - 8, middle + 8, _lines(one), ha="right", size=SMALL, color=MUTED)
            axes.barh(middle, 2 * one.detectable, 20, -one.detectable, color=FAINT, alpha=0.55)
            axes.plot(one.adjusted_interval, [middle] * 2, color=edge, linewidth=2)
            how: dict[str, Any] = {"color": face, "markeredgecolor": edge, "markersize": 8, "clip_on": False}
            axes.plot(one.adjusted, middle, shape, **how)
            side = 1 if one.expected == "resists" else -1
            axes.plot(side * (limit + 0.03), middle, ">" if side > 0 else "<", color=MUTED, markersize=5)
            sheet.text(WIDTH - _VERDICT - _COLUMN, middle, f"{one.adjusted:+.2f}", ha="right", weight="bold")
            sheet.text(WIDTH - _VERDICT, middle, q_in_words(one.q), ha="right")
            sheet.text(WIDTH - 2, middle, one.verdict.replace("-", " "), ha="right")

    return Plot(
        Told(
            f"{title}. Compared with drug screens: {VERDICTS[found.verdict]}",
            "Rank correlation of marker and response, adjusted, with 95% interval",
            "Right of zero, lines with much of the marker resist the drug. Triangles: the direction that the "
            "rule implies. Bands: correlations too small to be shown by so many lines. "
            f"{NOT_IN_PATIENTS}",
        ),
        HEADS + rows.height + FOOT,
        drawn,
    )


def _lines(one: CorroborationFigure) -> str:
    among = f", {one.among}" if one.among else ""
    kind = " liver" if one.lines == "liver" else ""
    return shortened(f"{one.screen}, {one.n}{kind} lines{among}", _LETTERS + 2)


def scatter_plot(one: CorroborationFigure, points: Sequence["LinePoint"]) -> Plot:
    """Return the lines behind a figure as a scatter plot, those of the liver marked and named."""
    low, high = one.adjusted_interval

    def drawn(sheet: PlotSheet) -> None:
        dpi = sheet.figure.dpi
        axes = sheet.axes(52, 10, WIDTH - 60, _SCATTER)
        axes.spines["left"].set_visible(True)
        axes.grid()
        for kind, (name, how) in _KINDS.items():
            shown = [point for point in points if point.kind == kind]
            if shown:
                label = f"{name} ({len(shown)})"
                axes.scatter([p.marker for p in shown], [p.auc for p in shown], label=label, **how)
        liver = [point for point in points if point.kind != "carcinoma"]
        axes.autoscale_view()
        places = axes.transData.transform([(point.marker, point.auc) for point in liver] or [(0, 0)])
        in_points = [(72 * x / dpi, 72 * y / dpi) for x, y in places[: len(liver)].tolist()]
        for at, aside in _placed(in_points, 72 * axes.bbox.x0 / dpi):
            how = {"xytext": (aside, 0), "textcoords": "offset points", "size": 9, "va": "center"}
            axes.annotate(liver[at].name, (liver[at].marker, liver[at].auc), **how)
        status = one.state in ("mutated", "wild-type")
        axes.set_xlabel(f"{one.marker} {'mutated (1) or not (0)' if status else 'expression'}", size=SMALL)
        axes.set_ylabel(f"AUC of {one.drug}, higher: more resistant", size=SMALL)
        axes.tick_params(labelsize=SMALL)
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.14), ncols=3, **_LEGEND)

    return Plot(
        Told(
            f"{one.marker} and {one.drug} in {len(points)} lines of {one.screen}: "
            f"{one.verdict.replace('-', ' ')}",
            f"Spearman's rho {one.rho:+.2f}; adjusted {one.adjusted:+.2f} ({low:+.2f} to {high:+.2f})",
            f"From tables of your own, whose values are not part of the program. {NOT_IN_PATIENTS}",
        ),
        _SCATTER + 74,
        drawn,
    )


def q_in_words(q: float) -> str:
    """Return a q with two digits, or that it is very small.

    >>> q_in_words(0.958), q_in_words(0.0042), q_in_words(7e-06)
    ('0.96', '0.004', '<0.001')
    """
    return "<0.001" if q < 0.001 else f"{q:.3f}" if q < 0.01 else f"{q:.2f}"


def _placed(points: Sequence[Sequence[float]], edge: float) -> list[tuple[int, int]]:
    """Return which points have room for a name next to them, right of an edge, and how far aside it begins.

    >>> _placed([(60, 0), (61, 1), (62, 2), (60, 50)], 10)
    [(0, 7), (1, -49), (3, 7)]
    """
    width, height = _ROOM
    found: list[tuple[int, int]] = []
    taken: list[tuple[float, float]] = []
    for number, (x, y) in enumerate(points):
        for aside in (7, -width - 5):
            free = all(abs(x + aside - left) >= width or abs(y - up) >= height for left, up in taken)
            if free and x + aside > edge:
                found.append((number, aside))
                taken.append((x + aside, y))
                break
    return found
