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
from .suggestions import Rankable, Suggester, Suggestion

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
        nothing: Way = frozenset()
        first_now = self._first(facts, nothing)
        bar = first_now[0].rankable if first_now else None
        sets = [nothing, *self._candidates(facts, suggestions, undecided, bar)]
        forced = self._forced(facts, sets)
        tried = dict.fromkeys(
            found | extra
            for found in sets
            for extra in forced
            if consistent(found | extra) and not facts.excludes(found | extra)
        )
        leaders: dict[str, tuple[Suggestion, list[Way]]] = {}
        for found in itertools.islice(tried, MOST_WORLDS):
            for leader in self._first(facts, found) if found else first_now:
                leaders.setdefault(leader.id, (leader, []))[1].append(found)
        return Outlook(
            tuple(Leader(one, tuple(minimal(found))) for _, (one, found) in sorted(leaders.items())),
            len(tried) <= MOST_WORLDS,
        )

    def _candidates(
        self,
        facts: Facts,
        suggestions: Sequence[Suggestion],
        undecided: Sequence[Open],
        bar: Rankable | None,
    ) -> list[Way]:
        """Sets of further findings that could bring an add-on up to `bar`, which no finding lowers."""
        holds = facts.sources(self._base).keys()
        sets: dict[Way, None] = {}
        open_sets = {one.rule.id: one.sets for one in undecided}
        rules = [rule for one in suggestions for rule in one.rules] + [one.rule for one in undecided]
        for rule in rules:
            if bar is not None and self._suggester.at_best(rule, facts) > bar:
                continue
            ways = [*open_sets.get(rule.id, ())]
            if rule.id in self._base.support_ways:
                ways += [frozenset(way.difference(holds)) for way in self._base.measured_support(rule.id)]
            for way in ways:
                findings_only = all(atom.kind == "marker" for atom in way)
                if way and findings_only and consistent(way) and not facts.excludes(way):
                    sets[way] = None
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
        best = min((one.rankable for one in suggestions), default=None)
        return [one for one in suggestions if one.rankable == best]
