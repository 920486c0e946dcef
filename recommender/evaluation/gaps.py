"""Gaps: strategies that more measurements could fire, and those that none can.

Strategies are unfolded to the smallest sets of findings that fire them. Given the findings of a
profile, a set is closed when it requires a state that a measured value excludes. A strategy with
an open set is undecided; one with none is blocked.

What a rule lacks depends on those findings alone that its sets hold, so it is worked out once for each
such case and kept. The keys are sets of atoms of the rule base, nothing of a profile.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .._values import cached_property
from ..engine.atoms import Way, consistent, minimal
from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import ContextRule, StrategyRule
from .facts import Facts, Finding
from .proof import Proofs

MAX_SETS = 12
"""Sets of lacking findings that are listed: more are not read, and their number can grow without bound."""

_KEPT = 8192
"""Cases that are kept of each kind: a rule has few, as it is about few findings."""


class Open(NamedTuple):
    """A strategy that would fire if one of the sets of findings were measured."""

    rule: StrategyRule
    sets: tuple[Way, ...]


class Obstacle(NamedTuple):
    """A measured value, and the states that were required instead."""

    finding: Finding
    needs: tuple[str, ...]


class Closed(NamedTuple):
    """A strategy that no further measurement can fire."""

    rule: StrategyRule
    obstacles: tuple[Obstacle, ...]


class OpenContext(NamedTuple):
    """A context of which findings are met, and the fewest further ones that would complete it."""

    rule: ContextRule
    met: Way
    missing: Way


class _Lacking(NamedTuple):
    """What a strategy lacks: its open sets; without one, all of its sets, which measured values exclude."""

    opened: Open | None
    closed: tuple[Way, ...]


class _Sets(NamedTuple):
    """The sets that fire a rule or select it, as masks of the numbering, each with the therapies in it."""

    sets: tuple[tuple[int, int], ...]
    atoms: int
    """All atoms of all sets."""
    findings: int
    """Those that are not therapies."""


class Gaps:
    """Finds, for the facts of a profile, what the strategies for its therapies still lack."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._lacking = lru_cache(maxsize=_KEPT)(self._find_lacking)
        self._unsettled = lru_cache(maxsize=_KEPT)(self._find_unsettled)
        self._context = lru_cache(maxsize=_KEPT)(self._find_context)

    def find(self, facts: Facts, proofs: Proofs) -> tuple[list[Open], list[Closed]]:
        """Return the undecided and the blocked strategies among those that did not fire."""
        have, excluded = proofs.have, proofs.excluded
        undecided, blocked = [], []
        for rule, sets in self._strategies.items():
            if rule in proofs.rules:
                continue
            lacking = self._lacking(rule, have & sets.atoms, excluded & sets.atoms)
            if lacking.opened:
                undecided.append(lacking.opened)
            elif lacking.closed:
                blocked.append(Closed(self._rules[rule], _obstacles(lacking.closed, facts)))
        return undecided, blocked

    def _find_lacking(self, rule: str, have: int, excluded: int) -> _Lacking:
        sets = self._strategies[rule].sets
        lacking = [way & ~have for way, therapies in sets if therapies & have == therapies]
        opened = [way for way in lacking if not way & excluded]
        if opened:
            return _Lacking(self._open(rule, opened), ())
        return _Lacking(None, tuple(self._base.numbering.way(way) for way in lacking))

    def unsettled(self, proofs: Proofs) -> list[Open]:
        """Return the strategies that fired and that further findings could select: none without groups."""
        if not self._base.grouped:
            return []
        have, excluded = proofs.have, proofs.excluded
        found = [
            self._unsettled(rule, have & sets.atoms, excluded & sets.atoms)
            for rule, sets in self._selectable.items()
            if rule in proofs.rules
        ]
        return [one for one in found if one is not None]

    def _find_unsettled(self, rule: str, have: int, excluded: int) -> Open | None:
        numbering = self._base.numbering
        lacking = [way & ~have for way, _ in self._selectable[rule].sets]
        opened = [way for way in lacking if numbering.is_measurable(way) and not way & excluded]
        return self._open(rule, opened) if all(lacking) and opened else None

    def _open(self, rule: str, sets: Iterable[int]) -> Open:
        return Open(self._rules[rule], tuple(minimal(map(self._base.numbering.way, sets))))

    def contexts(self, proofs: Proofs) -> list[OpenContext]:
        """Return the contexts that lack measurements alone, and have a finding: none without groups."""
        if not self._base.grouped:
            return []
        have, excluded = proofs.have, proofs.excluded
        found = [
            self._context(rule, have & sets.atoms, excluded & sets.atoms)
            for rule, sets in self._contexts.items()
            if sets.findings & have and rule not in proofs.rules
        ]
        return [one for one in found if one is not None]

    def _find_context(self, rule: str, have: int, excluded: int) -> OpenContext | None:
        numbering = self._base.numbering
        opened = []
        for way, therapies in self._contexts[rule].sets:
            met, missing = way & have & ~therapies, way & ~have
            lacks_findings = numbering.is_measurable(missing) and not missing & excluded
            if therapies & have == therapies and met and lacks_findings:
                opened.append((numbering.way(met), numbering.way(missing)))
        if not opened:
            return None
        met_way, missing_way = min(opened, key=lambda parts: (len(parts[1]), sorted(parts[1])))
        return OpenContext(self._context_rules[rule], met_way, missing_way)

    @cached_property
    def _rules(self) -> dict[str, StrategyRule]:
        return {rule.id: rule for rule in self._base.strategies}

    @cached_property
    def _context_rules(self) -> dict[str, ContextRule]:
        return {rule.id: rule for rule in self._base.rules.values() if rule.kind == "context"}

    @cached_property
    def _strategies(self) -> dict[str, _Sets]:
        return {rule: self._sets(self._base.measured_ways(rule)) for rule in self._rules}

    @cached_property
    def _contexts(self) -> dict[str, _Sets]:
        return {rule: self._sets(self._base.measured_ways(rule)) for rule in self._context_rules}

    @cached_property
    def _selectable(self) -> dict[str, _Sets]:
        """The strategies that fire without a finding and that findings could select, with what selects."""
        return {
            rule: self._sets(self._base.measured_support(rule))
            for rule in self._rules
            if rule in self._base.support_ways
            and not all(any(a.kind == "marker" for a in way) for way in self._base.measured_ways(rule))
        }

    def _sets(self, ways: Iterable[Way]) -> _Sets:
        """The sets that one tumour can have."""
        mask = self._base.numbering.mask
        sets = tuple(
            (mask(way), mask(atom for atom in way if atom.kind == "therapy"))
            for way in ways
            if consistent(way)
        )
        atoms = therapies = 0
        for way, given in sets:
            atoms |= way
            therapies |= given
        return _Sets(sets, atoms, atoms & ~therapies)


def _obstacles(ways: Iterable[Way], facts: Facts) -> tuple[Obstacle, ...]:
    needs: defaultdict[Finding, set[str]] = defaultdict(set)
    for way in ways:
        for atom, finding in facts.obstacles(way):
            needs[finding].add(atom.state)
    ordered = sorted(needs.items(), key=lambda item: (item[0].marker, item[0].state))
    return tuple(Obstacle(finding, tuple(sorted(states))) for finding, states in ordered)
