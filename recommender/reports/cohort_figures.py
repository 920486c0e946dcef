"""Figures of a cohort's summary: shares with intervals, the order of rows, and the first of long lists."""

from collections import Counter, defaultdict
from typing import NamedTuple

from ..cohort.measuring import MeasurementEffect
from ..cohort.summary import RANKED, AddOnCount, Summary
from ..cohort.tumours import UNKNOWN
from ..knowledge.ranking_models import GROUPS
from .shares import Share, share_of

MAX_ROWS = 20
"""Rows of a list that is as long as the rule base: the JSON has all."""
MAX_SET_ROWS = 6
"""Sets of an UpSet plot: with more of them few columns have several tumours."""
MAX_COLUMNS = 10
"""Combinations of an UpSet plot, the most frequent ones."""
NOTHING = "nothing"
"""The group of tumours in which nothing is ranked."""


class StateShare(NamedTuple):
    """A state of the pathway, in how many tumours it is, and in how many of each subgroup."""

    name: str
    share: Share
    by: tuple[Share, ...] = ()
    derived: bool = False
    """True where rules derive it from the marker of the split, so that subgroups differ by definition."""


class SelectedSet(NamedTuple):
    """Add-ons that are selected in the very same tumours, and in how many."""

    add_ons: tuple[str, ...]
    tumours: int


class Intersection(NamedTuple):
    """Sets by their places, and in how many tumours exactly these of the sets that are shown are selected."""

    sets: tuple[int, ...]
    tumours: int


class Split(NamedTuple):
    """The cohort by the states of a marker: how many tumours have each, and which share has what."""

    marker: str
    sizes: tuple[tuple[str, int], ...]
    unknown: int
    add_ons: tuple[StateShare, ...]
    states: tuple[StateShare, ...]


class CohortFigures(NamedTuple):
    """All rows of the tables and pictures. `more_…` is how many rows were left out."""

    tumours: int
    """All tumours, or those in which anything is ranked where the cohort itself was not read."""
    whole: bool
    """True where the cohort itself was read."""
    best: str
    """The group that counts: what a finding selects, or everything in a rule base without groups."""
    groups: tuple[tuple[str, Share], ...]
    """Each group, and `nothing`, by the best of each tumour."""
    nothing: dict[str, int]
    unusable: int
    add_ons: tuple[AddOnCount, ...]
    states: tuple[StateShare, ...]
    no_states: tuple[str, ...]
    """States that are implied in no tumour."""
    sets: tuple[SelectedSet, ...]
    intersections: tuple[Intersection, ...]
    set_count: int
    """All sets."""
    one_set: int
    """Tumours in which exactly one set is selected, of all sets."""
    other_intersections: int
    """Tumours whose combination is not shown."""
    measurements: tuple[MeasurementEffect, ...]
    more_measurements: int
    tried: int
    splits: tuple[Split, ...]
    silent: tuple[str, ...]
    never_fire: int
    rules: int

    @property
    def selected(self) -> Share:
        """The tumours in which something is selected."""
        return dict(self.groups)[self.best]

    @property
    def add_on_groups(self) -> list[str]:
        """The groups in which an add-on can be."""
        return [name for name, _ in self.groups if name != NOTHING]


def cohort_figures(found: Summary) -> CohortFigures:
    """Return the rows of the tables on a cohort."""
    best = RANKED if RANKED in found.groups else "selected"
    tumours = found.profiles if found.tumours is None else found.tumours
    counts = {name: found.groups.get(name, 0) for name in ([RANKED] if best == RANKED else GROUPS)}
    if found.tumours is not None:
        counts[NOTHING] = sum(found.nothing.values())
    sets, set_count, intersections, one_set = _intersections(found)
    shown = intersections[:MAX_COLUMNS]
    return CohortFigures(
        tumours=tumours,
        whole=found.tumours is not None,
        best=best,
        groups=tuple((name, share_of(count, tumours)) for name, count in counts.items()),
        nothing={reason: count for reason, count in found.nothing.items() if count},
        unusable=found.unusable,
        add_ons=tuple(found.add_ons),
        states=tuple(
            StateShare(one.name, share_of(one.tumours, tumours)) for one in found.states if one.tumours
        ),
        no_states=tuple(one.name for one in found.states if not one.tumours),
        sets=sets,
        intersections=shown,
        set_count=set_count,
        one_set=one_set,
        other_intersections=found.groups.get(best, 0) - sum(one.tumours for one in shown),
        measurements=tuple(found.measurements[:MAX_ROWS]),
        more_measurements=max(len(found.measurements) - MAX_ROWS, 0),
        tried=found.tried,
        splits=tuple(_split(found, marker) for marker in found.split_by),
        silent=tuple(found.silent),
        never_fire=sum(not count for _, count in found.rules),
        rules=len(found.rules),
    )


def _split(found: Summary, marker: str) -> Split:
    sizes = {one.state: one.tumours for one in found.sizes if one.marker == marker}
    unknown = sizes.pop(UNKNOWN, 0)
    selected = {(one.add_on, one.state): one.selected for one in found.subgroups if one.marker == marker}
    implied = {
        (one.fact, one.value, one.state): one.tumours for one in found.state_subgroups if one.marker == marker
    }
    whole = sum(sizes.values())

    def shares(counts: dict[str, int], name: str) -> StateShare:
        by = tuple(share_of(counts[state], size) for state, size in sizes.items())
        derived = name in found.derived_from[marker]
        return StateShare(name, share_of(sum(counts.values()), whole), by, derived)

    add_ons = [
        shares({state: selected.get((one.add_on, state), 0) for state in sizes}, one.add_on)
        for one in found.add_ons
    ]
    states = [
        shares({state: implied.get((one.fact, one.state, state), 0) for state in sizes}, one.name)
        for one in found.states
    ]
    return Split(
        marker,
        tuple(sizes.items()),
        unknown,
        tuple(one for one in add_ons if one.share.part),
        tuple(one for one in states if one.share.part),
    )


def _intersections(
    found: Summary,
) -> tuple[tuple[SelectedSet, ...], int, tuple[Intersection, ...], int]:
    """Return the largest sets, the number of all, their combinations, and the tumours with one set alone.

    Add-ons that are selected in the very same tumours are one set.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(found.combinations):
        for name in one.add_ons:
            places[name].append(at)
    alike: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for name, where in places.items():
        alike[tuple(where)].append(name)
    every = sorted(
        (
            SelectedSet(tuple(sorted(names)), sum(found.combinations[at].tumours for at in where))
            for where, names in alike.items()
        ),
        key=lambda one: (-one.tumours, one.add_ons),
    )
    sets = tuple(every[:MAX_SET_ROWS])
    counts: Counter[tuple[int, ...]] = Counter()
    one_set = 0
    for combination in found.combinations:
        counts[tuple(at for at, one in enumerate(sets) if one.add_ons[0] in combination.add_ons)] += (
            combination.tumours
        )
        if sum(one.add_ons[0] in combination.add_ons for one in every) == 1:
            one_set += combination.tumours
    counts.pop((), None)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return sets, len(every), tuple(Intersection(*one) for one in ordered), one_set
