"""The pathway in short: the parts that promote ferroptosis, those that protect from it, and their states."""

from typing import NamedTuple

from ..knowledge.base import KnowledgeBase
from .cards import CardGroup, Chip
from .tumour_map import Box, Defence, TumourMap


class Mark(NamedTuple):
    """A ranked add-on that acts on a part."""

    rank: str
    group: str
    anchor: str
    name: str


class PathwayPart(NamedTuple):
    """A part of the pathway with its state, which is empty where nothing decides it, and its findings."""

    name: str
    state: str
    defence: Defence | None
    findings: tuple[Chip, ...]
    marks: tuple[Mark, ...]


class Pathway(NamedTuple):
    """Parts by their effect on ferroptosis, those with a state first.

    `ends` are the process that they raise or lower and what it leads to; `quiet` names the parts of which
    nothing is known here.
    """

    promote: tuple[PathwayPart, ...]
    protect: tuple[PathwayPart, ...]
    elsewhere: tuple[PathwayPart, ...]
    ends: tuple[str, ...]
    quiet: tuple[str, ...]


def pathway(
    drawn: TumourMap, groups: tuple[CardGroup, ...], selecting: set[tuple[str, str]], base: KnowledgeBase
) -> Pathway:
    """Return the map of a tumour in short, with the findings `selecting` an add-on marked.

    Empty where the rule base has no map.
    """
    marks = {
        card.add_on.id: Mark(card.line.rank, group.id, card.anchor, card.line.add_on)
        for group in groups
        for card in group.cards
    }
    boxes = {box.id: box for box in drawn.boxes}
    aim = _contested(drawn)
    ends = [aim] if aim else []
    ends += [arrow.end for arrow in drawn.arrows if arrow.start == aim and _process(boxes[arrow.end])]
    sides: dict[bool | None, list[PathwayPart]] = {True: [], False: [], None: []}
    quiet = []
    for box in drawn.boxes:
        part = _part(box, marks, selecting, base)
        if part.state or part.findings or part.marks:
            sides[None if box.id in ends else _promotes(part, box.id, drawn, aim)].append(part)
        elif box.fact:
            quiet.append(part.name)
    for side in sides.values():
        side.sort(
            key=lambda part: (not part.state, min((int(one.rank) for one in part.marks), default=len(marks)))
        )
    names = tuple(boxes[name].name.capitalize() for name in ends)
    return Pathway(tuple(sides[True]), tuple(sides[False]), tuple(sides[None]), names, tuple(quiet))


def _process(box: Box) -> bool:
    return not (box.fact or box.markers)


def _contested(drawn: TumourMap) -> str:
    """The process that some parts raise and others lower: the first such, or an empty text."""
    effects: dict[str, set[str]] = {}
    for arrow in drawn.arrows:
        effects.setdefault(arrow.end, set()).add(arrow.effect)
    return next((box.id for box in drawn.boxes if _process(box) and len(effects.get(box.id, ())) > 1), "")


def _part(
    box: Box, marks: dict[str, Mark], selecting: set[tuple[str, str]], base: KnowledgeBase
) -> PathwayPart:
    known = base.facts.get(box.fact or "")
    return PathwayPart(
        (known.short if known else "") or box.name,
        " and ".join(box.states),
        box.defence,
        tuple(
            Chip(f"{one.symbol} {state}", "selects" if (one.symbol, state) in selecting else "measured")
            for one in box.markers
            for state in one.states
        ),
        tuple(marks[name] for name in box.add_ons if name in marks),
    )


def _promotes(part: PathwayPart, name: str, drawn: TumourMap, aim: str) -> bool | None:
    """Return True where a part promotes what is contested, by its state, or where that is open by its place.

    Restricted iron protects, although iron promotes.
    """
    known = {"active": False, "lost": True}.get(part.defence or "")
    return _raises(name, drawn, aim) if known is None else known


def _raises(start: str, drawn: TumourMap, aim: str) -> bool | None:
    """Return True where a box raises what is contested, by the shortest way; None where none leads there."""
    seen = {start}
    found = [(start, True)]
    while found:
        name, raises = found.pop(0)
        if name == aim:
            return raises
        for arrow in drawn.arrows:
            if arrow.start == name and arrow.end not in seen:
                seen.add(arrow.end)
                found.append((arrow.end, raises == (arrow.effect == "raises")))
    return None
