"""Figures of a cohort's summary for its tables: shares, the order of rows, and the first of long lists."""

from typing import NamedTuple

from ..cohort.summary import Summary

MAX_ROWS = 20
"""Rows of a list that is as long as the rule base: the JSON has all."""


class StrategyShare(NamedTuple):
    """A strategy, how many tumours have it, which share that is, and how many have it first."""

    rule: str
    add_on: str
    tumours: int
    share: float | None
    first: int


class Together(NamedTuple):
    """Two add-ons, and how many tumours have both."""

    one: str
    other: str
    tumours: int


class MissingShare(NamedTuple):
    """A marker on an axis, the share of tumours in which it is missing, and in how many it was measured."""

    marker: str
    axis: str
    missing: float | None
    measured: int


class SubgroupShare(NamedTuple):
    """An add-on among the tumours with a marker in a state: how many of how many have it."""

    state: str
    add_on: str
    tumours: int
    size: int
    share: float | None


class CohortFigures(NamedTuple):
    """The rows of the tables. `more_…` is how many rows were left out; a share of nothing is None."""

    profiles: int
    strategies: tuple[StrategyShare, ...]
    silent: tuple[str, ...]
    together: tuple[Together, ...]
    more_together: int
    missing: tuple[MissingShare, ...]
    more_missing: int
    firing: tuple[tuple[str, int], ...]
    never_fire: int
    rules: int
    groups: dict[str, tuple[SubgroupShare, ...]]
    """By marker; empty where the cohort was not split."""


def cohort_figures(found: Summary) -> CohortFigures:
    """Return the rows of the tables on a cohort."""
    pairs = [Together(*pair) for pair in found.together if pair[0] != pair[1]]
    pairs.sort(key=lambda pair: (-pair.tumours, pair))
    firing = [one for one in found.rules if one[1]]
    return CohortFigures(
        profiles=found.profiles,
        strategies=tuple(
            StrategyShare(one.rule, one.add_on, one.tumours, _share(one.tumours, found.profiles), one.first)
            for one in found.strategies
        ),
        silent=tuple(found.silent),
        together=tuple(pairs[:MAX_ROWS]),
        more_together=max(len(pairs) - MAX_ROWS, 0),
        missing=tuple(
            MissingShare(one.marker, one.axis, _share(one.tumours - one.measured, one.tumours), one.measured)
            for one in found.markers[:MAX_ROWS]
        ),
        more_missing=max(len(found.markers) - MAX_ROWS, 0),
        firing=tuple(firing[:MAX_ROWS]),
        never_fire=len(found.rules) - len(firing),
        rules=len(found.rules),
        groups={
            marker: tuple(
                SubgroupShare(one.state, one.add_on, one.tumours, one.size, _share(one.tumours, one.size))
                for one in found.subgroups
                if one.marker == marker
            )
            for marker in found.split_by
        },
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
