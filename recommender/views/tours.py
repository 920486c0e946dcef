"""The steps of a tour in a terminal, each under the label."""

import re
from collections.abc import Iterable
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .._text import counted, printable
from ..knowledge.phrasing import source_read
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
    TheReadings,
    TheRules,
    TourStep,
)
from ..result.recommendation import ReferenceView
from .blocks import cited_line
from .changes import change_parts
from .entries import DIM, Entries, no_wider
from .screen import Screen
from .table import blocked_line, labelled_page, ranks_of

_KINDS = {
    "mechanism": ("mechanism", "mechanisms"),
    "strategy": ("strategy", "strategies"),
    "context": ("context", "contexts"),
    "caution": ("caution", "cautions"),
    "disputed": ("disputed claim", "disputed claims"),
}
_KIND_STYLE = {
    "mechanism": "blue",
    "strategy": "green",
    "context": "cyan",
    "caution": "yellow",
    "disputed": "red",
}


def shown(step: TourStep, number: int, of: int, screen: Screen) -> str:
    """Return a step as text for a terminal, with its number among `of` steps."""
    parts = _parts(step) if isinstance(step, TheRules) else no_wider(_parts(step))
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
        case TheReadings():
            yield from _readings(step)
            yield from ("", _aside(step.say))
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
    tumour, others = len(step.of_this_tumour), len(step.fired) - len(step.of_this_tumour)
    fire = counted(tumour, "rule fires", "rules fire") if tumour else "No rule fires"
    yield from (_prose(f"{fire} because of the findings in this tumour."), "")
    for stage, groups in groupby(step.groups, lambda one: one.stage):
        after = "the findings and the therapy" if stage == 1 else "that and the conclusions of earlier stages"
        yield Text.assemble((f"Stage {stage}", "bold"), f"  from {after}")
        for group in groups:
            entries = Entries(2, 11)
            because = printable(f"because of {group.reasons}")
            entries.add(group.kind, Text(because, DIM), _KIND_STYLE[group.kind])
            for one in group.fired:
                numbers = f" [{', '.join(map(str, one.references))}]" if one.references else ""
                text = Text.assemble(f"{one.concludes}{numbers}  ", (printable(one.rule), DIM))
                entries.add("", text)
            yield entries
        yield ""
    if others:
        kinds = ", ".join(counted(count, *_KINDS[kind]) for kind, count in step.of_any_tumour)
        fire = "fires" if others == 1 else "fire"
        yield _prose(f"{others} more {fire} in any tumour under this therapy: {kinds}.")


def _ranking(step: TheRanking) -> Iterable[RenderableType]:
    result = step.result
    yield ranks_of(result) if result.recommendations else Text("Nothing is ranked.", style="bold")
    below = Entries(0, 18)
    if step.could_lead:
        names = ", ".join(step.could_lead)
        below.add("Could rank first", Text(printable(f"{names}, after more measurements")), "green")
    for notice in result.notices:
        below.add("Notice", Text(printable(notice.message)), "yellow")
    for blocked in result.blocked:
        below.add("Blocked", blocked_line(blocked), "red")
    if result.undecided:
        names = ", ".join(one.add_on for one in result.undecided)
        below.add("Undecided", Text(printable(names)), "yellow")
    yield from ("", below, "", _aside(step.answer))


def _exhibit(exhibit: Exhibit) -> Iterable[RenderableType]:
    yield Text.assemble((printable(exhibit.title), "bold"), f"  {exhibit.found_as}")
    entries = Entries(2, 9)
    entries.add("", Text(printable(exhibit.text)))
    evidence = exhibit.evidence
    if evidence:
        level = f"{evidence.level_meaning} (CIViC {evidence.civic_level})"
        entries.add("Level", f"{level}. Source read: {source_read(evidence.basis)}")
        entries.add("Models", Text(printable("; ".join(evidence.models))))
        entries.add("Tumour", ", ".join(evidence.tumour_types))
    if exhibit.effect:
        entries.add("Effect", exhibit.effect)
    if exhibit.limits:
        entries.add("Limits", Text(printable(exhibit.limits)))
    if exhibit.screens:
        entries.add("Screens", Text(printable(exhibit.screens)))
    for caution in exhibit.cautions:
        entries.add("Caution", Text(printable(caution.text)), "yellow")
    _cite(entries, exhibit.references)
    yield from (entries, "", _aside(exhibit.say), "")


def _audit(step: TheAudit) -> Entries:
    finding = step.finding
    entries = Entries(0, 13)
    kinds = ", ".join(kind.replace("-", " ") for kind in finding.category)
    entries.add("Finding", f"{finding.id}, {finding.severity}: {kinds}")
    entries.add("Review", Text(printable(finding.review_says)), "red")
    entries.add("Paper", Text(printable(finding.cited_work_says)), "green")
    entries.add("Encoded as", Text(printable(finding.encoded_as)))
    checked = f"{source_read(finding.checked)}. {finding.checked_note}"
    entries.add("Source read", Text(printable(checked)))
    _cite(entries, step.references)
    return entries


def _readings(step: TheReadings) -> Iterable[RenderableType]:
    found = step.readings
    yield from (Text(printable(found.warning), style="bold red"), "")
    ranks = Table(box=None, padding=(0, 1), header_style="bold")
    ranks.add_column("Papers", justify="right")
    ranks.add_column("Review", justify="right")
    ranks.add_column("Add-on", ratio=1)
    ranks.add_column("Finding")
    for one in found.ranking:
        places = (str(rank) if rank else "–" for rank in (one.audited, one.printed))
        ranks.add_row(*places, Text(printable(one.add_on)), ", ".join(one.findings))
    yield ranks if found.ranking else Text("Neither ranks anything.")
    entries = Entries(0, 5)
    for finding in found.findings:
        review, paper = finding.in_short()
        entries.add(finding.id, Text(printable(f"Review: {review} Paper: {paper}")))
    yield from ("", entries)


def _cite(entries: Entries, references: Iterable[ReferenceView]) -> None:
    for one in references:
        entries.add(f"[{one.number or one.id}]", Text(printable(cited_line(one))))
