"""The part of a result that a screen shows: each thing once, and of long lists the beginning."""

import re
from typing import NamedTuple

from ..result.model import Result
from ..result.outlook import NextTest
from ..result.recommendation import CautionView
from .screenful import contenders

MAX_TESTS = 8
"""Tests on a screen; more of them are further down than anybody would go."""
_POINTER = re.compile(r" \(/[^)]*\)")


class Reason(NamedTuple):
    """The reason for a derived fact: findings, and the numbers of the papers behind the rule."""

    because: tuple[str, ...]
    references: tuple[int, ...]


class Implied(NamedTuple):
    """A derived fact in a state, with everything that it follows from."""

    fact: str
    state: str
    reasons: tuple[Reason, ...]


class Digest(NamedTuple):
    """Derived facts and cautions, each once, and the first of the `tests` that there are."""

    implied: tuple[Implied, ...]
    cautions: tuple[CautionView, ...]
    next_tests: tuple[NextTest, ...]
    tests: int


def digest(result: Result) -> Digest:
    """Return what a screen shows of a result in addition to its lists."""
    reasons: dict[tuple[str, str], list[Reason]] = {}
    for one in result.derived:
        reasons.setdefault((one.fact, one.state), []).append(Reason(one.because, one.references))
    cautions = {caution.id: caution for one in result.recommendations for caution in one.cautions}
    return Digest(
        tuple(Implied(*fact, tuple(found)) for fact, found in reasons.items()),
        tuple(caution for _, caution in sorted(cautions.items())),
        result.next_tests[:MAX_TESTS],
        len(result.next_tests),
    )


def could_lead(result: Result) -> tuple[str, ...]:
    """Return the names of the add-ons that are not first, but could be once more is measured."""
    return tuple(one.add_on for one in contenders(result))


def without_places(reason: str) -> str:
    """Return a reason, or several, without the places in the profile, which are in the JSON.

    >>> without_places("NRF2 active and KEAP1 mutated (/mutations/0/gene)")
    'NRF2 active and KEAP1 mutated'
    """
    return _POINTER.sub("", reason)
