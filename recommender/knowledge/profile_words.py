"""Profiles in the words that tables have: `HIGH`, `mut`, `WT`, `pos`, `NA`, `p.R249S`, scores as texts."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .._data import shipped
from .._text import fold
from ..changes import protein_change, stands_alone
from ..scores import score_in
from ..states import MUTATION_STATES, STATES
from .base import KnowledgeBase
from .loading import load
from .state_words import StateWords

_STATES = {fold(state): state for state in STATES}


def understood(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a profile with the words for states as states, and without what means: no value.

    A protein change as the state of a marker becomes a mutation, after those that are there. What is
    not understood stays as it is.
    """
    return _Reader(_shipped()).read(value)


@lru_cache(maxsize=1)
def _shipped() -> KnowledgeBase:
    """The shipped rule base, whose words are read; it is loaded only for a profile that has such words."""
    return load([shipped("rules")])


class _Reader:
    def __init__(self, base: KnowledgeBase) -> None:
        self.vocabulary = base.vocabulary
        self.words = StateWords(base.content.importing, base.vocabulary)

    def read(self, value: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(value)
        mutations, markers = found.get("mutations"), found.get("markers")
        moved: list[dict[str, Any]] = []
        if isinstance(markers, dict):
            kept = {name: self._findings(name, given, moved) for name, given in markers.items()}
            found["markers"] = {name: given for name, given in kept.items() if given is not None}
        if isinstance(mutations, list | tuple) or (moved and mutations is None):
            found["mutations"] = [*(self._mutation(one) for one in mutations or ()), *moved]
        return found

    def _findings(self, name: str, given: Any, moved: list[dict[str, Any]]) -> Any:
        """The findings of a marker; None where none is left. Protein changes are `moved` away."""
        if not isinstance(given, list | tuple):
            return self._finding(name, given, moved)
        found = [self._finding(name, one, moved) for one in given]
        return [one for one in found if one is not None] or (None if given else given)

    def _finding(self, name: str, given: Any, moved: list[dict[str, Any]]) -> Any:
        if not isinstance(given, dict):
            found = self._finding(name, {"state": given}, moved)
            return found if found is None or set(found) != {"state"} else found["state"]
        found = dict(given)
        score = found.get("z_score")
        if isinstance(score, str):
            number = score_in(score)
            if number is not None:
                found["z_score"] = number
            elif self.words.is_null(score):
                del found["z_score"]
        text = _text(found["state"]) if "state" in found else None
        if text is not None and self.words.is_null(text):
            del found["state"]
        elif text is not None:
            state = self._state(name, text)
            if state is not None:
                found["state"] = state
            elif stands_alone(text) and self._can_be_mutated(name):
                moved.append({"gene": name, "change": protein_change(text), "source": found.get("source")})
                return None
        had, has = (one.keys() & {"state", "z_score"} for one in (given, found))
        return None if had and not has else found

    def _state(self, name: str, text: str) -> str | None:
        """The state that a word stands for where it is said of a marker, known or not."""
        marker = self.vocabulary.marker(name)
        state = self.words.state(marker, text) if marker else None
        return state or self.words.word(text) or _STATES.get(fold(text))

    def _can_be_mutated(self, name: str) -> bool:
        marker = self.vocabulary.marker(name)
        return marker is not None and self.vocabulary.reading_of(marker, "mutated") is not None

    def _mutation(self, given: Any) -> Any:
        if isinstance(given, str):
            gene, *rest = re.split(r"\s+", given.strip(), maxsplit=1)
            state = self._state(gene, rest[0]) if rest else None
            return {"gene": gene, "state": state} if state in MUTATION_STATES else given
        if isinstance(given, dict) and isinstance(given.get("state"), str):
            state = self._state(str(given.get("gene", "")), given["state"])
            return {**given, "state": state} if state in MUTATION_STATES else given
        return given


def _text(given: Any) -> str | None:
    """A value of JSON as the text that a table has; None for what is not a state in any table."""
    match given:
        case None:
            return ""
        case bool():
            return "true" if given else "false"
        case int() | float():
            return str(given)
        case str():
            return given
        case _:
            return None
