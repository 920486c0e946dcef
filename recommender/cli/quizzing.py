"""The quiz of `recommender tour --quiz`: by keys, by a pipe, or as a sheet."""

import select
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import InputError, Problem
from .._label import LABEL
from .._text import one_of, shortened
from .keyboard import LEAVE, asks_in_terminal, is_terminal, key_after

if TYPE_CHECKING:
    from ..profile import Profile
    from ..recommender import Recommender
    from ..reports.quiz import Quiz
    from ..views.screen import Screen

_PATIENCE = 1.0
"""Seconds until a pipe is said to be waited for."""
_MAX_ANSWERS = 10_000
"""Letters of answers that are read from a pipe; a quiz has a dozen questions."""


def run_quiz(
    recommender: "Recommender",
    case: str | None,
    *,
    rules: Sequence[Path],
    seed: int | None,
    output_format: str,
    output: Path | None,
    width: int | None,
    sheet: bool,
) -> None:
    """Ask the questions about a case, or print them. Raises InputError."""
    from ..reports.quiz import SEED, audit_quiz, case_quiz
    from ..views.plain import labelled
    from ..views.quizzes import sheet_markdown, sheet_text
    from .output import emit, screen

    seed = SEED if seed is None else seed
    if case is None:
        quiz = audit_quiz(recommender, seed)
    else:
        quiz = case_quiz(recommender, _profile(case, rules, output), seed)
    packs = quiz.rule_base.packs_in_words()
    if output_format == "json":
        emit(labelled(**quiz.to_dict()), output)
    elif output_format == "markdown":
        emit(sheet_markdown(quiz, packs), output)
    elif output_format == "html":
        from ..views.quiz_pages import quiz_sheet

        emit(quiz_sheet(quiz), output)
    else:
        shown_on = screen(width, output)
        if not (sheet or output) and asks_in_terminal():
            _by_keys(quiz, shown_on)
            return
        answers = [] if sheet or output or case == "-" else _piped(quiz)
        if answers:
            _by_answers(quiz, answers, shown_on)
        else:
            emit(sheet_text(quiz, packs, shown_on), output)


def _profile(case: str, rules: Sequence[Path], output: Path | None) -> "Profile":
    """Return the profile of a tour, of a shipped case or in a file, which may be a tour of one's own."""
    from ..reports.tour_files import is_tour
    from .reading import opened_tour, profile_in_file

    if not is_tour(case):
        return profile_in_file(case, rules)
    return opened_tour(case, output).profile


def _by_keys(quiz: "Quiz", shown_on: "Screen") -> None:
    """Ask at the terminal: a letter answers, q leaves."""
    from ..reports.quiz import graded
    from ..views.quizzes import answer_text, question_text, score_text
    from .output import emit

    answers: dict[int, str] = {}
    with suppress(KeyboardInterrupt):
        for question in quiz.questions:
            letters = [one.letter for one in question.options]
            emit(question_text(quiz, question, shown_on))
            prompt = f"{LABEL} · {one_of(letters)}, q to quit "
            while (key := key_after(prompt)) not in LEAVE:
                if (letter := key.decode("ascii", "ignore").lower()) in letters:
                    break
            else:
                break
            answers[question.number] = letter
            emit(answer_text(question, letter, shown_on))
            if question is not quiz.questions[-1] and key_after(f"{LABEL} · any key for the next ") in LEAVE:
                break
    emit(score_text(graded(quiz, answers), shown_on))


def _piped(quiz: "Quiz") -> list[str]:
    """Return the answers on stdin, for each question in turn; none where nothing comes.

    Raises InputError for what its question does not offer.
    """
    if sys.stdin is None or is_terminal(sys.stdin):
        return []
    _say_that_it_waits()
    text = sys.stdin.buffer.read(_MAX_ANSWERS).decode("utf-8", "replace").lower()
    letters = [one for one in text if not one.isspace() and one != ","]
    if len(letters) > len(quiz.questions):
        what = f"there are {len(letters)} answers to {len(quiz.questions)} questions."
        raise InputError([Problem("", what, "Give a letter for each question.")], source="stdin")
    for question, letter in zip(quiz.questions, letters, strict=False):
        allowed = [one.letter for one in question.options]
        if letter not in (*allowed, "-"):
            what = f"question {question.number}: '{shortened(letter)}' is not an option."
            hint = f"Allowed: {one_of(allowed)}; - for no answer."
            raise InputError([Problem("", what, hint)], source="stdin")
    return letters


def _say_that_it_waits() -> None:
    """Tell on stderr what a pipe is read for, where nothing comes from it for a while."""
    from .output import tell

    with suppress(OSError, ValueError):  # some streams cannot be waited for
        if not select.select([sys.stdin], [], [], _PATIENCE)[0]:
            tell("Waiting for answers on stdin; --no-pause prints the questions and the key.")


def _by_answers(quiz: "Quiz", answers: Sequence[str], shown_on: "Screen") -> None:
    """Print the questions with the answers that were piped in, and the score."""
    from ..reports.quiz import graded
    from ..views.quizzes import answer_text, question_text, score_text
    from .output import emit

    result = graded(quiz, dict(enumerate(answers, 1)))
    pages = []
    for question, letter in zip(quiz.questions, result.given, strict=True):
        if question.number <= len(answers):
            pages += [question_text(quiz, question, shown_on), answer_text(question, letter, shown_on)]
    packs = quiz.rule_base.packs_in_words()
    emit("\n".join([*pages, score_text(result, shown_on), *([f"{packs}\n"] if packs else [])]))
