"""Fired clauses to proofs: which findings met a rule, directly or through derived facts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._values import cached_property
from ..engine.atoms import Atom
from ..engine.numbering import union
from ..knowledge.base import KnowledgeBase
from .facts import Facts


class Met(NamedTuple):
    """A finding, therapy or failed therapy that met a condition.

    `via` names the derived facts between it and the rule, nearest to the finding first.
    """

    atom: Atom
    source: str
    via: tuple[str, ...] = ()


class Proofs:
    """The rules that fired for one profile, and the reasons.

    `rules` has for each rule that fired its clauses, as positions in the program.
    """

    def __init__(self, base: KnowledgeBase, facts: Facts, fired: Sequence[int]) -> None:
        program = base.program
        self._atoms, self._number, self._clauses = program.atoms, program.number, program.clauses
        self._base, self._facts = base, facts
        self.sources = facts.sources(base)
        self.rules: dict[str, list[int]] = {}
        self._givers: dict[int, list[int]] = {}
        for position in fired:
            clause = self._clauses[position]
            self.rules.setdefault(clause.rule, []).append(position)
            if clause.gives:
                self._givers.setdefault(clause.gives.bit_length() - 1, []).append(position)
        self.derived = {self._atoms[number] for number in self._givers}
        self._roots: dict[int, tuple[Met, ...]] = {}

    @cached_property
    def holds(self) -> set[Atom]:
        """Every atom that is true, measured or derived."""
        return self.derived.union(self.sources)

    @cached_property
    def have(self) -> int:
        """Every atom that is true, as a set of the numbering of the rule base."""
        derived = sum(1 << number for number in self._givers)
        return self._base.numbering.mask(self.sources) | derived

    @cached_property
    def excluded(self) -> int:
        """The states that measured values exclude, as a set of the numbering of the rule base."""
        rivals_of = self._base.numbering.rivals_of
        return union(rivals_of(one.marker, one.state) for one in self._facts.measured.values())

    def conditions(self, rule: str) -> list[Atom]:
        """Return the atoms of all clauses that fired the rule, in a fixed order."""
        numbers = {atom for position in self.rules[rule] for atom in self._clauses[position].atoms}
        return sorted(self._atoms[number] for number in numbers)

    def matched(self, rule: str) -> list[Met]:
        """Return everything measured that the rule rests on, in a fixed order."""
        return self.measured_behind(self.conditions(rule))

    def measured_behind(self, atoms: Iterable[Atom]) -> list[Met]:
        """Return everything measured behind atoms that hold, in a fixed order."""
        found: set[Met] = set()
        for atom in atoms:
            found.update(self._root(atom))
        return sorted(found, key=lambda one: (len(one.via), one.atom, one.via))

    def because(self, rule: str) -> list[str]:
        """Return in words what met the conditions of the rule."""
        words = []
        for atom in self.conditions(rule):
            source = self.sources.get(atom)
            words.append(f"{atom} ({source})" if source else str(atom))
        return words

    def _root(self, atom: Atom) -> tuple[Met, ...]:
        if atom.kind != "fact":
            return (Met(atom, self.sources[atom]),)
        number = self._number[atom]
        known = self._roots.get(number)
        if known is None:
            known = tuple(
                Met(met.atom, met.source, (*met.via, atom.name))
                for position in self._givers[number]
                for inner in self._clauses[position].atoms
                for met in self._root(self._atoms[inner])
            )
            self._roots[number] = known
        return known
