"""A rule, and the findings of the audit, as pages of Markdown."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .._label import LABEL
from ..curation.verdicts import verdict_in_words
from ..knowledge.base import KnowledgeBase
from ..knowledge.phrasing import citation, conclusion, in_words, source_read
from ..knowledge.rule_models import CautionRule, DisputedRule, Rule, StrategyRule
from ..reports.other_evidence import OUTSIDE_REVIEW, papers_of
from .escaping import doi_url, in_markdown, in_markdown_code

WARNING = f"**{LABEL}**, not for treatment decisions."


def rule_page(rule: Rule, base: KnowledgeBase, *, heading: str = "#") -> str:
    """Return the rule as a page of Markdown, its sections always in the same order."""
    lines = [
        f"{heading} {in_markdown(rule.title)}",
        "",
        f"`{rule.id}` · {rule.kind} · since {in_markdown(rule.since)}",
        "",
    ]
    lines += [
        WARNING,
        "",
        *_conditions(rule, base),
        f"**Concludes:** {in_markdown(conclusion(rule, base))}",
        "",
    ]
    if not isinstance(rule, DisputedRule | CautionRule):
        lines += [f"**Mechanism:** {in_markdown(rule.mechanism)}", "", *_evidence(rule, base)]
    if found := base.corroboration.get(rule.id):
        lines += [f"**Drug screens:** {in_markdown(verdict_in_words(found))}", ""]
    if rule.limits:
        lines += [f"**Limits:** {in_markdown(rule.limits)}", ""]
    for finding in (base.audit[number] for number in rule.audit):
        said = in_markdown(f"Review: {finding.review_says} Paper: {finding.cited_work_says}")
        about = f"{finding.severity}; source read: {source_read(finding.checked)}"
        lines += [f"**Audit {finding.id}** ({about}). {said}", ""]
    for number in rule.references:
        reference = base.references[number]
        doi = f" doi:[{in_markdown(reference.doi)}]({doi_url(reference.doi)})" if reference.doi else ""
        lines += [f"- [{number}] {in_markdown(citation(reference))} {in_markdown(reference.title)}.{doi}"]
    for source in map(base.sources.__getitem__, rule.sources if isinstance(rule, CautionRule) else ()):
        lines += [f"- {in_markdown(f'{source.title}. {source.publisher}, {source.year}.')} <{source.url}>"]
    if papers := papers_of(rule.id, base):
        lines += ["", f"**{OUTSIDE_REVIEW}.**", "", *(f"- {in_markdown(paper)}" for paper in papers)]
    lines += ["", "Fires for:", ""]
    lines += map(_example, rule.examples.fires)
    lines += ["", "Does not fire for:", ""]
    lines += map(_example, rule.examples.near_misses)
    return "\n".join(lines) + "\n"


def _example(profile: dict[str, Any]) -> str:
    return f"- `{in_markdown_code(json.dumps(profile, ensure_ascii=False))}`"


def _conditions(rule: Rule, base: KnowledgeBase) -> list[str]:
    lines = []
    if rule.therapies:
        name = "Partner" if isinstance(rule, CautionRule) else "Therapy"
        lines += [f"**{name}:** {in_markdown(' or '.join(_therapies(rule.therapies, base)))}", ""]
    if isinstance(rule, CautionRule) and rule.always:
        lines += ["**When:** always, with any therapy", ""]
    if rule.when:
        lines += [f"**When:** {in_markdown(in_words(rule.when))}", ""]
    if isinstance(rule, StrategyRule) and rule.called_for_by:
        lines += [f"**Selected by:** {in_markdown(in_words(rule.called_for_by))}", ""]
    if isinstance(rule, CautionRule):
        where = {name: value for name, value in rule.applies_to.model_dump().items() if value}
        shown = "; ".join(f"{name.replace('_', ' ')}: {', '.join(value)}" for name, value in where.items())
        every = "every add-on" if rule.concerns == "add-on" else "the therapy itself"
        lines += [f"**Applies to:** {in_markdown(shown) or every}", ""]
    return lines


def _therapies(names: Iterable[str], base: KnowledgeBase) -> list[str]:
    return [base.vocabulary.therapies[name].name for name in names]


def _evidence(rule: Any, base: KnowledgeBase) -> list[str]:
    evidence = rule.evidence
    level = base.levels[evidence.level]
    tumours = ", ".join(base.vocabulary.diseases[disease].name for disease in evidence.tumour_types)
    tested = ", ".join(_therapies(evidence.partners_tested, base))
    partner = f" Tested in combination with: {tested}." if tested else ""
    read = f"{level.name} (CIViC {level.civic_level}). Source read: {source_read(evidence.basis)}."
    said = f"{read} Models: {'; '.join(evidence.models)}. Tumours: {tumours}.{partner}"
    return [f"**Evidence:** {in_markdown(said)}", ""]


def audit_page(findings: Sequence[dict[str, Any]], title: str, note: str) -> str:
    """Return audit findings, as plain values, as a page of Markdown."""
    lines = [f"# {in_markdown(title)}", "", WARNING, ""]
    for one in findings:
        cited = ", ".join(map(str, one["references"])) or "none"
        lines += [f"## {one['id']} {one['severity']}: {', '.join(one['category'])}", ""]
        lines += [f"- **Review:** {in_markdown(one['review_says'])}"]
        lines += [f"- **Paper** [{cited}]: {in_markdown(one['cited_work_says'])}"]
        lines += [f"- **Encoded as:** {in_markdown(one['encoded_as'])}"]
        checked = f"{source_read(one['checked'])}. {one['checked_note']}"
        lines += [f"- **Source read:** {in_markdown(checked)}", ""]
    return "\n".join([*lines, in_markdown(note)]) + "\n"
