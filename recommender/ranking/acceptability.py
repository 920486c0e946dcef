"""How often an order holds when nobody agrees on the weights: rank acceptability, as in SMAA.

Weights are drawn uniformly over the simplex with a fixed seed. For two vectors of score parts,
the weightings under which one beats the other are kept as an integer with one byte for each
weighting, so that adding such integers counts the rivals that beat an item under all weightings
at once. Everything is integer arithmetic: the answer is the same on every machine.

Source of the method: Lahdelma, Hokkanen and Salminen, SMAA - Stochastic multiobjective
acceptability analysis, Eur J Oper Res 1998;106:137-143.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from operator import gt, mul

from .._values import cached_property

Parts = tuple[int, ...]
"""The value of each dimension."""

_BITS = 20
_WHOLE = 1 << _BITS
"""Weights are integers that add up to this."""

MAX_ITEMS = 256
"""More rivals than this would not fit into a byte."""


@lru_cache(maxsize=4)
def weightings(dimensions: int, samples: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Return `samples` integer weightings, uniform over the simplex of that many dimensions.

    The gaps between sorted uniform numbers are uniform over the simplex.
    """
    source = random.Random(seed)  # noqa: S311 - a fixed sample, not a secret
    drawn = []
    for _ in range(samples):
        cuts = sorted([source.getrandbits(_BITS) for _ in range(dimensions - 1)])
        drawn.append(tuple(high - low for low, high in zip([0, *cuts], [*cuts, _WHOLE], strict=True)))
    return tuple(drawn)


class Acceptability:
    """Counts, over the same sample of weightings, how often items take their rank."""

    def __init__(self, dimensions: int, samples: int, seed: int) -> None:
        self._drawn = dimensions, samples, seed
        self._shares = lru_cache(maxsize=1024)(self._shares_uncached)
        self._totals = lru_cache(maxsize=1024)(self._totals_uncached)
        self._beats = lru_cache(maxsize=8192)(self._beats_uncached)

    @cached_property
    def _weightings(self) -> tuple[tuple[int, ...], ...]:
        return weightings(*self._drawn)

    def of_ranks(self, items: Sequence[Parts], ranks: Sequence[int]) -> list[float]:
        """Return for each item the share of weightings that give it its rank among the items.

        Ranks count from 1; an item's rank is one more than the number of items that beat it.
        """
        return list(self._shares(tuple(items), tuple(ranks)))

    def _shares_uncached(self, items: tuple[Parts, ...], ranks: tuple[int, ...]) -> tuple[float, ...]:
        """The shares depend on the points alone, which many tumours have in common."""
        return tuple([self._share(item, items, rank) for item, rank in zip(items, ranks, strict=True)])

    def _share(self, item: Parts, items: Sequence[Parts], rank: int) -> float:
        samples = len(self._weightings)
        assert len(items) <= MAX_ITEMS
        beaten_by = sum([self._beats(rival, item) for rival in items])
        return round(beaten_by.to_bytes(samples, "little").count(rank - 1) / samples, 4)

    def _beats_uncached(self, rival: Parts, item: Parts) -> int:
        """A byte for each weighting: 1 where `rival` beats `item`."""
        return int.from_bytes(bytes(map(gt, self._totals(rival), self._totals(item))), "little")

    def _totals_uncached(self, item: Parts) -> list[int]:
        return [sum(map(mul, item, weights)) for weights in self._weightings]
