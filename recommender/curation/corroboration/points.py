"""The lines behind a figure, one by one: for a drawing, and never kept."""

from typing import Literal, NamedTuple

from ...knowledge.corroboration_models import CorroborationFigure
from .comparing import Comparer, Test
from .pairing import ScreenedFinding
from .tables import Screens

LineKind = Literal["carcinoma", "liver", "other-origin"]


class LinePoint(NamedTuple):
    """A line: its name, the value of the marker, and the AUC of the drug."""

    name: str
    marker: float
    auc: float
    kind: LineKind


def points_of(figure: CorroborationFigure, screens: Screens) -> tuple[LinePoint, ...]:
    """Return the lines that a figure compares, those of the liver last."""
    among = tuple(tuple(one.rsplit(" ", 1)) for one in figure.among.split(", ") if one)
    finding = ScreenedFinding(figure.marker, figure.state, among)  # type: ignore[arg-type]
    values = Comparer(screens).values(Test(finding, figure.drug, figure.screen, figure.lines)).dropna()
    points = [
        LinePoint(str(name), float(row.marker), float(row.auc), _kind(str(name), screens))
        for name, row in zip(values.index, values.itertuples(), strict=True)
    ]
    return tuple(sorted(points, key=lambda one: (one.kind != "carcinoma", one.name)))


def _kind(name: str, screens: Screens) -> LineKind:
    if name not in screens.liver:
        return "carcinoma"
    return "other-origin" if name in screens.other_origin else "liver"
