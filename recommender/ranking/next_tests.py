"""Which unmeasured markers to measure next, by what knowing them could decide.

For a marker and each state that its assay can report, every undecided strategy counts for what the
state would do to it: 1 where it would fire or be ruled out, else the share by which the smallest set
of findings that it lacks would shrink. The gain is the mean over the states and the undecided
strategies, so it lies between 0 and 1.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import NamedTuple

from ..engine.atoms import Atom, Way
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


class _Asked(NamedTuple):
    """What a strategy that is not decided asks of a marker: states, and what each reported state would do."""

    states: frozenset[str]
    outcomes: dict[str, float]
    """The share of the findings lacking that a state would bring: 1 where it decides, 0 where it does not."""
    meets: bool
    rules_out: bool


class MarkerTests:
    """Finds the markers to measure next, of one rule base.

    What a strategy asks of a marker depends on the sets of findings that it lacks alone, so it is worked out
    once for each and kept. The keys hold ids of the rule base, nothing of a profile.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._asked = lru_cache(maxsize=4096)(self._find_asked)
        self._reported = lru_cache(maxsize=4096)(self._find_reported)

    def find(self, undecided: Sequence[Open], unsettled: Sequence[Open] = ()) -> list[MarkerTest]:
        """Return the markers that could decide strategies for the given therapies, best first.

        An unsettled strategy fires anyway, and is decided where a finding selects it or holds it back.
        """
        asking: defaultdict[str, dict[str, _Asked]] = defaultdict(dict)
        for one in (*undecided, *unsettled):
            for marker, asked in self._asked(one.rule.id, one.sets).items():
                asking[marker][one.rule.id] = asked
        entries = len(undecided) + len(unsettled)
        fired = {one.rule.id for one in unsettled}
        tests = [self._test(marker, asked, entries, fired) for marker, asked in asking.items()]
        return sorted(tests, key=lambda test: (-test.gain, test.marker))

    def _test(self, marker: str, asking: dict[str, _Asked], entries: int, fired: set[str]) -> MarkerTest:
        """The test of a marker that strategies ask for, out of so many `entries` that are not decided.

        Those that `fired` anyway are selected or held back, the others fired or ruled out.
        """
        states = tuple(sorted(frozenset().union(*[one.states for one in asking.values()])))
        reported, assay = self._reported(marker, states)
        shares = [one.outcomes.get(state, 0.0) for state in reported for one in asking.values()]
        meets = sorted([rule for rule, one in asking.items() if one.meets])
        rules_out = sorted([rule for rule, one in asking.items() if one.rules_out])
        return MarkerTest(
            marker,
            states,
            round(sum(shares) / (len(reported) * entries), 4),
            tuple([rule for rule in meets if rule not in fired]),
            tuple([rule for rule in rules_out if rule not in fired]),
            assay,
            tuple([rule for rule in meets if rule in fired]),
            tuple([rule for rule in rules_out if rule in fired]),
        )

    def _find_asked(self, _: str, sets: tuple[Way, ...]) -> dict[str, _Asked]:
        """The states, by marker, in the sets of findings that a strategy lacks."""
        states: defaultdict[str, set[str]] = defaultdict(set)
        for atom in chain.from_iterable(sets):
            if atom.kind == "marker":
                states[atom.name].add(atom.state)
        return {marker: self._asked_of(marker, frozenset(those), sets) for marker, those in states.items()}

    def _asked_of(self, marker: str, states: frozenset[str], sets: tuple[Way, ...]) -> _Asked:
        outcomes = {}
        before = min(map(len, sets))
        meets = rules_out = False
        for state in self._reported(marker, tuple(sorted(states)))[0]:
            found = Atom("marker", marker, state)
            known = Facts().having([found])
            left = min([len(way - {found}) for way in sets if not known.excludes(way)], default=None)
            meets |= left == 0
            rules_out |= left is None
            outcomes[state] = 1.0 if left is None else 1 - min(left, before) / before
        return _Asked(states, outcomes, meets, rules_out)

    def _find_reported(self, marker: str, states: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The states that the assays of a marker report on the axes of some of its states, and the assays."""
        axes = sorted({axis_of(state) for state in states})
        known = self._base.vocabulary.markers[marker]
        reported = [state for axis in axes for state in self._base.vocabulary.states_on(axis, known)]
        return tuple(reported), assay_of(self._base, marker, axes)


def assay_of(base: KnowledgeBase, marker: str, axes: Sequence[str]) -> str:
    """Return what measures a marker on some axes, as the vocabulary has it."""
    known = base.vocabulary.markers[marker]
    if known.assay:
        return known.assay
    (kind,) = [kind for kind in base.sections.marker_kinds if kind.id == known.kind]
    return "; ".join(dict.fromkeys(kind.assays[axis] for axis in axes if axis in kind.assays))


def rank_movers(
    base: KnowledgeBase, facts: Facts, fired: Iterable[str], undecided: Sequence[Open]
) -> list[MarkerTest]:
    """Return the markers that can only move ranks, for rule bases without groups.

    They select strategies that fire anyway.
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
