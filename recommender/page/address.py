"""The state of the page, which is all in its address: a query to a profile and back.

A finding is written `AXIS:MARKER=state`, such as `level:SYMBOL=high`; a therapy `therapy=...`, one that
failed `failed=...`. Nothing is kept on the server, so an address is the whole case.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from .._errors import InputError, Problem
from .._text import did_you_mean, fold, shortened
from ..evaluation.facts import Facts
from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from ..states import AXES, MUTATION_STATES, axis_of

Query = Sequence[tuple[str, str]]
_NAMES = ("id", "disease", "therapy", "failed", "note", "any_disease")

MAX_LETTERS = 4000
"""In a text of an address."""


class Control(NamedTuple):
    """The setting of one marker on one axis; `known_as` tells it apart, `words` are all its names."""

    name: str
    marker: str
    axis: str
    states: tuple[str, ...]
    known_as: str
    words: str


class Choice(NamedTuple):
    """A therapy that can be set; `words` are its names."""

    id: str
    name: str
    words: str


def profile_of_query(query: Query) -> Profile:
    """Return the profile that a query stands for. Raises InputError."""
    value: dict[str, Any] = {"therapies": [], "resistant_to": [], "mutations": [], "markers": {}}
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for name, text in query:
        axis, _, marker = name.partition(":")
        if not text or name == "any_disease":
            continue
        if name in ("id", "disease", "note"):
            if len(text) > MAX_LETTERS:
                what = f"it is longer than {MAX_LETTERS:,} letters, which is too much for an address."
                problems.append(Problem(f"?{name}", what))
            value[name] = text
        elif name in ("therapy", "failed"):
            value["therapies" if name == "therapy" else "resistant_to"].append(text)
        elif axis in AXES and marker:
            if text not in AXES[axis]:
                hint = did_you_mean(text, AXES[axis]) or f"Allowed: {', '.join(AXES[axis])}."
                problems.append(
                    Problem(shortened(f"?{name}"), f"'{shortened(text)}' is not a state of {axis}.", hint)
                )
            elif name in seen:
                what = f"it is {shortened(seen[name])} here and {text} later in the address."
                problems += [Problem(shortened(f"?{name}"), what, "Keep one.")] if seen[name] != text else []
            elif text in MUTATION_STATES:
                value["mutations"].append({"gene": marker, "state": text})
            else:
                value["markers"].setdefault(marker, []).append(text)
            seen.setdefault(name, text)
        else:
            hint = did_you_mean(name, _NAMES) or "A finding is AXIS:MARKER=state, such as level:SYMBOL=high."
            problems.append(Problem(shortened(f"?{name}"), "this part of the address means nothing.", hint))
    if problems:
        raise InputError(problems, source="address")
    return Profile.parse(value)


def ranks_any_disease(query: Query) -> bool:
    """Return whether a query asks for a ranking outside the scope."""
    return any(name == "any_disease" and value for name, value in query)


def query_of(profile: Profile, facts: Facts) -> str:
    """Return the query that stands for a profile whose facts were read; what it cannot say is left out."""
    disease = facts.disease.id if facts.disease and profile.disease else profile.disease
    found = [(name, text) for name, text in (("id", profile.id), ("disease", disease)) if text]
    found += [("therapy", one.therapy) for one in facts.therapies]
    found += [("failed", one.therapy) for one in facts.resistant_to]
    found += [(f"{axis_of(one.state)}:{one.marker}", one.state) for one in facts.findings]
    return urlencode(found + ([("note", profile.note)] if profile.note else []))


def controls(base: KnowledgeBase) -> tuple[Control, ...]:
    """Return what can be set: every marker that a rule requires, on the axis on which it is required."""
    read = sorted(base.read, key=lambda one: (one[0].casefold(), one[1]))
    return tuple(_control(base, marker, axis) for marker, axis in read)


def others(base: KnowledgeBase, known: Iterable[Control], facts: Facts) -> tuple[Control, ...]:
    """Return controls for the findings of a profile for which there is none yet."""
    names = {one.name for one in known}
    found = {(one.marker, axis_of(one.state)) for one in facts.findings}
    return tuple(_control(base, *one) for one in sorted(found) if f"{one[1]}:{one[0]}" not in names)


def therapy_choices(base: KnowledgeBase) -> list[Choice]:
    """Return the therapies that can be set, by name."""
    found = [
        Choice(one.id, one.name, _words(*_names_of(base, one.id), *one.synonyms, *one.brands))
        for one in base.content.therapies
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def _names_of(base: KnowledgeBase, therapy: str) -> list[str]:
    """The name of a therapy and those of the classes above it, so that a class finds its members."""
    return [base.vocabulary.therapies[name].name for name in sorted(base.vocabulary.lineage(therapy))]


def _words(*names: str) -> str:
    """Names as the search of the page compares them: without case, spaces and punctuation."""
    return " ".join(dict.fromkeys(fold(name) for name in names))


def _control(base: KnowledgeBase, symbol: str, axis: str) -> Control:
    marker = base.vocabulary.markers[symbol]
    reportable = base.vocabulary.states_of(marker)
    states = tuple(state for state in AXES[axis] if state in reportable)
    words = _words(symbol, marker.name, *marker.aliases, *marker.previous)
    known_as = ", ".join(name for name in (marker.common, axis.replace("-", " ")) if name)
    return Control(f"{axis}:{symbol}", symbol, axis, states, known_as, words)
