"""Rule bases of any size: the shipped clauses again and again, each time about other findings."""

from collections.abc import Sequence

from recommender.engine.program import Clause, Program


def times(program: Program, masks: Sequence[int], factor: int) -> tuple[Program, list[int]]:
    """Return a program with `factor` copies of the clauses, and the masks, each in one of the copies.

    All atoms of a copy are its own, so as many clauses fire as before, and what grows is the rest.
    """
    width = len(program.atoms)
    atoms = [
        atom._replace(name=f"{atom.name}~{copy}" if copy else atom.name)
        for copy in range(factor)
        for atom in program.atoms
    ]
    clauses: list[Clause] = []
    stages = []
    for stage in program.stages:
        start = len(clauses)
        for copy in range(factor):
            shift = copy * width
            clauses += [
                Clause(
                    f"{clause.rule}~{copy}" if copy else clause.rule,
                    tuple(atom + shift for atom in clause.atoms),
                    clause.needs << shift,
                    clause.gives << shift,
                )
                for clause in (program.clauses[position] for position in stage)
            ]
        stages.append(range(start, len(clauses)))
    number = {atom: at for at, atom in enumerate(atoms)}
    moved = [mask << at % factor * width for at, mask in enumerate(masks)]
    return Program(tuple(atoms), tuple(clauses), tuple(stages), number), moved
