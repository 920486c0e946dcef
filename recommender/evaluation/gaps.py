"""Gaps: strategies that more measurements could fire, and those that none can.

Strategies are unfolded to the smallest sets of findings that fire them. Given the findings of a
profile, a set is closed when it requires a state that a measured value excludes. A strategy with
an open set is undecided; one with none is blocked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from .._values import cached_property
from ..engine.atoms import Atom, Way, consistent, minimal
from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import ContextRule, StrategyRule
from .facts import Facts, Finding

MAX_SETS = 12
"""Sets of lacking findings that are listed: more are not read, and their number can grow without bound."""


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


class Gaps:
    """Finds, for the facts of a profile, what the strategies for its therapies still lack."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base

    def find(self, facts: Facts, fired: Collection[str]) -> tuple[list[Open], list[Closed]]:
        """Return the undecided and the blocked strategies among those that did not fire."""
        have = facts.sources(self._base).keys()
        undecided, blocked = [], []
        for rule, ways in self._strategies:
            if rule.id in fired:
                continue
            lacking = [way.difference(have) for way, therapies in ways if therapies <= have]
            if not lacking:
                continue
            opened = [way for way in lacking if not facts.excludes(way)]
            if opened:
                undecided.append(Open(rule, tuple(minimal(opened))))
            else:
                blocked.append(Closed(rule, _obstacles(lacking, facts)))
        return undecided, blocked

    def unsettled(self, facts: Facts, fired: Collection[str]) -> list[Open]:
        """Return the strategies that fired and that further findings could select: none without groups."""
        if not self._base.grouped:
            return []
        have = facts.sources(self._base).keys()
        found = []
        for rule in self._selectable:
            lacking = [way.difference(have) for way in self._base.measured_support(rule.id)]
            if rule.id in fired and all(lacking):
                opened = [way for way in lacking if is_measurable(way) and not facts.excludes(way)]
                if opened:
                    found.append(Open(rule, tuple(minimal(opened))))
        return found

    @cached_property
    def _selectable(self) -> list[StrategyRule]:
        """The strategies that fire without a finding, and that findings could select."""
        return [
            rule
            for rule in self._base.strategies
            if rule.id in self._base.support_ways
            and not all(any(a.kind == "marker" for a in way) for way in self._base.measured_ways(rule.id))
        ]

    def contexts(self, facts: Facts, fired: Collection[str]) -> list[OpenContext]:
        """Return the contexts that lack measurements alone, and have a finding: none without groups."""
        if not self._base.grouped:
            return []
        have = facts.sources(self._base).keys()
        found = []
        for rule, ways in self._contexts:
            if rule.id in fired:
                continue
            parted = [
                (way.intersection(have) - therapies, way.difference(have))
                for way, therapies in ways
                if therapies <= have
            ]
            opened = [
                (met, missing)
                for met, missing in parted
                if met and is_measurable(missing) and not facts.excludes(missing)
            ]
            if opened:
                met, missing = min(opened, key=lambda parts: (len(parts[1]), sorted(parts[1])))
                found.append(OpenContext(rule, met, missing))
        return found

    @cached_property
    def _contexts(self) -> list[tuple[ContextRule, list[tuple[Way, frozenset[Atom]]]]]:
        """Each context with the ways to fire it, and the therapies of each way."""
        contexts = [rule for rule in self._base.content.rules if rule.kind == "context"]
        return [(rule, self._ways(rule.id)) for rule in contexts]

    @cached_property
    def _strategies(self) -> list[tuple[StrategyRule, list[tuple[Way, frozenset[Atom]]]]]:
        """Each strategy with the ways to fire it, and the therapies of each way."""
        return [(rule, self._ways(rule.id)) for rule in self._base.strategies]

    def _ways(self, rule: str) -> list[tuple[Way, frozenset[Atom]]]:
        return [(way, _therapies(way)) for way in self._base.measured_ways(rule) if consistent(way)]


def is_measurable(way: Way) -> bool:
    """Return whether a way holds nothing but findings, which one tumour can have together."""
    return all(atom.kind == "marker" for atom in way) and consistent(way)


def _therapies(way: Way) -> frozenset[Atom]:
    return frozenset(atom for atom in way if atom.kind == "therapy")


def _obstacles(ways: Iterable[Way], facts: Facts) -> tuple[Obstacle, ...]:
    needs: defaultdict[Finding, set[str]] = defaultdict(set)
    for way in ways:
        for atom, finding in facts.obstacles(way):
            needs[finding].add(atom.state)
    ordered = sorted(needs.items(), key=lambda item: (item[0].marker, item[0].state))
    return tuple(Obstacle(finding, tuple(sorted(states))) for finding, states in ordered)
