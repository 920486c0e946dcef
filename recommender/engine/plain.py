"""The plain evaluator: each clause is a set of bits, and it fires when all of them are there."""

from .. import _version
from ..knowledge.compiling import Program


class PlainEngine:
    """Evaluates a program in Python, stage by stage. Holds no state between calls."""

    name = "plain"
    version = _version.VERSION

    def __init__(self, program: Program) -> None:
        clauses = program.clauses
        self._stages = [
            [(position, clauses[position].needs) for position in stage] for stage in program.stages
        ]
        self._gives = [clause.gives for clause in clauses]
        self._all = (1 << len(program.atoms)) - 1

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending."""
        gives = self._gives
        lacking = self._all & ~have
        fired: list[int] = []
        for stage in self._stages:
            now = [position for position, needs in stage if not needs & lacking]
            for position in now:
                lacking &= ~gives[position]
            fired += now
        return fired
