"""Facts that can be true of a tumour: atoms, and sets of them that meet a condition."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..states import axis_of

MAX_WAYS = 256
"""Ways in which one rule can be met: nested alternatives multiply."""

AtomKind = Literal["marker", "fact", "therapy", "resistant"]


class Atom(NamedTuple):
    """One thing that can be true of a profile: a marker or derived fact in a state, or a therapy."""

    kind: AtomKind
    name: str
    state: str = ""

    def __str__(self) -> str:
        if self.kind == "resistant":
            return f"resistant to {self.name}"
        return f"{self.name} {self.state}".rstrip()


Way = frozenset[Atom]
"""A set of atoms that together meet a condition."""


def consistent(way: Way) -> bool:
    """Return whether one tumour can have all the states that the way asks for.

    >>> consistent(frozenset([Atom("marker", "X", "high"), Atom("marker", "X", "low")]))
    False
    """
    states: dict[tuple[str, str], str] = {}
    return all(
        states.setdefault((atom.name, axis_of(atom.state)), atom.state) == atom.state
        for atom in way
        if atom.kind == "marker"
    )


def minimal(ways: Iterable[Way]) -> list[Way]:
    """Return the ways of which no other one is a part, in a fixed order.

    >>> a, b = Atom("therapy", "a"), Atom("therapy", "b")
    >>> minimal([frozenset([a, b]), frozenset([a])]) == [frozenset([a])]
    True
    """
    unique = set(ways)
    if len(unique) < 2:
        return list(unique)
    kept: list[Way] = []
    for way in sorted(unique, key=lambda way: (len(way), sorted(way))):
        if not any(smaller <= way for smaller in kept):
            kept.append(way)
    return kept
