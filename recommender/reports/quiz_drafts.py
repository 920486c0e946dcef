"""What questions of a quiz are made from, and what a question is before its options are drawn."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from ..knowledge.base import KnowledgeBase
from ..result.model import Result
from ..result.recommendation import Recommendation, ReferenceView
from ..result.references import reference
from .screenful import ShortTexts

QuestionKind = Literal[
    "first-rank",
    "nothing-selected",
    "nothing-ranked",
    "blocked",
    "selects",
    "evidence",
    "screens",
    "measure",
    "misreport",
]


class QuizSource(NamedTuple):
    """What questions are made from: an answer, the rules behind it, and short texts on its parts."""

    result: Result
    base: KnowledgeBase
    words: ShortTexts

    def name(self, one: Recommendation) -> str:
        """Return an add-on and how it is given."""
        return f"{self.words.name(one)} {one.place}"

    def papers(self, numbers: Iterable[int]) -> tuple[ReferenceView, ...]:
        """Return papers of the review by their numbers."""
        return tuple(reference(self.base.references[number]) for number in dict.fromkeys(numbers))


class QuizDraft(NamedTuple):
    """A question with its right option, wrong ones to choose from, and the proof."""

    kind: QuestionKind
    text: str
    about: str
    right: str
    wrong: tuple[str, ...]
    explanation: str
    proof: tuple[str, ...] = ()
    references: tuple[ReferenceView, ...] = ()


class Maker(NamedTuple):
    """A function that makes drafts, and how many of them a quiz takes."""

    make: Callable[[QuizSource], Iterable[QuizDraft]]
    most: int
