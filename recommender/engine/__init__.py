"""The rule engines behind one small interface."""

from typing import Literal, Protocol

from .._errors import EngineError
from .program import Program

EngineName = Literal["durable", "plain"]
STAMPS = ("durable-rules", "plain")
"""How results name the engines."""


class Engine(Protocol):
    """Finds the clauses of a program that a set of atoms meets."""

    name: str
    version: str

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending, derived facts followed.

        `have` is the set of measured atoms. Raises EngineError.
        """
        ...


def durable_loads() -> bool:
    """Return whether durable-rules can be loaded by this interpreter."""
    try:
        from . import durable  # noqa: F401
    except ImportError:  # it is not there, or its C extension is for another machine
        return False
    return True


def make_engine(program: Program, name: EngineName | None = None, *, isolated: bool = False) -> Engine:
    """Return the engine called `name`; without one durable-rules where it loads, else the plain one.

    `isolated` gives durable-rules a process of its own, whose end is no more than an EngineLost. Raises
    EngineError when durable-rules is asked for and does not load; RuleBaseError.
    """
    if name is None:
        name = "durable" if durable_loads() else "plain"
    if name == "plain":
        from .plain import PlainEngine

        return PlainEngine(program)
    if not durable_loads():
        from .._extras import durable_command

        how = f" Or install it with a C compiler: {line}" if (line := durable_command()) else ""
        raise EngineError(
            f"durable-rules does not load here. Use the plain engine, which gives the same answers.{how}"
        )
    if isolated:
        from .isolated import IsolatedEngine

        return IsolatedEngine(program)
    from .durable import DurableEngine

    return DurableEngine(program)
