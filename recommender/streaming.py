"""Answers to a stream of profiles, one per line, as they come and in constant memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple

from ._errors import DifferenceError, InputError
from ._label import Labelled
from ._values import Value
from .intake.lines import Line, Opened, json_text
from .intake.validation import profile_in_text
from .options import Options
from .recommender import Recommender
from .result.model import Result


class ProblemView(Value):
    """One thing that is wrong: where, as a JSON pointer or empty, what, and what to do."""

    where: str
    """A JSON pointer, or empty where it is the whole input."""
    what: str
    """The fault, in words."""
    hint: str
    """The advice on what to do, or empty."""


class Fault(Value):
    """The fault of a line: the kind of error, all of it in words, and its problems one by one."""

    code: Literal["InputError", "DifferenceError"]
    """The kind of error."""
    message: str
    """All of it in words."""
    problems: tuple[ProblemView, ...]
    """Every problem that was found; empty for a difference."""


class ErrorLine(Labelled):
    """The answer of a stream to a line that it cannot use."""

    line: int
    """Its number in the stream, from 1."""
    error: Fault
    """The fault of the line."""
    file: str | None = None
    """The file of the line; only where several files are answered."""


class Answer(NamedTuple):
    """The answer to a line: a result, or the error that kept it from being answered."""

    line: int
    result: Result | None = None
    error: InputError | DifferenceError | None = None
    file: str | None = None
    """The file of the line, where several are answered."""

    def error_line(self) -> ErrorLine:
        """Return the error as a stream answers it. The line must have one."""
        assert self.error is not None
        problems = self.error.problems if isinstance(self.error, InputError) else ()
        kind: Literal["InputError", "DifferenceError"] = (
            "InputError" if isinstance(self.error, InputError) else "DifferenceError"
        )
        return ErrorLine(
            line=self.line,
            file=self.file,
            error=Fault(
                code=kind,
                message=str(self.error),
                problems=tuple(
                    ProblemView(where=one.where, what=one.what, hint=one.hint) for one in problems
                ),
            ),
        )


def answers(
    recommender: Recommender, given: Iterable[Line], options: Options | None = None
) -> Iterator[Answer]:
    """Yield the answer to each line as it comes. Raises EngineError."""
    options = options or Options()
    for line in given:
        try:
            profile = profile_in_text(json_text(line), lambda: recommender.base, source=f"line {line.number}")
            yield Answer(line.number, recommender.answer(profile, options))
        except (InputError, DifferenceError) as error:
            yield Answer(line.number, error=error)


def answers_to_files(
    recommender: Recommender,
    files: Iterable[str],
    opened: Callable[[str], AbstractContextManager[Opened]],
    options: Options,
) -> Iterator[Answer]:
    """Yield the answers to files of profiles in their order: one for each profile, or for a file in error.

    `opened` opens a file by its name. Raises EngineError.
    """
    for file in files:
        try:
            with opened(file) as found:
                if found.lines is None:
                    profile = profile_in_text(found.data, lambda: recommender.base, source=file)
                    yield Answer(1, recommender.answer(profile, options), file=file)
                else:
                    for answer in answers(recommender, found.lines, options):
                        yield answer._replace(file=file)
        except (InputError, DifferenceError) as error:
            yield Answer(1, error=error, file=file)
