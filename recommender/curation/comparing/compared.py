"""Two sides compared: how their assertions relate, and which teaching cases they answer differently."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ...profile import Profile
from ...recommender import Recommender
from ...result.model import Result
from .relations import RELATIONS, Related, Relation, relate
from .sides import ComparedSide


class CaseRanking(NamedTuple):
    """What one side ranks for a case."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    """The add-ons with the therapies that they are added to, in their order."""

    @property
    def first(self) -> str:
        """The add-on that ranks first; empty where none does."""
        return self.names[0] if self.names else ""


class CaseApart(NamedTuple):
    """A case that the two sides rank differently."""

    case: str
    a: CaseRanking
    b: CaseRanking

    @property
    def other_first(self) -> bool:
        """True where another add-on ranks first."""
        return self.a.ids[:1] != self.b.ids[:1]

    @property
    def left_out_by_a(self) -> tuple[str, ...]:
        """The add-ons that only the second side ranks."""
        return _without(self.b, self.a)

    @property
    def left_out_by_b(self) -> tuple[str, ...]:
        """The add-ons that only the first side ranks."""
        return _without(self.a, self.b)


class SidesCompared(NamedTuple):
    """All that differs between two sides, and what does not."""

    a: ComparedSide
    b: ComparedSide
    related: tuple[Related, ...]
    cases: tuple[CaseApart, ...]
    answered: int
    """The number of cases that both sides answered."""

    def of(self, relation: Relation) -> list[Related]:
        """Return the assertions in a relation."""
        return [one for one in self.related if one.relation == relation]

    @property
    def counts(self) -> dict[Relation, int]:
        """The number of entries of each relation."""
        found = Counter(one.relation for one in self.related)
        return {relation: found[relation] for relation in RELATIONS}


def compare_sides(a: ComparedSide, b: ComparedSide, cases: Iterable[tuple[str, Profile]]) -> SidesCompared:
    """Return how two sides relate. Cases are answered where both sides have rules."""
    related = relate(a.asserted, b.asserted, a.base.vocabulary)
    if not (a.answers and b.answers):
        return SidesCompared(a, b, related, (), 0)
    asked = list(cases)
    one, other = (Recommender(base=side.base, engine="plain") for side in (a, b))
    pairs = [
        CaseApart(
            name,
            case_ranking(one.recommend(profile, brief=True)),
            case_ranking(other.recommend(profile, brief=True)),
        )
        for name, profile in asked
    ]
    return SidesCompared(a, b, related, tuple(pair for pair in pairs if pair.a.ids != pair.b.ids), len(asked))


def case_ranking(result: Result) -> CaseRanking:
    """Return what an answer ranks, in its order."""
    found = result.recommendations
    return CaseRanking(
        tuple(one.id for one in found), tuple(f"{one.add_on.name} {one.place}" for one in found)
    )


def _without(some: CaseRanking, others: CaseRanking) -> tuple[str, ...]:
    return tuple(name for id_, name in zip(some.ids, some.names, strict=True) if id_ not in others.ids)
