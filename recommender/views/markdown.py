"""The answer as Markdown, for a handout. Texts of profiles and rules are kept from being read as markup."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from ..knowledge.phrasing import FERROPTOSIS, READ
from ..reports.other_evidence import OUTSIDE_REVIEW, papers_on
from ..result.corroboration import CorroborationView
from ..result.model import Result
from ..result.outlook import Missing
from ..result.recommendation import ContextEntry, Recommendation, ReferenceView
from .escaping import doi_url, in_markdown
from .ids import notice_of
from .ranks import DISPUTED, HEADINGS, rank_groups, rank_row

if TYPE_CHECKING:
    from ..reports.case_report import Report


def markdown(result: Result) -> str:
    """Return the result as Markdown."""
    return _answer(_as_text(result))


def _answer(result: Result) -> str:
    lines = [
        f"# {result.profile.id or 'Profile without id'}",
        "",
        f"**{result.label}.** {result.disclaimer}",
        "",
    ]
    lines += [f"- Therapy: {', '.join(one.name for one in result.therapies) or 'none given'}"]
    if result.resistant_to:
        lines += [f"- Failed: {', '.join(one.name for one in result.resistant_to)}"]
    measured = [f"{one.marker} {one.state}{f' ({one.detail})' if one.detail else ''}" for one in result.facts]
    lines += [f"- Measured: {', '.join(measured) or 'nothing'}"]
    implied = sorted({f"{one.fact} {one.state}" for one in result.derived})
    lines += [f"- Implied: {', '.join(implied) or 'nothing'}"]
    lines += _list("Notices", (f"{one.code} {one.message}" for one in result.notices))
    lines += ["", "## Ranked add-ons", ""]
    groups = rank_groups(result)
    for group in groups:
        lines += [f"### {group.title}", ""] if group.title else []
        lines += [group.note, ""] if group.note else []
        rows = [rank_row(one, group) for one in group.recommendations]
        lines += [*_table(HEADINGS, rows), ""] if rows else []
    lines = lines[:-1] if groups else [*lines, "None."]
    if result.order:
        lines += ["", result.order.verdict]
    lines += _list(
        "Cautions on the therapy",
        (
            f"{c.grade}: {', '.join(c.therapies)}: {c.text} {_refs(c.references)}".rstrip()
            for c in result.therapy_cautions or ()
        ),
    )
    for one in result.recommendations:
        lines += _recommendation(one)
    lines += _combinations(result)
    lines += _list("Context, not ranked", map(_context, result.context))
    lines += _list(
        DISPUTED,
        (f"**Review:** {one.claim} **Paper:** {one.why} {_refs(one.references)}" for one in result.disputed),
    )
    lines += _list(
        "Undecided",
        (f"{one.add_on} + {one.partner}: {_ways(one.minimal_sets)}" for one in result.undecided),
    )
    lines += _list(
        "Blocked",
        (
            f"{one.add_on} + {one.partner}: "
            + "; ".join(
                f"{b.marker} is {b.measured}, required: {' or '.join(b.needs)}" for b in one.blocked_by
            )
            for one in result.blocked
        ),
    )
    if result.next_tests:
        tests = [
            (t.marker, " or ".join(t.needs), f"{t.gain:.2f}", ", ".join(t.would_decide))
            for t in result.next_tests
        ]
        lines += ["", "## What would change this list if measured", ""]
        lines += [
            "For research; no test is advised for a patient. Gain: mean share of the undecided strategies"
        ]
        lines += ["that a result decides.", ""]
        lines += _table(("Marker", "Decisive state", "Gain", "Would decide"), tests)
    base = result.rule_base
    stamp = f"Rule base {base.version}, sha256 {base.sha256}."
    used = " ".join(part for part in (stamp, base.packs_in_words()) if part)
    lines += ["", f"{used} **{result.label}**, not for treatment decisions."]
    return "\n".join(lines) + "\n"


def handout(report: "Report") -> str:
    """Return a report as Markdown: the answer, the pathway as a table, and how it was made."""
    report = _as_text(report)
    result, drawn = report.result, report.map
    names = {one.id: one.name for one in drawn.add_ons}
    boxes = [
        (
            box.name,
            box.state,
            ", ".join(box.because),
            ", ".join(dict.fromkeys(names[one] for one in box.add_ons)),
        )
        for box in drawn.acting
    ]
    lines = [
        "",
        f"Disease: {report.disease}",
        "",
        f"## The ferroptosis pathway in this tumour ({result.label})",
        "",
    ]
    lines += _table(("Part", "State", "Because of", "Add-ons that act here"), boxes)
    lines += _list("References, by the numbers of the review", map(_citation, report.references))
    weights = ", ".join(f"{name} {value.weight} %" for name, value in report.ranking.dimensions.items())
    lines += [
        "",
        f"## Methods ({result.label})",
        "",
        report.scope_note,
        "",
        f"Score: the sum over the dimensions of weight times value; weights: {weights}.",
        f"{HEADINGS.stability}: share of {report.ranking.samples} random weightings that give the rank.",
        "No score is a probability of benefit.",
        "",
        f"ferroptosis-recommender {report.program}; engine {result.engine.name} {result.engine.version};",
        f"profile sha256 {result.profile.sha256}.",
    ]
    return _answer(result) + "\n".join(lines) + "\n"


def _recommendation(one: Recommendation) -> list[str]:
    lines = ["", f"### {one.rank}. {one.add_on.name} {one.place}", "", one.mechanism, ""]
    lines += [f"- Effect: {one.effect}; {FERROPTOSIS.get(one.ferroptosis, one.ferroptosis)}"]
    read = READ.get(one.evidence.basis, one.evidence.basis)
    lines += [f"- Evidence: {one.evidence.label}; {'; '.join(one.evidence.models)}; source read: {read}"]
    lines += [f"- Limits: {one.limits}"]
    lines += [
        f"- Drug screens: {in_markdown(rule.corroboration.said)}" for rule in one.rules if rule.corroboration
    ]
    lines += [f"- Stability: {one.verdict}"]
    lines += [f"- Held back: {held.words}" for held in one.held_back_because or ()]
    lines += [f"- Caution: {caution.text}" for caution in one.cautions]
    lines += [
        f"- Audit {note.id} ({note.severity}). Review: {note.review_says} Paper: {note.cited_work_says}"
        for note in one.audit
    ]
    lines += [f"- {_citation(reference)}" for reference in one.references]
    return lines + [
        f"- {OUTSIDE_REVIEW}. **{paper.relation.capitalize()}:** {paper.finding} ({paper.about}) "
        f"{_citation(paper.reference)}"
        for paper in papers_on(one)
    ]


def _context(one: ContextEntry) -> str:
    found = one.corroboration
    screens = f" Drug screens: {in_markdown(found.in_words)}." if found and found.figure else ""
    return f"{one.effect}: {one.text} {_refs(one.references)}{screens}"


def _citation(one: ReferenceView) -> str:
    doi = f" <{doi_url(one.doi)}>" if one.doi else ""
    label = f"[{one.number}] " if one.number else ""
    found = notice_of(one)
    return f"{label}{one.citation} *{one.title}*{doi}{f' **{found}**' if found else ''}"


def _combinations(result: Result) -> list[str]:
    found = result.combinations
    if found is None or not found.matrix:
        return []
    lines = ["", "## How the add-ons relate", "", found.note, ""]
    if found.defences:
        rows = [
            (one.add_on, *("x" if fact in one.defences else "" for fact in found.defences))
            for one in found.matrix
        ]
        lines += _table(("Add-on", *found.defences), rows)
    lines += [""] + [
        f"- Alternatives on {one.acts_on}: {', '.join(one.recommendations)}" for one in found.alternatives
    ]
    return lines + [f"- Different active defences: {one} and {other}" for one, other in found.complementary]


def _list(title: str, items: Iterable[str]) -> list[str]:
    shown = [f"- {item}" for item in items]
    return ["", f"## {title}", "", *shown] if shown else []


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def _ways(sets: Iterable[Sequence[Missing]]) -> str:
    return " or ".join(" and ".join(map(str, way)) for way in sets)


def _refs(numbers: Iterable[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _as_text(value: Any) -> Any:
    """The same value with every text in it, except DOIs, kept from being read as markup."""
    if isinstance(value, str):
        return in_markdown(value)
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        inner = [_as_text(one) for one in value]
        return type(value)(*inner) if hasattr(value, "_fields") else tuple(inner)
    if isinstance(value, CorroborationView):
        return value  # its words are escaped where they are written
    if is_dataclass(value) and not isinstance(value, type):
        texts = {one.name: getattr(value, one.name) for one in fields(value) if one.name != "doi"}
        return replace(value, **{name: _as_text(text) for name, text in texts.items()})
    return value
