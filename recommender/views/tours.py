"""The steps of a tour in a terminal, each under the label."""

import re
from collections.abc import Iterable
from itertools import groupby

from rich.console import RenderableType
from rich.constrain import Constrain
from rich.text import Text

from .._text import printable
from ..reports.tour_steps import (
    Exhibit,
    TheAudit,
    TheCase,
    TheChange,
    TheEffect,
    TheEvidence,
    TheQuestion,
    TheQuestions,
    TheRanking,
    TheRules,
    TourStep,
)
from ..result.recommendation import ReferenceView
from .changes import change_parts
from .entries import DIM, Entries
from .screen import Screen
from .table import blocked_line, labelled_page, ranks_of

_MEASURE = 88
"""The longest line of prose: longer ones are hard to read on a wall."""
_KIND_STYLE = {
    "mechanism": "blue",
    "strategy": "green",
    "context": "cyan",
    "caution": "yellow",
    "disputed": "red",
}


def shown(step: TourStep, number: int, of: int, screen: Screen) -> str:
    """Return a step as text for a terminal, with its number among `of` steps."""
    measure = None if isinstance(step, TheRules) else _MEASURE
    parts = (Constrain(part, measure) if isinstance(part, Entries | Text) else part for part in _parts(step))
    text = labelled_page(f"{number}/{of}  {step.title}", "", *parts, screen=screen)
    return re.sub(r"\n{3,}", "\n\n", text.rstrip()) + "\n"


def _parts(step: TourStep) -> Iterable[RenderableType]:
    match step:
        case TheCase():
            yield Text(printable(step.headline), style="bold")
            yield from ("", _prose(step.story), "", _facts(step))
        case TheQuestion():
            yield _aside(step.question)
        case TheRules():
            yield from _rules(step)
        case TheRanking():
            yield from _ranking(step)
        case TheEvidence():
            for exhibit in step.exhibits:
                yield from _exhibit(exhibit)
        case TheAudit():
            yield from (_audit(step), "", _aside(step.discuss))
        case TheChange():
            yield Text(printable(", ".join(step.changes)), style="bold yellow")
            yield from ("", _aside(step.ask))
        case TheEffect():
            yield from change_parts(step.comparison)
            yield from ("", _aside(step.point))
        case TheQuestions():
            for number, question in enumerate(step.questions, 1):
                yield from (_aside(question, f"{number}."), "")


def _prose(text: str) -> Text:
    return Text(printable(text))


def _aside(text: str, mark: str = ">") -> Entries:
    """Return the text of a teacher, marked off from what the program found."""
    entries = Entries(0, len(mark) + 1)
    entries.add(mark, Text(printable(text), style="bold"), "bold magenta")
    return entries


def _facts(step: TheCase) -> Entries:
    entries = Entries(0, 10)
    entries.add("Therapy", ", ".join(step.therapies) or "none given")
    if step.resistant_to:
        entries.add("Failed", ", ".join(step.resistant_to))
    measured = ", ".join(f"{one.marker} {one.state} {one.detail}".strip() for one in step.measured)
    entries.add("Measured", Text(printable(measured) or "no marker that a rule knows"))
    return entries


def _rules(step: TheRules) -> Iterable[RenderableType]:
    counted = ", ".join(f"{count} {kind}" for kind, count in step.kinds)
    yield from (_prose(f"{len(step.fired)} {'rule' if len(step.fired) == 1 else 'rules'}: {counted}."), "")
    for stage, groups in groupby(step.groups, lambda one: one.stage):
        after = "what was measured and given" if stage == 1 else "that and what earlier stages concluded"
        yield Text.assemble((f"Stage {stage}", "bold"), f"  from {after}")
        for group in groups:
            entries = Entries(2, 11)
            because = printable(f"because of {' and '.join(group.because)}")
            entries.add(group.kind, Text(because, DIM), _KIND_STYLE[group.kind])
            for one in group.fired:
                numbers = f" [{', '.join(map(str, one.references))}]" if one.references else ""
                text = Text.assemble(f"{one.concludes}{numbers}  ", (printable(one.rule), "cyan"))
                entries.add("", text)
            yield entries
        yield ""


def _ranking(step: TheRanking) -> Iterable[RenderableType]:
    result = step.result
    yield ranks_of(result) if result.recommendations else Text("Nothing is ranked.", style="bold")
    below = Entries(0, 11)
    if step.could_lead:
        below.add(
            "may lead", Text(printable(f"{', '.join(step.could_lead)}, once more is measured")), "green"
        )
    for notice in result.notices:
        below.add("notice", Text(printable(notice.message)), "yellow")
    for blocked in result.blocked:
        below.add("blocked", blocked_line(blocked), "red")
    if result.undecided:
        names = ", ".join(one.add_on for one in result.undecided)
        below.add("undecided", Text(printable(names)), "yellow")
    yield from ("", below, "", _aside(step.answer))


def _exhibit(exhibit: Exhibit) -> Iterable[RenderableType]:
    yield Text.assemble((printable(exhibit.title), "bold"), f"  {exhibit.found_as}")
    entries = Entries(2, 9)
    entries.add("", Text(printable(exhibit.text)))
    evidence = exhibit.evidence
    if evidence:
        entries.add(
            "Level", f"{evidence.level_meaning} (CIViC {evidence.civic_level}); read: {evidence.basis}"
        )
        entries.add("Models", Text(printable("; ".join(evidence.models))))
        entries.add("Tumour", ", ".join(evidence.tumour_types))
    if exhibit.effect:
        entries.add("Effect", exhibit.effect)
    if exhibit.limits:
        entries.add("Limits", Text(printable(exhibit.limits)))
    for caution in exhibit.cautions:
        entries.add("Caution", Text(printable(caution.text)), "yellow")
    _cite(entries, exhibit.references)
    yield from (entries, "", _aside(exhibit.say), "")


def _audit(step: TheAudit) -> Entries:
    finding = step.finding
    entries = Entries(0, 9)
    entries.add("Finding", f"{finding.id}, {finding.severity}: {', '.join(finding.category)}")
    entries.add("Review", Text(printable(finding.review_says)), "red")
    entries.add("Source", Text(printable(finding.cited_work_says)), "green")
    entries.add("We", Text(printable(finding.encoded_as)))
    entries.add("Checked", Text(printable(f"{finding.checked.replace('-', ' ')}. {finding.checked_note}")))
    _cite(entries, step.references)
    return entries


def _cite(entries: Entries, references: Iterable[ReferenceView]) -> None:
    for one in references:
        doi = f" doi:{one.doi}" if one.doi else ""
        entries.add(f"[{one.number}]", Text(printable(f"{one.citation} {one.title}.{doi}")))
