"""What to argue about in a journal club: a disputed claim, a screen, the weakest evidence, and the order."""

from collections.abc import Iterable
from typing import NamedTuple, get_args

from ..knowledge.models import Severity
from ..result.parts import Disputed
from .cards import reference_key
from .case_report import Report


class Misreport(NamedTuple):
    """A statement of the review, what the papers that it cites report, and the finding of the audit."""

    review: str
    papers: str
    audit: str
    severity: str
    references: tuple[int | str, ...]


class Argument(NamedTuple):
    """Something to argue about: a heading, what is known, a question, and the references behind it."""

    heading: str
    text: str
    question: str
    references: tuple[int | str, ...]


def arguments(report: Report) -> tuple[Argument, ...]:
    """Return what a journal club could argue about in this case, as far as the case has it."""
    return (*_disputed(report), *_screened(report), *_weakest(report), *_order(report))


def cited(report: Report, found: Iterable[Argument]) -> frozenset[int | str]:
    """Return the references of a handout: the first of each add-on, and those of the arguments.

    Where no add-on is ranked, those of the contexts.
    """
    firsts = (card.add_on.references[0] for group in report.groups for card in group.cards)
    named = set(map(reference_key, firsts))
    named = named or {number for one in report.result.context for number in one.references}
    return frozenset(named | {key for one in found for key in one.references})


def misreport_of(report: Report) -> Misreport | None:
    """Return the disputed claim, or else the finding of the audit, that is closest to this case."""
    claim = _chief_dispute(report)
    if claim:
        note = next((report.audit[name] for name in claim.audit if name in report.audit), None)
        about = (note.id, note.severity) if note else ("", "")
        return Misreport(claim.claim, claim.why, *about, claim.references)
    notes = [
        (note, tuple(map(reference_key, one.references)))
        for one in report.result.recommendations
        for note in one.audit
    ]
    notes += [
        (report.audit[name], one.references)
        for one in report.result.context
        for name in one.audit
        if name in report.audit
    ]
    for note, references in sorted(notes, key=lambda found: _SEVERITIES.index(found[0].severity))[:1]:
        return Misreport(note.review_says, note.cited_work_says, note.id, note.severity, references)
    return None


_SEVERITIES = get_args(Severity)


def _chief_dispute(report: Report) -> Disputed | None:
    """The disputed claim to argue about: about the papers of this answer, the most papers cited."""
    claims = sorted(
        report.result.disputed, key=lambda one: (one.id not in report.disputed_here, -len(one.references))
    )
    return next(iter(claims), None)


def _disputed(report: Report) -> Iterable[Argument]:
    if one := misreport_of(report):
        text = (
            f"The review: {one.review} The {'paper' if len(one.references) == 1 else 'papers'}: {one.papers}"
        )
        yield Argument("A disputed claim", text, "Which reading do you find in the source?", one.references)


def _screened(report: Report) -> Iterable[Argument]:
    """The first rule of the answer that drug screens contradict."""
    result = report.result
    rules = [
        (rule.title, rule.corroboration, tuple(map(reference_key, one.references)))
        for one in result.recommendations
        for rule in one.rules
    ]
    rules += [(one.title, one.corroboration, one.references) for one in result.context]
    for title, found, references in rules:
        if found and found.verdict == "contrary":
            text = f"{title}. Compared with drug screens: {found.said}"
            yield Argument("A drug screen disagrees", text, "What could explain both?", references)
            return


def _weakest(report: Report) -> Iterable[Argument]:
    """The add-on with the weakest evidence that is not held back; of several, the first."""
    cards = [card for group in report.groups if group.id != "held-back" for card in group.cards]
    for card in sorted(cards, key=lambda card: card.step)[:1]:
        reasons = {one.dimension: one.reason for one in card.points}
        yield Argument(
            f"The weakest evidence: {card.line.add_on}, rank {card.line.rank}",
            f"{reasons['evidence']} {card.add_on.limits}".strip(),
            "Is that enough to rank it?",
            tuple(map(reference_key, card.add_on.references[:1])),
        )


def _order(report: Report) -> Iterable[Argument]:
    """The findings that would change the first place."""
    if report.could_change:
        named = "; ".join(report.could_change[:5])
        rest = f"; and {len(report.could_change) - 5} more" if report.could_change[5:] else ""
        yield Argument(
            "What would change the order",
            f"Each of these findings would let another add-on rank first: {named}{rest}.",
            "With the means for a single assay, which one?",
            (),
        )
