"""Which unmeasured markers to measure next, by what knowing them could decide.

For a marker and each state that its assay can report, every undecided strategy counts for what the
state would do to it: 1 where it would fire or be ruled out, else the share by which the smallest set
of findings that it lacks would shrink. The gain is the mean over the states and the undecided
strategies, so it lies between 0 and 1.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ..engine.atoms import Atom
from ..evaluation.facts import Facts
from ..evaluation.gaps import Open
from ..knowledge.base import KnowledgeBase
from ..states import axis_of

MAX_PLACES = 3
"""First places of which the changes are counted: few readers look further."""


class MarkerTest(NamedTuple):
    """A marker to measure: decisive states, the gain, what it could fire and rule out, and the assay."""

    marker: str
    needs: tuple[str, ...]
    gain: float
    fires: tuple[str, ...]
    rules_out: tuple[str, ...]
    assay: str
    selects: tuple[str, ...] = ()
    holds_back: tuple[str, ...] = ()
    """Strategies that fire anyway and that it could select, or leave without anything that selects them."""
    top_shift: int | None = None
    """How many of the first places change at most; None if it was not requested."""


def next_tests(
    base: KnowledgeBase, undecided: Sequence[Open], unsettled: Sequence[Open] = ()
) -> list[MarkerTest]:
    """Return the markers that could decide strategies for the given therapies, best first.

    An unsettled strategy fires anyway, and is decided where a finding selects it or holds it back.
    """
    entries = [*undecided, *unsettled]
    asked: defaultdict[str, set[str]] = defaultdict(set)
    asking: defaultdict[str, dict[str, Open]] = defaultdict(dict)
    for one in entries:
        for way in one.sets:
            for atom in way:
                if atom.kind == "marker":
                    asked[atom.name].add(atom.state)
                    asking[atom.name][one.rule.id] = one
    fired = {one.rule.id for one in unsettled}
    tests = [
        _test(base, marker, states, list(asking[marker].values()), len(entries), fired)
        for marker, states in asked.items()
    ]
    return sorted(tests, key=lambda test: (-test.gain, test.marker))


def _test(
    base: KnowledgeBase,
    marker: str,
    states: set[str],
    asking: Sequence[Open],
    entries: int,
    fired: set[str],
) -> MarkerTest:
    """The test of a marker that `asking` strategies ask for, out of so many that are not decided.

    Those that `fired` anyway are selected or held back, the others fired or ruled out.
    """
    meets: set[str] = set()
    excludes: set[str] = set()
    counts: list[float] = []
    axes = sorted({axis_of(state) for state in states})
    known_marker = base.vocabulary.markers[marker]
    tried = [state for axis in axes for state in base.vocabulary.states_on(axis, known_marker)]
    for state in tried:
        found = Atom("marker", marker, state)
        known = Facts().having([found])
        for one in asking:
            left = [len(way - {found}) for way in one.sets if not known.excludes(way)]
            if not left:
                excludes.add(one.rule.id)
            elif min(left) == 0:
                meets.add(one.rule.id)
            before = min(map(len, one.sets))
            counts.append(1 - min(left) / before if left and min(left) < before else float(not left))
    return MarkerTest(
        marker,
        tuple(sorted(states)),
        round(sum(counts) / (len(tried) * entries), 4),
        tuple(sorted(meets - fired)),
        tuple(sorted(excludes - fired)),
        assay_of(base, marker, axes),
        tuple(sorted(meets & fired)),
        tuple(sorted(excludes & fired)),
    )


def assay_of(base: KnowledgeBase, marker: str, axes: Sequence[str]) -> str:
    """Return what measures a marker on some axes, as the vocabulary has it."""
    known = base.vocabulary.markers[marker]
    if known.assay:
        return known.assay
    (kind,) = [kind for kind in base.content.marker_kinds if kind.id == known.kind]
    return "; ".join(dict.fromkeys(kind.assays[axis] for axis in axes if axis in kind.assays))


def rank_movers(
    base: KnowledgeBase, facts: Facts, fired: Iterable[str], undecided: Sequence[Open]
) -> list[MarkerTest]:
    """Return the markers that can only move ranks, for rule bases without groups.

    They call for strategies that fire anyway.
    """
    decided = {atom.name for one in undecided for way in one.sets for atom in way}
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for rule in sorted(set(fired) & base.support_ways.keys()):
        for way in base.measured_support(rule):
            for atom in way:
                if atom.kind == "marker" and atom.name not in decided:
                    asked[atom.name].add(atom.state)
    tests = []
    for marker, states in sorted(asked.items()):
        axes = sorted({axis_of(state) for state in states})
        if not all((marker, axis) in facts.measured for axis in axes):
            assay = assay_of(base, marker, axes)
            tests.append(MarkerTest(marker, tuple(sorted(states)), 0.0, (), (), assay))
    return tests


def with_top_shift(
    tests: Sequence[MarkerTest],
    facts: Facts,
    base: KnowledgeBase,
    first_places: Callable[[Atom | None], list[str]],
) -> list[MarkerTest]:
    """Return the tests with the change that each could bring to the first places.

    They stay in the order of `next_tests`. `first_places` gives the recommendations by rank when one more
    finding is made, or none. Markers that decide and move nothing are left out.
    """
    before = first_places(None)[:MAX_PLACES]
    found = []
    for test in tests:
        shifts = [0]
        for axis in sorted({axis_of(state) for state in test.needs}):
            if (test.marker, axis) in facts.measured:
                continue
            for state in base.vocabulary.states_on(axis, base.vocabulary.markers[test.marker]):
                after = first_places(Atom("marker", test.marker, state))[:MAX_PLACES]
                shifts.append(sum(one != other for one, other in zip_longest(before, after)))
        if test.gain or max(shifts):
            found.append(test._replace(top_shift=max(shifts)))
    return sorted(found, key=lambda test: (-test.gain, test.marker))
