"""Tumours with further findings, worked out from one that is known: only what a finding touches is new.

The invariant: rules are positive, so a further finding only adds to what holds and to what fires. A clause
can fire anew only if it requires an atom that is new, and a suggestion can change only if

- one of its strategies fires anew, or by a further clause,
- an atom that is new is among those that select one of its strategies, or among findings of the add-on's
  targets by which one of them fires, or
- a caution that fires anew applies to its add-on and partner.

So an atom leads to the clauses that require it, these to derived facts, strategies and cautions, and these
to suggestions. Every other suggestion is that of the known tumour, the same object.

A suggestion depends on those atoms alone that its strategies, and the cautions that apply to it, can use. So
those that could lead are kept by what is found of these atoms, and most tumours are put together from what is
kept. The keys hold ids and atoms of the rule base, nothing of a profile.

In these tumours every marker that was not found is in a state that no strategy asks for: the states that
can no longer be found are all that do not hold.
"""

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from ..engine.numbering import bits, union
from ..engine.program import Clause
from ..evaluation.facts import Facts
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from .suggestions import Rankable, Suggester, Suggestion

MAX_KEPT_WORLDS = 16384
"""Suggestions that are kept by what is found; past them it begins anew."""

_UNKNOWN = object()

Pairing = tuple[str, str]
"""An add-on and the therapy that it is added to."""


class World(NamedTuple):
    """A tumour as the ranking sees it."""

    partners: tuple[str, ...]
    have: int
    """Every atom that is true, derived ones included: a mask of the numbering of the rule base."""
    clauses: dict[str, tuple[int, ...]]
    """For each strategy that fires its clauses, as positions in the program, ascending."""
    cautions: tuple[str, ...]
    """The cautions that fire, in the order of the rule base."""
    suggestions: dict[Pairing, Suggestion]
    ranked: list[tuple[Rankable, Pairing]]
    """The keys of the suggestions, best first."""


class Worlds:
    """Makes the tumours of one rule base."""

    def __init__(self, base: KnowledgeBase, suggester: Suggester) -> None:
        self._base = base
        self._suggester = suggester
        self._markers = base.numbering.markers
        self._of_add_on: defaultdict[str, list[str]] = defaultdict(list)
        for rule in base.strategies:
            self._of_add_on[rule.add_on].append(rule.id)
        self._reach = lru_cache(maxsize=4096)(self._find_reach)
        self._touching = lru_cache(maxsize=4096)(self._find_touching)
        self._kept: dict[tuple[Pairing, int], object] = {}
        """For a suggestion and what holds of its atoms: the suggestion, or None where nothing fires it."""
        self._requiring: defaultdict[int, list[tuple[int, Clause]]] = defaultdict(list)
        """For the bit of each atom the clauses that require it, with their positions."""
        for position, clause in enumerate(base.program.clauses):
            for bit in bits(clause.needs):
                self._requiring[bit].append((position, clause))
        self._selecting: defaultdict[int, list[str]] = defaultdict(list)
        """For the bit of each atom the strategies whose step it can change, alone or with others."""
        for rule in base.strategies:
            ways = base.by_targets(rule, base.measured_ways(rule.id))
            if rule.id in base.support_ways:
                ways = [*ways, *base.support_ways[rule.id], *base.measured_support(rule.id)]
            for bit in bits(base.numbering.mask(atom for way in ways for atom in way)):
                self._selecting[bit].append(rule.id)

    def known(self, facts: Facts, proofs: Proofs) -> World:
        """Return the tumour of a profile, of which everything that was not measured is settled."""
        suggester = self._suggester
        clauses = {rule: tuple(found) for rule, found in proofs.rules.items() if rule in suggester.strategies}
        cautions = suggester.cautions_in_order(proofs.rules)
        world = World(facts.partners, proofs.have, clauses, cautions, {}, [])
        keys = dict.fromkeys(key for rule in clauses for key in suggester.keys(rule, facts.partners))
        return _with(world, {key: self._suggestion(world, key) for key in keys})

    def having(self, world: World, found: int) -> World:
        """Return the tumour with further findings."""
        wider, changed = self._changed(world, found)
        return _with(wider, changed)

    def first(self, world: World, found: int = 0) -> list[Suggestion]:
        """Return the add-ons that rank first once findings are added, in the order of what fired."""
        changed = self._kept_changes(world, found)
        ranked = [(one.rankable, key) for key, one in changed.items()]
        best = min(ranked)[0] if ranked else None
        for rankable, key in world.ranked:
            if best is not None and rankable > best:
                break
            if key not in changed:
                best = rankable
                ranked.append((rankable, key))
        leaders = [key for rankable, key in ranked if rankable == best]
        if len(leaders) > 1:
            wider, _ = self._changed(world, found)
            leaders.sort(key=lambda key: self._place(wider, key))
        return [changed.get(key) or world.suggestions[key] for key in leaders]

    def _kept_changes(self, world: World, found: int) -> dict[Pairing, Suggestion]:
        """The suggestions that further findings could change, from what is kept where it is there."""
        have = world.have | found
        kept = self._kept
        changed: dict[Pairing, Suggestion] = {}
        anew: dict[Pairing, Suggestion] | None = None
        for bit in bits(found):
            for key in self._touching(world.partners, bit):
                state = key, have & self._reach(key)
                suggestion = kept.get(state, _UNKNOWN)
                if suggestion is _UNKNOWN:
                    if anew is None:
                        anew = {**world.suggestions, **self._changed(world, found)[1]}
                    if len(kept) >= MAX_KEPT_WORLDS:
                        kept.clear()
                    suggestion = kept[state] = anew.get(key)
                if isinstance(suggestion, Suggestion):
                    changed[key] = suggestion
        return changed

    def _find_reach(self, key: Pairing) -> int:
        """The measured atoms that a suggestion can depend on."""
        applies, reach = self._suggester.applies, self._base.reach
        rules = [*self._of_add_on[key[0]], *(one for one in self._suggester.cautions if applies(one, *key))]
        return union(reach[rule] for rule in rules) & ~self._base.numbering.facts

    def _find_touching(self, partners: tuple[str, ...], bit: int) -> tuple[Pairing, ...]:
        """The suggestions to some therapies that can depend on an atom."""
        keys = dict.fromkeys(
            key for rule in self._suggester.strategies for key in self._suggester.keys(rule, partners)
        )
        return tuple(key for key in keys if self._reach(key) & bit)

    def _place(self, world: World, key: Pairing) -> tuple[int, int]:
        """The place of a suggestion among those of equal rank: by its first clause, then by its partner."""
        first = min(world.clauses[rule][0] for rule in self._fired(world, key))
        return first, world.partners.index(key[1])

    def _changed(self, world: World, found: int) -> tuple[World, dict[Pairing, Suggestion]]:
        """Return the tumour with further findings, with the suggestions of before, and those that change."""
        suggester = self._suggester
        have, fired = self._fire(world.have, found)
        clauses = world.clauses
        cautions = world.cautions
        new_cautions = []
        touched: set[str] = set()
        for rule, positions in fired.items():
            if rule in suggester.strategies:
                if not touched:
                    clauses = clauses.copy()
                clauses[rule] = tuple(sorted({*clauses.get(rule, ()), *positions}))
                touched.add(rule)
            elif rule in suggester.cautions and rule not in cautions:
                new_cautions.append(rule)
        for bit in bits(have & ~world.have):
            touched.update(rule for rule in self._selecting.get(bit, ()) if rule in clauses)
        if new_cautions:
            cautions = suggester.cautions_in_order({*cautions, *new_cautions})
        keys = {key for rule in touched for key in suggester.keys(rule, world.partners)}
        keys.update(
            key
            for key in world.suggestions
            if key not in keys and any(suggester.applies(caution, *key) for caution in new_cautions)
        )
        wider = world._replace(have=have, clauses=clauses, cautions=cautions)
        return wider, {key: self._suggestion(wider, key) for key in keys}

    def _fire(self, have: int, found: int) -> tuple[int, dict[str, set[int]]]:
        """Return what holds once atoms are added, and the clauses that fire by what is new, by their rule."""
        new = found & ~have
        have |= new
        fired: dict[str, set[int]] = {}
        while new:
            bit = new & -new
            new ^= bit
            for position, clause in self._requiring.get(bit, ()):
                if clause.needs & have == clause.needs:
                    fired.setdefault(clause.rule, set()).add(position)
                    new |= clause.gives & ~have
                    have |= clause.gives
        return have, fired

    def _fired(self, world: World, key: Pairing) -> list[str]:
        """The strategies behind a suggestion."""
        return [
            rule
            for rule in self._of_add_on[key[0]]
            if rule in world.clauses and key in self._suggester.keys(rule, world.partners)
        ]

    def _suggestion(self, world: World, key: Pairing) -> Suggestion:
        have, excluded = world.have, self._markers & ~world.have
        step = self._suggester.step
        steps = [(rule, step(rule, world.clauses[rule], have, excluded)) for rule in self._fired(world, key)]
        return self._suggester.suggestion(*key, tuple(steps), world.cautions)


def _with(world: World, changed: dict[Pairing, Suggestion]) -> World:
    """The tumour with suggestions in the place of those of before."""
    suggestions = {**world.suggestions, **changed}
    ranked = sorted((one.rankable, key) for key, one in suggestions.items())
    return world._replace(suggestions=suggestions, ranked=ranked)
