"""Two rule bases or claim registers side by side, as a table, as Markdown or as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .._label import DISCLAIMER, LABEL
from .._text import counted, printable
from ..curation.comparing.believing import OUTCOMES, Outcome
from ..curation.comparing.compared import CaseApart, CaseRanking, SidesCompared
from ..curation.comparing.relations import RELATIONS, Related, Relation
from ..curation.comparing.sides import ComparedSide
from ..knowledge.assertions import Assertion, assertion_in_words, paper_of
from ..knowledge.models import SEVERITIES
from .entries import Entries
from .escaping import in_markdown
from .plain import labelled
from .screen import Screen
from .table import labelled_page

_HANG = 10
_FINDINGS = "Findings of the audit"
_OUTCOMES: dict[Outcome, str] = {
    "rank": "a rank in a teaching case",
    "claim": "a claim, and no such rank",
    "wording": "the wording only",
}
_AT_LENGTH: tuple[Relation, ...] = ("contradict",)
"""The relations that a short table shows entry by entry."""


class SideEntry(NamedTuple):
    """Something that differs: a heading, and lines of a label and a text."""

    heading: str
    lines: tuple[tuple[str, str], ...]


class PlacedPaper(NamedTuple):
    """A paper as a reader finds it, in the order in which papers are shown."""

    group: int
    number: int
    name: str


class SideSection(NamedTuple):
    """Entries of one kind under a title."""

    title: str
    entries: tuple[SideEntry, ...]


def sides_table(found: SidesCompared, screen: Screen, *, full: bool, note: str) -> str:
    """Return the comparison as text for a screen, with a note at its end; all entries where it is `full`."""
    parts: list[RenderableType] = ["", *_marks(found), _legend(found)]
    parts += [_section_title("Claims"), _counts(found)]
    for section in _sections(found, tuple(RELATIONS) if full else _AT_LENGTH, full=full):
        parts.append(_section_title(f"{section.title} ({len(section.entries)})"))
        for entry in section.entries:
            parts += [Text(printable(entry.heading), style="bold"), _lines(entry)]
    if found.believed:
        parts += [_section_title(_FINDINGS), _outcomes(found)]
    return labelled_page(_title(found), *parts, Text(f"\n{summary(found)} {note}".rstrip()), screen=screen)


def sides_markdown(found: SidesCompared) -> str:
    """Return the comparison as Markdown, with every entry."""
    lines = [f"# {in_markdown(_title(found))}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += [f"**{in_markdown(mark)}**\n" for mark in found.marks]
    lines += [f"- {label}: {in_markdown(text)}" for label, text in _sides(found)]
    lines += ["", "| Claims | Number |", "|---|---|"]
    lines += [f"| {RELATIONS[relation]} | {count} |" for relation, count in found.counts.items()]
    for section in _sections(found, tuple(RELATIONS), full=True):
        lines += ["", f"## {section.title}", ""]
        for entry in section.entries:
            said = "; ".join(f"{label}: {in_markdown(text)}" for label, text in entry.lines)
            lines.append(f"- **{in_markdown(entry.heading)}** {said}")
    if found.believed:
        lines += ["", f"## {_FINDINGS}", "", *findings_table(found)]
    return "\n".join([*lines, "", in_markdown(summary(found))]) + "\n"


def findings_table(found: SidesCompared) -> list[str]:
    """Return how many findings of the audit change what, by severity, as the lines of a Markdown table."""
    head, *rows = _outcome_rows(found)
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]


def summary(found: SidesCompared) -> str:
    """Return how many cases are ranked differently, and what the findings of the audit change."""
    if not found.answered:
        return "No cases are answered, because a claim register has no rules."
    others = sum(one.other_first for one in found.cases)
    said = (
        f"{len(found.cases)} of {found.answered} teaching cases are ranked differently; "
        f"in {others} of them the first place differs."
    )
    if not found.believed:
        return said
    ranks, claims, wording = (sum(one.changes == outcome for one in found.believed) for outcome in OUTCOMES)
    first = sum(bool(one.first) for one in found.believed)
    return (
        f"{said} Of {len(found.believed)} findings of the audit {ranks} change a rank in one of them by "
        f"themselves ({first} the first place), {claims} a claim only, and {wording} the wording only."
    )


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
        marks=found.marks,
        cases=[_plain_case(one, found) for one in found.cases],
        cases_answered=found.answered,
        findings=[{**one._asdict(), "changes": one.changes} for one in found.believed],
    )


def _title(found: SidesCompared) -> str:
    return f"{found.a.name} and {found.b.name} compared"


def _sides(found: SidesCompared) -> Iterator[tuple[str, str]]:
    for label, side in (("A", found.a), ("B", found.b)):
        yield label, f"{side.name}, {counted(len(side.asserted), 'claim', 'claims')}"


def _sections(found: SidesCompared, relations: Sequence[Relation], *, full: bool) -> Iterator[SideSection]:
    papers = _papers(found)
    for relation in relations:
        of_it = sorted(found.of(relation), key=lambda one: [papers[paper] for paper in one.papers])
        if of_it:
            entries = tuple(_related(one, found, papers) for one in of_it)
            yield SideSection(RELATIONS[relation], entries)
    if found.cases:
        entries = tuple(_case(one, found, full=full) for one in found.cases)
        yield SideSection("Cases that are ranked differently", entries)


def _related(one: Related, found: SidesCompared, papers: Mapping[str, PlacedPaper]) -> SideEntry:
    lines = [("A", assertion_in_words(stated, found.a.base)) for stated in one.a]
    lines += [("B", assertion_in_words(stated, found.b.base)) for stated in one.b]
    cited = ", ".join(papers[paper].name for paper in one.papers)
    return SideEntry(cited, tuple(lines if one.relation != "same" else lines[:1]))


def _case(one: CaseApart, found: SidesCompared, *, full: bool) -> SideEntry:
    lines = [("A first", in_first_place(one.a)), ("B first", in_first_place(one.b))]
    lines = lines if one.other_first else [("First", f"{in_first_place(one.a)} in both")]
    for label, names in (("Only A", one.left_out_by_b), ("Only B", one.left_out_by_a)):
        if names:
            lines.append((label, ", ".join(names) if full else counted(len(names), "add-on", "add-ons")))
    if len(lines) == 1:
        lines.append(("Order", "the same add-ons in another order"))
    reasons = found.reasons(one.case)
    return SideEntry(one.case, (*lines, *([("Findings", ", ".join(reasons))] if reasons else [])))


def in_first_place(ranked: CaseRanking) -> str:
    """Return the add-ons in first place, in words."""
    return " and ".join(ranked.first) or "nothing"


def _papers(found: SidesCompared) -> dict[str, PlacedPaper]:
    """Return the papers that either side cites, those of the review by number, others by title."""
    known = {
        paper_of(one): PlacedPaper(0, one.number, f"[{one.number}] {one.title}")
        if not one.pack
        else PlacedPaper(1, 0, one.title)
        for side in (found.b, found.a)
        for one in side.base.content.references
    }
    cited = {paper for one in found.related for paper in one.papers}
    return {paper: known.get(paper, PlacedPaper(2, 0, paper)) for paper in cited}


def _legend(found: SidesCompared) -> Entries:
    entries = Entries(1, 3)
    for label, text in _sides(found):
        entries.add(label, Text(printable(text)))
    return entries


def _marks(found: SidesCompared) -> Iterator[Text]:
    for mark in found.marks:
        yield Text(f"{printable(mark)}\n", style="bold red")


def _outcomes(found: SidesCompared) -> Table:
    head, *rows = _outcome_rows(found)
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in head:
        table.add_column(name, justify="left" if name == head[0] else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _outcome_rows(found: SidesCompared) -> Iterator[tuple[str, ...]]:
    """Yield the headings, and for each outcome the number of findings of each severity and of all."""
    yield ("Believing it changes", *SEVERITIES, "all")
    for outcome, words in _OUTCOMES.items():
        of_it = [one.severity for one in found.believed if one.changes == outcome]
        yield (words, *(str(of_it.count(one)) for one in SEVERITIES), str(len(of_it)))


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


def _plain_case(one: CaseApart, found: SidesCompared) -> dict[str, Any]:
    return {
        "case": one.case,
        "a": one.a.names,
        "b": one.b.names,
        "first": {"a": one.a.first, "b": one.b.first},
        "findings": found.reasons(one.case),
        "other_first": one.other_first,
        "left_out_by_a": one.left_out_by_a,
        "left_out_by_b": one.left_out_by_b,
    }
