"""The answer worked out in the plainest way: docs/ranking.md read aloud, over the rules as they are written.

Nothing of the compiler, the engines or the ranking is used, only the records of the rule base, the names
and classes of therapies, and the sample of weightings.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from recommender.evaluation.facts import Facts
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.ranking_models import DimensionName
from recommender.knowledge.rule_models import CautionRule, MechanismRule, StrategyRule
from recommender.ranking.acceptability import weightings
from recommender.states import AXES, axis_of

Leaf = tuple[str, str, str]
"""Kind (marker, fact, therapy or resistant), name and state."""

Join = Callable[[list[Any]], Any]


class Oracle:
    """What holds for one tumour, and what it is recommended."""

    def __init__(self, base: KnowledgeBase, facts: Facts) -> None:
        self.base = base
        self.measured = {(one.marker, one.state) for one in facts.findings}
        self.partners = [one.therapy for one in facts.therapies]
        self.given = self._with_classes(self.partners)
        self.failed = self._with_classes(one.therapy for one in facts.resistant_to)
        self.derived: set[tuple[str, str]] = set()
        while self._derive():
            pass

    def _with_classes(self, therapies: Iterable[str]) -> set[str]:
        return {above for one in therapies for above in self.base.vocabulary.lineage(one)}

    def _derive(self) -> bool:
        before = len(self.derived)
        for rule in self.base.content.rules:
            if isinstance(rule, MechanismRule) and self.all_hold(rule.when):
                self.derived |= set(rule.concludes.items())
        return len(self.derived) > before

    # Conditions

    def walk(self, condition: dict[str, Any], any_of: Join, all_of: Join, leaf: Callable[[Leaf], Any]) -> Any:
        ((key, value),) = condition.items()
        if key in ("any_of", "all_of"):
            join = any_of if key == "any_of" else all_of
            return join([self.walk(one, any_of, all_of, leaf) for one in value])
        kinds = {"therapy": "therapy", "resistant_to": "resistant"}
        kind = kinds.get(key, "fact" if key in self.base.facts else "marker")
        words = [value] if isinstance(value, str) else value
        leaves = [(kind, word, "") if key in kinds else (kind, key, word) for word in words]
        return any_of([leaf(one) for one in leaves])

    def is_true(self, leaf: Leaf) -> bool:
        kind, name, state = leaf
        if kind in ("therapy", "resistant"):
            return name in (self.given if kind == "therapy" else self.failed)
        return (name, state) in (self.derived if kind == "fact" else self.measured)

    def all_hold(self, conditions: Sequence[dict[str, Any]]) -> bool:
        return all(self.walk(one, any, all, self.is_true) for one in conditions)

    def holds_directly(self, conditions: Sequence[dict[str, Any]]) -> bool:
        """Whether they hold by findings alone."""

        def direct(leaf: Leaf) -> bool:
            return leaf[0] != "fact" and self.is_true(leaf)

        return all(self.walk(one, any, all, direct) for one in conditions)

    def kinds(self, conditions: Sequence[dict[str, Any]]) -> set[str]:
        """The kinds of what met the conditions."""

        def leaf(one: Leaf) -> set[str] | None:
            return {one[0]} if self.is_true(one) else None

        def any_of(found: list[set[str] | None]) -> set[str] | None:
            met = [one for one in found if one is not None]
            return set().union(*met) if met else None

        def all_of(found: list[set[str] | None]) -> set[str] | None:
            return None if None in found else any_of(found)

        return set().union(*(self.walk(one, any_of, all_of, leaf) or () for one in conditions))

    def by_targets(self, rule: StrategyRule, conditions: Sequence[dict[str, Any]]) -> bool:
        """Whether they hold in a tumour of which nothing but the targets of the add-on was measured."""
        targets = self.base.add_ons[rule.add_on].targets
        alone = copy(self)
        alone.measured = {(name, state) for name, state in self.measured if name in targets}
        alone.derived = set()
        while alone._derive():
            pass
        return alone.all_hold(conditions) and bool(alone.kinds(conditions) & {"marker", "fact"})

    def ruled_out(self, conditions: Sequence[dict[str, Any]]) -> bool:
        """Whether measured values exclude every way to meet the conditions, failed therapies apart."""

        def leaf(one: Leaf) -> bool | None:
            kind, name, state = one
            if kind == "resistant":
                return None
            if kind == "fact":
                return all(
                    self.ruled_out(rule.when)
                    for rule in self.base.content.rules
                    if isinstance(rule, MechanismRule) and rule.concludes == {name: state}
                )
            others = AXES[axis_of(state)] if kind == "marker" else ()
            return any((name, other) in self.measured for other in others if other != state)

        def joined(join: Join) -> Join:
            """Leaves out what is about failed therapies alone."""

            def of_known(found: list[bool | None]) -> bool | None:
                known = [one for one in found if one is not None]
                return join(known) if known else None

            return of_known

        return any(self.walk(one, joined(all), joined(any), leaf) for one in conditions)

    # The ranking

    def step(self, dimension: DimensionName, name: str) -> tuple[int, str]:
        found = self.base.ranking.dimensions[dimension].steps[name]
        return found.points, found.reason

    def marker_match(self, rule: StrategyRule) -> str:
        kinds = self.kinds(rule.when)
        if "marker" in kinds:
            return "required"
        if "fact" in kinds:
            return "required" if self.by_targets(rule, rule.when) else "required-derived"
        if rule.called_for_by:
            if self.holds_directly(rule.called_for_by) or self.by_targets(rule, rule.called_for_by):
                return "called-for"
            if self.all_hold(rule.called_for_by):
                return "called-for-derived"
            if self.ruled_out(rule.called_for_by):
                return "spoken-against"
        if "resistant" in kinds:
            return "history"
        return "not-measured" if rule.called_for_by else "unselected"

    def partner_match(self, rule: StrategyRule, partner: str) -> str:
        tested = set(rule.evidence.partners_tested)
        if partner in tested:
            return "tested"
        if tested & self._with_classes([partner]):
            return "class-tested"
        return "other-drug-tested" if tested else "not-tested"

    def cautions(self, add_on: str, partner: str) -> list[CautionRule]:
        record = self.base.add_ons[add_on]
        found = []
        for rule in self.base.content.rules:
            if not isinstance(rule, CautionRule) or rule.concerns != "add-on" or not self.all_hold(rule.when):
                continue
            beside = self._with_classes([partner])
            asked: list[tuple[Iterable[str], set[str]]] = [
                (rule.partner, beside),
                (rule.applies_to.add_ons, {add_on}),
                (rule.applies_to.targets, set(record.targets)),
                (rule.applies_to.statuses, {record.status}),
                (rule.applies_to.types, {record.type}),
            ]
            if all(not wanted or set(wanted) & there for wanted, there in asked):
                found.append(rule)
        replaced = {general for rule in found for general in rule.sharpens}
        return [rule for rule in found if rule.id not in replaced]

    def therapy_cautions(self) -> dict[str, set[str]]:
        """The therapies that each caution on a therapy is about, by the id of the caution."""
        about: dict[str, set[str]] = {}
        for partner in self.partners:
            held = [
                rule
                for rule in self.base.content.rules
                if isinstance(rule, CautionRule)
                and rule.concerns == "therapy"
                and set(rule.partner) & self._with_classes([partner])
                and self.all_hold(rule.when)
            ]
            replaced = {general for rule in held for general in rule.sharpens}
            for rule in held:
                if rule.id not in replaced:
                    name = self.base.vocabulary.therapies[partner].name
                    about.setdefault(rule.id, set()).add(name)
        return about

    def values(self, rule: StrategyRule, partner: str) -> list[tuple[int, str]]:
        """The points of each dimension, and why."""
        names = [f"caution-{one.grade}" for one in self.cautions(rule.add_on, partner)]
        names = sorted(names, key=lambda name: self.step("penalty", name)[0])[:1]
        against = [self.step("penalty", name) for name in [*self.doubts(rule), *names] or ["none"]]
        level, add_on = self.base.levels[rule.evidence.level], self.base.add_ons[rule.add_on]
        return [
            self.step("marker_match", self.marker_match(rule)),
            self.step("partner_match", self.partner_match(rule, partner)),
            (level.points, level.reason),
            self.step("actionability", add_on.actionability or add_on.status),
            (
                max(-100, sum(points for points, _ in against)),
                " ".join(dict.fromkeys(reason for _, reason in against)),
            ),
        ]

    def doubts(self, rule: StrategyRule) -> list[str]:
        """What weakens the strategy whatever the tumour."""
        return [] if rule.ferroptosis == "shown" else ["ferroptosis-unconfirmed"]

    def parts(self, rule: StrategyRule, partner: str) -> tuple[int, ...]:
        return tuple(points for points, _ in self.values(rule, partner))

    def elsewhere(self, rule: StrategyRule) -> bool:
        """Whether the strategy was shown in other tumours alone."""
        diseases = [self.base.vocabulary.diseases[one] for one in rule.evidence.tumour_types]
        return not any(one.id == self.base.info.scope or one.counts_as_scope_evidence for one in diseases)

    def held_back(self, rule: StrategyRule, partner: str) -> list[str]:
        """Why the strategy is held back with a partner, in the order of docs/ranking.md."""
        cautions = self.cautions(rule.add_on, partner)
        given = {one.holds_back or {"contraindication": "contraindicated"}.get(one.grade) for one in cautions}
        if self.marker_match(rule) == "spoken-against":
            given.add("spoken-against")
        if rule.ferroptosis != "shown" or rule.by_review_only:
            given.add("review-only")
        if self.elsewhere(rule):
            given.add("other-tumour")
        order = ("spoken-against", "contraindicated", "target-lost", "review-only", "other-tumour")
        return [reason for reason in order if reason in given]

    def group(self, rule: StrategyRule, partner: str) -> str:
        """The group of the strategy with a partner."""
        if self.held_back(rule, partner):
            return "held-back"
        nothing = self.marker_match(rule) in ("unselected", "not-measured")
        return "unselected" if nothing else "selected"

    def answer(self) -> list[dict[str, Any]]:
        """The recommendations by rank."""
        dimensions = self.base.ranking.dimensions
        weights = [dimensions[name].weight for name in ORDER]
        rules: dict[tuple[str, str], list[tuple[int, int, str, StrategyRule]]] = {}
        for rule in self.base.content.rules:
            if not isinstance(rule, StrategyRule) or not self.all_hold(rule.when):
                continue
            for partner in self.partners:
                if set(rule.therapy) & self._with_classes([partner]):
                    total = dot(weights, self.parts(rule, partner))
                    entry = (ORDERED.index(self.group(rule, partner)), -total, rule.id, rule)
                    rules.setdefault((rule.add_on, partner), []).append(entry)
        found: list[dict[str, Any]] = []
        for (add_on, partner), scored in rules.items():
            scored.sort(key=lambda one: one[:3])
            lead = scored[0]
            found.append(
                {
                    "id": f"{add_on}-with-{partner}",
                    "group": ORDERED[lead[0]],
                    "held_back": self.held_back(lead[3], partner),
                    "extrapolated": self.elsewhere(lead[3]),
                    "score": -lead[1] / 100,
                    "parts": self.parts(lead[3], partner),
                    "reasons": tuple(reason for _, reason in self.values(lead[3], partner)),
                    "rules": [one[2] for one in scored],
                    "cautions": {one.id for one in self.cautions(add_on, partner)},
                    "audit": {finding for one in scored for finding in one[3].audit},
                }
            )
        found.sort(key=lambda one: (ORDERED.index(one["group"]), -one["score"], one["id"]))
        drawn = weightings(len(weights), self.base.ranking.samples, self.base.ranking.seed)
        for one in found:
            group = [other for other in found if other["group"] == one["group"]]
            better = sum(ORDERED.index(other["group"]) < ORDERED.index(one["group"]) for other in found)
            within = 1 + sum(other["score"] > one["score"] for other in group)
            ranks = [
                1 + sum(dot(drawing, other["parts"]) > dot(drawing, one["parts"]) for other in group)
                for drawing in drawn
            ]
            one["rank"] = better + within
            one["holds"] = round(ranks.count(within) / len(drawn), 4)
            one["first"] = round(ranks.count(1) / len(drawn), 4)
        return found


ORDERED = ("selected", "unselected", "held-back")
ORDER: tuple[DimensionName, ...] = ("marker_match", "partner_match", "evidence", "actionability", "penalty")


def dot(weights: Sequence[int], parts: Sequence[int]) -> int:
    return sum(weight * part for weight, part in zip(weights, parts, strict=True))
