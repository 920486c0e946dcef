"""Fired strategies to suggestions: one for each add-on beside each therapy of the profile."""

from collections.abc import Iterable
from typing import NamedTuple

from .facts import Facts
from .knowledge.base import KnowledgeBase
from .knowledge.models import AddOn, AuditFinding, CautionRule, Disease, StrategyRule
from .proof import Proofs
from .ranking import Place, Ranker, Scored

MOST_PENALTY = -100

Rankable = tuple[bool, int]
"""Whether it is extrapolated, and the negative total: less is better."""


class Suggestion(NamedTuple):
    """An add-on beside a therapy, the strategies behind it, and its score.

    `rules` begins with the strategy that scores best; the score is that one's.
    """

    id: str
    add_on: AddOn
    partner: str
    rules: tuple[StrategyRule, ...]
    cautions: tuple[CautionRule, ...]
    audit: tuple[AuditFinding, ...]
    extrapolated: bool
    scored: Scored

    @property
    def rankable(self) -> Rankable:
        """What decides its rank."""
        return self.extrapolated, -self.scored.total

    @property
    def lead(self) -> StrategyRule:
        """The strategy that the score, the evidence and the mechanism are taken from."""
        return self.rules[0]


class Suggester:
    """Makes suggestions from what fired, and puts them in order."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._ranker = Ranker(base.ranking)

    def suggest(self, facts: Facts, proofs: Proofs) -> list[tuple[Suggestion, Place]]:
        """Return the suggestions by rank; those of equal rank by id."""
        suggestions = self.scored(facts, proofs)
        places = self._ranker.places([(one.scored, one.extrapolated) for one in suggestions])
        return sorted(zip(suggestions, places, strict=True), key=lambda entry: (entry[1].rank, entry[0].id))

    def order(self, facts: Facts, proofs: Proofs) -> list[Suggestion]:
        """Return the suggestions by rank, without counting how often the ranks hold."""
        return sorted(self.scored(facts, proofs), key=lambda one: (*one.rankable, one.id))

    def scored(self, facts: Facts, proofs: Proofs) -> list[Suggestion]:
        """Return the suggestions with their scores, in no order."""
        base = self._base
        cautions = [rule for rule in base.content.rules if rule.kind == "caution" and rule.id in proofs.rules]
        grouped: dict[tuple[str, str], list[StrategyRule]] = {}
        for rule_id in proofs.rules:
            rule = base.rules[rule_id]
            if rule.kind == "strategy":
                for partner in partners(rule.therapy, facts, base):
                    grouped.setdefault((rule.add_on, partner), []).append(rule)
        return [
            self._suggestion(add_on, partner, rules, cautions, facts, proofs)
            for (add_on, partner), rules in grouped.items()
        ]

    def cautions_for(self, suggestion: Suggestion) -> list[CautionRule]:
        """Return the cautions that findings could put on a suggestion."""
        return [
            rule
            for rule in self._base.content.rules
            if rule.kind == "caution"
            and rule.when
            and rule not in suggestion.cautions
            and applies(rule, suggestion.add_on, suggestion.partner, self._base)
        ]

    def at_best(self, rule: StrategyRule, facts: Facts) -> Rankable:
        """Return how the strategy would be ranked if findings called for it as they best can."""
        add_on = self._base.add_ons[rule.add_on]
        asked = any(key != "resistant_to" for condition in rule.when for key in condition)
        steps = ("required", "required-derived") if asked else ("called-for", "called-for-derived", "history")
        totals = [
            self._score(rule, add_on, partner, (), step).total
            for partner in partners(rule.therapy, facts, self._base)
            for step in steps
        ]
        return self.extrapolated(rule), -max(totals)

    def _suggestion(
        self,
        add_on_id: str,
        partner: str,
        rules: list[StrategyRule],
        cautions: list[CautionRule],
        facts: Facts,
        proofs: Proofs,
    ) -> Suggestion:
        add_on = self._base.add_ons[add_on_id]
        put_on = tuple(rule for rule in cautions if applies(rule, add_on, partner, self._base))
        scores = {
            rule.id: self._score(rule, add_on, partner, put_on, self._marker_match(rule, facts, proofs))
            for rule in rules
        }
        ordered = sorted(rules, key=lambda rule: (self.extrapolated(rule), -scores[rule.id].total, rule.id))
        audit = {finding: self._base.audit[finding] for rule in ordered for finding in rule.audit}
        return Suggestion(
            id=f"{add_on.id}-with-{partner}",
            add_on=add_on,
            partner=partner,
            rules=tuple(ordered),
            cautions=put_on,
            audit=tuple(audit[finding] for finding in sorted(audit)),
            extrapolated=self.extrapolated(ordered[0]),
            scored=scores[ordered[0].id],
        )

    def extrapolated(self, rule: StrategyRule) -> bool:
        """Return whether the strategy rests on other tumours alone."""
        diseases = self._base.vocabulary.diseases
        return not any(_counts(diseases[disease], self._base) for disease in rule.evidence.tumour_types)

    def _score(
        self,
        rule: StrategyRule,
        add_on: AddOn,
        partner: str,
        cautions: tuple[CautionRule, ...],
        marker_match: str,
    ) -> Scored:
        step = self._ranker.step
        level = self._base.levels[rule.evidence.level]
        return self._ranker.score(
            {
                "marker_match": step("marker_match", marker_match),
                "partner_match": step("partner_match", self.partner_match(rule, partner)),
                "evidence": (level.points, level.reason),
                "actionability": step("actionability", add_on.status),
                "penalty": self._penalty(rule, cautions),
            }
        )

    def _marker_match(self, rule: StrategyRule, facts: Facts, proofs: Proofs) -> str:
        """The step that says how specifically the findings call for the strategy."""
        conditions = proofs.conditions(rule.id)
        required = [atom for atom in conditions if atom.kind in ("marker", "fact")]
        if required:
            return "required-derived" if all(a.kind == "fact" for a in required) else "required"
        support = self._base.support_ways.get(rule.id, [])
        met = [way for way in support if way <= proofs.holds]
        if met:
            direct = any(all(atom.kind != "fact" for atom in way) for way in met)
            return "called-for" if direct else "called-for-derived"
        if support and all(facts.excludes(way) for way in self._base.measured_support(rule.id)):
            return "spoken-against"
        if any(atom.kind == "resistant" for atom in conditions):
            return "history"
        return "not-measured" if support else "unselected"

    def partner_match(self, rule: StrategyRule, partner: str) -> str:
        """Return the step that says how near the partner is to what the cited work gave."""
        lineage = self._base.vocabulary.lineage
        tested = rule.evidence.partners_tested
        if partner in tested:
            return "tested"
        if any(drug in lineage(partner) for drug in tested):
            return "class-tested"
        return "other-drug-tested" if tested else "not-tested"

    def penalties(self, rule: StrategyRule) -> list[str]:
        """Return the steps that weaken the strategy whatever the tumour."""
        steps = [f"audit-{self._base.audit[finding].severity}" for finding in rule.audit]
        return [*steps, "ferroptosis-unconfirmed"] if rule.ferroptosis != "shown" else steps

    def _penalty(self, rule: StrategyRule, cautions: tuple[CautionRule, ...]) -> tuple[int, str]:
        steps = self.penalties(rule) + [caution_step(caution) for caution in cautions]
        if not steps:
            return self._ranker.step("penalty", "none")
        reasons: dict[str, None] = {}
        points = 0
        for name in steps:
            value, reason = self._ranker.step("penalty", name)
            points += value
            reasons[reason] = None
        return max(points, MOST_PENALTY), " ".join(reasons)


def partners(therapies: Iterable[str], facts: Facts, base: KnowledgeBase) -> list[str]:
    """Return the therapies of the profile that are, or fall under, one of `therapies`."""
    asked = set(therapies)
    return [given.therapy for given in facts.therapies if asked & base.vocabulary.lineage(given.therapy)]


def _counts(disease: Disease, base: KnowledgeBase) -> bool:
    return disease.id == base.info.scope or disease.counts_as_scope_evidence


def caution_step(rule: CautionRule) -> str:
    """Return the step of the penalty that a caution stands for."""
    return f"caution-{rule.grade}"


def applies(rule: CautionRule, add_on: AddOn, partner: str, base: KnowledgeBase) -> bool:
    """Return whether a caution, once it fires, is put on an add-on beside a partner."""
    where = rule.applies_to
    if rule.therapy and not set(rule.therapy) & base.vocabulary.lineage(partner):
        return False
    return (
        (not where.add_ons or add_on.id in where.add_ons)
        and (not where.targets or bool(set(where.targets) & set(add_on.targets)))
        and (not where.statuses or add_on.status in where.statuses)
        and (not where.types or add_on.type in where.types)
    )
