"""Contexts that lack a finding, as the reader sees them."""

from collections.abc import Iterable

from ..evaluation.facts import Facts
from ..evaluation.gaps import OpenContext
from ..knowledge.base import KnowledgeBase
from .outlook import UndecidedContext
from .parts import Match
from .wording import asked_for, missing_sets


def undecided_contexts(
    found: Iterable[OpenContext], facts: Facts, base: KnowledgeBase
) -> tuple[UndecidedContext, ...]:
    """Return contexts of which a finding is met and another was not measured, by id."""
    sources = facts.sources(base)
    entries = [
        UndecidedContext(
            id=one.rule.id,
            effect=one.rule.effect,
            text=one.rule.text,
            met=tuple(
                Match(marker=asked_for(atom), state=atom.state or atom.name, source=sources[atom])
                for atom in sorted(one.met)
            ),
            missing=missing_sets((one.missing,))[0],
            references=one.rule.references,
        )
        for one in found
    ]
    return tuple(sorted(entries, key=lambda one: one.id))
