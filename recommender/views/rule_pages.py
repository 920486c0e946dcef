"""A rule, and the findings of the audit, as pages of Markdown."""

import json
from collections.abc import Sequence
from typing import Any

from .._label import LABEL
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import CautionRule, DisputedRule, Rule, StrategyRule
from ..knowledge.phrasing import citation, conclusion, in_words

WARNING = f"**{LABEL}**, not for treatment decisions."


def rule_page(rule: Rule, base: KnowledgeBase, *, heading: str = "#") -> str:
    """Return the rule as a page of Markdown, its sections always in the same order."""
    lines = [f"{heading} {rule.title}", "", f"`{rule.id}` · {rule.kind} · since {rule.since}", ""]
    lines += [WARNING, "", *_conditions(rule), f"**Concludes:** {conclusion(rule, base)}", ""]
    if not isinstance(rule, DisputedRule | CautionRule):
        lines += [f"**Mechanism:** {rule.mechanism}", "", *_evidence(rule, base)]
    if rule.limits:
        lines += [f"**Limits:** {rule.limits}", ""]
    for finding in (base.audit[number] for number in rule.audit):
        checked = finding.checked.replace("-", " ")
        said = f"the review: {finding.review_says} The work: {finding.cited_work_says}"
        lines += [f"**Audit {finding.id}** ({finding.severity}, read from {checked}): {said}", ""]
    for number in rule.references:
        reference = base.references[number]
        doi = f" doi:[{reference.doi}](https://doi.org/{reference.doi})" if reference.doi else ""
        lines += [f"- [{number}] {citation(reference)} {reference.title}.{doi}"]
    lines += ["", "Fires for:", ""]
    lines += [f"- `{json.dumps(example, ensure_ascii=False)}`" for example in rule.examples.fires]
    lines += ["", "Does not fire for:", ""]
    lines += [f"- `{json.dumps(example, ensure_ascii=False)}`" for example in rule.examples.near_misses]
    return "\n".join(lines) + "\n"


def _conditions(rule: Rule) -> list[str]:
    lines = []
    if rule.therapies:
        name = "Partner" if isinstance(rule, CautionRule) else "Therapy"
        lines += [f"**{name}:** {' or '.join(rule.therapies)}", ""]
    if isinstance(rule, CautionRule) and rule.always:
        lines += ["**When:** always, with any therapy", ""]
    if rule.when:
        lines += [f"**When:** {in_words(rule.when)}", ""]
    if isinstance(rule, StrategyRule) and rule.called_for_by:
        lines += [f"**Called for by:** {in_words(rule.called_for_by)}", ""]
    if isinstance(rule, CautionRule):
        where = {name: value for name, value in rule.applies_to.model_dump().items() if value}
        shown = "; ".join(f"{name.replace('_', ' ')}: {', '.join(value)}" for name, value in where.items())
        lines += [f"**Put on:** {shown or 'every add-on'}", ""]
    return lines


def _evidence(rule: Any, base: KnowledgeBase) -> list[str]:
    evidence = rule.evidence
    level = base.levels[evidence.level]
    tumours = ", ".join(base.vocabulary.diseases[disease].name for disease in evidence.tumour_types)
    tested = ", ".join(evidence.partners_tested)
    partner = f" Given together with: {tested}." if tested else ""
    read = f"**Evidence:** {level.name} (CIViC {level.civic_level}); read: {evidence.basis}."
    return [f"{read} Models: {'; '.join(evidence.models)}. Tumours: {tumours}.{partner}", ""]


def audit_page(findings: Sequence[dict[str, Any]], title: str, note: str) -> str:
    """Return audit findings, as plain values, as a page of Markdown."""
    lines = [f"# {title}", "", WARNING, ""]
    for one in findings:
        cited = ", ".join(map(str, one["references"])) or "none"
        lines += [f"## {one['id']} {one['severity']}: {', '.join(one['category'])}", ""]
        lines += [f"- **The review says:** {one['review_says']}"]
        lines += [f"- **The cited work says** [{cited}]: {one['cited_work_says']}"]
        lines += [f"- **We encode:** {one['encoded_as']}"]
        lines += [f"- **Checked:** {one['checked'].replace('-', ' ')}. {one['checked_note']}".rstrip(), ""]
    return "\n".join([*lines, note]) + "\n"
