"""Which add-ons act on the same part of the ferroptosis pathway, and which on different active defences."""

from collections.abc import Sequence
from typing import NamedTuple

from ..evaluation.proof import Proofs
from ..knowledge.base import KnowledgeBase
from .suggestions import Suggestion

NOTE = (
    "Alternatives act on the same part of the ferroptosis pathway, others on different active defences, "
    "in theory. No cited paper combined them: no synergy is claimed, and their joint toxicity is unknown."
)
NOTE_BEFORE_GROUPS = (
    "Alternatives act on the same part of the machinery, others on different active defences, on paper. No "
    "cited work gave these add-ons together: no synergy is claimed, and nothing is known of their toxicity."
)
"""For rule bases without groups, whose results keep their bytes."""


class DefenceCoverage(NamedTuple):
    """Active defences, which add-on acts on which, and what follows for taking two together."""

    defences: tuple[str, ...]
    hits: dict[str, tuple[str, ...]]
    """For each suggestion the active defences that it acts on."""
    alternatives: tuple[tuple[str, tuple[str, ...]], ...]
    """A part of the ferroptosis pathway, and the suggestions that act on it, where there are several."""
    complementary: tuple[tuple[str, str], ...]


def combine(suggestions: Sequence[Suggestion], proofs: Proofs, base: KnowledgeBase) -> DefenceCoverage:
    """Return how the suggestions relate to the active defences and to one another."""
    active = tuple(
        sorted(atom.name for atom in proofs.derived if atom.state in base.facts[atom.name].defences)
    )
    acts = {one.id: one.add_on.acts_on for one in suggestions}
    hits = {name: tuple(fact for fact in active if fact in on) for name, on in acts.items()}
    nodes = sorted({fact for on in acts.values() for fact in on})
    alternatives = [(node, tuple(name for name, on in acts.items() if node in on)) for node in nodes]
    names = [name for name in acts if hits[name]]
    return DefenceCoverage(
        active,
        hits,
        tuple((node, members) for node, members in alternatives if len(members) > 1),
        tuple(
            (one, other)
            for index, one in enumerate(names)
            for other in names[index + 1 :]
            if not set(acts[one]) & set(acts[other])
        ),
    )
