"""Rules compiled to clauses: conjunctions of numbered atoms that an engine can match.

A set of atoms is an integer with a bit for each atom. Clauses are arranged in stages: those of
stage 0 need measured facts only, those of stage n need a fact that a rule of stage n - 1 or
before derives. The rules are positive and do not derive in a circle, so going through the
stages once finds everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from .atoms import MAX_WAYS, Atom, Way, minimal

MAX_STAGES = 100
"""Derived facts that may stand one upon the other."""


class CompiledRule(NamedTuple):
    """A rule for the compiler: its id, the ways to meet it, and the fact that it derives."""

    id: str
    ways: tuple[Way, ...]
    gives: Atom | None = None


class Clause(NamedTuple):
    """One way to fire one rule."""

    rule: str
    atoms: tuple[int, ...]
    needs: int
    gives: int
    """The bit of the derived fact, or 0."""


class Program(NamedTuple):
    """All clauses by stage, and the numbering of the atoms in them."""

    atoms: tuple[Atom, ...]
    clauses: tuple[Clause, ...]
    stages: tuple[range, ...]
    """For each stage the positions of its clauses."""
    number: dict[Atom, int]

    def mask(self, atoms: Iterable[Atom]) -> int:
        """Return the set of those atoms that any clause asks for."""
        return mask_of(atoms, self.number)

    def members(self, mask: int) -> list[Atom]:
        """Return the atoms in a set, by number."""
        members = []
        while mask:
            low = mask & -mask
            members.append(self.atoms[low.bit_length() - 1])
            mask ^= low
        return members


def mask_of(atoms: Iterable[Atom], number: Mapping[Atom, int]) -> int:
    """Return the set of those atoms that have a number."""
    mask = 0
    for atom in atoms:
        position = number.get(atom)
        if position is not None:
            mask |= 1 << position
    return mask


class CircularRules(ValueError):
    """Rules derive facts from one another in a circle; `rules` names them."""

    def __init__(self, rules: Sequence[str]) -> None:
        self.rules = tuple(rules)
        super().__init__(f"these rules derive facts in a circle: {', '.join(rules)}")


class TooManyWays(ValueError):
    """A rule can be met in more ways than can be explained; `rule` names it."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"{rule} can be met by more than {MAX_WAYS} sets of findings")


class TooDeep(ValueError):
    """A rule stands at the end of too long a chain of derived facts; `rule` names it."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(f"{rule} ends a chain of more than {MAX_STAGES} derived facts")


def compile_rules(rules: Sequence[CompiledRule]) -> Program:
    """Return the program of the rules. Raises CircularRules, TooDeep."""
    stage_of = _stages(rules)
    atoms: dict[Atom, int] = {}
    for rule in rules:
        for way in rule.ways:
            for atom in sorted(way):
                atoms.setdefault(atom, len(atoms))
        if rule.gives is not None:
            atoms.setdefault(rule.gives, len(atoms))
    staged: list[tuple[int, Clause]] = []
    for rule in rules:
        for way in rule.ways:
            numbers = tuple(sorted(atoms[atom] for atom in way))
            needs = sum(1 << number for number in numbers)
            gives = 1 << atoms[rule.gives] if rule.gives is not None else 0
            stage = max((stage_of[atom] for atom in way if atom.kind == "fact"), default=0)
            staged.append((stage, Clause(rule.id, numbers, needs, gives)))
    staged.sort(key=lambda entry: entry[0])
    depth = max((stage for stage, _ in staged), default=-1) + 1
    stages = []
    start = 0
    for stage in range(depth):
        count = sum(1 for at, _ in staged if at == stage)
        stages.append(range(start, start + count))
        start += count
    return Program(tuple(atoms), tuple(clause for _, clause in staged), tuple(stages), atoms)


def _stages(rules: Sequence[CompiledRule]) -> dict[Atom, int]:
    """For each derived fact the first stage in which all its rules have been tried."""
    givers: dict[Atom, list[CompiledRule]] = {}
    for rule in rules:
        if rule.gives is not None:
            givers.setdefault(rule.gives, []).append(rule)
    stage: dict[Atom, int] = {}
    on_the_way: list[Atom] = []

    def visit(fact: Atom) -> int:
        if fact in stage:
            return stage[fact]
        if fact in on_the_way:
            circle = [*on_the_way[on_the_way.index(fact) :], fact]
            raise CircularRules(
                [
                    rule.id
                    for given, needed in pairwise(circle)
                    for rule in givers[given]
                    if any(needed in way for way in rule.ways)
                ]
            )
        if len(on_the_way) == MAX_STAGES:
            raise TooDeep(givers[on_the_way[0]][0].id)
        on_the_way.append(fact)
        wanted = {
            atom for rule in givers.get(fact, ()) for way in rule.ways for atom in way if atom.kind == "fact"
        }
        found = 1 + max((visit(atom) for atom in sorted(wanted)), default=0)
        if found > MAX_STAGES:
            raise TooDeep(givers[fact][0].id)
        on_the_way.pop()
        stage[fact] = found
        return found

    for rule in rules:
        for way in rule.ways:
            for atom in sorted(way):
                if atom.kind == "fact":
                    visit(atom)
    return stage


def measured_ways(rules: Sequence[CompiledRule]) -> dict[str, list[Way]]:
    """For each rule the smallest sets of measured atoms that fire it, derived facts unfolded.

    Raises TooManyWays.
    """
    givers: dict[Atom, list[CompiledRule]] = {}
    for rule in rules:
        if rule.gives is not None:
            givers.setdefault(rule.gives, []).append(rule)
    known: dict[str, list[Way]] = {}

    def unfold(rule: CompiledRule) -> list[Way]:
        if rule.id in known:
            return known[rule.id]
        ways: list[Way] = []
        for way in rule.ways:
            partial: list[Way] = [frozenset(atom for atom in way if atom.kind != "fact")]
            for fact in sorted(atom for atom in way if atom.kind == "fact"):
                sources = [found for giver in givers.get(fact, ()) for found in unfold(giver)]
                partial = minimal(one | other for one in partial for other in sources)
                if len(partial) > MAX_WAYS:
                    raise TooManyWays(rule.id)
            ways.extend(partial)
        known[rule.id] = minimal(ways)
        if len(known[rule.id]) > MAX_WAYS:
            raise TooManyWays(rule.id)
        return known[rule.id]

    for rule in rules:
        unfold(rule)
    return known
