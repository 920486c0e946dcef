"""A reading takes the place of shipped rules: which of them stay, and what is wrong with its lists."""

from collections.abc import Iterator
from typing import Any

from .._errors import Path, Problem
from .placing import Placed

READING = "reading"
"""The section that makes a pack a reading."""
_ABOUT_RULES = ("claims", "corroboration", "other_evidence")
"""Sections about shipped rules, which have no meaning for a reading."""


def reading_problems(merged: dict[str, Any], placed: Placed) -> Iterator[Problem]:
    """Yield the names in the lists of a reading that are not those of rules or findings."""
    reading = merged[READING]
    own: set[str] = set()
    shipped: set[str] = set()
    for index, rule in enumerate(merged.get("rules", ())):
        (own if placed.packs["rules", index] else shipped).add(rule.id)
    findings = {one.id for one in merged.get("audit", ())}
    for name, list_ in (("shared", reading.shared), ("omitted", reading.omitted)):
        yield from _unknown((name,), list_, shipped, "a shipped rule", placed)
    for at, one in enumerate(reading.findings):
        path = ("findings", at)
        yield from _unknown((*path, "finding"), (one.finding,), findings, "an audit finding", placed)
        yield from _unknown((*path, "printed"), one.printed, own, "a rule of this pack", placed)
        yield from _unknown((*path, "audited"), one.audited, shipped, "a shipped rule", placed)


def stand_in(merged: dict[str, Any], placed: Placed) -> None:
    """Leave of the shipped rules those that the reading shares, and the cautions that correct no finding."""
    reading = merged[READING]
    corrections = {rule for one in reading.findings for rule in one.audited}
    shared = set(reading.shared)
    kept = [
        index
        for index, rule in enumerate(merged["rules"])
        if placed.packs["rules", index]
        or rule.id in shared
        or (rule.kind == "caution" and rule.id not in corrections)
    ]
    merged["rules"] = [merged["rules"][index] for index in kept]
    placed.keep("rules", kept)
    for section in _ABOUT_RULES:
        merged.pop(section, None)
    if (drawn := merged.get("map")) is not None:
        left = {rule.id for rule in merged["rules"]}
        arrows = tuple(arrow for arrow in drawn.arrows if arrow.rule is None or arrow.rule in left)
        merged["map"] = drawn.model_copy(update={"arrows": arrows})


def _unknown(
    path: Path, names: tuple[str, ...], known: set[str], what: str, placed: Placed
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield placed.problem(READING, None, path, f"{name!r} is not {what}.")
