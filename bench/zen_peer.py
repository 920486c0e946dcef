"""The same compiled clauses for zen-engine in its fastest form: static loader, list expressions."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from recommender.engine.program import Program

Evaluate = Callable[[int], list[int]]


def by_stages(program: Program) -> Evaluate:
    """Return an evaluator that asks zen-engine once for each stage, as our engines go through them."""
    engine = _engine(
        {
            f"stage{number}": [program.clauses[position].atoms for position in stage]
            for number, stage in enumerate(program.stages)
        }
    )
    names = names_of(program)
    gives = [clause.gives for clause in program.clauses]

    def evaluate(have: int) -> list[int]:
        fired: list[int] = []
        for number, stage in enumerate(program.stages):
            hits = engine.evaluate(f"stage{number}", facts_of(have, names))["result"]["fired"]
            now = [position for position, hit in zip(stage, hits, strict=True) if hit]
            for position in now:
                have |= gives[position]
            fired += now
        return fired

    return evaluate


def at_once(program: Program, ways: Sequence[Iterable[int]]) -> Evaluate:
    """Return an evaluator that asks zen-engine once, over rules whose derived facts were unfolded.

    It returns positions in `ways`, which is less than our engines return: it does not say how.
    """
    engine = _engine({"all": [tuple(way) for way in ways]})
    names = names_of(program)

    def evaluate(have: int) -> list[int]:
        hits = engine.evaluate("all", facts_of(have, names))["result"]["fired"]
        return [position for position, hit in enumerate(hits) if hit]

    return evaluate


def names_of(program: Program) -> list[str]:
    return [f"a{number}" for number in range(len(program.atoms))]


def facts_of(have: int, names: Sequence[str]) -> dict[str, bool]:
    facts = {}
    while have:
        low = have & -have
        facts[names[low.bit_length() - 1]] = True
        have ^= low
    return facts


def _engine(conjunctions: dict[str, list[tuple[int, ...]]]) -> Any:
    import zen

    content = {}
    for key, wanted in conjunctions.items():
        terms = [" and ".join(f"a{atom} == true" for atom in atoms) for atoms in wanted]
        expression = {"id": "1", "key": "fired", "value": f"[{', '.join(f'({term})' for term in terms)}]"}
        place = {"x": 0, "y": 0}
        content[key] = {
            "nodes": [
                {"id": "in", "type": "inputNode", "name": "in", "position": place},
                {
                    "id": "rules",
                    "type": "expressionNode",
                    "name": "rules",
                    "position": place,
                    "content": {"expressions": [expression]},
                },
                {"id": "out", "type": "outputNode", "name": "out", "position": place},
            ],
            "edges": [
                {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
                {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
            ],
        }
    return zen.ZenEngine({"loader": {"type": "static", "content": content}})
