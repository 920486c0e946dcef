"""Records as plain values: what commands show as JSON, and what the API answers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from .._errors import InputError, Problem
from .._text import did_you_mean
from ..evaluation.explanation import Node
from ..knowledge.base import KnowledgeBase
from ..knowledge.phrasing import in_words
from ..result.model import Result
from ..result.outlook import NextTest
from ..whatif import Changes, Effect
from .bibliography import citation
from .plain import labelled

RULES = "Rules"
REFERENCES = "References of the review"
AUDIT = "Citation audit"
NEXT_TESTS = "What to measure next"


def rule_rows(base: KnowledgeBase, *, kind: str | None = None, therapy: str | None = None) -> list[Any]:
    """Return the rules, or those of a kind, or those that a profile with a therapy can fire.

    Raises InputError for a therapy that is not known.
    """
    chosen = [rule for rule in base.content.rules if kind in (None, rule.kind)]
    if therapy is not None:
        known = base.vocabulary.therapy(therapy)
        if known is None:
            near = did_you_mean(therapy, base.vocabulary.therapy_spellings())
            raise InputError([Problem("--therapy", f"the therapy '{therapy}' is not known.", near)])
        lineage = base.vocabulary.lineage(known.id)
        chosen = [rule for rule in chosen if lineage.intersection(rule.therapies)]
    return [
        {
            "id": rule.id,
            "kind": rule.kind,
            "title": rule.title,
            "therapy": list(rule.therapies),
            "when": in_words(rule.when),
            "references": list(rule.references),
            "pack": base.pack_of.get(rule.id),
        }
        for rule in chosen
    ]


def no_such_rule(rule: str, base: KnowledgeBase) -> InputError:
    """Return the error for the id of a rule that is not there."""
    hint = did_you_mean(rule, base.rules) or "See: recommender rules list."
    return InputError([Problem("", f"there is no rule '{rule}'.", hint)])


def reference_rows(base: KnowledgeBase, numbers: Iterable[int]) -> list[Any]:
    """Return the references with these numbers."""
    return [
        {"number": one.number, "citation": citation(one), "title": one.title, "doi": one.doi or one.no_doi}
        for one in (base.references[number] for number in numbers)
    ]


def audit_rows(base: KnowledgeBase, reference: int | None = None) -> list[Any]:
    """Return the findings of the audit, or those on one reference. Raises InputError."""
    if reference is not None and reference not in base.references:
        last = max(base.references)
        what = f"there is no reference {reference}."
        raise InputError([Problem("--ref", what, f"They run from 1 to {last}.")])
    return [
        finding.model_dump(mode="json")
        for finding in base.content.audit
        if reference is None or reference in finding.references
    ]


def audit_title(reference: int | None) -> str:
    """Return the title of the audit, or of the audit of one reference."""
    return AUDIT + (f" of reference {reference}" if reference is not None else "")


def next_test_rows(tests: Sequence[NextTest]) -> list[Any]:
    """Return the markers to measure next."""
    return [asdict(one) for one in tests]


def trees_json(name: str, nodes: Iterable[Node]) -> str:
    """Return the explanation of a name as JSON."""
    return labelled(id=name, trees=[node.to_dict() for node in nodes])


def effect_json(changes: Changes, found: Effect, after: Result) -> str:
    """Return what changes do as JSON."""
    value = {
        "changes": changes._asdict(),
        **found.to_dict(),
        "order": after.order.verdict if after.order else None,
    }
    return labelled(**value)
