"""What unmeasured markers could do to the order: which add-ons could come first.

An add-on does best in a tumour that has just the findings which fire it or call for it, while every
other marker that was not measured turns out to be in a state that no strategy asks for. Measuring
more never lowers an add-on, so if it is not first there, it is first nowhere. Looking at these worlds
is therefore exact. Where every state of a marker is asked for by some strategy, there is no such
neutral state, and each of its states is tried; past a limit of worlds a sample is taken, and said.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .engine import Engine
from .facts import Facts, Finding
from .gaps import Open
from .knowledge.base import KnowledgeBase
from .knowledge.conditions import Atom, Way, consistent, minimal
from .proof import Proofs
from .states import AXES, axis_of
from .suggestions import Suggester, Suggestion

MOST_WORLDS = 160


class Leader(NamedTuple):
    """An add-on that could come first, and the sets of findings under which it does.

    An empty set means that it comes first if nothing that a strategy asks for is found.
    """

    suggestion: Suggestion
    sets: tuple[Way, ...]


class Outlook(NamedTuple):
    """All add-ons that could come first, by id, and whether every world was looked at."""

    leaders: tuple[Leader, ...]
    exact: bool


class World(Facts):
    """A tumour in which every marker is known: those not listed are in a state nobody asks for."""

    def excludes(self, way: Iterable[Atom]) -> bool:
        """Return whether any finding of the way is absent."""
        return any(atom.kind == "marker" and self.measured_state(atom) != atom.state for atom in way)

    def measured_state(self, atom: Atom) -> str | None:
        """Return the state of the atom's marker on its axis, or None for a neutral one."""
        finding = self.measured.get((atom.name, axis_of(atom.state)))
        return finding.state if finding else None


class Orderer:
    """Finds the add-ons that could come first for the facts of a profile."""

    def __init__(self, base: KnowledgeBase, suggester: Suggester, engine: Engine) -> None:
        self._base = base
        self._suggester = suggester
        self._engine = engine

    def outlook(self, facts: Facts, suggestions: Sequence[Suggestion], undecided: Sequence[Open]) -> Outlook:
        """Return which add-ons could come first once more is measured."""
        sets = self._candidates(facts, suggestions, undecided)
        forced = self._forced(facts, sets)
        worlds = [
            found | extra
            for found in sets
            for extra in forced
            if consistent(found | extra) and not facts.excludes(found | extra)
        ]
        tried = list(dict.fromkeys(worlds))
        exact = len(tried) <= MOST_WORLDS
        leaders: dict[str, tuple[Suggestion, list[Way]]] = {}
        for found in tried[:MOST_WORLDS]:
            for leader in self._first(facts, found):
                leaders.setdefault(leader.id, (leader, []))[1].append(found)
        return Outlook(
            tuple(Leader(one, tuple(minimal(found))) for _, (one, found) in sorted(leaders.items())),
            exact,
        )

    def _candidates(
        self, facts: Facts, suggestions: Sequence[Suggestion], undecided: Sequence[Open]
    ) -> list[Way]:
        """Sets of further findings that could raise an add-on, the empty set first."""
        holds = facts.sources(self._base).keys()
        sets: dict[Way, None] = {frozenset(): None}
        for one in undecided:
            sets |= dict.fromkeys(way for way in one.sets if all(a.kind == "marker" for a in way))
        rules = [rule for one in suggestions for rule in one.rules] + [one.rule for one in undecided]
        for rule in rules:
            if rule.id in self._base.support_ways:
                for way in self._base.measured_support(rule.id):
                    missing = frozenset(way.difference(holds))
                    if missing and consistent(missing) and not facts.excludes(missing):
                        sets[missing] = None
        return list(sets)

    @staticmethod
    def _forced(facts: Facts, sets: Iterable[Way]) -> list[Way]:
        """The ways to fill in the markers of which every state is asked for; one empty way if none."""
        asked: dict[tuple[str, str], set[str]] = {}
        for way in sets:
            for atom in way:
                asked.setdefault((atom.name, axis_of(atom.state)), set()).add(atom.state)
        choices = [
            [Atom("marker", name, state) for state in AXES[axis]]
            for (name, axis), states in sorted(asked.items())
            if states == set(AXES[axis]) and (name, axis) not in facts.measured
        ]
        return [frozenset(chosen) for chosen in itertools.product(*choices)]

    def _first(self, facts: Facts, found: Way) -> list[Suggestion]:
        world = World()
        world.findings = [*facts.findings, *(Finding(one.name, one.state, "") for one in sorted(found))]
        world.therapies, world.resistant_to = facts.therapies, facts.resistant_to
        fired = self._engine.fire(self._base.program.mask(world.sources(self._base)))
        suggestions = self._suggester.scored(world, Proofs(self._base, world, fired))
        best = min(((one.extrapolated, -one.scored.total) for one in suggestions), default=None)
        return [one for one in suggestions if (one.extrapolated, -one.scored.total) == best]
