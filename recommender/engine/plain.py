"""The plain evaluator: each clause is a set of atoms, and it fires when all of them are there.

Each clause is filed under one of its atoms, the one that fewest clauses ask for. Only clauses filed
under an atom that is there are looked at, so rules about other findings cost nothing.
"""

from collections import Counter
from typing import NamedTuple

from .. import _version
from .program import Program


class PlainEngine:
    """Evaluates a program in Python, stage by stage. Holds no state between calls."""

    name = "plain"
    version = _version.VERSION

    def __init__(self, program: Program) -> None:
        asked = Counter(atom for clause in program.clauses for atom in clause.atoms)
        self._stages = [_File([], {}) for _ in program.stages]
        self._gives: dict[int, int] = {}
        for file, stage in zip(self._stages, program.stages, strict=True):
            for position in stage:
                clause = program.clauses[position]
                if clause.gives:
                    self._gives[position] = clause.gives.bit_length() - 1
                if clause.atoms:
                    rarest = min(clause.atoms, key=lambda atom: (asked[atom], atom))
                    rest = frozenset(clause.atoms) - {rarest}
                    file.under.setdefault(rarest, []).append((position, rest))
                else:
                    file.always.append(position)

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending."""
        gives = self._gives
        present = _numbers(have)
        fired: list[int] = []
        for always, under in self._stages:
            now = always.copy()
            for atom in under.keys() & present:
                now += [position for position, rest in under[atom] if rest <= present]
            now.sort()
            present.update(gives[position] for position in now if position in gives)
            fired += now
        return fired


class _File(NamedTuple):
    """The clauses of a stage, those that ask for nothing apart."""

    always: list[int]
    under: dict[int, list[tuple[int, frozenset[int]]]]
    """By the atom under which they are filed: their positions, and the other atoms that they ask for."""


def _numbers(mask: int) -> set[int]:
    """The numbers of the bits in a set: by their digits, as arithmetic on long numbers is slow."""
    digits = bin(mask)
    last = len(digits) - 1
    found = set()
    at = digits.find("1", 2)
    while at > 0:
        found.add(last - at)
        at = digits.find("1", at + 1)
    return found
