"""Rules, references and findings of the audit as plain values, and which of them a question selects."""

from collections.abc import Iterable
from typing import Any

from .._errors import InputError, Problem
from .._label import DISCLAIMER, LABEL
from .._text import did_you_mean, did_you_mean_name
from ..knowledge.base import KnowledgeBase
from ..knowledge.phrasing import citation, conclusion, in_words
from ..knowledge.rule_models import CautionRule, Rule


def rule_value(rule: Rule, base: KnowledgeBase) -> dict[str, Any]:
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
        "corroboration": base.corroboration[rule.id].model_dump(mode="json")
        if rule.id in base.corroboration
        else None,
        "other_evidence": [one.model_dump(mode="json") for one in base.other_evidence.get(rule.id, ())],
        "claims": [claim.id for claim in base.content.claims if rule.id in (*claim.rules, *claim.disputed)],
    }


def rule_rows(base: KnowledgeBase, *, kind: str | None = None, therapy: str | None = None) -> list[Any]:
    """Return the rules, or those of a kind, or those that a profile with a therapy can fire.

    Raises InputError for a therapy that is not known.
    """
    chosen = [rule for rule in base.content.rules if kind in (None, rule.kind)]
    if therapy is not None:
        known = base.vocabulary.therapy(therapy)
        if known is None:
            near = did_you_mean_name(therapy, base.vocabulary.therapy_spellings())
            raise InputError([Problem("", f"the therapy '{therapy}' is not known.", near, "therapy")])
        lineage = base.vocabulary.lineage(known.id)
        chosen = [rule for rule in chosen if lineage.intersection(rule.therapies)]
    return [
        {
            "id": rule.id,
            "kind": rule.kind,
            "title": rule.title,
            "therapy": [] if isinstance(rule, CautionRule) else list(rule.therapies),
            "partner": list(rule.therapies) if isinstance(rule, CautionRule) else [],
            "when": in_words(rule.when),
            "references": list(rule.references),
            "pack": base.pack_of.get(rule.id),
        }
        for rule in chosen
    ]


def no_such_rule(rule: str, base: KnowledgeBase) -> InputError:
    """Return the error for the id of a rule that is not there."""
    near = did_you_mean(rule, base.rules)
    hint = near or "See the list of rules."
    return InputError(
        [Problem("", f"there is no rule '{rule}'.", hint, actions=() if near else ("list_rules",))]
    )


def reference_rows(base: KnowledgeBase, numbers: Iterable[int]) -> list[Any]:
    """Return the references with these numbers."""
    return [
        {
            "id": one.id,
            "number": None if one.pack else one.number,
            "citation": citation(one),
            "title": one.title,
            "doi": one.doi or one.no_doi,
            "pmid": one.pmid,
            "pmcid": one.pmcid,
            "read": one.read,
            "literature_state": one.literature_state.model_dump() if one.literature_state else None,
        }
        for one in (base.references[number] for number in numbers)
    ]


def audit_rows(base: KnowledgeBase, ref: int | None = None) -> list[Any]:
    """Return the findings of the audit, or those on one reference. Raises InputError."""
    if ref is not None and ref not in base.references:
        last = max(base.references)
        what = f"no reference has the number {ref}."
        raise InputError([Problem("", what, f"They run from 1 to {last}.", "ref")])
    return [
        finding.model_dump(mode="json")
        for finding in base.content.audit
        if ref is None or ref in finding.references
    ]
