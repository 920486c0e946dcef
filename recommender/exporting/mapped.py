"""Rules as relations of a finding, or of an add-on, to a drug, and why some are not expressed so."""

from collections.abc import Iterator
from typing import NamedTuple

from ..engine.atoms import Way
from ..knowledge.base import KnowledgeBase
from ..knowledge.conditions import ways_of
from ..knowledge.models import Reference
from ..knowledge.rule_models import ContextRule, Rule, StrategyRule

NO_SUBSTANCE = ("target", "gene-therapy")
"""Types of add-ons that name what is to be done, and no substance that is given."""


class LeftOut(NamedTuple):
    """A rule, or a part of one, that an exchange format cannot express, and why."""

    rule: str
    part: str
    reason: str


def alternatives(rule: Rule, base: KnowledgeBase) -> list[Way]:
    """Return the alternative sets of findings that meet the conditions of a rule, in a fixed order."""
    return sorted(ways_of(rule.when, base.facts), key=lambda way: sorted(map(str, way)))


def in_short(way: Way) -> str:
    """Return a set of findings as a phrase.

    >>> from recommender.engine.atoms import Atom
    >>> in_short(frozenset([Atom("marker", "LCN2", "high"), Atom("marker", "LIFR", "low")]))
    'LCN2 high and LIFR low'
    """
    return " and ".join(sorted(map(str, way)))


def not_of_a_finding(rule: Rule) -> str:
    """Return why a rule does not relate a finding to the response to a therapy; empty if it does."""
    if rule.kind == "disputed":
        return "a disputed claim: the paper cited does not support it"
    if rule.kind == "caution":
        return "a warning, and no claim about a response"
    if not isinstance(rule, ContextRule):
        return "no claim about the response to a therapy"
    if rule.effect == "prognostic":
        return "prognostic: about the course of the disease, and no therapy"
    if rule.agent:
        return f"the effect is that of {rule.agent}, and not of the finding"
    if not rule.when:
        return "no finding is required"
    if not rule.therapies:
        return "about no therapy in particular"
    return ""


def not_of_an_add_on(rule: StrategyRule, base: KnowledgeBase) -> str:
    """Return why a strategy does not relate a substance to its partner; empty if it does."""
    if base.add_ons[rule.add_on].type in NO_SUBSTANCE:
        return "the add-on is an intervention on a gene, and not a substance"
    if "agent" in rule.by_review_only:
        return "the add-on is named by the review only"
    if rule.effect == "induces-ferroptosis":
        return "" if rule.ferroptosis == "shown" else "ferroptosis is reported by the review only"
    return "the partner is named by the review only" if "partner" in rule.by_review_only else ""


def without_drug(therapies: tuple[str, ...], base: KnowledgeBase) -> Iterator[str]:
    """Yield the therapies that are neither a drug nor a class of drugs, such as radiotherapy."""
    for name in therapies:
        if base.vocabulary.therapies[name].kind == "modality":
            yield name


def withdrawn(reference: Reference) -> str:
    """Return which notice bars a paper as a source: a retraction or a concern; empty if there is none."""
    state = reference.literature_state.state if reference.literature_state else ""
    return {"retracted": "the paper was retracted", "concern": "a concern about the paper was published"}.get(
        state, ""
    )
