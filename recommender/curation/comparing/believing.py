"""A reading of the review against the shipped rules, finding by finding: which ranks each one changes.

For each finding the shipped rules are taken as they are, but for those that hold what the paper reports; in
their place come the rules of the reading that hold the statement as it is printed. So a difference in the
answers is due to that finding alone.
"""

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple, get_args

from ...knowledge.assertions import Asserted, Assertion, assertions
from ...knowledge.base import KnowledgeBase
from ...knowledge.reading_models import AnotherReading, ReadFinding
from ...knowledge.rule_models import ContextRule, DisputedRule
from ...profile import Profile
from ...recommender import Recommender
from ...result.model import Result

Outcome = Literal["rank", "claim", "wording"]
_Ranked = tuple[tuple[str, int], ...]
"""Add-ons with their ranks."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class BelievedFinding(NamedTuple):
    """What the teaching cases would be answered if the review were believed in one point."""

    finding: str
    severity: str
    ranks: tuple[str, ...]
    """The cases in which the ranking changes."""
    first: tuple[str, ...]
    """Those of them in which another add-on ranks first."""
    claims: bool
    """True where it changes what is claimed about an add-on or a finding."""

    @property
    def changes(self) -> Outcome:
        """The most that it changes: a rank in a case, a claim, or the wording alone."""
        return "rank" if self.ranks else "claim" if self.claims else "wording"


def believed_findings(
    base: KnowledgeBase, reading: KnowledgeBase, cases: Iterable[tuple[str, Profile]]
) -> tuple[BelievedFinding, ...]:
    """Return what each finding of the audit would change in the answers of `base` if it were not heeded."""
    lists = reading.content.reading
    assert isinstance(lists, AnotherReading)
    asked = list(cases)
    claims, printed = assertions(base), assertions(reading)
    usual = _rankings(base, asked)
    found = []
    for one in lists.findings:
        ranks = bool(asked) and _may_rank(one, base, reading)
        believed = _rankings(_believing(one, base, reading), asked) if ranks else usual
        changed = [name for name, _ in asked if believed[name] != usual[name]]
        found.append(
            BelievedFinding(
                one.finding,
                base.audit[one.finding].severity,
                tuple(changed),
                tuple(name for name in changed if _first(believed[name]) != _first(usual[name])),
                _of_rules(one.audited, claims) != _of_rules(one.printed, printed),
            )
        )
    return tuple(found)


def _rankings(base: KnowledgeBase, cases: list[tuple[str, Profile]]) -> dict[str, _Ranked]:
    recommender = Recommender(base=base, engine="plain")
    return {name: _ranked(recommender.recommend(profile, brief=True)) for name, profile in cases}


def _ranked(result: Result) -> _Ranked:
    return tuple((one.id, one.rank) for one in result.recommendations)


def _first(ranked: _Ranked) -> list[str]:
    return [name for name, rank in ranked if rank == 1]


def _of_rules(rules: Collection[str], asserted: Asserted) -> set[Assertion]:
    return {one for one, makers in asserted.items() if not set(makers).isdisjoint(rules)}


def _may_rank(one: ReadFinding, base: KnowledgeBase, reading: KnowledgeBase) -> bool:
    """Return True where a rule is concerned that takes part in the ranking."""
    rules = [*(base.rules[name] for name in one.audited), *(reading.rules[name] for name in one.printed)]
    return not all(isinstance(rule, ContextRule | DisputedRule) for rule in rules)


def _believing(one: ReadFinding, base: KnowledgeBase, reading: KnowledgeBase) -> KnowledgeBase:
    """Return the shipped rules with one finding read as it is printed."""
    left = [rule for rule in base.content.rules if rule.id not in one.audited]
    rules = (*left, *(reading.rules[name] for name in one.printed))
    content = base.content.model_copy(update={"rules": rules, "add_ons": reading.content.add_ons})
    return KnowledgeBase(content, sha256=base.sha256, origins=base.origins, pack_of=reading.pack_of)
