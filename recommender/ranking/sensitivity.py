"""Effects that unmeasured markers could have on the order: which add-ons could come first.

An add-on does best in a tumour that has just the findings which fire it or call for it, while every
other marker that was not measured turns out to be in a state that no strategy asks for: a finding
lowers an add-on only by a caution. So each such tumour is looked at, and where findings could put a
caution on the one that leads, the same once more with that caution. Where every state of a marker is
asked for by some strategy, there is no neutral state, and each of its states is tried. Conditions of
the patient are not tried: whoever treats the patient knows them. Past a limit the search stops, and the
answer is no longer exact.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..engine import Engine
from ..engine.atoms import Atom, Way, consistent, minimal
from ..evaluation.facts import Facts
from ..evaluation.gaps import Open, is_measurable
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from ..states import AXES, axis_of
from .suggestions import Rankable, Suggester, Suggestion

MAX_WORLDS = 160
"""Tumours that are looked at, so that an answer takes milliseconds; past them it is not called exact."""


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


class _Search:
    """The findings while worlds are explored."""

    def __init__(self) -> None:
        self.leaders: dict[str, tuple[Suggestion, list[Way]]] = {}
        self.seen: set[Way] = set()
        self.worlds = 0


class SensitivityAnalysis:
    """Finds the add-ons that could come first for the facts of a profile."""

    def __init__(self, base: KnowledgeBase, suggester: Suggester, engine: Engine) -> None:
        self._base = base
        self._suggester = suggester
        self._engine = engine
        kinds = {kind.id for kind in base.content.marker_kinds if kind.of_patient}
        self._of_patient = {marker.symbol for marker in base.content.markers if marker.kind in kinds}

    def outlook(self, facts: Facts, suggestions: Sequence[Suggestion], undecided: Sequence[Open]) -> Outlook:
        """Return which add-ons could come first once more is measured."""
        search = _Search()
        self._explore(facts, frozenset(), suggestions, undecided, search)
        leaders = (Leader(one, tuple(minimal(sets))) for _, (one, sets) in sorted(search.leaders.items()))
        return Outlook(tuple(leaders), search.worlds <= MAX_WORLDS)

    def _explore(
        self,
        facts: Facts,
        assumed: Way,
        suggestions: Sequence[Suggestion],
        undecided: Sequence[Open],
        search: _Search,
    ) -> None:
        """Note who leads in the worlds of `facts`, which hold the `assumed` findings already.

        Cautions that findings could put on a leader are assumed in turn, and who leads then is noted.
        """
        search.seen.add(assumed)
        have = self._base.program.mask(facts.sources(self._base))
        first_now = self._first(facts, have, frozenset())
        bar = first_now[0].rankable if first_now else None
        sets = [frozenset(), *self._candidates(facts, suggestions, undecided, bar)]
        forced = self._forced(facts, sets)
        worlds = dict.fromkeys(
            found | extra
            for found in sets
            for extra in forced
            if consistent(found | extra) and not facts.excludes(found | extra)
        )
        at_risk: dict[str, Suggestion] = {}
        for found in worlds:
            search.worlds += 1
            if search.worlds > MAX_WORLDS:
                return
            for leader in self._first(facts, have, found) if found else first_now:
                at_risk[leader.id] = leader
                search.leaders.setdefault(leader.id, (leader, []))[1].append(assumed | found)
        for way in self._ways_to_caution(facts, at_risk.values()):
            if assumed | way not in search.seen:
                wider = facts.having(sorted(way))
                self._explore(wider, assumed | way, suggestions, undecided, search)

    def _ways_to_caution(self, facts: Facts, leaders: Iterable[Suggestion]) -> list[Way]:
        """Sets of findings that would put a caution on one of the add-ons."""
        ways = (
            way
            for leader in leaders
            for rule in self._suggester.cautions_for(leader)
            for way in self._base.measured_ways(rule.id)
            if self._of_patient.isdisjoint(atom.name for atom in way)
        )
        return self._lacking(facts, ways)

    def _candidates(
        self,
        facts: Facts,
        suggestions: Sequence[Suggestion],
        undecided: Sequence[Open],
        bar: Rankable | None,
    ) -> list[Way]:
        """Sets of further findings that could bring an add-on up to `bar`, which no finding lowers."""
        ways: list[Way] = []
        open_sets = {one.rule.id: one.sets for one in undecided}
        rules = [rule for one in suggestions for rule in one.rules] + [one.rule for one in undecided]
        for rule in rules:
            if bar is not None and self._suggester.at_best(rule, facts) > bar:
                continue
            ways += open_sets.get(rule.id, ())
            if rule.id in self._base.support_ways:
                ways += self._base.measured_support(rule.id)
        return self._lacking(facts, ways)

    def _lacking(self, facts: Facts, ways: Iterable[Way]) -> list[Way]:
        """Each set of findings that one of the ways lacks, where further measurements can make it."""
        holds = facts.sources(self._base).keys()
        return [
            way
            for way in dict.fromkeys(way.difference(holds) for way in ways)
            if way and is_measurable(way) and not facts.excludes(way)
        ]

    @staticmethod
    def _forced(facts: Facts, sets: Iterable[Way]) -> list[Way]:
        """The ways to fill in the markers of which rules use every state; one empty way if none."""
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

    def _first(self, facts: Facts, have: int, found: Way) -> list[Suggestion]:
        """The add-ons that lead once findings are added to those of `facts`, whose atoms are `have`."""
        world = facts.having(sorted(found))
        known = world.sources(self._base)

        def lacks(way: Way) -> bool:
            """Return True if a finding of a way is absent: no rule asks for the states of other markers."""
            return any(atom not in known and atom.kind == "marker" for atom in way)

        proofs = Proofs(self._base, world, self._engine.fire(have | self._base.program.mask(found)))
        ranked = [(one.rankable, one) for one in self._suggester.scored(world, proofs, lacks)]
        best = min((rankable for rankable, _ in ranked), default=None)
        return [one for rankable, one in ranked if rankable == best]
