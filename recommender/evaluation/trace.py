"""Which rules fire for a profile, in which order, and because of what."""

from collections.abc import Sequence

from .._values import Value
from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import (
    RULE_KINDS,
    CautionRule,
    ContextRule,
    DisputedRule,
    MechanismRule,
    Rule,
    RuleKind,
)
from .facts import Facts
from .proof import Proofs

_FIRST_READ: RuleKind = "mechanism"
"""Rules that others build on are read first; the rest follows in the order of the kinds."""


class Firing(Value):
    """A rule that fired: at which stage (from 1), what it concludes in a few words, and because of what."""

    stage: int
    rule: str
    kind: RuleKind
    concludes: str
    because: tuple[str, ...]
    references: tuple[int, ...]


def firings(base: KnowledgeBase, facts: Facts, fired: Sequence[int]) -> list[Firing]:
    """Return the rules behind the clauses that fired, each at the stage at which it fires first.

    A stage asks only for findings and for what earlier stages concluded. Within a stage no rule waits for
    another, so they stand by kind and by reason.
    """
    found: dict[str, Firing] = {}
    for number, stage in enumerate(base.program.stages, 1):
        proofs = Proofs(base, facts, [position for position in fired if position in stage])
        rules = (base.rules[name] for name in proofs.rules if name not in found)
        now = [
            Firing(
                stage=number,
                rule=rule.id,
                kind=rule.kind,
                concludes=_in_short(rule, base),
                because=tuple(proofs.because(rule.id)),
                references=rule.references,
            )
            for rule in rules
        ]
        found |= {one.rule: one for one in sorted(now, key=_for_reading)}
    return list(found.values())


def _for_reading(one: Firing) -> tuple[bool, int, tuple[str, ...], str]:
    return one.kind != _FIRST_READ, RULE_KINDS.index(one.kind), one.because, one.rule


def _in_short(rule: Rule, base: KnowledgeBase) -> str:
    match rule:
        case MechanismRule():
            fact = rule.conclusion
            return f"{base.facts[fact.name].name}: {fact.state}"
        case ContextRule():
            return f"{rule.effect}: {rule.title}"
        case CautionRule() | DisputedRule():
            return rule.title
        case _:
            return f"{base.add_ons[rule.add_on].name} {rule.effect.replace('-', ' ')}"
