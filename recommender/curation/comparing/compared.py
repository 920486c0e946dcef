"""Two sides compared: how their assertions relate, and which teaching cases they answer differently."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ...knowledge.base import KnowledgeBase
from ...profile import Profile
from ...recommender import Recommender
from ...result.model import Result
from .believing import BelievedFinding, believed_findings
from .relations import RELATIONS, Related, Relation, relate
from .sides import ComparedSide


class CaseRanking(NamedTuple):
    """What one side ranks for a case: the add-ons with what they are added to, in their order."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    first: tuple[str, ...]
    """Those in first place, which are several where scores are equal; empty where nothing is ranked."""


class CaseApart(NamedTuple):
    """A case that the two sides rank differently."""

    case: str
    a: CaseRanking
    b: CaseRanking

    @property
    def other_first(self) -> bool:
        """True where other add-ons rank first."""
        return self.a.first != self.b.first

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
    cases: tuple[CaseApart, ...] = ()
    answered: int = 0
    """The number of cases that both sides answered."""
    believed: tuple[BelievedFinding, ...] = ()
    """What each finding of the audit changes, where a reading is compared with the shipped rules."""

    def of(self, relation: Relation) -> list[Related]:
        """Return the assertions in a relation."""
        return [one for one in self.related if one.relation == relation]

    @property
    def counts(self) -> dict[Relation, int]:
        """The number of entries of each relation."""
        found = Counter(one.relation for one in self.related)
        return {relation: found[relation] for relation in RELATIONS}

    @property
    def marks(self) -> tuple[str, ...]:
        """The warnings of the sides that no answer may rest on."""
        return tuple(one.base.content.reading.warning for one in (self.a, self.b) if one.base.content.reading)

    def reasons(self, case: str) -> tuple[str, ...]:
        """Return the findings of the audit each of which changes the ranking of a case by itself."""
        return tuple(one.finding for one in self.believed if case in one.ranks)


def compare_sides(
    a: ComparedSide, b: ComparedSide, cases: Iterable[tuple[str, Profile]], *, findings: bool = True
) -> SidesCompared:
    """Return how two sides relate. Cases are answered where both sides have rules.

    Without `findings` it is left out what each finding of the audit changes, which takes longest.
    """
    related = relate(a.asserted, b.asserted, a.base.vocabulary)
    if not (a.answers and b.answers):
        return SidesCompared(a, b, related)
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
    apart = tuple(pair for pair in pairs if pair.a != pair.b)
    believed = _believed(a.base, b.base, asked) if findings else ()
    return SidesCompared(a, b, related, apart, len(asked), believed)


def case_ranking(result: Result) -> CaseRanking:
    """Return what an answer ranks, in its order."""
    names = {one.id: f"{one.add_on.name} {one.place}" for one in result.recommendations}
    first = tuple(names[one.id] for one in result.recommendations if one.rank == 1)
    return CaseRanking(tuple(names), tuple(names.values()), first)


def _believed(
    a: KnowledgeBase, b: KnowledgeBase, cases: list[tuple[str, Profile]]
) -> tuple[BelievedFinding, ...]:
    """Return what each finding changes, where a reading is compared with the rules that it replaces."""
    for base, reading in ((a, b), (b, a)):
        if reading.content.reading and not base.packs and base.sha256 == reading.sha256:
            return believed_findings(base, reading, cases)
    return ()


def _without(some: CaseRanking, others: CaseRanking) -> tuple[str, ...]:
    return tuple(name for id_, name in zip(some.ids, some.names, strict=True) if id_ not in others.ids)
