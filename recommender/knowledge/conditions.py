"""Conditions as curators write them, turned into alternatives of plain facts.

A condition is positive: it asks for facts, never for their absence. So every condition is an
"any of" over "all of"s of atoms, and that is the only form that the rest of the program sees.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from .._errors import Path
from ..engine.atoms import MAX_WAYS, Atom, AtomKind, Way, minimal


class ConditionFault(ValueError):
    """A condition cannot be read; `path` leads to the place inside it."""

    def __init__(self, path: Path, message: str, hint: str = "") -> None:
        self.path = path
        self.hint = hint
        super().__init__(message)


def ways_of(conditions: Sequence[dict[str, Any]], facts: Iterable[str]) -> list[Way]:
    """Return the alternatives that meet all the conditions; one empty way when there are none.

    `facts` names the derived facts; every other key is a marker. Raises ConditionFault.
    """
    return _all_of(conditions, frozenset(facts), ())


def _all_of(conditions: Sequence[dict[str, Any]], facts: frozenset[str], path: Path) -> list[Way]:
    ways: list[Way] = [frozenset()]
    for index, condition in enumerate(conditions):
        if not isinstance(condition, dict) or len(condition) != 1:
            raise ConditionFault(
                (*path, index), "a condition has exactly one key", "Make it an item of its own."
            )
        ((key, value),) = condition.items()
        alternatives = _alternatives(key, value, facts, (*path, index, key))
        ways = minimal(way | other for way in ways for other in alternatives)
        if len(ways) > MAX_WAYS:
            raise ConditionFault(path, f"more than {MAX_WAYS} ways to be met", "Split the rule.")
    return ways


def _alternatives(key: str, value: Any, facts: frozenset[str], path: Path) -> list[Way]:
    if key in ("any_of", "all_of"):
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise ConditionFault(path, f"{key} needs a list of conditions")
        if key == "all_of":
            return _all_of(value, facts, path)
        return minimal(
            way for index, item in enumerate(value) for way in _nth_alternative(item, facts, path, index)
        )
    if key in ("not", "none_of", "unless"):
        raise ConditionFault(
            path, f"there is no {key}: conditions are positive", "Ask for what was measured."
        )
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise ConditionFault(path, f"{key} needs a word or a list of words")
    if key == "therapy":
        return [frozenset([Atom("therapy", word)]) for word in words]
    if key == "resistant_to":
        return [frozenset([Atom("resistant", word)]) for word in words]
    kind: AtomKind = "fact" if key in facts else "marker"
    return [frozenset([Atom(kind, key, word)]) for word in words]


def _nth_alternative(item: dict[str, Any], facts: frozenset[str], path: Path, index: int) -> list[Way]:
    try:
        return _all_of([item], facts, ())
    except ConditionFault as fault:
        raise ConditionFault((*path, index, *fault.path[1:]), str(fault), fault.hint) from None
