"""durable-rules behind our interface. The only module that imports it.

The library is safe as a matcher of positive conjunctions of constants and little else, so that is
all it is given: one wide fact for each block of clauses, short ASCII names, one session id, every
consequent run by us, and everything retracted when the agenda is empty. The limits below were
measured; past them it hangs, crashes or answers wrongly, so they are checked before it sees
anything.
"""

import itertools
import json
import threading
from collections.abc import Container, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import durable_rules_engine as dre

from .._errors import EngineError, Problem, RuleBaseError
from ..knowledge.compiling import Program

CLAUSES_PER_BLOCK = 48
"""At most 63 sibling clauses may be matched by one fact."""
ATOMS_PER_BLOCK = 240
"""At most 252 attributes may stand in one fact."""
MOST_CLAUSES = 4000
"""At most 4,096 rules may stand in one ruleset."""
MOST_ATOMS = 9999
"""The attribute names f0 to f9999 are known to have different hashes."""
MOST_ATOMS_PER_CLAUSE = 60

_HANDLED, _UNWANTED = 0, 1
_DONE = '{"id":"done","sid":"s","done":"y"}'
_FIRST_CHARACTER = len('{"')


def _version() -> str:
    """The version of durable-rules, from the name of its metadata folder: parsing that takes 5 ms."""
    for folder in Path(dre.__file__).parent.glob("durable_rules-*.dist-info"):
        return folder.name.removesuffix(".dist-info").partition("-")[2]
    return metadata.version("durable_rules")


class DurableEngine:
    """Evaluates a program with durable-rules. Safe to share between threads: one call at a time."""

    name = "durable-rules"
    version = _version()
    _delete_ruleset = staticmethod(dre.delete_ruleset)  # at hand when the interpreter goes down

    def __init__(self, program: Program) -> None:
        self._program = program
        self._gives = [clause.gives for clause in program.clauses]
        self._names = [f"f{number}" for number in range(len(program.atoms))]
        self._alike = _alike(program)
        self._blocks = _blocks(program, self._alike)
        self._definition = _definition(program, self._blocks, self._names)
        self._lock = threading.Lock()
        self._handle: int | None = None

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending. Raises EngineError."""
        with self._lock:
            try:
                return self._fire(have)
            except BaseException as error:
                self._drop()
                if isinstance(error, EngineError) or not isinstance(error, Exception):
                    raise
                raise EngineError(f"durable-rules failed: {error}") from error

    def _fire(self, have: int) -> list[int]:
        if self._handle is None:
            self._handle = dre.create_ruleset("rules", self._definition)
        handle = self._handle
        fired: list[int] = []
        asserted: list[str] = []
        for blocks in self._blocks:
            now: list[int] = []
            for block in blocks:
                present = have & block.atoms
                if present:
                    fact = self._fact(block.name, present)
                    asserted.append(fact)
                    for first in self._drain(handle, fact):
                        now += self._alike[first]
            now.sort()
            for position in now:
                have |= self._gives[position]
            fired += now
        if self._drain(handle, _DONE) != [-1]:
            raise EngineError("durable-rules did not work off its agenda")
        asserted.append(_DONE)
        for fact in asserted:
            dre.retract_fact(handle, fact)
        return fired

    def _fact(self, name: str, present: int) -> str:
        names = self._names
        attributes = []
        while present:
            low = present & -present
            attributes.append(f',"{names[low.bit_length() - 1]}":"y"')
            present ^= low
        return f'{{"id":"{name}","sid":"s","b":"{name}"{"".join(attributes)}}}'

    @staticmethod
    def _drain(handle: int, fact: str) -> list[int]:
        """Assert a fact and run every consequent; return the clauses, -1 for the last rule."""
        code, state = dre.assert_fact(handle, fact)
        if code == _UNWANTED:
            return []
        if code != _HANDLED:
            raise EngineError(f"durable-rules answered {code} to a fact")
        fired: list[int] = []
        action = dre.start_action_for_state(handle, state)
        message = action[1] if action else None
        while message:
            name = message[_FIRST_CHARACTER : message.index('"', _FIRST_CHARACTER)]
            fired.append(-1 if name == "done" else int(name[1:]))
            message = dre.complete_and_start_action(handle, state)
        return fired

    def _drop(self) -> None:
        """Give up the ruleset after any failure; the next call builds a new one."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._delete_ruleset(handle)

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self._drop()


class _Block(NamedTuple):
    """Clauses that one fact serves."""

    name: str
    atoms: int
    """What any of its clauses asks for."""
    clauses: list[int]


def _alike(program: Program) -> dict[int, list[int]]:
    """The clauses that ask for the same: the first of them, and all. The library is given the first."""
    firsts: dict[int, int] = {}
    alike: dict[int, list[int]] = {}
    for position, clause in enumerate(program.clauses):
        first = firsts.setdefault(clause.needs, position)
        alike.setdefault(first, []).append(position)
    return alike


def _blocks(program: Program, wanted: Container[int]) -> list[list[_Block]]:
    """Cut the wanted clauses of each stage into blocks that one fact can serve. Raises RuleBaseError."""
    problems = [
        Problem(
            clause.rule,
            f"it asks for {len(clause.atoms)} facts at once; durable-rules takes {MOST_ATOMS_PER_CLAUSE}.",
        )
        for clause in program.clauses
        if len(clause.atoms) > MOST_ATOMS_PER_CLAUSE
    ]
    if len(program.clauses) > MOST_CLAUSES:
        over = program.clauses[MOST_CLAUSES].rule
        problems.append(
            Problem(
                over,
                f"with it rules can fire in more ways than the {MOST_CLAUSES} that durable-rules takes.",
            )
        )
    if len(program.atoms) > MOST_ATOMS:
        problems.append(
            Problem(
                "", f"the rules ask for more different facts than the {MOST_ATOMS} that durable-rules takes."
            )
        )
    if problems:
        raise RuleBaseError(problems)
    count = itertools.count()
    stages = []
    for stage in program.stages:
        cuts = _cut(program, [position for position in stage if position in wanted])
        stages.append([_Block(f"k{next(count)}", atoms, clauses) for atoms, clauses in cuts])
    return stages


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


def _definition(program: Program, stages: list[list[_Block]], names: list[str]) -> str:
    rules: dict[str, object] = {}
    for blocks in stages:
        for block in blocks:
            for position in block.clauses:
                wanted: list[dict[str, str]] = [{"b": block.name}]
                wanted += [{names[atom]: "y"} for atom in program.clauses[position].atoms]
                rules[f"c{position}"] = {"all": [{"m": {"$and": wanted}}]}
    rules["done"] = {"all": [{"m": {"done": "y"}}]}
    return json.dumps(rules)
