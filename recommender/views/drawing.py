"""The map of the ferroptosis pathway as a picture: where each line, pill and badge goes, and then SVG or PNG.

Colours are written as attributes, which every program that reads SVG understands, and classes are given
next to them, by which a page changes the colours in the dark. No state is shown by colour alone: each is
written out, and frames differ.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from .._errors import RecommenderError
from .._extras import folder_of, needs
from .._text import printable, shortened
from ..knowledge.map_models import Point
from ..knowledge.phrasing import FERROPTOSIS
from ..reports.tumour_map import MEANINGS, Arrow, Box, BoxMarker, RankedAddOn, TumourMap
from .templating import template

_SHORT = {
    "high": "↑",
    "low": "↓",
    "normal": "=",
    "positive": "+",
    "negative": "−",
    "present": "+",
    "absent": "−",
    "mutated": "mut",
    "wild-type": "wt",
    "amplified": "amp",
    "deleted": "del",
}
_MARGIN, _GAP, _ROW = 8, 5, 25
_HEAD = 33
_BADGE = 25
_KEY_ROW, _KEY_LETTERS = 25, 76
_TOP, _LEGEND = 56, 68


class _Pill(NamedTuple):
    x: float
    y: int
    width: float
    text: str
    tip: str
    look: str


class _Badge(NamedTuple):
    x: int
    y: int
    rank: int
    tip: str
    target: str
    group: str


class _Drawn(NamedTuple):
    box: Box
    look: str
    state: str
    room: int
    """The width that name and state have, left of the badges."""
    tip: str
    pills: list[_Pill]
    badges: list[_Badge]


class _Line(NamedTuple):
    points: str
    head: str
    strong: bool
    tip: str


def as_svg(drawn: TumourMap, *, whole: bool = True, anchors: Mapping[str, str] | None = None) -> str:
    """Return the map as SVG: a file of its own when `whole`, else an element for a page.

    With `anchors`, the addresses of the add-ons on a page which has the label and lists the add-ons, it is
    drawn without these; badges lead there.
    """
    bare = anchors is not None
    top = 0 if bare else _TOP
    boxes = drawn_boxes(drawn, anchors or {})
    by_id = {box.id: box for box in drawn.boxes}
    key = [f"{one.name} {one.place}{_doubts(one)}" for one in drawn.add_ons]
    columns = 2 if max(map(len, key), default=0) <= _KEY_LETTERS else 1
    rows = math.ceil(len(key) / columns)
    return template("map.svg").render(
        drawn=drawn,
        whole=whole,
        bare=bare,
        packs=drawn.rule_base.packs_in_words(12),
        title=shortened(drawn.profile or "profile without id"),
        boxes=boxes,
        lines=[_line(arrow, by_id) for arrow in drawn.arrows],
        key=[
            {
                "x": 1 + index // max(rows, 1) * (drawn.width // columns),
                "y": index % max(rows, 1) * _KEY_ROW,
                "rank": one.rank,
                "id": one.id,
                "text": shortened(key[index], _KEY_LETTERS * 3 - columns * _KEY_LETTERS),
                "columns": columns,
                "group": one.group or "selected",
            }
            for index, one in enumerate(drawn.add_ons)
        ],
        meanings=MEANINGS,
        legend_lines=[
            drawn_line([(814, 39), (844, 39)], "raises"),
            drawn_line([(922, 39), (950, 39)], "lowers"),
            drawn_line([(1016, 39), (1046, 39)], "raises", strong=True),
        ],
        top=top,
        legend=top + drawn.height,
        key_top=top + drawn.height + _LEGEND + 24,
        height=top + drawn.height + _LEGEND + (0 if bare else max(rows, 1) * _KEY_ROW + 34),
    )


def drawn_boxes(drawn: TumourMap, anchors: Mapping[str, str] = MappingProxyType({})) -> list[_Drawn]:
    """Return the boxes with the place of every pill and badge in them; badges lead to `anchors`."""
    ranks = {one.id: one for one in drawn.add_ons}
    return [_box(box, [ranks[name] for name in box.add_ons], anchors) for box in drawn.boxes]


def _doubts(one: RankedAddOn) -> str:
    unconfirmed = f" ({FERROPTOSIS[one.ferroptosis]})" if one.ferroptosis != "shown" else ""
    return unconfirmed + ("" if one.acts_in else " (not on this map)")


def as_png(drawn: TumourMap, *, zoom: int = 2) -> bytes:
    """Return the map as PNG. Raises InputError where the packages of the extra `report` are missing."""
    needs("PNG of the map")
    import resvg_py

    svg = as_svg(drawn)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                zoom=zoom,
                skip_system_fonts=True,
                font_dirs=[str(_fonts())],
                font_family="DejaVu Sans",
                sans_serif_family="DejaVu Sans",
            )
        )
    except ValueError as error:
        raise RecommenderError(f"The picture cannot be made: {printable(str(error))}") from None


def _fonts() -> Path:
    """The fonts that matplotlib carries: the same letters on every machine."""
    return folder_of("matplotlib") / "mpl-data" / "fonts" / "ttf"


def _box(box: Box, add_ons: Sequence[RankedAddOn], anchors: Mapping[str, str]) -> _Drawn:
    if box.defence is None:
        state = box.text
        tip = box.text
    else:
        state = " and ".join(box.states)
        tip = "; ".join([box.meaning, state or MEANINGS["unknown"], *box.because])
    x, y = box.at
    right = x + box.size[0]
    process = box.defence is None and not box.markers
    return _Drawn(
        box,
        box.defence or ("process" if process else "part"),
        state,
        box.size[0] - 24 - _BADGE * len(add_ons) * (not process),
        printable(f"{box.name}. {tip}".strip()),
        [_pill(box, index, marker) for index, marker in enumerate(box.markers)],
        [
            _Badge(
                right - 17 - index * _BADGE,
                y + (box.size[1] // 2 if process else 16),
                one.rank,
                f"{one.rank}. {one.name}{_doubts(one)}",
                anchors.get(one.id, one.id),
                one.group or "selected",
            )
            for index, one in enumerate(reversed(add_ons))
        ],
    )


def _pill(box: Box, index: int, marker: BoxMarker) -> _Pill:
    width = (box.size[0] - 2 * _MARGIN - (box.columns - 1) * _GAP) / box.columns
    short = " ".join([marker.symbol, *(_SHORT[state] for state in marker.states)])
    return _Pill(
        round(box.at[0] + _MARGIN + index % box.columns * (width + _GAP), 1),
        box.at[1] + _HEAD + index // box.columns * _ROW,
        round(width, 1),
        short,
        f"{marker.symbol} {' and '.join(marker.states) or 'not measured'}",
        "selects" if marker.selects else "measured" if marker.states else "unmeasured",
    )


def _line(arrow: Arrow, boxes: dict[str, Box]) -> _Line:
    start, end = boxes[arrow.start], boxes[arrow.end]
    if arrow.via:
        points = [_edge(start, arrow.via[0]), *arrow.via, _edge(end, arrow.via[-1])]
    else:
        points = _straight(start, end)
    tip = f"{start.name} {arrow.effect} {end.name}" + (f" ({arrow.rule})" if arrow.rule else "")
    return drawn_line(points, arrow.effect, tip, strong=arrow.strong)


def drawn_line(points: Sequence[Point], effect: str, tip: str = "", *, strong: bool = False) -> _Line:
    """Return a line and its head: a triangle, or a bar across. Not every reader of SVG turns markers."""
    (x0, y0), (x, y) = points[-2:]
    along = ((x > x0) - (x < x0), (y > y0) - (y < y0))
    size = 11 if strong else 9

    def at(back: float, aside: float) -> str:
        return f"{x - along[0] * back - along[1] * aside:g},{y - along[1] * back - along[0] * aside:g}"

    if effect == "raises":
        head = [at(1, 0), at(size, -size / 2), at(size, size / 2)]
        short = size - 1
    else:
        head = [at(back, aside) for back, aside in ((4, -7), (4, 7), (7, 7), (7, -7))]
        short = 6
    line = [*points[:-1], (x - along[0] * short, y - along[1] * short)]
    return _Line(" ".join(f"{a},{b}" for a, b in line), " ".join(head), strong, tip)


def _edge(box: Box, towards: Point) -> Point:
    """The point on the edge of a box that is level with, above or below another point."""
    (left, top), (width, height) = box.at, box.size
    x, y = towards
    if top <= y <= top + height:
        return (left if x < left else left + width, y)
    return (min(max(x, left), left + width), top if y < top else top + height)


def _straight(start: Box, end: Box) -> list[Point]:
    """A level or upright line between the middles of what two boxes share of the width or the height."""
    low, high = _shared(start, end, 0)
    if low < high:
        x = (low + high) // 2
        down = start.at[1] < end.at[1]
        return [(x, start.at[1] + start.size[1] * down), (x, end.at[1] + end.size[1] * (not down))]
    low, high = _shared(start, end, 1)
    y = (low + high) // 2
    across = start.at[0] < end.at[0]
    return [(start.at[0] + start.size[0] * across, y), (end.at[0] + end.size[0] * (not across), y)]


def _shared(start: Box, end: Box, axis: int) -> Point:
    return (
        max(start.at[axis], end.at[axis]),
        min(start.at[axis] + start.size[axis], end.at[axis] + end.size[axis]),
    )
