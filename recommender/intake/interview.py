"""A profile from single answers: each checked as it is given, by the vocabulary."""

from typing import Any, NamedTuple

from .._errors import InputError, Problem, faults_and_hints
from .._text import did_you_mean, did_you_mean_name, one_of, shortened
from ..evaluation.facts import Notice, read_facts
from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from ..states import STATES, axis_of


class Answers(NamedTuple):
    """The answers of a user: names and findings as they were typed, a finding as MARKER=STATE."""

    id: str | None = None
    disease: str | None = None
    therapies: tuple[str, ...] = ()
    resistant_to: tuple[str, ...] = ()
    mutations: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    note: str | None = None

    def having(self, field: str, text: str) -> "Answers":
        """Return the answers with one more for a field that takes several."""
        return Answers(**(self._asdict() | {field: (*getattr(self, field), text)}))


def profile_of(answers: Answers, base: KnowledgeBase) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Return the profile as plain values, and the notices on it. Raises InputError with all that is wrong."""
    markers: dict[str, list[str]] = {}
    mutations = list(answers.mutations)
    problems = []
    for text in answers.markers:
        name, equals, state = (part.strip() for part in text.partition("="))
        where = shortened(text)
        if not (name and equals and state):
            problems.append(
                Problem(where, "MARKER=STATE is expected.", f"Such as {_example(name, base)}.", "markers")
            )
            continue
        marker = base.vocabulary.marker(name)
        meant = base.state_words.finding(marker, state) if marker else None
        if meant and meant.change:
            mutations.append(f"{name} {meant.change}")
            continue
        state = meant.state if meant else state
        found = markers.setdefault(name, [])
        known = next((one for one in found if _excludes(one, state)), None)
        if known is not None:
            problems.append(Problem(where, f"{name} is {known} already.", parameter="markers"))
        elif state not in found:
            found.append(state)
    if problems:
        raise InputError(problems)
    value = {
        "schema_version": "1.1" if any(len(found) > 1 for found in markers.values()) else "1.0",
        "id": answers.id,
        "disease": answers.disease,
        "therapies": list(answers.therapies),
        "resistant_to": list(answers.resistant_to),
        "mutations": mutations,
        "markers": {name: found if len(found) > 1 else found[0] for name, found in markers.items()},
        "note": answers.note,
    }
    given = {name: one for name, one in value.items() if one not in (None, [], {})}
    facts = read_facts(Profile.parse(given), base)
    return given, tuple(sorted(set(facts.notices)))


def objection(field: str, text: str, answers: Answers, base: KnowledgeBase) -> str:
    """Return the objection to one more answer for a field, given those before; or nothing."""
    checks = {"therapies": _therapy, "resistant_to": _therapy, "mutations": _mutation, "markers": _finding}
    against = checks[field](text, base)
    if against:
        return against
    try:
        profile_of(answers.having(field, text), base)
    except InputError as error:
        return faults_and_hints(error.problems)
    return ""


def doubt(disease: str, base: KnowledgeBase) -> str:
    """Return what a user should know about a disease that was given, or nothing."""
    if base.vocabulary.disease(disease):
        return ""
    return (
        f"{_unknown('disease', disease, base.vocabulary.disease_spellings())} It is kept; nothing is ranked."
    )


def _therapy(text: str, base: KnowledgeBase) -> str:
    unknown = base.vocabulary.therapies_in(text)[1]
    return _unknown("therapy", unknown[0], base.vocabulary.therapy_spellings()) if unknown else ""


def _finding(text: str, base: KnowledgeBase) -> str:
    name, equals, state = (part.strip() for part in text.partition("="))
    marker = base.vocabulary.marker(name)
    if marker is None:
        ambiguous = base.vocabulary.ambiguous(name)
        if ambiguous is not None:
            return f"{shortened(name)} can mean {one_of(ambiguous.candidates)}. {ambiguous.why}"
        return _unknown("marker", name, base.vocabulary.marker_spellings())
    allowed = base.vocabulary.states_of(marker)
    if not equals or not state:
        return f"Write {name}=STATE; it can be {one_of(allowed)}."
    if base.state_words.finding(marker, state) is None:
        near = did_you_mean(state, allowed)
        return f"{marker.symbol} cannot be '{shortened(state)}'. {near} Allowed: {one_of(allowed)}."
    return ""


def _mutation(text: str, base: KnowledgeBase) -> str:
    try:
        (mutation,) = Profile.parse({"mutations": [text]}).mutations
    except InputError as error:
        return faults_and_hints(error.problems)
    return _finding(f"{mutation.gene}={mutation.state}", base)


def _excludes(one: str, other: str) -> bool:
    """Return True where two states are different states of one axis."""
    return one != other and one in STATES and other in STATES and axis_of(one) == axis_of(other)


def _unknown(what: str, text: str, spellings: Any) -> str:
    near = did_you_mean_name(text, spellings)
    return f"The {what} '{shortened(text)}' is not in the vocabulary. {near}".strip()


def _example(name: str, base: KnowledgeBase) -> str:
    marker = base.vocabulary.marker(name)
    return f"{name}={base.vocabulary.states_of(marker)[0]}" if marker else "MARKER=high"
