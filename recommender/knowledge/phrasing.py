"""A rule in words: its conditions, its conclusion, and the papers that it cites."""

from collections.abc import Sequence
from typing import Any

from .base import KnowledgeBase
from .corroboration_models import Untestable, Verdict
from .models import NoticeState, Reference
from .rule_models import CautionRule, DisputedRule, Rule, StrategyRule

EFFECT = {"sensitises": "sensitises", "induces-ferroptosis": "induces ferroptosis"}
FERROPTOSIS = {
    "shown": "ferroptosis named in the title or abstract",
    "claimed by the review only": "ferroptosis reported by the review only",
}
READ = {
    "title": "title only",
    "abstract-part": "part of the abstract",
    "abstract": "abstract only",
    "full-text": "full text",
}
"""What was read of a paper."""
_NOTICE: dict[NoticeState, str] = {
    "correction": "corrected",
    "concern": "expression of concern",
    "retracted": "retracted",
}
"""Notices about a paper."""
VERDICTS: dict[Verdict, str] = {
    "in-line": "in line",
    "contrary": "contrary",
    "no-signal": "no signal",
    "too-few": "too few lines to tell",
    "not-testable": "not testable",
}
"""What drug screens show about a rule."""
UNTESTABLE_BECAUSE: dict[Untestable, str] = {
    "prognosis": "cell lines have no prognosis",
    "host-cell": "it involves host cells, which no cell line has",
    "formulation": "the add-on is a formulation, which no screen holds",
    "combination": "the add-on is a combination, and screens test single agents",
    "agent-given": "it is about an agent added to the therapy, and screens test single agents",
    "several-findings": "it requires several findings at once",
    "no-finding": "no finding selects it",
    "protein-state": "it is about a state or isoform of a protein, not its expression",
    "not-in-cell-lines": "the tables do not measure the finding",
    "not-a-drug": "the therapy is not a drug",
    "agent-not-screened": "no screen holds the agent",
    "gene-not-in-table": "the tables do not hold the gene or RNA",
}
"""Why no drug screen can speak to a rule."""
NOT_IN_PATIENTS = "Cell lines confirm nothing in patients."


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


def source_read(part: str) -> str:
    """Return what of a source was read, in words.

    >>> source_read("abstract-part")
    'part of the abstract'
    """
    return READ.get(part, part.replace("-", " "))


def notice(state: NoticeState, checked: str) -> str:
    """Return the state of a paper in words, with the day of the look-up; empty where no notice was found.

    >>> notice("concern", "2026-11-28"), notice("none-found", "2026-11-28")
    ('expression of concern, 2026-11-28', '')
    """
    return f"{_NOTICE[state]}, {checked}" if state != "none-found" else ""


def conclusion(rule: Rule, base: KnowledgeBase) -> str:
    """Return what the rule concludes, as a phrase."""
    if rule.conclusion is not None:
        fact, state = base.facts[rule.conclusion.name], rule.conclusion.state
        return f"{fact.name}: {state}. {fact.states[state]}"
    if isinstance(rule, StrategyRule):
        return f"{base.add_ons[rule.add_on].name}, {EFFECT[rule.effect]}; {FERROPTOSIS[rule.ferroptosis]}"
    if isinstance(rule, DisputedRule):
        return f"{rule.claim} But: {rule.why}"
    if isinstance(rule, CautionRule):
        return rule.text
    return f"{rule.effect}: {rule.text}"


def citation(reference: Reference) -> str:
    """Return the reference as one line: authors if any are known, journal, year, volume and pages."""
    authors = ", ".join(reference.authors[:3])
    others = " et al" if reference.et_al or len(reference.authors) > 3 else ""
    issue = f"({reference.issue})" if reference.issue else ""
    volume = f";{reference.volume}{issue}" if reference.volume else ""
    page = f":{reference.page}" if reference.page else ""
    named = f"{authors}{others}. " if authors else ""
    return f"{named}{reference.journal}. {reference.year}{volume}{page}."
