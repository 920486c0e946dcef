"""A quiz as HTML: a sheet to print with its key on a page of its own, and the form of the server."""

from collections.abc import Iterable, Sequence

from .._errors import Problem
from ..reports.quiz import Graded, Quiz, graded
from .templating import alone, asset, style_of, template


def quiz_sheet(quiz: Quiz) -> str:
    """Return a quiz as one page that needs nothing else: the questions, and the key behind a page break."""
    style = style_of("report") + asset("quiz.css")
    return alone("quiz.html", style, quiz=quiz, answers=graded(quiz, {}), form=False)


def quiz_form(
    answers: Graded | None,
    *,
    hidden: Iterable[tuple[str, str]] = (),
    back: str = "/",
    another: str = "",
    choices: Sequence[tuple[str, str]] = (),
    problems: Sequence[Problem] = (),
) -> str:
    """Return a quiz as a form that is sent by GET and works without scripts.

    `hidden` are parts of the address that are sent again, `back` and `another` addresses of the case and of
    other questions about it, and `choices` names and addresses of quizzes. Once something was answered,
    each question has its answer and the proof below it.
    """
    return template("quiz.html").render(
        quiz=answers.quiz if answers else None,
        answers=answers,
        form=True,
        hidden=list(hidden),
        back=back,
        another=another,
        choices=choices,
        problems=problems,
    )
