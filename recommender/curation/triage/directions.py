"""The direction that the words of a sentence name. It is a guess from neighbouring words, and no reading."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from .words import Hit, WordKind

Sign = Literal[-1, 0, 1]
RESISTS: Sign = 1
SENSITISES: Sign = -1
_EFFECTS: tuple[WordKind, ...] = ("resisting", "sensitising", "ferroptosis")
_THINGS: frozenset[WordKind] = frozenset(["marker", "add-on", "agent"])
_PASSED_OVER: frozenset[WordKind] = frozenset(["therapy", "disease", "negation", "doubt", "not-negation"])
"""WordList that may be between those that belong together."""


class SentenceWords(NamedTuple):
    """The names in a sentence, and the effect that its words name.

    `effect` is +1 for resistance, or less ferroptosis, and -1 for the opposite; 0 where the words name none
    or both, or express a doubt. `levels` has +1 for a marker of which there is more, -1 for less, and 0 where
    the words disagree.
    """

    levels: dict[str, Sign]
    things: frozenset[tuple[WordKind, str]]
    effect: Sign
    denied: bool


def names_an_effect(hits: Sequence[Hit]) -> bool:
    """Return whether a word of a sentence is one for an effect."""
    return any(not hit.kinds.isdisjoint(_EFFECTS) for hit in hits)


def read_sentence(hits: Sequence[Hit]) -> SentenceWords:
    """Return what the words of a sentence name."""
    things = frozenset((one.kind, one.key) for hit in hits for one in hit.meanings)
    core = [hit for hit in hits if hit.kinds & _THINGS or not hit.kinds & _PASSED_OVER]
    used: set[int] = set()
    effects = {sign for at in range(len(core)) if (sign := _effect(core, at, used)) != 0}
    levels = _levels(core, used)
    effect = effects.pop() if len(effects) == 1 else 0
    if any("doubt" in hit.kinds for hit in hits):
        effect = 0
    return SentenceWords(levels, things, effect, denied=any("negation" in hit.kinds for hit in hits))


def _effect(core: Sequence[Hit], at: int, used: set[int]) -> Sign:
    """The sign of the effect that a word names, with the words next to it, which are noted as used."""
    kind = next((kind for kind in _EFFECTS if kind in core[at].kinds), None)
    if kind is None:
        return 0

    def neighbour(step: int, *kinds: WordKind) -> bool:
        near = at + step
        if not 0 <= near < len(core) or near in used or core[near].kinds.isdisjoint(kinds):
            return False
        used.add(near)
        return True

    match kind:
        case "resisting":
            ended = neighbour(-1, "lowered", "overcoming") or neighbour(1, "overcoming")
            if not ended:
                neighbour(-1, "inducing", "raised")
            return SENSITISES if ended else RESISTS
        case "sensitising":
            less = neighbour(-1, "lowered")
            if not less:
                neighbour(-1, "inducing", "raised")
            return RESISTS if less else SENSITISES
        case _:
            if neighbour(-1, "inducing", "raised"):
                return SENSITISES
            return RESISTS if neighbour(-1, "lowered", "overcoming") else 0


def _levels(core: Sequence[Hit], used: set[int]) -> dict[str, Sign]:
    """For each marker the level that a word next to it, or next to its row of names, stands for."""
    found: dict[str, set[Sign]] = {}
    at = 0
    while at < len(core):
        end = at
        while end < len(core) and core[end].kinds & _THINGS:
            end += 1
        if end > at:
            near = {
                _level(core[place]) for place in (at - 1, end) if 0 <= place < len(core) and place not in used
            }
            near.discard(0)
            for hit in core[at:end]:
                for symbol in hit.of("marker"):
                    found.setdefault(symbol, set()).update(near or {1})
        at = max(end, at + 1)
    return {symbol: signs.copy().pop() if len(signs) == 1 else 0 for symbol, signs in found.items()}


def _level(hit: Hit) -> Sign:
    if "raised" in hit.kinds:
        return 1
    return -1 if "lowered" in hit.kinds else 0
