"""What a word for a state means."""

import pytest
from support.generators import BASE

from recommender import _text
from recommender.knowledge.state_words import StateWords

WORDS = StateWords(BASE.content.importing, BASE.vocabulary)


@pytest.mark.parametrize(
    ("marker", "word", "state"),
    [
        ("FASN", "HIGH", "high"),
        ("TP53", "mut", "mutated"),
        ("TP53", "WT", "wild-type"),
        ("URI1", "Amplification", "amplified"),
        ("CD274", "pos", "positive"),
        ("HBV", "present", "positive"),
        ("HBV", "TRUE", "positive"),
        ("HBV", "0.0", "negative"),
        ("FASN", "1", None),
        ("FASN", "yes", None),
        ("MIR145", "amp", None),
        ("HBV", "high", None),
    ],
)
def test_a_word_is_a_state_that_the_marker_can_have(marker: str, word: str, state: str | None) -> None:
    assert WORDS.state(BASE.vocabulary.markers[marker], word) == state


def test_hints_and_words_mean_the_same() -> None:
    importing = BASE.content.importing
    assert importing is not None
    said = {
        _text.fold(word): state for word, state in (importing.alterations | importing.abbreviations).items()
    }
    shared = said.keys() & _text._MEANT.keys()
    assert len(shared) > 5
    assert {word: said[word] for word in shared} == {word: _text._MEANT[word] for word in shared}


def test_without_words_of_the_rule_base_the_states_are_known() -> None:
    alone = StateWords(None, BASE.vocabulary)
    assert alone.state(BASE.vocabulary.markers["FASN"], "High") == "high"
    assert alone.is_null("")
    assert alone.polarity("yes") is None
