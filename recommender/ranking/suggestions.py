"""Fired strategies to suggestions: one for each add-on to each therapy of the profile."""

from collections.abc import Callable, Collection, Container, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..engine.atoms import Way
from ..evaluation.facts import Facts
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import AddOn, AuditFinding
from ..knowledge.ranking_models import GroupName
from ..knowledge.rule_models import CautionRule, StrategyRule
from ..knowledge.suggestion_ids import suggestion_id
from . import marker_match
from .grouping import Grouping, HeldBack
from .scoring import Place, Ranker, Scored

MAX_DEDUCTION = 100
"""Points that a penalty can deduct: no more than another dimension can give."""

_Holds = Callable[[Sequence[int], int, int], bool]
_OpenStep = tuple[str, _Holds | None, list[int]]
"""A step of the marker match, and what must hold of some ways; None where the step holds."""

Rankable = tuple[int, int]
"""The tier of a strategy, and the negative total: less is better."""


SuggestionParts = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...]]
"""Ids of an add-on and its partner, of strategies with their steps of the marker match, and of cautions."""


class Suggestion(NamedTuple):
    """An add-on to a therapy, the strategies behind it, and its score.

    `rules` begins with the strategy that scores best; the score is that one's.
    """

    id: str
    key: SuggestionParts
    """What it was made from: where it is equal, the suggestions are."""
    add_on: AddOn
    partner: str
    rules: tuple[StrategyRule, ...]
    cautions: tuple[CautionRule, ...]
    audit: tuple[AuditFinding, ...]
    extrapolated: bool
    scored: Scored
    step: str
    """The step of the marker match."""
    tier: int
    group: GroupName | None
    """The group; None where the rule base has none."""
    held_back: tuple[HeldBack, ...]

    @property
    def rankable(self) -> Rankable:
        """The values that decide its rank."""
        return self.tier, -self.scored.total

    @property
    def lead(self) -> StrategyRule:
        """The strategy that the score, the evidence and the mechanism are taken from."""
        return self.rules[0]


class Suggester:
    """Makes suggestions from what fired, and puts them in order.

    A suggestion depends on the findings by a few words alone: which step of the marker match they are
    for each strategy, and which cautions fired. So it is made once for each such case and kept. The
    keys hold ids of the rule base, nothing of a profile.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._ranker = Ranker(base.ranking)
        self._grouping = Grouping(base)
        self.strategies = {rule.id: rule for rule in base.strategies}
        self.cautions = {rule.id: rule for rule in base.cautions}
        self._suggestion = lru_cache(maxsize=4096)(self._make_suggestion)
        self._put_on = lru_cache(maxsize=4096)(self._make_put_on)
        self._open_steps = lru_cache(maxsize=4096)(self._make_open_steps)
        self._at_best = lru_cache(maxsize=4096)(self._make_at_best)
        self._keys = lru_cache(maxsize=4096)(self._make_keys)
        self._applies = lru_cache(maxsize=16384)(self._make_applies)

    def suggest(self, facts: Facts, proofs: Proofs) -> list[tuple[Suggestion, Place]]:
        """Return the suggestions by rank; those of equal rank by id."""
        suggestions = self.scored(facts, proofs)
        places = self._ranker.places([(one.scored, one.tier) for one in suggestions])
        return sorted(zip(suggestions, places, strict=True), key=lambda entry: (entry[1].rank, entry[0].id))

    def order(self, facts: Facts, proofs: Proofs) -> list[Suggestion]:
        """Return the suggestions by rank, without counting how often the ranks hold."""
        return sorted(self.scored(facts, proofs), key=lambda one: (*one.rankable, one.id))

    def scored(self, facts: Facts, proofs: Proofs) -> list[Suggestion]:
        """Return the suggestions with their scores, in no order."""
        have, excluded = proofs.have, proofs.excluded
        cautions = self.cautions_in_order(proofs.rules)
        grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for rule_id, clauses in proofs.rules.items():
            if rule_id in self.strategies:
                step = self.step(rule_id, tuple(clauses), have, excluded)
                for key in self.keys(rule_id, facts.partners):
                    grouped.setdefault(key, []).append((rule_id, step))
        return [self.suggestion(*key, tuple(steps), cautions) for key, steps in grouped.items()]

    def keys(self, rule: str, partners: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Return the add-on of a strategy with each of the partners that the strategy is for."""
        return self._keys(rule, partners)

    def _make_keys(self, rule_id: str, given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        rule = self.strategies[rule_id]
        return tuple((rule.add_on, partner) for partner in partners(rule.therapies, given, self._base))

    def cautions_in_order(self, rules: Container[str]) -> tuple[str, ...]:
        """Return which of the rules are cautions, in the order of the rule base."""
        return tuple([name for name in self.cautions if name in rules])

    def suggestion(
        self, add_on: str, partner: str, steps: tuple[tuple[str, str], ...], cautions: tuple[str, ...]
    ) -> Suggestion:
        """Return the suggestion from strategies, each with its step of the marker match.

        `cautions` are all that fire, whatever they apply to.
        """
        return self._suggestion(add_on, partner, steps, self._put_on(add_on, partner, cautions))

    def applies(self, caution: str, add_on: str, partner: str) -> bool:
        """Return whether a caution, once it fires, is put on an add-on to a partner."""
        return self._applies(caution, add_on, partner)

    def _make_applies(self, caution: str, add_on: str, partner: str) -> bool:
        return applies(self.cautions[caution], self._base.add_ons[add_on], partner, self._base)

    def cautions_for(self, add_on: str, partner: str, there: tuple[str, ...]) -> list[CautionRule]:
        """Return the cautions that findings could put on an add-on, and that would change its place.

        `there` are the cautions that it has.
        """
        put_on = tuple(self.cautions[name] for name in there)
        return [
            rule
            for rule in self.cautions.values()
            if rule.when
            and rule.id not in there
            and self.applies(rule.id, add_on, partner)
            and self._matters(rule, put_on)
        ]

    def _matters(self, caution: CautionRule, there: tuple[CautionRule, ...]) -> bool:
        """Return whether a caution would weigh more, or hold back for another reason, than those there."""
        if not self._base.grouped:
            return True
        then = [one for one in there if one.id not in caution.sharpens] + [caution]
        reasons = [{self._grouping.reason_of(one) for one in some} - {None} for some in (there, then)]
        points = [
            sum(self._ranker.step("penalty", step)[0] for step in self._weighed(one)) for one in (there, then)
        ]
        return reasons[0] != reasons[1] or points[0] != points[1]

    def at_best(self, rule: StrategyRule, facts: Facts) -> Rankable:
        """Return how the strategy would be ranked if findings called for it as they best can."""
        return min(self._at_best(rule.id, partner) for _, partner in self.keys(rule.id, facts.partners))

    def _make_at_best(self, rule_id: str, partner: str) -> Rankable:
        rule = self.strategies[rule_id]
        add_on = self._base.add_ons[rule.add_on]
        asked = any(key != "resistant_to" for condition in rule.when for key in condition)
        steps = marker_match.possible_steps(requires_findings=asked)
        return min(
            (self._tier(rule, step, ()), -self._score(rule, add_on, partner, (), step).total)
            for step in steps
        )

    def _tier(self, rule: StrategyRule, step: str, cautions: tuple[CautionRule, ...]) -> int:
        return self._grouping.tier(rule, step, self._grouping.held_back(rule, step, cautions))

    def _make_put_on(self, add_on: str, partner: str, cautions: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the cautions that are put on an add-on to a partner, unless another sharpens them."""
        found = [name for name in cautions if self.applies(name, add_on, partner)]
        replaced = {general for name in found for general in self.cautions[name].sharpens}
        return tuple(name for name in found if name not in replaced)

    def _make_suggestion(
        self, add_on_id: str, partner: str, steps: tuple[tuple[str, str], ...], cautions: tuple[str, ...]
    ) -> Suggestion:
        """The suggestion from strategies, each with its step of the marker match."""
        add_on = self._base.add_ons[add_on_id]
        put_on = tuple(self.cautions[name] for name in cautions)
        entries = []
        for rule_id, step in steps:
            rule = self.strategies[rule_id]
            held_back = self._grouping.held_back(rule, step, put_on)
            tier = self._grouping.tier(rule, step, held_back)
            scored = self._score(rule, add_on, partner, put_on, step)
            entries.append((tier, -scored.total, rule_id, rule, step, held_back, scored))
        entries.sort(key=lambda entry: entry[:3])
        tier, _, _, lead, step, held_back, scored = entries[0]
        rules = tuple(rule for _, _, _, rule, *_ in entries)
        audit = {finding: self._base.audit[finding] for rule in rules for finding in rule.audit}
        return Suggestion(
            id=suggestion_id(add_on.id, partner),
            key=(add_on_id, partner, steps, cautions),
            add_on=add_on,
            partner=partner,
            rules=rules,
            cautions=put_on,
            audit=tuple(audit[finding] for finding in sorted(audit)),
            extrapolated=self._grouping.extrapolated(lead),
            scored=scored,
            step=step,
            tier=tier,
            group=self._grouping.group(tier),
            held_back=held_back,
        )

    def _score(
        self,
        rule: StrategyRule,
        add_on: AddOn,
        partner: str,
        cautions: tuple[CautionRule, ...],
        marker_step: str,
    ) -> Scored:
        step = self._ranker.step
        level = self._base.levels[rule.evidence.level]
        return self._ranker.score(
            {
                "marker_match": step("marker_match", marker_step),
                "partner_match": step("partner_match", self.partner_match(rule, partner)),
                "evidence": (level.points, level.reason),
                "actionability": step("actionability", actionability_step(add_on)),
                "penalty": self._penalty(rule, cautions),
            }
        )

    def step(self, rule: str, clauses: tuple[int, ...], have: int, excluded: int) -> str:
        """Return the step that says how specifically the findings call for a strategy.

        `clauses` are those that fired it, `have` holds every atom that is true, and `excluded` the states
        that can no longer be found: masks of the numbering of the rule base.
        """
        for step, holds, ways in self._open_steps(rule, clauses):
            if holds is None or holds(ways, have, excluded):
                return step
        raise AssertionError(rule)  # the last step always holds

    def _make_open_steps(self, rule_id: str, clauses: tuple[int, ...]) -> tuple[_OpenStep, ...]:
        """The steps that a strategy fired by these clauses can have, in their order.

        The conditions that depend on findings are left to be tried; a step without one holds.
        """
        program = self._base.program
        numbers = {number for position in clauses for number in program.clauses[position].atoms}
        kinds = {program.atoms[number].kind for number in numbers}
        base, rule = self._base, self.strategies[rule_id]
        supported = rule_id in base.support_ways
        settled: dict[marker_match.Predicate, bool] = {
            "fires-by-marker": "marker" in kinds,
            "fires-by-fact": "fact" in kinds,
            "fires-by-history": "resistant" in kinds,
            "can-be-called-for": supported,
            "always": True,
        }
        tried: dict[marker_match.Predicate, tuple[_Holds, list[Way]]] = {}
        if "fact" in kinds:
            tried["fires-by-target"] = (_any_holds, base.by_targets(rule, base.measured_ways(rule_id)))
        if supported:
            measured = base.measured_support(rule_id)
            tried |= {
                "called-for-by-markers": (_any_holds, base.direct_support[rule_id]),
                "called-for-by-target": (_any_holds, base.by_targets(rule, measured)),
                "called-for": (_any_holds, base.support_ways[rule_id]),
                "support-excluded": (_all_excluded, base.excludable_support(rule_id)),
            }
        mask = base.numbering.mask
        steps: list[_OpenStep] = []
        for step, condition in marker_match.PRECEDENCE:
            if settled.get(condition):
                steps.append((step, None, []))
                break
            if condition in tried and tried[condition][1]:
                holds, ways = tried[condition]
                steps.append((step, holds, [mask(way) for way in ways]))
        return tuple(steps)

    def partner_match(self, rule: StrategyRule, partner: str) -> str:
        """Return the step that says how near the partner is to what the cited paper gave."""
        lineage = self._base.vocabulary.lineage
        tested = rule.evidence.partners_tested
        if partner in tested:
            return "tested"
        if any(drug in lineage(partner) for drug in tested):
            return "class-tested"
        return "other-drug-tested" if tested else "not-tested"

    def penalties(self, rule: StrategyRule) -> list[str]:
        """Return the steps that weaken the strategy whatever the tumour.

        Audit findings count only in a ranking that has steps for them, as those up to 2026.11 do.
        """
        found = [f"audit-{self._base.audit[finding].severity}" for finding in rule.audit]
        known = self._base.ranking.dimensions["penalty"].steps
        steps = [step for step in found if step in known]
        return [*steps, "ferroptosis-unconfirmed"] if rule.ferroptosis != "shown" else steps

    def _weighed(self, cautions: Iterable[CautionRule]) -> list[str]:
        """Return the steps of cautions: the gravest one, or in a rule base without groups each of them."""
        steps = [caution_step(caution) for caution in cautions]
        if not steps or not self._base.grouped:
            return steps
        return [min(steps, key=lambda step: self._ranker.step("penalty", step)[0])]

    def _penalty(self, rule: StrategyRule, cautions: tuple[CautionRule, ...]) -> tuple[int, str]:
        steps = self.penalties(rule) + self._weighed(cautions)
        if not steps:
            return self._ranker.step("penalty", "none")
        reasons: dict[str, None] = {}
        points = 0
        for name in steps:
            value, reason = self._ranker.step("penalty", name)
            points += value
            reasons[reason] = None
        return max(points, -MAX_DEDUCTION), " ".join(reasons)


def _any_holds(ways: Sequence[int], have: int, _: int) -> bool:
    return any(way & have == way for way in ways)


def _all_excluded(ways: Sequence[int], _: int, excluded: int) -> bool:
    return all(way & excluded for way in ways)


def partners(therapies: Collection[str], given: Iterable[str], base: KnowledgeBase) -> list[str]:
    """Return the therapies given that are, or fall under, one of `therapies`."""
    falls_under = base.vocabulary.falls_under
    return [therapy for therapy in given if falls_under(therapy, therapies)]


def actionability_step(add_on: AddOn) -> str:
    """Return the step of the actionability that an add-on has."""
    return add_on.actionability or add_on.status


def caution_step(rule: CautionRule) -> str:
    """Return the step of the penalty that a caution stands for."""
    return f"caution-{rule.grade}"


def applies(rule: CautionRule, add_on: AddOn, partner: str, base: KnowledgeBase) -> bool:
    """Return whether a caution, once it fires, is put on an add-on to a partner."""
    where = rule.applies_to
    if rule.therapies and not base.vocabulary.falls_under(partner, rule.therapies):
        return False
    return (
        (not where.add_ons or add_on.id in where.add_ons)
        and (not where.targets or bool(set(where.targets) & set(add_on.targets)))
        and (not where.statuses or add_on.status in where.statuses)
        and (not where.types or add_on.type in where.types)
    )
