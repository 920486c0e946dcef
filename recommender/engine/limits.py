"""Clauses cut into blocks that durable-rules can be given, and the limits of what it can be given.

The limits of the library were measured; past them it hangs for ever, ends the process or answers wrongly.
So they hold for every rule base, whichever engine fires it, and are checked when its files are.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .._errors import Problem
from .program import Program

CLAUSES_PER_BLOCK = 48
"""The library bears 63 sibling clauses matched by one fact, and 255 rules that share a pattern."""
ATOMS_PER_BLOCK = 240
"""It bears 252 attributes in one fact."""
ATOMS_PER_CLAUSE = 60
"""So that a block takes several clauses."""
MAX_BLOCKS = 500
"""It bears 511 sibling conditions under one attribute, which is the name of the block."""
MAX_CLAUSES = 4000
"""It bears 4,096 rules in one ruleset."""
MAX_ATOMS = 9999
"""The attribute names f0 to f9999 are known to have different hashes."""


class Block(NamedTuple):
    """Clauses that one fact serves."""

    name: str
    atoms: int
    """The atoms of all of its clauses."""
    clauses: list[int]


def alike(program: Program) -> dict[int, list[int]]:
    """Return the clauses that ask for the same, by the first of them, which is what the library is given."""
    firsts: dict[int, int] = {}
    found: dict[int, list[int]] = {}
    for position, clause in enumerate(program.clauses):
        first = firsts.setdefault(clause.needs, position)
        found.setdefault(first, []).append(position)
    return found


def blocks(program: Program) -> list[list[Block]]:
    """Return for each stage its clauses, of those alike the first, in blocks that one fact can serve."""
    wanted = alike(program)
    count = itertools.count()
    return [
        [
            Block(f"k{next(count)}", atoms, clauses)
            for atoms, clauses in _cut(program, filter(wanted.get, stage))
        ]
        for stage in program.stages
    ]


def _cut(program: Program, clauses: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """Cut clauses into runs where one fact could not serve more."""
    atoms = 0
    members: list[int] = []
    for position in clauses:
        needs = program.clauses[position].needs
        if members and (len(members) == CLAUSES_PER_BLOCK or (atoms | needs).bit_count() > ATOMS_PER_BLOCK):
            yield atoms, members
            atoms, members = 0, []
        atoms |= needs
        members.append(position)
    if members:
        yield atoms, members


def beyond(program: Program) -> list[Problem]:
    """Return what is past a limit, each with the rule that goes past it."""
    clauses = program.clauses
    problems = [
        Problem(
            clause.rule,
            f"it asks for {len(clause.atoms)} facts at once; durable-rules takes {ATOMS_PER_CLAUSE}.",
        )
        for clause in clauses
        if len(clause.atoms) > ATOMS_PER_CLAUSE
    ]
    problems += [Problem(clause.rule, "it asks for nothing.") for clause in clauses if not clause.atoms]
    if len(clauses) > MAX_CLAUSES:
        what = f"with it rules can fire in more ways than the {MAX_CLAUSES} that durable-rules takes."
        problems.append(Problem(clauses[MAX_CLAUSES].rule, what))
    if len(program.atoms) > MAX_ATOMS:
        over = next(one.rule for one in clauses if (one.needs | one.gives) >> MAX_ATOMS)
        what = f"with it rules use more different facts than the {MAX_ATOMS} that durable-rules takes."
        problems.append(Problem(over, what))
    cut = [block for stage in blocks(program) for block in stage]
    if len(cut) > MAX_BLOCKS:
        what = f"with it rules make more than the {MAX_BLOCKS} blocks that durable-rules takes."
        problems.append(Problem(clauses[cut[MAX_BLOCKS].clauses[0]].rule, what))
    return problems
