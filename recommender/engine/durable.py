"""durable-rules behind our interface. The only module that imports it.

The library is safe as a matcher of positive conjunctions of constants and little else, so that is
all it is given: one wide fact for each block of clauses, short ASCII names, one session id, every
consequent run by us, and everything retracted when the agenda is empty. Its limits are checked
before it sees anything (`knowledge.blocks`).
"""

import os
import threading
import weakref
from pathlib import Path
from typing import Self

import durable_rules_engine as dre

from .._errors import EngineError, RuleBaseError
from .limits import Block, alike, beyond, blocks
from .program import Program

_HANDLED, _UNWANTED = 0, 1
_DONE = '{"id":"done","sid":"s","done":"y"}'
_FIRST_CHARACTER = len('{"')


def _version() -> str:
    """The version of durable-rules, from the name of its metadata folder: parsing that takes 5 ms."""
    for folder in Path(dre.__file__).parent.glob("durable_rules-*.dist-info"):
        return folder.name.removesuffix(".dist-info").partition("-")[2]
    from importlib import metadata

    return metadata.version("durable_rules")


class DurableEngine:
    """Evaluates a program with durable-rules. Safe to share between threads: one call at a time."""

    name = "durable-rules"
    version = _version()
    _delete_ruleset = staticmethod(dre.delete_ruleset)  # at hand when the interpreter goes down

    def __init__(self, program: Program) -> None:
        if problems := beyond(program):
            raise RuleBaseError(problems)
        self._program = program
        self._gives = [clause.gives for clause in program.clauses]
        self._names = [f"f{number}" for number in range(len(program.atoms))]
        self._alike = alike(program)
        self._blocks = blocks(program)
        self._definition = _definition(program, self._blocks, self._names)
        self._handle: int | None = None
        self._lock = threading.Lock()
        _engines.add(self)

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending. Raises EngineError."""
        with self._lock:
            # The ruleset is out of reach until all went well: whatever interrupts, and however often, no
            # later call meets one that is half done. It is built anew.
            handle, self._handle = self._handle, None
            try:
                if handle is None:
                    handle = dre.create_ruleset("rules", self._definition)
                fired = self._fire(handle, have)
            except BaseException as error:
                if handle is not None:
                    self._delete_ruleset(handle)
                if isinstance(error, EngineError) or not isinstance(error, Exception):
                    raise
                raise EngineError(f"durable-rules failed: {error}") from error
            self._handle = handle
            return fired

    def _fire(self, handle: int, have: int) -> list[int]:
        fired: list[int] = []
        asserted: list[str] = []
        for stage in self._blocks:
            now: list[int] = []
            for block in stage:
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

    def __reduce__(self) -> tuple[type[Self], tuple[Program]]:
        """Copies and pickles are engines of their own for the program: each frees its own ruleset."""
        return type(self), (self._program,)

    def after_fork(self) -> None:
        """Do not wait, in a process that was forked, for a thread that stayed behind."""
        self._lock = threading.Lock()

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None:
            self._delete_ruleset(handle)


_engines: weakref.WeakSet[DurableEngine] = weakref.WeakSet()


def _after_fork() -> None:
    for engine in _engines:
        engine.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _definition(program: Program, stages: list[list[Block]], names: list[str]) -> str:
    """The rules as JSON, put together from names that need no escaping: writing objects takes four times."""
    wanted = [f',{{"{name}":"y"}}' for name in names]
    rules = [
        f'"c{position}":{{"all":[{{"m":{{"$and":[{{"b":"{block.name}"}}{"".join(asked)}]}}}}]}}'
        for stage in stages
        for block in stage
        for position in block.clauses
        for asked in [[wanted[atom] for atom in program.clauses[position].atoms]]
    ]
    return "{" + ",".join([*rules, '"done":{"all":[{"m":{"done":"y"}}]}']) + "}"
