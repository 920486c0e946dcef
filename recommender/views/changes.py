"""Effects of a change of the profile, in a terminal."""

from collections.abc import Sequence

from rich.text import Text

from ..whatif import Effect
from .entries import Entries
from .screen import Screen
from .table import labelled_page

_STYLE = {"enters": "green", "leaves": "red", "moves": "yellow"}


def changes(effect: Effect, title: str, note: str, screen: Screen) -> str:
    """Return what enters, leaves and moves, each with the rules and reasons behind it, and a note."""
    return labelled_page(title, "", entries_of(effect), Text(f"\n{note}"), screen=screen)


def entries_of(effect: Effect) -> Entries:
    """Return what enters, leaves and moves as labelled lines."""
    entries = Entries(2, 8)
    for what, found in (("enters", effect.enters), ("leaves", effect.leaves)):
        for one in found:
            why = f"because of {', '.join(one.because)}; rule {', '.join(one.rules)}"
            entries.add(what, _line(one.id, f"rank {one.rank}", why), _STYLE[what])
    for move in effect.moves:
        ranks, scores = move.rank, move.score
        how = f"rank {ranks[0]}" if ranks[0] == ranks[1] else f"rank {ranks[0]} to {ranks[1]}"
        if scores[0] != scores[1]:
            how += f", score {scores[0]:.1f} to {scores[1]:.1f}"
        if move.group[0] != move.group[1]:
            how += f", {move.group[0]} to {move.group[1]}"
        entries.add("moves", _line(move.id, how, "; ".join(move.because)), _STYLE["moves"])
    _names(entries, "implied", effect.derived_enters)
    _names(entries, "gone", effect.derived_leaves)
    _names(entries, "context", tuple(f"enters: {one}" for one in effect.context_enters))
    _names(entries, "context", tuple(f"leaves: {one}" for one in effect.context_leaves))
    _names(entries, "decided", effect.decided)
    _names(entries, "open", effect.opened)
    return entries


def _line(name: str, how: str, why: str) -> Text:
    return Text.assemble((name, "bold"), f"  {how}", (f"  {why}" if why else "", "dim"))


def _names(entries: Entries, label: str, names: Sequence[str]) -> None:
    for name in names:
        entries.add(label, name)
