"""How often an order holds when nobody agrees on the weights: rank acceptability, as in SMAA.

Weights are drawn uniformly over the simplex with a fixed seed. The weights of a dimension are kept as one
integer with a lane for each weighting, so that one multiplication weighs a difference under all of them.
Where one item beats another is an integer with one byte for each weighting, so that adding such integers
counts the rivals that beat an item under all weightings at once. Everything is integer arithmetic: the
answer is the same on every machine.

Source of the method: Lahdelma, Hokkanen and Salminen, SMAA - Stochastic multiobjective
acceptability analysis, Eur J Oper Res 1998;106:137-143.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import sub
from struct import pack

from .._values import cached_property

Parts = tuple[int, ...]
"""The value of each dimension."""

_BITS = 20
_WHOLE = 1 << _BITS
"""Weights are integers that add up to this."""

MAX_ITEMS = 256
"""More rivals than this would not fit into a byte."""

_LANE = 5
"""Bytes of a lane. The last is 1 where a difference, with `_OFFSET` added, is positive, and else 0."""
_OFFSET = (1 << 8 * (_LANE - 1)) - 1
"""More than any difference of weighted sums, so that no lane is negative and borrows from the next."""
_MAX_AHEAD = _OFFSET // _WHOLE


@lru_cache(maxsize=4)
def weightings(dimensions: int, samples: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Return `samples` integer weightings, uniform over the simplex of that many dimensions.

    The gaps between sorted uniform numbers are uniform over the simplex.
    """
    draw = random.Random(seed).getrandbits  # noqa: S311 - a fixed sample, not a secret
    each = [_BITS] * (dimensions - 1)
    cuts = zip(*[sorted(map(draw, each)) for _ in range(samples)], strict=True)
    gaps = pairwise([(0,) * samples, *cuts, (_WHOLE,) * samples])
    return tuple(zip(*[map(sub, upper, lower) for lower, upper in gaps], strict=True))


class Acceptability:
    """Counts, over the same sample of weightings, how often items take their rank."""

    def __init__(self, dimensions: int, samples: int, seed: int) -> None:
        self._drawn = dimensions, samples, seed
        self._shares = lru_cache(maxsize=1024)(self._shares_uncached)
        self._beats = lru_cache(maxsize=8192)(self._beats_uncached)

    @cached_property
    def _weights(self) -> list[int]:
        """For each dimension its weights, one in each lane."""
        return [_lanes(column) for column in zip(*weightings(*self._drawn), strict=True)]

    @cached_property
    def _offset(self) -> int:
        return _lanes([_OFFSET] * self._drawn[1])

    def of_ranks(self, items: Sequence[Parts], ranks: Sequence[int]) -> list[float]:
        """Return for each item the share of weightings that give it its rank among the items.

        Ranks count from 1; an item's rank is one more than the number of items that beat it.
        """
        return list(self._shares(tuple(items), tuple(ranks)))

    def _shares_uncached(self, items: tuple[Parts, ...], ranks: tuple[int, ...]) -> tuple[float, ...]:
        """The shares depend on the points alone, which many tumours have in common."""
        return tuple([self._share(item, items, rank) for item, rank in zip(items, ranks, strict=True)])

    def _share(self, item: Parts, items: Sequence[Parts], rank: int) -> float:
        samples = self._drawn[1]
        assert len(items) <= MAX_ITEMS
        beaten_by = sum([self._beats(tuple(map(sub, rival, item))) for rival in items])
        return round(beaten_by.to_bytes(samples, "little").count(rank - 1) / samples, 4)

    def _beats_uncached(self, ahead: Parts) -> int:
        """A byte for each weighting: 1 where an item wins that is so much ahead in each dimension."""
        assert max(map(abs, ahead)) <= _MAX_AHEAD
        weighed = [value * weights for value, weights in zip(ahead, self._weights, strict=True)]
        lanes = sum(weighed, self._offset).to_bytes(_LANE * self._drawn[1], "little")
        return int.from_bytes(lanes[_LANE - 1 :: _LANE], "little")


def _lanes(values: Sequence[int]) -> int:
    """The values as one integer, each in a lane of its own."""
    wide = pack(f"<{len(values)}Q", *values)
    lanes = bytearray(_LANE * len(values))
    for byte in range(_LANE):
        lanes[byte::_LANE] = wide[byte::8]
    return int.from_bytes(lanes, "little")
