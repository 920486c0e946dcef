"""Effects that unmeasured markers could have on the order: which add-ons could come first.

An add-on does best in a tumour that has just the findings which fire it or call for it, while every
other marker that was not measured turns out to be in a state that no strategy asks for: a finding
lowers an add-on only by a caution. So each such tumour is looked at, and where findings could put a
caution on the one that leads, the same once more with that caution. Where every state of a marker is
asked for by some strategy, there is no neutral state, and each of its states is tried. Conditions of
the patient are not tried: whoever treats the patient knows them. Past a limit the search stops, and the
answer is no longer exact.

Sets of findings are masks of the numbering of the rule base here. What a tumour with further findings is
recommended is worked out from the one without them: see `worlds`.
"""

import itertools
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..engine.atoms import Way, minimal
from ..evaluation.facts import Facts
from ..evaluation.gaps import Open
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from .suggestions import Rankable, Suggester, Suggestion
from .worlds import World, Worlds

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
    """The findings while worlds are explored, and the strategies that could come first."""

    def __init__(self, hopes: Sequence[tuple[Rankable, Sequence[int]]]) -> None:
        self.hopes = hopes
        """For each strategy how it could rank at best, and the sets of findings that could bring it there."""
        self.leaders: dict[str, tuple[Suggestion, list[int]]] = {}
        self.seen: set[int] = set()
        self.worlds = 0


class SensitivityAnalysis:
    """Finds the add-ons that could come first for the facts of a profile."""

    def __init__(self, base: KnowledgeBase, suggester: Suggester) -> None:
        self._base = base
        self._suggester = suggester
        self._numbering = base.numbering
        self._worlds = Worlds(base, suggester)
        kinds = {kind.id for kind in base.sections.marker_kinds if kind.of_patient}
        self._of_patient = {marker.symbol for marker in base.sections.markers if marker.kind in kinds}
        self._support = {
            rule: [self._numbering.mask(way) for way in base.measured_support(rule)]
            for rule in base.support_ways
        }
        self._caution_ways = lru_cache(maxsize=4096)(self._make_caution_ways)

    def outlook(
        self, facts: Facts, proofs: Proofs, suggestions: Sequence[Suggestion], undecided: Sequence[Open]
    ) -> Outlook:
        """Return which add-ons could come first once more is measured."""
        search = _Search(self._hopes(facts, suggestions, undecided))
        self._explore(self._worlds.known(facts, proofs), proofs.excluded, 0, search)
        way = self._numbering.way
        leaders = (
            Leader(one, tuple(minimal(map(way, sets)))) for _, (one, sets) in sorted(search.leaders.items())
        )
        return Outlook(tuple(leaders), search.worlds <= MAX_WORLDS)

    def _hopes(
        self, facts: Facts, suggestions: Sequence[Suggestion], undecided: Sequence[Open]
    ) -> list[tuple[Rankable, Sequence[int]]]:
        mask = self._numbering.mask
        at_best, support = self._suggester.at_best, self._support
        hopes: list[tuple[Rankable, Sequence[int]]] = [
            (at_best(rule, facts), support.get(rule.id, ())) for one in suggestions for rule in one.rules
        ]
        for one in undecided:
            lacking = [mask(way) for way in one.sets]
            hopes.append((at_best(one.rule, facts), [*lacking, *support.get(one.rule.id, ())]))
        return hopes

    def _explore(self, world: World, excluded: int, assumed: int, search: _Search) -> None:
        """Note who leads in the tumours that `world`, which has the `assumed` findings, could turn out to be.

        Cautions that findings could put on a leader are assumed in turn, and who leads then is noted.
        `excluded` are the states that measured or assumed values exclude.
        """
        search.seen.add(assumed)
        first_now = self._worlds.first(world)
        bar = first_now[0].rankable if first_now else None
        hopes = (ways for at_best, ways in search.hopes if bar is None or at_best <= bar)
        sets = [0, *self._lacking(world, excluded, itertools.chain.from_iterable(hopes))]
        at_risk: dict[str, Suggestion] = {}
        for found in self._possible(world, excluded, sets):
            search.worlds += 1
            if search.worlds > MAX_WORLDS:
                return
            for leader in self._worlds.first(world, found) if found else first_now:
                at_risk[leader.id] = leader
                search.leaders.setdefault(leader.id, (leader, []))[1].append(assumed | found)
        ways = (way for leader in at_risk.values() for way in self._ways_to_caution(leader))
        for way in self._lacking(world, excluded, ways):
            if assumed | way not in search.seen:
                wider = self._worlds.having(world, way)
                self._explore(wider, excluded | self._numbering.rivals(way), assumed | way, search)

    def _possible(self, world: World, excluded: int, sets: Sequence[int]) -> Iterable[int]:
        """The sets, each with the ways to fill in the markers of which rules use every state."""
        forced = self._forced(world, excluded, sets)
        rivals = self._numbering.rivals
        return dict.fromkeys(
            found | extra
            for found in sets
            for extra in forced
            if not (rivals(found | extra) | excluded) & (found | extra)
        )

    def _ways_to_caution(self, leader: Suggestion) -> list[int]:
        """Sets of findings that would put a caution on an add-on, whatever is found already."""
        there = tuple(rule.id for rule in leader.cautions)
        return self._caution_ways(leader.add_on.id, leader.partner, there)

    def _make_caution_ways(self, add_on: str, partner: str, there: tuple[str, ...]) -> list[int]:
        return [
            self._numbering.mask(way)
            for rule in self._suggester.cautions_for(add_on, partner, there)
            for way in self._base.measured_ways(rule.id)
            if self._of_patient.isdisjoint(atom.name for atom in way)
        ]

    def _lacking(self, world: World, excluded: int, ways: Iterable[int]) -> list[int]:
        """Each set of findings that one of the ways lacks, where further measurements can make it."""
        lacks = ~world.have
        is_measurable = self._numbering.is_measurable
        return [
            way
            for way in dict.fromkeys([way & lacks for way in ways])
            if way and not way & excluded and is_measurable(way)
        ]

    def _forced(self, world: World, excluded: int, sets: Iterable[int]) -> list[int]:
        """The ways to fill in the markers of which rules use every state; one empty way if none."""
        asked = 0
        for way in sets:
            asked |= way
        known = world.have | excluded
        choices = [
            axis for axis in self._numbering.axes if all(bit & asked and not bit & known for bit in axis)
        ]
        return [sum(chosen) for chosen in itertools.product(*choices)]
