"""What could be measured next, as the reader sees it."""

from collections.abc import Iterable

from ..evaluation.facts import Notice
from ..evaluation.gaps import MAX_SETS
from ..knowledge.base import KnowledgeBase
from ..ranking.next_tests import MarkerTest
from .outlook import NextTest, Undecided


def next_test_views(tests: Iterable[MarkerTest], base: KnowledgeBase) -> tuple[NextTest, ...]:
    """Return the markers to measure next, best first."""
    return tuple(
        NextTest(
            marker=test.marker,
            needs=test.needs,
            gain=test.gain,
            would_decide=tuple(sorted({*test.fires, *test.rules_out, *test.selects, *test.holds_back})),
            would_fire=test.fires,
            would_rule_out=test.rules_out,
            assay=test.assay,
            top_shift=test.top_shift,
            would_select=test.selects if base.grouped else None,
            would_hold_back=test.holds_back if base.grouped else None,
        )
        for test in tests
    )


def capped(undecided: Iterable[Undecided]) -> list[Notice]:
    """Return a notice for each strategy that has more sets of findings than are listed."""
    return [
        Notice(
            "SETS_CAPPED", "/undecided", f"{one.id} could be fired in more ways than the {MAX_SETS} listed."
        )
        for one in undecided
        if one.capped
    ]
