"""The meaning of words for states: the words are data of the rule base (`rules/importing.yaml`)."""

import re
from typing import TYPE_CHECKING, NamedTuple, get_args

from .._text import fold, is_doubted
from ..changes import protein_change, stands_alone
from ..states import State
from .models import Marker
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from .import_models import Importing

_WHOLE = re.compile(r"([01])[.,]0+")
"""A one or a nought of a column that has blanks, as programs for statistics write it."""


_STATES: dict[str, State] = {fold(state): state for state in get_args(State)}


class WordMeaning(NamedTuple):
    """The meaning of a text for a marker: its state, and the change of the protein where it names one."""

    state: State
    change: str | None = None


class StateWords:
    """The words for states, for no value, and for found and not found."""

    def __init__(self, importing: "Importing | None", vocabulary: Vocabulary) -> None:
        """Without the words of the rule base only the states themselves are known."""
        self._vocabulary = vocabulary
        self._nulls, self._positive, self._negative = {""}, set[str](), set[str]()
        self._alterations: dict[str, State] = {}
        self._abbreviations: dict[str, State] = {}
        self._of_two_axes: set[str] = set()
        if importing is not None:
            self._nulls |= {one.strip().casefold() for one in importing.nulls}
            self._positive |= {one.casefold() for one in importing.positive}
            self._negative |= {one.casefold() for one in importing.negative}
            self._alterations |= {fold(word): state for word, state in importing.alterations.items()}
            self._abbreviations |= {_key(word): state for word, state in importing.abbreviations.items()}
            self._of_two_axes |= {_key(word) for word in importing.of_two_axes}

    def is_null(self, text: str) -> bool:
        """Return whether a cell means: no value."""
        return text.strip().casefold() in self._nulls

    def polarity(self, text: str) -> bool | None:
        """Return whether a word stands for found, for not found, or for neither."""
        word = text.strip().casefold()
        whole = _WHOLE.fullmatch(word)
        word = whole[1] if whole else word
        if word in self._positive:
            return True
        return False if word in self._negative else None

    def alteration(self, text: str) -> State | None:
        """Return the state of a gene that a word such as Amplification stands for."""
        return None if is_doubted(text) else self._alterations.get(fold(text))

    def state(self, marker: Marker, text: str) -> State | None:
        """Return the state that a word or an abbreviation stands for where it is said of a marker.

        A word with a sign of doubt or denial is not known. A word for found or not found is one where the
        marker has no levels, so that it is not a score.
        """
        states = {fold(state): state for state in self._vocabulary.states_of(marker)}
        word = self._word(text)
        meant = states.get(word) or self._abbreviations.get(word) or self._alterations.get(word)
        if meant is None and self._vocabulary.reading_of(marker, "high") != "high":
            found = self.polarity(text)
            meant = None if found is None else "positive" if found else "negative"
        return self._vocabulary.reading_of(marker, meant) if meant else None  # type: ignore[return-value]

    def other_axis(self, marker: Marker, text: str) -> str:
        """Return what is to be said of a word that is read as a level, and may mean the gene itself.

        Under a marker a word such as "loss" is a level, as on immunohistochemistry; of the genes, and in a
        list of mutations, it may also mean a lost copy. Nothing is to be said of a marker without copies.
        """
        if (
            self._word(text) not in self._of_two_axes
            or self._vocabulary.reading_of(marker, "deleted") is None
        ):
            return ""
        state = self.state(marker, text)
        return f"'{text.strip()}' of {marker.symbol} is read as {state}; write deleted for a lost gene."

    def finding(self, marker: Marker | None, text: str) -> WordMeaning | None:
        """Return what a text says where it is said of a marker; None where that is not understood.

        A change of a protein says of a gene that it is mutated. Of a marker that is not known a text says
        something where it is a word for a state, or such a change, whatever the marker.
        """
        if marker is None:
            state = self.word(text) or (None if is_doubted(text) else _STATES.get(fold(text)))
            can_be_mutated = True
        else:
            state = self.state(marker, text)
            can_be_mutated = self._vocabulary.reading_of(marker, "mutated") == "mutated"
        if state is not None:
            return WordMeaning(state)
        if can_be_mutated and stands_alone(text):
            return WordMeaning("mutated", protein_change(text))
        return None

    def word(self, text: str) -> State | None:
        """Return the state that a word or an abbreviation stands for whatever the marker."""
        word = self._word(text)
        return self._abbreviations.get(word) or self._alterations.get(word)

    def _word(self, text: str) -> str:
        """A text as words for states are looked up; nothing where it has a sign that makes it another one."""
        signs = text.strip()
        if signs in self._abbreviations:
            return signs
        return "" if is_doubted(text) else fold(text)


def _key(word: str) -> str:
    """A word as it is looked up: a sign such as "++" as it is written."""
    return fold(word) or word.strip()
