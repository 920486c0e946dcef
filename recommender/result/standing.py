"""Where recommendations stand: their groups, what holds them back, and the findings that select them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from .._values import cached_property
from ..engine.atoms import Atom
from ..engine.numbering import union
from ..evaluation.facts import Facts
from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from ..knowledge.ranking_models import GROUPS, GroupName
from ..ranking.grouping import HeldBack
from ..ranking.suggestions import Suggestion
from .outlook import GroupView, Missing, NextTest
from .parts import Match
from .recommendation import HeldBackView, Recommendation, Selection
from .wording import asked_for

MAX_MEASURE = 5
"""Markers that an empty group names: nobody orders more of them at once."""
_HISTORY = asked_for(Atom("resistant", ""))


def held_back_views(found: Iterable[HeldBack], base: KnowledgeBase) -> tuple[HeldBackView, ...] | None:
    """Return reasons to hold back, in words; None where the rule base has no groups."""
    if not base.grouped:
        return None
    reasons = base.ranking.groups["held-back"].reasons
    return tuple(HeldBackView(reason=one.reason, words=reasons[one.reason].words, by=one.by) for one in found)


class Selections:
    """Finds which findings select an add-on, or could, of one rule base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._open = lru_cache(maxsize=4096)(self._make_open)
        self._group = lru_cache(maxsize=1024)(self._make_group)

    @cached_property
    def _excludable(self) -> dict[str, list[int]]:
        """For each strategy that findings can select, what selects it, as sets of the numbering."""
        base, mask = self._base, self._base.numbering.mask
        return {rule: [mask(way) for way in base.excludable_support(rule)] for rule in base.support_ways}

    def of(
        self, suggestion: Suggestion, matched: Sequence[Match], facts: Facts, proofs: Proofs
    ) -> Selection | None:
        """Return which findings select an add-on, or could, from what met the rule that leads.

        Return None where the rule base has no groups.
        """
        if not self._base.grouped:
            return None
        by = tuple([match for match in matched if match.marker != "therapy"])
        rule = suggestion.lead.id
        against: tuple[Match, ...] = ()
        could_select = 0
        ways = self._excludable.get(rule)
        if ways and all(match.marker == _HISTORY for match in by):
            opened = union(way for way in ways if not way & proofs.excluded)
            if opened:
                could_select = opened & ~proofs.have
            else:
                against = self._against(rule, facts)
        undecided = self._open(could_select)
        if not by and not against:
            return undecided
        return Selection(by=by, against=against, not_measured=undecided.not_measured)

    def _make_open(self, lacking: int) -> Selection:
        """The selection of an add-on that nothing selects, and that the findings lacking could select."""
        states: defaultdict[str, set[str]] = defaultdict(set)
        for atom in self._base.numbering.way(lacking & self._base.numbering.markers):
            states[atom.name].add(atom.state)
        found = (Missing(marker=name, needs=tuple(sorted(those))) for name, those in sorted(states.items()))
        return Selection(by=(), against=(), not_measured=tuple(found))

    def _against(self, rule: str, facts: Facts) -> tuple[Match, ...]:
        against = {
            Match(marker=found.marker, state=found.state, source=found.source)
            for way in self._base.excludable_support(rule)
            for _, found in facts.obstacles(way)
        }
        return tuple(sorted(against, key=lambda match: (match.marker, match.state)))

    def groups(
        self, ranked: Sequence[Recommendation], tests: Sequence[NextTest], *, ranks: bool
    ) -> tuple[GroupView, ...] | None:
        """Return the groups of recommendations, none if nothing `ranks`; None where the rule base has none.

        An empty group names markers that could bring something into it.
        """
        if not self._base.grouped:
            return None
        if not ranks:
            return ()
        members = [one.group for one in ranked]
        views = []
        for name in GROUPS:
            size = members.count(name)
            empty = not size and self._base.ranking.groups[name].when_empty
            views.append(self._group(name, size, _to_measure(ranked, tests) if empty else ()))
        return tuple(views)

    def _make_group(self, name: GroupName, size: int, measure: tuple[str, ...]) -> GroupView:
        group = self._base.ranking.groups[name]
        note = "" if size else group.when_empty
        return GroupView(
            id=name, title=group.title, meaning=group.meaning, size=size, note=note, measure=measure
        )


def _to_measure(ranked: Sequence[Recommendation], tests: Sequence[NextTest]) -> tuple[str, ...]:
    """The markers to measure next, then those that could select what nothing selects."""
    could = (
        lacking.marker
        for one in ranked
        if one.group == "unselected" and one.selection
        for lacking in one.selection.not_measured
    )
    return tuple(dict.fromkeys(chain((test.marker for test in tests), could)))[:MAX_MEASURE]
