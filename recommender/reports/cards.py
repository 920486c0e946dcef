"""The ranked add-ons as a page shows them: a line and a card each, by group, and the findings as chips."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ..knowledge.base import KnowledgeBase
from ..knowledge.models import EvidenceLevel
from ..result.model import Result
from ..result.recommendation import Recommendation, ReferenceView
from .digest import without_places
from .screenful import AddOnLine, ShortTexts

Look = Literal["selects", "measured", "implied", "not-measured", "none"]
RESERVED = frozenset(
    {"top", "ranking", "next", "map", "add-ons", "therapy", "context", "disputed", "undecided"}
    | {"methods", "references", "provenance"}
)
"""Addresses of the sections of a page, which no add-on may take."""


class Chip(NamedTuple):
    """A finding or a state in a few words, and whether it selects, was only measured, or is lacking."""

    text: str
    look: Look


class ReferenceChip(NamedTuple):
    """A reference by number, first author and year, and its address on the page."""

    number: str
    name: str
    anchor: str


class Inference(NamedTuple):
    """What implies a state: findings and other implied states, and the state."""

    because: tuple[Chip, ...]
    implies: Chip


class Points(NamedTuple):
    """The points that a dimension adds to a score, weighted, and why."""

    dimension: str
    points: float
    reason: str


class Card(NamedTuple):
    """A ranked add-on. `step` is its place on the scale of evidence, from 1."""

    add_on: Recommendation
    line: AddOnLine
    anchor: str
    why: Chip
    selected_by: tuple[Chip, ...]
    step: int
    points: tuple[Points, ...]
    references: tuple[ReferenceChip, ...]


class CardGroup(NamedTuple):
    """A group of add-ons: its id for the looks, its title and what it means. Untitled without groups."""

    id: str
    title: str
    meaning: str
    note: str
    cards: tuple[Card, ...]


def card_groups(result: Result, base: KnowledgeBase, words: ShortTexts) -> tuple[CardGroup, ...]:
    """Return the groups that have add-ons, or something to say of having none."""
    anchors = _anchors(result.recommendations)
    steps = {level.id: step for step, level in enumerate(evidence_scale(base), 1)}

    def card(one: Recommendation) -> Card:
        return Card(
            add_on=one,
            line=words.line(one),
            anchor=anchors[one.id],
            why=Chip(words.why(one), _look(one)),
            selected_by=tuple(_selected_by(one, words)),
            step=steps[one.evidence.level],
            points=tuple(_points(one, base)),
            references=tuple(reference_chip(found) for found in one.references),
        )

    if result.groups is None:
        cards = tuple(card(one) for one in result.recommendations)
        return (CardGroup("", "", "", "", cards),) if cards else ()
    groups = (
        CardGroup(
            group.id,
            group.title,
            group.meaning,
            group.note,
            tuple(card(one) for one in result.recommendations if one.group == group.id),
        )
        for group in result.groups
    )
    return tuple(group for group in groups if group.cards or group.note)


def evidence_scale(base: KnowledgeBase) -> tuple[EvidenceLevel, ...]:
    """Return the levels of evidence, weakest first."""
    return tuple(sorted(base.levels.values(), key=lambda level: level.points))


def selecting(result: Result) -> set[tuple[str, str]]:
    """Return the findings, as marker and state, that select a ranked add-on."""
    return {
        (met.marker, met.state)
        for one in result.recommendations
        if one.selection and one.group != "held-back"
        for met in one.selection.by
    }


def finding_chips(result: Result, words: ShortTexts) -> tuple[Chip, ...]:
    """Return what was measured; a finding that selects a ranked add-on first."""
    chosen = selecting(result)
    looks = {
        words.finding(one.marker, one.state): ("selects" if (one.marker, one.state) in chosen else "measured")
        for one in result.facts
    }
    order: tuple[Look, ...] = ("selects", "measured")
    return tuple(Chip(text, look) for look in order for text, found in looks.items() if found == look)


def implied_chips(words: ShortTexts) -> tuple[Chip, ...]:
    """Return the states that the findings imply."""
    return tuple(Chip(text, "implied") for text in words.implied())


def implied_steps(result: Result, words: ShortTexts) -> tuple[Inference, ...]:
    """Return the implied states, each with all that implies it, those by findings first."""
    looks = {chip.text: chip for chip in finding_chips(result, words)}
    known = {f"{one.marker} {one.state}": looks[words.finding(one.marker, one.state)] for one in result.facts}
    states = {
        f"{one.fact} {one.state}": Chip(words.state(one.fact, one.state), "implied") for one in result.derived
    }
    reasons: dict[str, dict[Chip, None]] = {}
    for one in result.derived:
        for reason in one.because:
            name = without_places(reason)
            chip = known.get(name) or states.get(name) or Chip(name.replace("_", " "), "measured")
            reasons.setdefault(f"{one.fact} {one.state}", {})[chip] = None
    steps = [Inference(tuple(because), states[name]) for name, because in reasons.items()]
    return tuple(sorted(steps, key=lambda step: any(chip.look == "implied" for chip in step.because)))


def reference_key(found: ReferenceView) -> int | str:
    """Return what names a reference within an answer: its number in the review, or else its id."""
    return found.number or found.id or ""


def reference_anchor(found: ReferenceView) -> str:
    """Return the address of a reference on the page."""
    if found.number:
        return f"ref-{found.number}"
    return "ref-" + re.sub(r"[^a-z0-9]+", "-", (found.id or found.title).lower()).strip("-")


def reference_chip(found: ReferenceView) -> ReferenceChip:
    """Return a reference in short.

    >>> entry = ReferenceView(number=79, citation="Sun X, Ou Z et al. J.", title="T", year=2016, doi=None)
    >>> reference_chip(entry)
    ReferenceChip(number='79', name='Sun 2016', anchor='ref-79')
    """
    first = re.split(r"[,.]", found.citation, maxsplit=1)[0]
    surname = re.sub(r"(\s[A-Z][A-Z-]{0,3})?( et al)?$", "", first)
    return ReferenceChip(str(found.number or ""), f"{surname} {found.year}", reference_anchor(found))


def audited(result: Result) -> set[str]:
    """Return the ids of the findings of the audit behind add-ons and contexts."""
    audit = {note.id for one in result.recommendations for note in one.audit}
    return audit | {name for one in result.context for name in one.audit}


def disputed_here(result: Result) -> frozenset[str]:
    """Return the ids of disputed claims about a paper, or a finding of the audit, that this answer uses."""
    audit = audited(result)
    papers = {found.number for one in result.recommendations for found in one.references}
    papers |= {number for entry in result.derived for number in entry.references}
    papers |= {number for entry in result.context for number in entry.references}
    return frozenset(
        one.id for one in result.disputed if audit & set(one.audit) or papers & set(one.references)
    )


def _look(one: Recommendation) -> Look:
    found = one.selection
    if found is None or not (found.by or found.against or found.not_measured):
        return "none"
    if found.by:
        return "implied" if all(met.via for met in found.by) else "selects"
    return "measured" if found.against else "not-measured"


def _selected_by(one: Recommendation, words: ShortTexts) -> Iterable[Chip]:
    found = one.selection
    if found is None:
        return
    for met in found.by:
        yield Chip(
            words.finding(met.marker, met.state) if met.marker != "resistant_to" else met.state, "selects"
        )
    for met in found.against:
        yield Chip(words.finding(met.marker, met.state), "measured")
    for missing in found.not_measured:
        yield Chip(f"{missing.marker} not measured", "not-measured")


def _points(one: Recommendation, base: KnowledgeBase) -> Iterable[Points]:
    for name, dimension in base.ranking.dimensions.items():
        points = getattr(one.score_parts, name) * dimension.weight / 100
        yield Points(name, points, getattr(one.score_reasons, name))


def _anchors(ranked: Sequence[Recommendation]) -> dict[str, str]:
    """The name of an add-on as its address, where no other part of the page has that name."""
    often = Counter(one.add_on.id for one in ranked)
    return {
        one.id: one.id
        if often[one.add_on.id] > 1 or one.add_on.id in RESERVED or one.add_on.id.startswith(("ref-", "box-"))
        else one.add_on.id
        for one in ranked
    }
