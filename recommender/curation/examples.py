"""The rules tried on their own examples: do they fire, do they not, and is every way exercised?"""

from typing import Any, NamedTuple

from .._errors import InputError
from ..engine import Engine
from ..evaluation.facts import read_facts
from ..knowledge.base import KnowledgeBase
from ..profile import Profile


class Failure(NamedTuple):
    """An example that does not do what it is there for."""

    rule: str
    example: dict[str, Any]
    what: str


class ExampleReport(NamedTuple):
    """The outcome of trying all examples.

    A way is one set of facts that fires a rule; one that always holds, with any therapy, has a single way.
    """

    rules: int
    examples: int
    ways: int
    ways_tried: int
    failures: tuple[Failure, ...]
    untried: tuple[str, ...]
    """Rule and facts of each way that no example of the rule takes."""

    @property
    def passed(self) -> bool:
        """True where every example held and every way was taken."""
        return not self.failures and not self.untried


def try_examples(base: KnowledgeBase, engine: Engine) -> ExampleReport:
    """Return what comes of every rule's own examples."""
    program = base.program
    failures: list[Failure] = []
    taken: set[int] = set()
    examples = 0

    def fired(example: dict[str, Any]) -> set[int]:
        facts = read_facts(Profile.parse(example), base)
        return set(engine.fire(program.mask(facts.sources(base))))

    mine: dict[str, set[int]] = {}
    for position, clause in enumerate(program.clauses):
        mine.setdefault(clause.rule, set()).add(position)
    for rule in base.content.rules:
        tried = [(example, True) for example in rule.examples.fires]
        tried += [(example, False) for example in rule.examples.near_misses]
        for example, wanted in tried:
            examples += 1
            try:
                hits = fired(example) & mine[rule.id]
            except InputError as error:
                failures.append(Failure(rule.id, example, str(error)))
                continue
            if bool(hits) is not wanted:
                what = "should fire and does not" if wanted else "fires, though it is a near miss"
                failures.append(Failure(rule.id, example, what))
            taken |= hits
    always = {rule.id for rule in base.cautions if rule.always}
    ways: dict[str, bool] = {}
    for position, (rule_id, atoms, _, _) in enumerate(program.clauses):
        facts = ", ".join(str(program.atoms[atom]) for atom in atoms)
        way = f"{rule_id}: {'any therapy' if rule_id in always else facts}"
        ways[way] = ways.get(way, False) or position in taken
    untried = tuple(way for way, tried in ways.items() if not tried)
    return ExampleReport(
        len(base.rules),
        examples,
        len(ways),
        len(ways) - len(untried),
        tuple(failures),
        untried,
    )
