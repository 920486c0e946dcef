"""What the form of the page shows: the settings of a case."""

from typing import NamedTuple

from .._errors import InputError
from ..evaluation.facts import Facts, facts_and_problems
from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from ..states import axis_of
from .address import Query, profile_of_query


class FormState(NamedTuple):
    """The settings that the form shows. `extras` are parts of the query that it has no control for."""

    id: str
    note: str
    disease: str
    therapies: frozenset[str]
    failed: frozenset[str]
    findings: dict[str, str]
    extras: list[tuple[str, str]]
    facts: Facts


def form_state(base: KnowledgeBase, query: Query) -> FormState:
    """Return the settings that a query stands for; none where it cannot be read."""
    try:
        profile = profile_of_query(query)
    except InputError:
        profile = Profile()
    facts, _ = facts_and_problems(profile, base)
    return FormState(
        profile.id or "",
        profile.note or "",
        facts.disease.id if facts.disease else "",
        frozenset(facts.partners),
        frozenset(facts.failed),
        {f"{axis_of(one.state)}:{one.marker}": one.state for one in facts.findings},
        [(name, value) for name, value in query if _unknown(base, name, value)],
        facts,
    )


def _unknown(base: KnowledgeBase, name: str, value: str) -> bool:
    """Return True where a part of a query is not in the vocabulary: it is kept, so that it is not lost."""
    if name in ("therapy", "failed"):
        return bool(base.vocabulary.therapies_in(value)[1])
    if name == "disease":
        return base.vocabulary.disease(value) is None
    _, colon, marker = name.partition(":")
    return name == "any_disease" or bool(colon and value and base.vocabulary.marker(marker) is None)
