"""The id of a suggestion: an add-on and the therapy that it is added to, and back."""

from typing import NamedTuple

from .._errors import InputError, Problem
from .._text import did_you_mean, fold, one_of, shortened
from .base import KnowledgeBase

_WITH = "-with-"


class SuggestionKey(NamedTuple):
    """The ids of an add-on and of the therapy that it is added to."""

    add_on: str
    partner: str


def suggestion_id(add_on: str, partner: str) -> str:
    """Return the id of the suggestion to add an add-on to a therapy.

    >>> suggestion_id("an-agent", "a-drug")
    'an-agent-with-a-drug'
    """
    return f"{add_on}{_WITH}{partner}"


def parse_suggestion_id(text: str, base: KnowledgeBase) -> SuggestionKey | None:
    """Return what the id of a suggestion names, or None where it does not begin with an add-on.

    Both may have another name than in the id, in any case.

    Raises InputError where the therapy is not known, and where no strategy adds the add-on to it.
    """
    words = text.split(_WITH)
    ways = [(_WITH.join(words[:at]), _WITH.join(words[at:])) for at in range(1, len(words))]
    add_ons = base.add_on_names
    keys = [SuggestionKey(add_ons[fold(one)], other) for one, other in ways if fold(one) in add_ons]
    if not keys:
        return None
    vocabulary = base.vocabulary
    named = ((key.add_on, vocabulary.therapy(key.partner)) for key in keys)
    key = next((SuggestionKey(add_on, one.id) for add_on, one in named if one is not None), keys[0])
    name = base.add_ons[key.add_on].name
    wanted = sorted({one for rule in base.strategies_for(key.add_on) for one in rule.therapies})
    if key.partner not in vocabulary.therapies:
        near = did_you_mean(key.partner, vocabulary.therapy_spellings())
        what = f"the therapy '{shortened(key.partner)}' is not known, so nothing is added to it."
        raise InputError([Problem("", what, near or _for(name, wanted))])
    if not base.strategies_for(*key):
        partner = vocabulary.therapies[key.partner].name
        what = f"no strategy adds {name} to {partner}."
        raise InputError([Problem("", what, _for(name, wanted))])
    return key


def _for(name: str, therapies: list[str]) -> str:
    return f"{name} is for {one_of(therapies)}." if therapies else ""
