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


class Item(NamedTuple):
    """A profile that is to be answered: the line that holds it, or a whole file."""

    line: int
    """Its number in the stream, from 1."""
    data: bytes
    file: str | None = None
    """The file, where several are answered."""
    whole: bool = False
    """True where the file holds this profile alone, in JSON or YAML."""


def items(given: Iterable[Line]) -> Iterator[Item]:
    """Yield what is to be answered in a stream."""
    for line in given:
        yield Item(line.number, line.data)


def items_of_files(
    files: Iterable[str], opened: Callable[[str], AbstractContextManager[Opened]]
) -> Iterator[Item | Answer]:
    """Yield what is to be answered in files of profiles, in their order, and an answer for a file in error.

    `opened` opens a file by its name.
    """
    for file in files:
        try:
            with opened(file) as found:
                if found.lines is None:
                    yield Item(1, found.data, file, whole=True)
                else:
                    for item in items(found.lines):
                        yield item._replace(file=file)
        except InputError as error:
            yield Answer(1, error=error, file=file)


def answered(recommender: Recommender, given: Iterable[Item | Answer], options: Options) -> Iterator[Answer]:
    """Yield the answer to each item as it comes, and answers as they are. Raises EngineError."""
    for item in given:
        yield item if isinstance(item, Answer) else _answer(recommender, item, options)


def answers(
    recommender: Recommender, given: Iterable[Line], options: Options | None = None
) -> Iterator[Answer]:
    """Yield the answer to each line as it comes. Raises EngineError."""
    return answered(recommender, items(given), options or Options())


def _answer(recommender: Recommender, item: Item, options: Options) -> Answer:
    try:
        text = item.data if item.whole else json_text(Line(item.line, item.data))
        source = item.file if item.whole and item.file else f"line {item.line}"
        profile = profile_in_text(text, lambda: recommender.base, source=source)
        return Answer(item.line, recommender.answer(profile, options), file=item.file)
    except (InputError, DifferenceError) as error:
        return Answer(item.line, error=error, file=item.file)
