"""Sets of atoms as integers with a bit for each atom: union, difference and inclusion are one step."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ..states import AXES, axis_of
from .atoms import Atom, Way
from .program import Program, mask_of


class Numbering:
    """The bits of all atoms of a rule base: those of its program first, so its masks hold here as well.

    Two states of a marker on one axis exclude each other: each is the rival of the other.
    """

    def __init__(self, program: Program, more: Iterable[Atom]) -> None:
        self._made_of = program, tuple(more)
        self.atoms = (*program.atoms, *sorted(set(self._made_of[1]) - program.number.keys()))
        self._number = {atom: position for position, atom in enumerate(self.atoms)}
        self.markers = self.mask(atom for atom in self.atoms if atom.kind == "marker")
        """Every state of a marker."""
        self.facts = self.mask(atom for atom in self.atoms if atom.kind == "fact")
        """Every derived fact."""
        self.rivals_of = lru_cache(maxsize=4096)(self._rivals_of_state)
        self.axes = self._axes()
        """The bits of each axis of a marker of which every state has one, by marker and axis."""
        self.way = lru_cache(maxsize=16384)(self._way)
        self.rivals = lru_cache(maxsize=16384)(self._rivals)

    def __reduce__(self) -> tuple[type["Numbering"], tuple[Program, tuple[Atom, ...]]]:
        """Make a copy anew, in another process too: what is kept of earlier answers cannot be sent."""
        return Numbering, self._made_of

    def _axes(self) -> list[tuple[int, ...]]:
        markers = {(atom.name, axis_of(atom.state)) for atom in self.atoms if atom.kind == "marker"}
        found = ([Atom("marker", name, state) for state in AXES[axis]] for name, axis in sorted(markers))
        return [
            tuple(1 << self._number[atom] for atom in states)
            for states in found
            if self._number.keys() >= set(states)
        ]

    def mask(self, atoms: Iterable[Atom]) -> int:
        """Return the set of those atoms that have a bit."""
        return mask_of(atoms, self._number)

    def is_measurable(self, mask: int) -> bool:
        """Return whether a set holds nothing but findings, which one tumour can have together."""
        return not mask & ~self.markers and not self.rivals(mask) & mask

    def _rivals(self, mask: int) -> int:
        """Return the states that those in a set exclude."""
        rivals = 0
        for bit in bits(mask & self.markers):
            _, name, state = self.atoms[bit.bit_length() - 1]
            rivals |= self.rivals_of(name, state)
        return rivals

    def _rivals_of_state(self, marker: str, state: str) -> int:
        """Return the states that a state of a marker excludes, whether it has a bit or not."""
        others = (other for other in AXES[axis_of(state)] if other != state)
        return self.mask(Atom("marker", marker, other) for other in others)

    def _way(self, mask: int) -> Way:
        """Return a set as its atoms, the same object for the same set while it is kept."""
        return frozenset(self.atoms[bit.bit_length() - 1] for bit in bits(mask))


def union(masks: Iterable[int]) -> int:
    """Return all that is in one of the sets."""
    found = 0
    for mask in masks:
        found |= mask
    return found


def bits(mask: int) -> list[int]:
    """Return the bits of a set, ascending.

    >>> bits(0b1010)
    [2, 8]
    """
    found = []
    while mask:
        low = mask & -mask
        found.append(low)
        mask ^= low
    return found


def reach(program: Program, selecting: Mapping[str, Iterable[int]]) -> dict[str, int]:
    """Return for each rule every atom that it can depend on, also through derived facts, as a mask.

    `selecting` has the sets of atoms that select a strategy without being required.
    """
    of_rule: defaultdict[str, int] = defaultdict(int)
    of_fact: defaultdict[int, int] = defaultdict(int)

    def widened(mask: int) -> int:
        """Return a set with the atoms behind the facts in it."""
        return mask | union(of_fact[bit] for bit in bits(mask) if bit in of_fact)

    for clause in program.clauses:  # stage by stage, so what gives a fact comes before what requires it
        wide = widened(clause.needs)
        of_rule[clause.rule] |= wide
        if clause.gives:
            of_fact[clause.gives] |= wide
    for rule, masks in selecting.items():
        of_rule[rule] |= widened(union(masks))
    return dict(of_rule)
