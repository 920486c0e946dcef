"""How the assertions of two sides relate."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import Literal, NamedTuple

from ...knowledge.assertions import Assertion
from ...knowledge.vocabulary import Vocabulary

Relation = Literal["contradict", "read-differently", "agree", "same", "only-in-a", "only-in-b"]
RELATIONS: dict[Relation, str] = {
    "contradict": "Contradict",
    "read-differently": "Same paper, read differently",
    "agree": "Agree",
    "same": "Same claim",
    "only-in-a": "Only in A",
    "only-in-b": "Only in B",
}
"""Each relation with its heading, the most telling first."""

_OPPOSITE = {frozenset(("sensitises", "resists"))}


class Related(NamedTuple):
    """Assertions of both sides and their relation; one side is empty where only the other has them."""

    relation: Relation
    a: tuple[Assertion, ...]
    b: tuple[Assertion, ...]

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that either side cites."""
        return tuple(sorted({one.paper for one in (*self.a, *self.b)}))


def relate(a: Iterable[Assertion], b: Iterable[Assertion], vocabulary: Vocabulary) -> tuple[Related, ...]:
    """Return how two sets of assertions relate, the most telling relation first.

    Every assertion is in one relation, but for those that contradict several. In this order: the same claim
    is alike in all fields; two contradict where the same subject has opposite directions under one therapy;
    two agree where subject, therapy and direction are alike, perhaps from the opposite finding or from
    another paper; a paper is read differently where both sides cite it for something else.
    """
    of_a, of_b = set(a), set(b)
    same = of_a & of_b
    found = [Related("same", (one,), (one,)) for one in sorted(same)]
    apart = [
        (left, right)
        for left, right in _pairs(of_a, of_b)
        if not (left in same and right in same) and contradictory(left, right, vocabulary)
    ]
    found += [Related("contradict", (left,), (right,)) for left, right in apart]
    rest_a = of_a - same - {left for left, _ in apart}
    rest_b = of_b - same - {right for _, right in apart}
    alike = [(left, right) for left, right in _pairs(rest_a, rest_b) if _agree(left, right)]
    found += [Related("agree", (left,), (right,)) for left, right in alike]
    rest_a -= {left for left, _ in alike}
    rest_b -= {right for _, right in alike}
    by_paper: defaultdict[str, tuple[list[Assertion], list[Assertion]]] = defaultdict(lambda: ([], []))
    for side, rest in enumerate((rest_a, rest_b)):
        for one in sorted(rest):
            by_paper[one.paper][side].append(one)
    for _, (left, right) in sorted(by_paper.items()):
        if left and right:
            found.append(Related("read-differently", tuple(left), tuple(right)))
        else:
            found += [Related("only-in-a", (one,), ()) for one in left]
            found += [Related("only-in-b", (), (one,)) for one in right]
    return tuple(sorted(found, key=lambda one: list(RELATIONS).index(one.relation)))


def contradictory(one: Assertion, other: Assertion, vocabulary: Vocabulary) -> bool:
    """Return whether two assertions have opposite directions for one subject under one therapy."""
    (subject, direction), (other_subject, other_direction) = one.core, other.core
    if subject != other_subject or direction == other_direction:
        return False
    if frozenset((direction, other_direction)) in _OPPOSITE:
        return one.therapy == other.therapy or _overlap(one.therapy, other.therapy, vocabulary)
    fact, _, state = direction.rpartition(" ")
    other_fact, _, other_state = other_direction.rpartition(" ")
    return bool(fact) and fact == other_fact and state != other_state


def _overlap(therapy: str, other: str, vocabulary: Vocabulary) -> bool:
    known = vocabulary.therapies
    if therapy not in known or other not in known:
        return False
    return vocabulary.falls_under(therapy, (other,)) or vocabulary.falls_under(other, (therapy,))


def _agree(one: Assertion, other: Assertion) -> bool:
    alike = one.core == other.core and one.therapy == other.therapy
    return alike and (one.paper != other.paper or one.qualifiers == other.qualifiers)


def _pairs(a: Iterable[Assertion], b: Iterable[Assertion]) -> list[tuple[Assertion, Assertion]]:
    """Return the pairs of both sides that have the same subject."""
    by_subject: defaultdict[object, list[Assertion]] = defaultdict(list)
    for one in sorted(b):
        by_subject[one.core[0]].append(one)
    return [pair for one in sorted(a) for pair in product([one], by_subject[one.core[0]])]
