"""The findings behind a rule, worked out once for each set of those atoms that the rule can use, and kept."""

from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from .proof import Met, Proofs

_KEPT = 8192
"""Cases that are kept; past them it begins anew."""


class Reasons:
    """Finds what is behind the rules of one rule base. The keys hold ids of it, nothing of a profile."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._known: dict[tuple[str, int], list[tuple[Atom, tuple[str, ...]]]] = {}

    def behind(self, rule: str, proofs: Proofs) -> tuple[Met, ...]:
        """Return everything measured that a rule that fired rests on, and then what selects it."""
        key = rule, proofs.have & self._base.reach[rule]
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[key] = [(met.atom, met.via) for met in self._find(rule, proofs)]
        sources = proofs.sources
        return tuple([Met(atom, sources[atom], via) for atom, via in known])

    def _find(self, rule: str, proofs: Proofs) -> list[Met]:
        met = proofs.matched(rule)
        ways = self._base.support_ways.get(rule, ())
        selecting = [atom for way in ways if way <= proofs.holds for atom in way]
        return met + [one for one in proofs.measured_behind(selecting) if one not in met]
