"""What a profile states, as the reader sees it: disease, therapies and findings, with their ids."""

from collections.abc import Iterable
from typing import Literal

from ..evaluation.facts import Facts, Given
from ..knowledge.base import KnowledgeBase
from .ids import IdsView, ids_view
from .parts import DiseaseGiven, Fact, TherapyGiven


class GivenViews:
    """Shows what profiles state, with the ids of it, each looked up once. A rule base of 1.0 has none."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._made: dict[tuple[str, str], IdsView | None] = {}

    def disease(self, found: Facts) -> DiseaseGiven | None:
        """Return the disease of the profile, where the vocabulary knows it."""
        given = found.disease if self._base.grouped else None
        if given is None:
            return None
        return DiseaseGiven(id=given.id, name=given.name, ids=self._ids("diseases", given.id))

    def therapies(self, given: Iterable[Given]) -> tuple[TherapyGiven, ...]:
        """Return therapies of the profile, as they are ordered there."""
        return tuple(
            TherapyGiven(
                id=one.therapy, name=one.name, source=one.source, ids=self._ids("therapies", one.therapy)
            )
            for one in given
        )

    def facts(self, found: Facts) -> tuple[Fact, ...]:
        """Return the measured markers, by name."""
        return tuple(
            Fact(
                marker=one.marker,
                state=one.state,
                source=one.source,
                detail=one.detail,
                ids=self._ids("markers", one.marker),
            )
            for one in found.findings
        )

    def _ids(self, kind: Literal["diseases", "markers", "therapies"], name: str) -> IdsView | None:
        try:
            return self._made[kind, name]
        except KeyError:
            ids = getattr(self._base.vocabulary, kind)[name].ids if self._base.grouped else None
            return self._made.setdefault((kind, name), ids_view(ids) if ids else None)
