"""What to measure next, for a reader: each marker with what its result could do."""

from collections.abc import Iterable

from ..knowledge.base import KnowledgeBase
from ..result.model import Result
from ..result.outlook import NextTest
from .screenful import Measure, ShortTexts


def measurements(tests: Iterable[NextTest], result: Result, base: KnowledgeBase) -> tuple[Measure, ...]:
    """Return the tests of an answer that `base` gave as short texts, in their order."""
    words = ShortTexts(result, base)
    return tuple(words.measure(one) for one in tests)
