"""Suggestions in order: each dimension's value with its reason, the score, the rank.

The score is the weighted sum of the dimensions, with the weights of `rules/ranking.yaml`.
Suggestions of a tier stand after all of the tiers before it: see `grouping`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..knowledge.ranking_models import DIMENSIONS, DimensionName, Ranking
from .acceptability import Acceptability, Parts


class Scored(NamedTuple):
    """The value of each dimension, why, and the weighted sum in hundredths of a point."""

    parts: Parts
    reasons: tuple[str, ...]
    total: int

    @property
    def score(self) -> float:
        """The weighted sum in points."""
        return self.total / 100


class Place(NamedTuple):
    """Where a suggestion stands: its rank, and the share of weightings that give it."""

    rank: int
    acceptability: float
    first: float
    """The share of weightings that would put it first in its group; without groups, in the first tier."""
    leads: bool
    """True where it is the first of its tier, or one of the first."""
    among: int
    """How many suggestions its tier has."""


class Ranker:
    """Scores and orders suggestions by the published dimensions."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._weights = [ranking.dimensions[name].weight for name in DIMENSIONS]
        self._acceptability = Acceptability(len(DIMENSIONS), ranking.samples, ranking.seed)
        self._places = lru_cache(maxsize=1024)(self._find_places)

    def step(self, dimension: DimensionName, name: str) -> tuple[int, str]:
        """Return the points and the reason of a step of a dimension."""
        step = self._ranking.dimensions[dimension].steps[name]
        return step.points, step.reason

    def score(self, values: Mapping[DimensionName, tuple[int, str]]) -> Scored:
        """Return the score of a suggestion from the points and reason of each dimension."""
        parts = tuple(values[name][0] for name in DIMENSIONS)
        reasons = tuple(values[name][1] for name in DIMENSIONS)
        total = sum(weight * part for weight, part in zip(self._weights, parts, strict=True))
        return Scored(parts, reasons, total)

    def places(self, scored: Sequence[tuple[Scored, int]]) -> tuple[Place, ...]:
        """Return the place of each suggestion, given as its score and its tier.

        Equal scores of a tier share a rank. Scores are few, so the places of many tumours are the same.
        """
        return self._places(tuple(scored))

    def _find_places(self, scored: tuple[tuple[Scored, int], ...]) -> tuple[Place, ...]:
        places: dict[int, Place] = {}
        for tier in sorted({tier for _, tier in scored}):
            ahead = len(places)
            members = [index for index, (_, other) in enumerate(scored) if other == tier]
            totals = [scored[index][0].total for index in members]
            within = [1 + sum(other > total for other in totals) for total in totals]
            parts = [scored[index][0].parts for index in members]
            shares = self._acceptability.of_ranks(parts, within)
            firsts = self._acceptability.of_ranks(parts, [1] * len(parts))
            may_lead = bool(self._ranking.groups) or not ahead
            for index, rank, share, first in zip(members, within, shares, firsts, strict=True):
                places[index] = Place(
                    ahead + rank, share, first if may_lead else 0.0, rank == 1, len(members)
                )
        return tuple(places[index] for index in range(len(scored)))
