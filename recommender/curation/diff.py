"""Two rule bases compared: which rules changed, and which profiles answer differently."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..knowledge.base import KnowledgeBase
from ..profile import Profile
from ..recommender import Recommender

WORDING = frozenset(
    {"title", "text", "mechanism", "limits", "why", "claim", "flag", "examples", "since", "models"}
)
"""Fields that change what people read, and no answer."""


class Change(NamedTuple):
    """A rule that is there on one side only, or with other fields."""

    rule: str
    change: str
    """ "added", "removed" or "changed"."""
    fields: tuple[str, ...]
    kind: str = ""
    title: str = ""
    details: tuple[str, ...] = ()
    """Each field that is more than wording, before and after."""


class AnswerChange(NamedTuple):
    """A profile that answers differently: what enters, leaves and moves."""

    profile: str
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    moves: tuple[str, ...]


class Difference(NamedTuple):
    """All that differs between two rule bases."""

    rules: tuple[Change, ...]
    profiles: tuple[AnswerChange, ...]
    compared: int


def compare(old: Path, new: Path, profiles: Sequence[Profile] = ()) -> Difference:
    """Return how two folders of rules differ, and how they answer the profiles.

    Raises RuleBaseError.
    """
    before, after = (Recommender(base=folder, engine="plain") for folder in (old, new))
    changed = tuple(_changes(before.base, after.base))
    answered = [_answer(profile, before, after, number) for number, profile in enumerate(profiles, 1)]
    return Difference(changed, tuple(one for one in answered if one is not None), len(profiles))


def _changes(old: KnowledgeBase, new: KnowledgeBase) -> list[Change]:
    changes = []
    for rule in sorted({*old.rules, *new.rules}):
        before, after = old.rules.get(rule), new.rules.get(rule)
        if before is None or after is None:
            there = before or after
            assert there is not None
            how = "removed" if after is None else "added"
            changes.append(Change(rule, how, (), there.kind, there.title))
        elif before != after:
            left, right = before.model_dump(), after.model_dump()
            fields = tuple(sorted(name for name in {*left, *right} if left.get(name) != right.get(name)))
            details = tuple(_details(left, right))
            changes.append(Change(rule, "changed", fields, after.kind, after.title, details))
    return changes


def _details(left: dict[str, Any], right: dict[str, Any]) -> Iterator[str]:
    """Yield the fields that differ in more than wording, those of records one by one."""
    for name in dict.fromkeys([*left, *right]):
        before, after = left.get(name), right.get(name)
        if before == after or name in WORDING:
            continue
        if isinstance(before, dict) and isinstance(after, dict) and name in ("evidence", "applies_to"):
            yield from _details(before, after)
        else:
            yield f"{name.replace('_', ' ')}: {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    """Return a value of a rule as a curator would write it, in short."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_shown, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _answer(profile: Profile, before: Recommender, after: Recommender, number: int) -> AnswerChange | None:
    old = {one.id: one for one in before.recommend(profile, brief=True).recommendations}
    new = {one.id: one for one in after.recommend(profile, brief=True).recommendations}
    moves = [
        f"{name}: rank {old[name].rank} to {new[name].rank}, score {old[name].score} to {new[name].score}"
        for name in old
        if name in new and (old[name].rank, old[name].score) != (new[name].rank, new[name].score)
    ]
    enters, leaves = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    if not (moves or enters or leaves):
        return None
    return AnswerChange(profile.id or f"profile {number}", tuple(enters), tuple(leaves), tuple(moves))
