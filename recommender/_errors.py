"""Everything that can go wrong, as one tree.

RecommenderError
├── InputError        the user's profile or arguments
├── RuleBaseError     the rule files
├── DifferenceError   two answers that should agree do not
└── EngineError       the rule engine broke its promises
    └── EngineLost    it ended or hung in its own process, and can be replaced
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ._text import printable, shortened

MAX_PLACE = 500
"""Letters of a place that an error shows: more than the longest name of a marker has."""
MAX_FAULT = 1000
"""Letters of what is wrong, which may repeat what was given."""


Path = tuple[str | int, ...]
"""The steps from a value to a place inside it: keys and positions."""


Action = Literal["compare_rules", "import_profiles", "list_cases", "list_rules", "rank_cohort", "recommend"]
"""An action that solves a problem, which the command line shows as its command."""


class Problem(NamedTuple):
    """One thing that is wrong: where it is, what it is, and what to do about it.

    `where` is a JSON pointer for a profile and `file:line` for a rule file. `parameter` is the name of the
    argument that is wrong. Texts name a parameter with an equals sign, in backticks; the command line shows
    both as its options. `actions` are those that a hint advises.
    """

    where: str
    what: str
    hint: str = ""
    parameter: str = ""
    actions: tuple[Action, ...] = ()

    def __str__(self) -> str:
        place = shortened(" ".join(part for part in (self.parameter, self.where) if part), MAX_PLACE)
        place = f"{place}: " if place else ""
        advice = f" {self.hint}" if self.hint else ""
        return printable(f"{place}{shortened(self.what, MAX_FAULT)}{advice}")


def faults_and_hints(problems: Iterable[Problem]) -> str:
    """Return what is wrong, each with its hint, as a text without places."""
    return " ".join(f"{one.what} {one.hint}".strip() for one in problems)


class FieldError(ValueError):
    """The error of a validator of a whole record: one of the fields that it was given is wrong."""

    def __init__(self, field: str, what: str) -> None:
        self.field = field
        super().__init__(what)


class RecommenderError(Exception):
    """Base of every error that this package raises on purpose."""


class _ProblemsError(RecommenderError):
    """An error that lists all its problems at once."""

    headline = ""

    def __init__(self, problems: Sequence[Problem], *, source: str = "") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__(str(self))

    def __str__(self) -> str:
        name = f" {printable(self.source)}" if self.source else ""
        lines = [self.headline.format(name=name, count=len(self.problems))]
        return "\n".join([*lines, *(f"  {problem}" for problem in self.problems)])


class InputError(_ProblemsError):
    """The profile or the arguments cannot be used; `problems` says all that is wrong."""

    headline = "Cannot use the input{name}:"


class RuleBaseError(_ProblemsError):
    """The rule files do not make a valid rule base; `problems` says all that is wrong."""

    headline = "The rule base is invalid{name} ({count} found):"


class DifferenceError(RecommenderError):
    """Two evaluations that must agree gave different answers."""


class EngineError(RecommenderError):
    """The rule engine failed, or answered in a way that it must not."""


class EngineLost(EngineError):
    """The engine that runs in a process of its own ended, or did not answer in time."""
