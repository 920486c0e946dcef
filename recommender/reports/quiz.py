"""A quiz about one case, made from its own answer, or about the audit alone.

The same case, rules and seed give the same quiz: options and questions are in the order of digests.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from .._text import fold
from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from ..recommender import Recommender
from ..result.model import Result
from ..result.parts import RuleBaseStamp
from ..result.recommendation import ReferenceView
from .quiz_drafts import QuestionKind, QuizDraft, QuizSource
from .quiz_makers import MAKERS, cards
from .screenful import ShortTexts

SEED = 1
"""The seed of a quiz for which none is given."""
LETTERS = "abcd"
FEWEST = 4
"""Questions of a quiz: where a case gives fewer, the audit of the review fills up."""
DECK = 8
"""Questions of a quiz about the audit alone."""


_Item = TypeVar("_Item")


class QuizOption(NamedTuple):
    """An option of a question, and the letter to choose it by."""

    letter: str
    text: str


class QuizQuestion(NamedTuple):
    """A question with its options, the letter of the right one, and why it is right."""

    number: int
    kind: QuestionKind
    text: str
    about: str
    options: tuple[QuizOption, ...]
    answer: str
    explanation: str
    proof: tuple[str, ...]
    references: tuple[ReferenceView, ...]

    @property
    def right(self) -> str:
        """The text of the right option."""
        return next(one.text for one in self.options if one.letter == self.answer)

    def asked(self) -> dict[str, Any]:
        """Return the question without its answer, as plain values."""
        options = [one._asdict() for one in self.options]
        return {
            "number": self.number,
            "kind": self.kind,
            "question": self.text,
            "about": self.about,
            "options": options,
        }

    def key(self) -> dict[str, Any]:
        """Return the answer with its proof, as plain values."""
        return {
            "number": self.number,
            "answer": self.answer,
            "explanation": self.explanation,
            "proof": list(self.proof),
            "references": [
                {"id": one.id, "citation": one.citation, "title": one.title, "doi": one.doi}
                for one in self.references
            ],
        }


class Quiz(NamedTuple):
    """The questions about a case. `findings` are its findings in words, `case` its id."""

    title: str
    case: str
    findings: tuple[str, ...]
    seed: int
    questions: tuple[QuizQuestion, ...]
    rule_base: RuleBaseStamp

    def to_dict(self) -> dict[str, Any]:
        """Return the quiz as plain values; the key comes by itself, so that it can be held back."""
        return {
            "quiz": self.title,
            "case": self.case,
            "findings": list(self.findings),
            "seed": self.seed,
            "rule_base": {"version": self.rule_base.version, "sha256": self.rule_base.sha256},
            "questions": [one.asked() for one in self.questions],
            "key": [one.key() for one in self.questions],
            **self.rule_base.packs_field,
        }


class Graded(NamedTuple):
    """What somebody answered to a quiz: for each question the letter chosen, empty where there is none."""

    quiz: Quiz
    given: tuple[str, ...]

    @property
    def right(self) -> int:
        """The number of right answers."""
        return sum(one.answer == letter for one, letter in zip(self.quiz.questions, self.given, strict=True))

    @property
    def answered(self) -> int:
        """The number of answers."""
        return sum(map(bool, self.given))

    def in_words(self) -> str:
        """Return the score as a sentence."""
        said = f"{self.right} of {len(self.given)} right"
        left = len(self.given) - self.answered
        return f"{said}; {left} not answered." if left else f"{said}."


def graded(quiz: Quiz, answers: Mapping[int, str]) -> Graded:
    """Return a quiz with the answers to its questions, by their numbers; only options count."""
    return Graded(
        quiz,
        tuple(
            letter if (letter := answers.get(one.number, "")) in [o.letter for o in one.options] else ""
            for one in quiz.questions
        ),
    )


def case_quiz(recommender: Recommender, profile: Profile, seed: int = SEED) -> Quiz:
    """Return the quiz about a profile. Raises InputError; EngineError."""
    result, base = recommender.recommend(profile), recommender.base
    words = ShortTexts(result, base)
    source = QuizSource(result, base, words)
    draw = _Draw(f"{seed}:{_case_key(result)}")
    drafts = [
        draft for maker in MAKERS for draft in draw.order(_sound(maker.make(source)), _key)[: maker.most]
    ]
    if len(drafts) < FEWEST:
        asked = {draft.right for draft in drafts}
        others = [one for one in _sound(cards(base, sorted(base.audit))) if one.right not in asked]
        drafts += draw.order(others, _key)[: FEWEST - len(drafts)]
    questions = _questions(drafts, draw)
    return Quiz(
        words.title(), result.profile.id or "", words.findings(), seed, questions, recommender.rule_base
    )


def audit_quiz(recommender: Recommender, seed: int = SEED) -> Quiz:
    """Return a quiz about the review against its sources, apart from any case."""
    base: KnowledgeBase = recommender.base
    draw = _Draw(f"{seed}:audit")
    drafts = draw.order(_sound(cards(base, sorted(base.audit))), _key)[:DECK]
    title = "The review against its sources"
    return Quiz(title, "", (), seed, _questions(drafts, draw), recommender.rule_base)


def _case_key(result: Result) -> str:
    """Return what an answer is about, however the profile was written."""
    given = [one.id for one in result.therapies]
    failed = [one.id for one in result.resistant_to]
    findings = [f"{one.marker}={one.state}" for one in result.facts]
    return ";".join([*given, "failed", *failed, "found", *sorted(findings)])


class _Draw:
    """An order that only a seed, a case and the texts decide."""

    def __init__(self, start: str) -> None:
        self._start = start

    def order(self, items: Iterable[_Item], text: Callable[[_Item], str]) -> list[_Item]:
        """Return items in the order of the digests of their texts."""
        return sorted(
            items, key=lambda one: hashlib.sha256(f"{self._start}:{text(one)}".encode()).hexdigest()
        )


def _key(draft: QuizDraft) -> str:
    return f"{draft.text} {draft.about} {draft.right}"


def _sound(drafts: Iterable[QuizDraft]) -> Iterable[QuizDraft]:
    """Yield the drafts whose options can be told apart, each wrong option once."""
    for draft in drafts:
        wrong = {fold(text): text for text in reversed(draft.wrong)}
        wrong.pop(fold(draft.right), None)
        if wrong and len(wrong) == len({fold(text) for text in draft.wrong}):
            yield draft._replace(wrong=tuple(sorted(wrong.values())))


def _questions(drafts: Iterable[QuizDraft], draw: _Draw) -> tuple[QuizQuestion, ...]:
    found = []
    for number, draft in enumerate(drafts, 1):
        chosen = draw.order(draft.wrong, f"{_key(draft)} chosen {{}}".format)[: len(LETTERS) - 1]
        texts = draw.order([draft.right, *chosen], f"{_key(draft)} shown {{}}".format)
        options = tuple(QuizOption(*pair) for pair in zip(LETTERS, texts, strict=False))
        (answer,) = [one.letter for one in options if one.text == draft.right]
        found.append(
            QuizQuestion(
                number,
                draft.kind,
                draft.text,
                draft.about,
                options,
                answer,
                draft.explanation,
                draft.proof,
                draft.references,
            )
        )
    return tuple(found)
