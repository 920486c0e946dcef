"""Shares of tumours with their intervals."""

from math import sqrt
from typing import NamedTuple

_Z = 1.959964
"""The quantile of the normal distribution for intervals of 95%."""


class Share(NamedTuple):
    """So many of so many, and the bounds of the 95% interval of their share by Wilson's formula."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 0 of nothing is 0."""
        return self.part / self.whole if self.whole else 0.0

    def apart(self, other: "Share") -> bool:
        """Return True if the intervals do not overlap."""
        return self.high < other.low or other.high < self.low


def share_of(part: int, whole: int) -> Share:
    """Return a share with its interval, which for a share of nothing is everything.

    >>> share_of(3, 30)[2:]
    (0.035, 0.256)
    """
    if not whole:
        return Share(part, whole, 0.0, 1.0)
    share, spread = part / whole, _Z * _Z / whole
    centre = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    low, high = ((centre + side) / (1 + spread) for side in (-half, half))
    return Share(part, whole, round(max(low, 0.0), 3), round(min(high, 1.0), 3))
