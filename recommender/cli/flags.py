"""The library's parameters as the options of the command line."""

import re
from collections.abc import Iterable

from .._errors import Action, InputError, Problem, RecommenderError, RuleBaseError
from .._text import did_you_mean, one_of

_IRREGULAR = {
    "form": "from",
    "markers": "marker",
    "panels": "panel",
    "samples": "sample",
    "therapies": "therapy",
}

COMMAND_OF: dict[Action, str] = {
    "compare_rules": "recommender rules compare shipped review-as-printed",
    "import_profiles": "recommender profile import FILE",
    "list_cases": "recommender cases",
    "list_rules": "recommender rules list",
    "rank_cohort": "recommender cohort INPUT -o OUT",
    "recommend": "recommender recommend FILE --format json",
}
"""The command for each action that a hint advises."""


def flag(parameter: str) -> str:
    """Return the option that gives a parameter.

    >>> flag("assume_exome"), flag("panels")
    ('--assume-exome', '--panel')
    """
    return f"--{_IRREGULAR.get(parameter, parameter).replace('_', '-')}"


def with_flags(text: str) -> str:
    """Return a text of the library with the options for the parameters that it names.

    >>> with_flags("Give its file with `panels=`.")
    'Give its file with --panel.'
    """
    return re.sub(r"`([a-z_]+)=`", lambda found: flag(found[1]), text)


def problem_with_flags(problem: Problem) -> Problem:
    """Return a problem whose place is the option that is wrong, and whose hint has the command that helps."""
    option = flag(problem.parameter) if problem.parameter else ""
    where = " ".join(part for part in (option, problem.where) if part)
    hint = with_flags(problem.hint)
    if problem.actions:
        hint = f"{hint} Use: {one_of(COMMAND_OF[action] for action in problem.actions)}."
    return Problem(where, with_flags(problem.what), hint)


def problems_with_flags(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems as `problem_with_flags` does."""
    return tuple(map(problem_with_flags, problems))


_NOT_A_CHOICE = re.compile(r"(?:Value error, )?'(.*)' is not one of ('.*')\.", re.DOTALL)
_EXPECTED = re.compile(r"Input should be (.+?)(?:, unable to parse .*)?", re.DOTALL)
_KINDS = {"a valid integer": "a whole number", "a valid number": "a number"}


def wrong_value(message: str) -> str:
    """Return what is wrong with the value of an option, of which Typer speaks with words of pydantic.

    >>> wrong_value("Value error, 'jso' is not one of 'html', 'json'.")
    "'jso' is not one of html or json. Did you mean json?"
    >>> wrong_value("Input should be a valid integer, unable to parse string as an integer")
    'It must be a whole number.'
    """
    if choice := _NOT_A_CHOICE.fullmatch(message):
        allowed = choice[2].strip("'").split("', '")
        what = f"'{choice[1]}' is not one of {one_of(allowed)}."
        return f"{what} {did_you_mean(choice[1], allowed)}".strip()
    if expected := _EXPECTED.fullmatch(message):
        return f"It must be {_KINDS.get(expected[1], expected[1])}."
    return message.removeprefix("Value error, ")


def error_text(error: RecommenderError) -> str:
    """Return what an error says, with the options of the command line."""
    if isinstance(error, InputError | RuleBaseError):
        return str(type(error)(problems_with_flags(error.problems), source=error.source))
    return with_flags(str(error))
