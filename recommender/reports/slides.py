"""The slides of a case, one idea each: what each one says, and the question that it puts to the room."""

from collections.abc import Iterable
from itertools import islice
from typing import Literal, NamedTuple

from .._text import counted
from ..result.outlook import Missing
from .arguments import Misreport, misreport_of
from .cards import Card, CardGroup, Chip
from .case_report import Report
from .other_evidence import relations_of
from .screenful import contenders, lacking

SlideKind = Literal["case", "map", "ranking", "add-on", "misreport", "what-if"]
MAX_ADD_ONS = 10
"""Add-ons that a slide has room for."""
MAX_CHANGES = 6
"""Findings that a slide has room for."""
MAX_CONTEXTS = 2
"""Contexts that a slide has room for."""
_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


class Slide(NamedTuple):
    """A heading, a sentence below it, and the question at the foot; the last two may be empty."""

    kind: SlideKind
    title: str
    text: str
    question: str


class FurtherFinding(NamedTuple):
    """A finding that is not measured, its effect on the answer, and what measures it."""

    finding: str
    effect: str
    assay: str


class Deck(NamedTuple):
    """The slides of a case in their order, with what they show besides the parts of the report.

    `idle` are the findings that imply no state; `groups` are those of the report as far as a slide has room,
    and `more` names the add-ons that are left out. `other_papers`: papers outside the review bear on them.
    """

    report: Report
    slides: tuple[Slide, ...]
    idle: tuple[Chip, ...]
    contexts: tuple[str, ...]
    groups: tuple[CardGroup, ...]
    more: tuple[str, ...]
    other_papers: bool
    first: Card | None
    misreport: Misreport | None
    changes: tuple[FurtherFinding, ...]
    more_changes: int


def deck(report: Report) -> Deck:
    """Return the slides of a case: those for which it has something to show."""
    cards = [card for group in report.groups for card in group.cards]
    reasons = {chip for step in report.steps for chip in step.because}
    changes = _changes(report)
    misreport = misreport_of(report)
    known = [box for box in report.map.boxes if box.states or box.add_ons]
    slides = (
        _case(report),
        _map(report) if known else None,
        _ranking(report) if cards else None,
        _add_on(cards[0]) if cards else None,
        _two_readings(misreport) if misreport else None,
        _what_if(report) if changes else None,
    )
    groups = tuple(_first_rows(report.groups))
    return Deck(
        report=report,
        slides=tuple(one for one in slides if one),
        idle=tuple(one for one in report.findings if one not in reasons),
        contexts=tuple(one.text for one in islice(report.result.context, MAX_CONTEXTS)) if not cards else (),
        groups=groups,
        more=tuple(card.line.add_on for card in cards[MAX_ADD_ONS:]),
        other_papers=any(relations_of(card.add_on) for group in groups for card in group.cards),
        first=next(iter(cards), None),
        misreport=misreport,
        changes=changes[:MAX_CHANGES],
        more_changes=max(len(changes) - MAX_CHANGES, 0),
    )


def _number(count: int, one: str, several: str = "") -> str:
    """Return a number with its noun at the beginning of a sentence."""
    said = counted(count, one, several)
    return f"{_WORDS[count]}{said[len(str(count)) :]}" if count < len(_WORDS) else said


def _case(report: Report) -> Slide:
    ranked = report.result.recommendations
    found, chosen = len(report.findings), sum(one.look == "selects" for one in report.findings)
    said = _number(found, "finding was measured.", "findings were measured.")
    if ranked:
        said += f" {_number(chosen, 'selects', 'select')} an add-on."
    else:
        said += f" {report.verdict}"
    active = sum(box.defence == "active" for box in report.map.boxes)
    if ranked and active > 1:
        question = "Before you see the ranking: which defence would you lower first?"
    elif ranked:
        question = "Before you see the ranking: which add-on do you expect first?"
    elif report.measure:
        question = "Which marker would you measure first?"
    else:
        question = "What would have to be different for an add-on to be ranked?"
    return Slide("case", report.title, said, question)


def _map(report: Report) -> Slide:
    boxes = report.map.boxes
    sides = [(sum(box.defence == side for box in boxes), verb) for side, verb in _EXPECTED.items()]
    said = [(count, verb) for count, verb in sides if count]
    if not said:
        return Slide("map", "No state of the pathway follows from what was measured", "", "")
    (count, verb), *others = said
    title = (
        f"{_number(count, 'part', 'parts')} of the pathway {'is' if count == 1 else 'are'} expected to {verb}"
    )
    title += "".join(f", {_WORDS[number].lower()} to {verb}" for number, verb in others)
    return Slide("map", title, "", "")


_EXPECTED = {
    "active": "protect this tumour",
    "lost": "favour ferroptosis",
    "both": "do either, as the findings disagree",
}


def _ranking(report: Report) -> Slide:
    counts = [
        f"{len(group.cards)} {_IN_GROUP[group.id]}" for group in report.groups if group.id and group.cards
    ]
    total = _number(sum(len(group.cards) for group in report.groups), "add-on")
    said = f"{total}: {', '.join(counts)}." if counts else f"{total}."
    return Slide("ranking", report.verdict, said, "Which of these ranks would you argue against?")


_IN_GROUP = {"selected": "selected by a finding", "unselected": "not selected", "held-back": "held back"}


def _add_on(card: Card) -> Slide:
    one = card.add_on
    held = one.group == "held-back"
    question = (
        "What would have to be shown before it could be used?" if held else "Is that enough to rank first?"
    )
    return Slide("add-on", f"{one.add_on.name} {one.place}", one.mechanism, question)


def _two_readings(found: Misreport) -> Slide:
    papers = "one paper" if len(found.references) == 1 else "the same papers"
    return Slide(
        "misreport",
        f"Two readings of {papers}",
        "The review and what it cites do not report the same.",
        "Which reading do you find in the source?",
    )


def _what_if(report: Report) -> Slide:
    question = "With the means for a single assay, which one?"
    if report.could_change:
        found = _number(len(report.could_change), "further finding")
        text = f"{found} could bring another add-on to the first place."
        return Slide("what-if", "What would change the first place?", text, question)
    return Slide("what-if", "What would decide on further add-ons?", "", question)


def _changes(report: Report) -> tuple[FurtherFinding, ...]:
    """The findings that would change the first place; where none would, the tests that decide something."""
    if not report.could_change:
        return tuple(
            FurtherFinding(f"{one.marker} {one.states}", one.effect, one.assay)
            for one in report.measure
            if one.effect
        )
    assays = {one.marker: one.assay for one in report.measure}
    found: dict[tuple[Missing, ...], list[str]] = {}
    for one in contenders(report.result):
        for way in one.needs[:1]:
            if way:
                found.setdefault(way, []).append(one.add_on)
    return tuple(
        FurtherFinding(
            " and ".join(map(lacking, way)),
            f"{' or '.join(add_ons)} could rank first",
            "; ".join(dict.fromkeys(assays[one.marker] for one in way if one.marker in assays)),
        )
        for way, add_ons in sorted(found.items(), key=lambda item: len(item[0]))
    )


def _first_rows(groups: Iterable[CardGroup]) -> Iterable[CardGroup]:
    room = MAX_ADD_ONS
    for group in groups:
        if group.cards and room:
            yield group._replace(cards=group.cards[:room])
        room = max(room - len(group.cards), 0)
