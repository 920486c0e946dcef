"""The map of the ferroptosis pathway with the findings of one tumour on it, and what is not on it.

What stands where is data of the rule base; this adds what the tumour's result says. How it is drawn is
the business of the views.
"""

from typing import Any, Literal, NamedTuple

from .._label import DISCLAIMER, LABEL
from ..knowledge.base import KnowledgeBase
from ..knowledge.map_models import MapBox, Point
from ..knowledge.models import DerivedFact
from ..knowledge.ranking_models import GroupName
from ..knowledge.rule_models import Ferroptosis
from ..result.model import Result
from ..result.parts import RuleBaseStamp
from .cards import selecting

Defence = Literal["active", "lost", "both", "unknown"]
MEANINGS: dict[Defence, str] = {
    "active": "protects from ferroptosis",
    "lost": "favours ferroptosis",
    "both": "findings support both",
    "unknown": "state unknown",
}


class BoxMarker(NamedTuple):
    """A marker in a box: its states, none where it was not measured.

    `used` where a rule used one of them; `selects` where one selects a ranked add-on.
    """

    symbol: str
    states: tuple[str, ...]
    used: bool
    selects: bool


class Box(NamedTuple):
    """A part of the ferroptosis pathway: its place, its state in this tumour, and the add-ons that act here.

    `defence` is None for a box without a derived fact.
    """

    id: str
    name: str
    text: str
    at: Point
    size: Point
    columns: int
    fact: str | None
    states: tuple[str, ...]
    defence: Defence | None
    meaning: str
    because: tuple[str, ...]
    markers: tuple[BoxMarker, ...]
    add_ons: tuple[str, ...]

    @property
    def state(self) -> str:
        """The states in words; empty for a box that has none to be known."""
        return " and ".join(self.states) or ("unknown" if self.defence else "")


class Arrow(NamedTuple):
    """The effect of one box on another; `strong` where this tumour's findings imply it."""

    start: str
    end: str
    effect: Literal["raises", "lowers"]
    rule: str | None
    via: tuple[Point, ...]
    strong: bool


class RankedAddOn(NamedTuple):
    """A ranked add-on and the names of the boxes where it acts: none where it is not on the map."""

    id: str
    rank: int
    name: str
    place: str
    ferroptosis: Ferroptosis
    acts_in: tuple[str, ...]
    group: GroupName | None = None


class TumourMap(NamedTuple):
    """The map of one tumour. `off_map` names the derived facts that hold and have no box.

    `rule_base` says by which rules and packs.
    """

    profile: str | None
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    add_ons: tuple[RankedAddOn, ...]
    off_map: tuple[str, ...]
    rule_base: RuleBaseStamp

    @property
    def informative(self) -> tuple[Box, ...]:
        """The boxes that say something about the tumour: a state, a finding or a ranked add-on."""
        return tuple(
            box for box in self.boxes if box.defence or box.add_ons or any(one.states for one in box.markers)
        )

    @property
    def acting(self) -> tuple[Box, ...]:
        """The boxes with a defence, or where a ranked add-on acts."""
        return tuple(box for box in self.boxes if box.defence or box.add_ons)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """The ranked add-ons that act in no box."""
        return tuple(one.name for one in self.add_ons if not one.acts_in)

    def to_dict(self) -> dict[str, Any]:
        """Return the map as plain values, with the label."""
        drawn = self._asdict()
        del drawn["rule_base"]  # a view of its own; the packs are what a reader must know
        return {
            "label": LABEL,
            "disclaimer": DISCLAIMER,
            **drawn,
            **self.rule_base.packs_field,
            "boxes": [{**box._asdict(), "markers": [m._asdict() for m in box.markers]} for box in self.boxes],
            "arrows": [arrow._asdict() for arrow in self.arrows],
            "add_ons": [one._asdict() for one in self.add_ons],
        }


class Roles(NamedTuple):
    """The findings, as marker and state, that a rule used, and those that select a ranked add-on."""

    used: set[tuple[str, str]]
    selecting: set[tuple[str, str]]


def tumour_map(result: Result, base: KnowledgeBase) -> TumourMap:
    """Return the map of the tumour that a result is about. A rule base without a map gives an empty one."""
    drawn = base.content.map
    boxes = drawn.boxes if drawn else ()
    fired = {one.rule for one in result.derived}
    held = {(one.fact, one.state) for one in result.derived}
    facts = {box.id: box.fact for box in boxes}
    arrows = [
        Arrow(
            arrow.from_,
            arrow.to,
            arrow.effect,
            arrow.rule,
            arrow.via,
            arrow.rule in fired
            if arrow.rule
            else any((facts[arrow.from_], state) in held for state in arrow.strong),
        )
        for arrow in (drawn.arrows if drawn else ())
    ]
    places = {
        one.id: tuple(box.id for box in base.boxes_of(base.add_ons[one.add_on.id]))
        for one in result.recommendations
    }
    names = {box.id: box.name for box in boxes}
    roles = Roles(_used(result, base), selecting(result))
    return TumourMap(
        result.profile.id,
        drawn.width if drawn else 0,
        drawn.height if drawn else 0,
        tuple(_box(box, result, base, places, roles) for box in boxes),
        tuple(arrows),
        tuple(
            RankedAddOn(
                one.id,
                one.rank,
                one.add_on.name,
                one.place,
                one.ferroptosis,
                tuple(names[box] for box in places[one.id]),
                one.group,
            )
            for one in result.recommendations
        ),
        tuple(sorted({one.fact for one in result.derived} - set(facts.values()))),
        result.rule_base,
    )


def _used(result: Result, base: KnowledgeBase) -> set[tuple[str, str]]:
    """The findings, as marker and state, that a rule used: one that fired, or one that they block."""
    atoms = (atom for one in result.derived for way in base.measured_ways(one.rule) for atom in way)
    matched = [match for one in result.recommendations for rule in one.rules for match in rule.matched]
    matched += [match for one in result.context for match in one.matched]
    found = {(atom.name, atom.state) for atom in atoms} | {(match.marker, match.state) for match in matched}
    return found | {(by.marker, by.measured) for one in result.blocked for by in one.blocked_by}


def _box(
    box: MapBox,
    result: Result,
    base: KnowledgeBase,
    places: dict[str, tuple[str, ...]],
    roles: Roles,
) -> Box:
    here = [one for one in result.derived if one.fact == box.fact]
    states = tuple(sorted({one.state for one in here}))
    known = base.facts[box.fact] if box.fact else None
    return Box(
        box.id,
        box.name,
        box.text,
        box.at,
        box.size,
        box.columns,
        box.fact,
        states,
        _defence(known, states) if known else None,
        known.meaning if known else "",
        tuple(dict.fromkeys(word for one in here for word in one.because)),
        tuple(_marker(symbol, result, roles) for symbol in box.markers),
        tuple(name for name, where in places.items() if box.id in where),
    )


def _marker(symbol: str, result: Result, roles: Roles) -> BoxMarker:
    states = tuple(one.state for one in result.facts if one.marker == symbol)
    found = {(symbol, state) for state in states}
    return BoxMarker(symbol, states, bool(found & roles.used), bool(found & roles.selecting))


def _defence(fact: DerivedFact, states: tuple[str, ...]) -> Defence:
    sides: set[Defence] = {"active" if state in fact.defences else "lost" for state in states}
    return "both" if len(sides) > 1 else sides.pop() if sides else "unknown"
