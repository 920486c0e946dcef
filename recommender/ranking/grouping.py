"""Which group a strategy is in, and what holds it back: the one home, which every evaluator compiles."""

from typing import NamedTuple

from ..knowledge.base import KnowledgeBase
from ..knowledge.ranking_models import GROUPS, HOLD_REASONS, GroupName, HoldReason
from ..knowledge.rule_models import CautionRule, StrategyRule


class HeldBack(NamedTuple):
    """A reason to hold a suggestion back, and what gives it.

    `by` has the ids of cautions, or what of the strategy only the review reports.
    """

    reason: HoldReason
    by: tuple[str, ...] = ()


class Grouping:
    """Sorts strategies into tiers: the groups of the rule base, or those of 2026.11.0 where it has none.

    Without groups there are two tiers, the second of which is for strategies from other tumours.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._diseases = base.vocabulary.diseases
        self._scope = base.info.scope
        groups = base.ranking.groups
        self.exists = base.grouped
        """False where the rule base has no groups."""
        reasons = groups["held-back"].reasons if groups else {}
        self._tier_of = {step: at for at, name in enumerate(GROUPS) if groups for step in groups[name].steps}
        self.reason_of_step = {step: name for name, one in reasons.items() for step in one.steps}
        """The reason that a step of the marker match gives."""
        self._reason_of_grade = {grade: name for name, one in reasons.items() for grade in one.grades}

    def extrapolated(self, rule: StrategyRule) -> bool:
        """Return whether the strategy rests on other tumours alone."""
        diseases = (self._diseases[disease] for disease in rule.evidence.tumour_types)
        return not any(one.id == self._scope or one.counts_as_scope_evidence for one in diseases)

    def always(self, rule: StrategyRule) -> list[HeldBack]:
        """Return what holds the strategy back whatever is found."""
        if not self.exists:
            return []
        claimed: tuple[str, ...] = rule.by_review_only
        if rule.ferroptosis != "shown":
            claimed = ("ferroptosis", *claimed)
        found = [HeldBack("review-only", claimed)] if claimed else []
        return [*found, HeldBack("other-tumour")] if self.extrapolated(rule) else found

    def reason_of(self, caution: CautionRule) -> HoldReason | None:
        """Return why a caution holds back what it is put on, or None where it does not."""
        if not self.exists:
            return None
        return caution.holds_back or self._reason_of_grade.get(caution.grade)

    def held_back(
        self, rule: StrategyRule, step: str, cautions: tuple[CautionRule, ...]
    ) -> tuple[HeldBack, ...]:
        """Return what holds a strategy back at a step of the marker match and with these cautions."""
        by = dict(self.always(rule))
        for caution in cautions:
            reason = self.reason_of(caution)
            if reason is not None:
                by[reason] = (*by.get(reason, ()), caution.id)
        if step in self.reason_of_step:
            by.setdefault(self.reason_of_step[step], ())
        return tuple(HeldBack(name, by[name]) for name in HOLD_REASONS if name in by)

    def tier(self, rule: StrategyRule, step: str, held_back: tuple[HeldBack, ...]) -> int:
        """Return the tier of a strategy: less is better."""
        if not self.exists:
            return int(self.extrapolated(rule))
        return len(GROUPS) - 1 if held_back else self._tier_of[step]

    def tier_of_step(self, step: str) -> int:
        """Return the tier to which a step of the marker match leads where nothing holds back."""
        return self._tier_of.get(step, len(GROUPS) - 1)

    def group(self, tier: int) -> GroupName | None:
        """Return the group of a tier; None where the rule base has no groups."""
        return GROUPS[tier] if self.exists else None
