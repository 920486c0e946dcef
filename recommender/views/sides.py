"""Two rule bases or claim registers side by side, as a table, as Markdown or as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rich.console import RenderableType
from rich.text import Text

from .._label import DISCLAIMER, LABEL
from .._text import counted, printable
from ..curation.comparing.compared import CaseApart, SidesCompared
from ..curation.comparing.relations import RELATIONS, Related
from ..curation.comparing.sides import ComparedSide
from ..knowledge.assertions import Assertion, assertion_in_words, paper_of
from .entries import Entries
from .escaping import in_markdown
from .plain import labelled
from .screen import Screen
from .table import labelled_page

_HANG = 10
_AT_LENGTH = ("contradict", "read-differently")
"""The relations that a table shows entry by entry; Markdown and JSON show all."""


class SideEntry(NamedTuple):
    """Something that differs: a heading, and lines of a label and a text."""

    heading: str
    lines: tuple[tuple[str, str], ...]


class SideSection(NamedTuple):
    """Entries of one kind under a title."""

    title: str
    entries: tuple[SideEntry, ...]


def sides_table(found: SidesCompared, screen: Screen, note: str) -> str:
    """Return the comparison as text for a screen, with a note at its end."""
    parts: list[RenderableType] = ["", _legend(found), _section_title("Claims"), _counts(found)]
    for section in _sections(found, _AT_LENGTH):
        parts.append(_section_title(f"{section.title} ({len(section.entries)})"))
        for entry in section.entries:
            parts += [Text(printable(entry.heading), style="bold"), _lines(entry)]
    return labelled_page(_title(found), *parts, Text(f"\n{_summary(found)} {note}"), screen=screen)


def sides_markdown(found: SidesCompared) -> str:
    """Return the comparison as Markdown, with every entry."""
    lines = [f"# {in_markdown(_title(found))}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += [f"- {label}: {in_markdown(text)}" for label, text in _sides(found)]
    lines += ["", "| Claims | Number |", "|---|---|"]
    lines += [f"| {RELATIONS[relation]} | {count} |" for relation, count in found.counts.items()]
    for section in _sections(found, tuple(RELATIONS)):
        lines += ["", f"## {section.title}", ""]
        for entry in section.entries:
            said = "; ".join(f"{label}: {in_markdown(text)}" for label, text in entry.lines)
            lines.append(f"- **{in_markdown(entry.heading)}** {said}")
    return "\n".join([*lines, "", in_markdown(_summary(found))]) + "\n"


def sides_json(found: SidesCompared) -> str:
    """Return the comparison as JSON, with every entry."""
    return labelled(
        title=_title(found),
        sides=[{"name": one.name, "claims": len(one.asserted)} for one in (found.a, found.b)],
        counts=found.counts,
        claims=[
            {
                "relation": one.relation,
                "a": [_plain(stated, found.a) for stated in one.a],
                "b": [_plain(stated, found.b) for stated in one.b],
            }
            for one in found.related
        ],
        cases=[_plain_case(one) for one in found.cases],
        cases_answered=found.answered,
    )


def _title(found: SidesCompared) -> str:
    return f"{found.a.name} and {found.b.name} compared"


def _sides(found: SidesCompared) -> Iterator[tuple[str, str]]:
    for label, side in (("A", found.a), ("B", found.b)):
        yield label, f"{side.name}, {counted(len(side.asserted), 'claim', 'claims')}"


def _summary(found: SidesCompared) -> str:
    if not found.answered:
        return "No cases are answered, because a claim register has no rules."
    others = sum(one.other_first for one in found.cases)
    return (
        f"{len(found.cases)} of {found.answered} teaching cases are ranked differently, "
        f"{others} of them with another add-on in first place."
    )


def _sections(found: SidesCompared, relations: Sequence[str]) -> Iterator[SideSection]:
    for relation, title in RELATIONS.items():
        entries = tuple(_related(one, found) for one in found.of(relation)) if relation in relations else ()
        if entries:
            yield SideSection(title, entries)
    if found.cases:
        yield SideSection("Cases that are ranked differently", tuple(map(_case, found.cases)))


def _related(one: Related, found: SidesCompared) -> SideEntry:
    lines = [("A", assertion_in_words(stated, found.a.base)) for stated in one.a]
    lines += [("B", assertion_in_words(stated, found.b.base)) for stated in one.b]
    papers = ", ".join(_paper(paper, found) for paper in one.papers)
    return SideEntry(papers, tuple(lines if one.relation != "same" else lines[:1]))


def _case(one: CaseApart) -> SideEntry:
    if not one.other_first:
        lines = [("First", f"{one.a.first or 'nothing'} in both")]
    else:
        lines = [("A first", one.a.first or "nothing"), ("B first", one.b.first or "nothing")]
    lines += [("Only A", ", ".join(one.left_out_by_b))] if one.left_out_by_b else []
    lines += [("Only B", ", ".join(one.left_out_by_a))] if one.left_out_by_a else []
    if len(lines) == 1:
        lines.append(("Order", "the same add-ons in another order"))
    return SideEntry(one.case, tuple(lines))


def _paper(paper: str, found: SidesCompared) -> str:
    """Return a paper as a reader finds it: by the number of the review, else by its id."""
    for base in (found.a.base, found.b.base):
        for reference in base.content.references:
            if paper_of(reference) == paper:
                return f"[{reference.number}] {reference.title}" if not reference.pack else reference.title
    return paper


def _legend(found: SidesCompared) -> Entries:
    entries = Entries(1, 3)
    for label, text in _sides(found):
        entries.add(label, Text(printable(text)))
    return entries


def _counts(found: SidesCompared) -> Entries:
    entries = Entries(1, 32)
    for relation, count in found.counts.items():
        entries.add(RELATIONS[relation], Text(str(count)), style="")
    return entries


def _section_title(text: str) -> Text:
    return Text(f"\n{text}", style="bold cyan")


def _lines(entry: SideEntry) -> Entries:
    entries = Entries(2, _HANG)
    for label, text in entry.lines:
        entries.add(label, Text(printable(text)))
    return entries


def _plain(one: Assertion, side: ComparedSide) -> dict[str, Any]:
    kind, parts = one.subject
    return {
        "subject": {"kind": kind, "parts": parts},
        "therapy": one.therapy or None,
        "direction": one.direction,
        "paper": one.paper,
        "given": one.given,
        "tumours": one.tumours,
        "unsupported": one.unsupported,
        "rules": side.asserted[one],
        "text": assertion_in_words(one, side.base),
    }


def _plain_case(one: CaseApart) -> dict[str, Any]:
    return {
        "case": one.case,
        "a": one.a.names,
        "b": one.b.names,
        "other_first": one.other_first,
        "left_out_by_a": one.left_out_by_a,
        "left_out_by_b": one.left_out_by_b,
    }
