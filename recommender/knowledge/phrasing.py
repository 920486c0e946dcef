"""A rule as a page to read: its conditions in words, what it rests on, and its examples."""

import json
from collections.abc import Sequence
from typing import Any

from .._label import DISCLAIMER, LABEL
from ..views.bibliography import citation
from .base import KnowledgeBase
from .models import CautionRule, DisputedRule, MechanismRule, Rule, StrategyRule

WARNING = f"**{LABEL}**, not for treatment decisions."


def in_words(conditions: Sequence[dict[str, Any]]) -> str:
    """Return conditions as a phrase.

    >>> in_words([{"GSTZ1": ["low", "deleted"]}, {"any_of": [{"HBV": "positive"}, {"therapy": "tki"}]}])
    'GSTZ1 low or deleted; and (HBV positive; or therapy tki)'
    """
    return "; and ".join(_phrase(condition) for condition in conditions)


def _phrase(condition: dict[str, Any]) -> str:
    ((key, value),) = condition.items()
    if key == "any_of":
        return "(" + "; or ".join(_phrase(one) for one in value) + ")"
    if key == "all_of":
        return "(" + "; and ".join(_phrase(one) for one in value) + ")"
    words = value if isinstance(value, str) else " or ".join(value)
    return f"{key.replace('_', ' ')} {words}"


def conclusion(rule: Rule, base: KnowledgeBase) -> str:
    """Return what the rule concludes, as a phrase."""
    if isinstance(rule, MechanismRule):
        fact, state = base.facts[rule.conclusion.name], rule.conclusion.state
        return f"{fact.name}: {state}. {fact.states[state]}"
    if isinstance(rule, StrategyRule):
        return f"{base.add_ons[rule.add_on].name}, {rule.effect}; ferroptosis {rule.ferroptosis}"
    if isinstance(rule, DisputedRule):
        return f"{rule.claim} But: {rule.why}"
    if isinstance(rule, CautionRule):
        return rule.text
    return f"{rule.effect}: {rule.text}"


def as_value(rule: Rule, base: KnowledgeBase) -> dict[str, Any]:
    """Return everything that is known of the rule as plain values."""
    return {
        "label": LABEL,
        "disclaimer": DISCLAIMER,
        **rule.model_dump(mode="json"),
        "conclusion": conclusion(rule, base),
        "conditions": in_words(rule.when),
        "origin": base.origins[rule.id],
        "pack": base.pack_of.get(rule.id),
        "citations": [
            {
                "number": number,
                "citation": citation(base.references[number]),
                "title": base.references[number].title,
                "doi": base.references[number].doi,
            }
            for number in rule.references
        ],
        "findings": [base.audit[finding].model_dump(mode="json") for finding in rule.audit],
        "claims": [claim.id for claim in base.content.claims if rule.id in (*claim.rules, *claim.disputed)],
    }


def page(rule: Rule, base: KnowledgeBase, *, heading: str = "#") -> str:
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
        lines += [f"**Therapy:** {' or '.join(rule.therapies)}", ""]
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


def pages(base: KnowledgeBase) -> dict[str, str]:
    """Return the generated documentation of all shipped rules: file name to Markdown.

    One file for each rule file, and an index.
    """
    files: dict[str, list[Rule]] = {}
    for rule in base.content.rules:
        files.setdefault(base.origins[rule.id].rpartition(":")[0], []).append(rule)
    made = {}
    index = ["# Rules", "", WARNING, "", "Made from `rules/` by `recommender rules pages`. Do not edit.", ""]
    for file, rules in sorted(files.items()):
        name = file.rpartition(".")[0].replace("/", "-") + ".md"
        body = "\n".join(page(rule, base, heading="##") for rule in rules)
        made[name] = f"# {name.removesuffix('.md')}\n\nMade from `rules/{file}`. Do not edit.\n\n{body}"
        index += [f"## [{name.removesuffix('.md')}]({name})", ""]
        index += [f"- `{rule.id}` {rule.title}" for rule in rules]
        index += [""]
    made["README.md"] = "\n".join(index)
    return made
