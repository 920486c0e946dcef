"""Findings and verdicts in words, and sets of findings as a reader takes them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..engine.atoms import Atom, Way
from ..evaluation.proof import Met
from ..ranking.scoring import Place
from ..ranking.sensitivity import Outlook
from ..ranking.suggestions import Suggestion
from .outlook import Missing, PossibleLeader
from .parts import Match

_ASKED_FOR = {"therapy": "therapy", "resistant": "resistant_to"}


def asked_for(atom: Atom) -> str:
    """Return the name under which a reader knows what an atom asks for."""
    return _ASKED_FOR.get(atom.kind, atom.name)


@lru_cache(maxsize=4096)
def match_view(met: Met) -> Match:
    """Return a finding that met a condition."""
    atom = met.atom
    return Match(marker=asked_for(atom), state=atom.state or atom.name, source=met.source, via=met.via)


@lru_cache(maxsize=4096)
def missing_sets(ways: tuple[Way, ...]) -> tuple[tuple[Missing, ...], ...]:
    """Return sets of findings for a reader; sets that differ in the state of one marker become one."""
    sets: list[dict[str, frozenset[str]]] = []
    for way in ways:
        states: dict[str, frozenset[str]] = {}
        for atom in sorted(way):
            name = asked_for(atom)
            states[name] = states.get(name, frozenset()) | {atom.state or atom.name}
        for known in sets:
            differing = [name for name in states if known.get(name) != states[name]]
            if known.keys() == states.keys() and len(differing) == 1:
                known[differing[0]] |= states[differing[0]]
                break
        else:
            sets.append(states)
    return tuple(
        tuple(Missing(marker=name, needs=tuple(sorted(states[name]))) for name in sorted(states))
        for states in sets
    )


def verdict(suggestion: Suggestion, place: Place, outlook: Outlook | None) -> str:
    """Return how sure the rank is: under other weights, and under further findings."""
    rank = _under_other_weights(place) if suggestion.group else _rank_under_other_weights(place)
    if outlook is None:
        return f"{rank}."
    sets = {one.suggestion.id: one.sets for one in outlook.leaders}
    sample = "" if outlook.exact else " (not all cases looked at)"
    if place.rank == 1 and sets.keys() == {suggestion.id}:
        nothing = (
            "rules use changes the first rank" if suggestion.group else "rules ask for takes the first place"
        )
        return f"{rank}; under the weights set here no finding that {nothing}{sample}."
    if suggestion.id not in sets:
        return f"{rank}; no further finding puts it first{sample}."
    if place.rank == 1:
        return f"{rank}; can be overtaken once more is measured{sample}."
    return f"{rank}; would be first with {either(missing_sets(sets[suggestion.id]))}{sample}."


def _under_other_weights(place: Place) -> str:
    """Return how often an add-on is the first of its group."""
    if place.among == 1:
        return "The only add-on of its group"
    if place.leads:
        return f"Ranks first of its group in {place.first:.0%} of weightings"
    if not place.first:
        return "Never first of its group, whatever the weights"
    return f"First of its group in {place.first:.0%} of weightings"


def _rank_under_other_weights(place: Place) -> str:
    """Return how often an add-on has its rank, where the rule base has no groups."""
    first = f", first in {place.first:.0%}" if place.rank > 1 else ""
    return f"Rank {place.rank} in {place.acceptability:.0%} of weightings{first}"


def who_leads(
    leaders: Sequence[PossibleLeader], ranked: Sequence[tuple[Suggestion, Place]], none_selected: str = ""
) -> str:
    """Return who is first, who could be once more is measured, and who is under other weights.

    `none_selected` is what to say where no add-on is selected; it is empty where the rule base has no groups.
    """
    first = {suggestion.id for suggestion, place in ranked if place.rank == 1}
    names = " and ".join(sorted({s.add_on.name for s, place in ranked if place.rank == 1}))
    if not first and leaders:
        return "Nothing is ranked yet."
    if not first:
        return "Nothing is ranked, and no further finding would change that; another therapy might."
    if none_selected and not any(suggestion.group == "selected" for suggestion, _ in ranked):
        could = [f"{one.add_on} with {either(one.needs)}" for one in leaders if all(one.needs)]
        return " ".join([none_selected, *([f"Would come first: {'; '.join(could)}."] if could else [])])
    if len(ranked) == 1 and len(leaders) == 1:
        return f"{names} is the only add-on that these rules have here."
    others = [f"{one.add_on} with {either(one.needs)}" for one in leaders if one.id not in first]
    said = f"{names} is first under the weights set here"
    if others:
        said += f". Could be overtaken by {'; '.join(others)}."
    else:
        used = "use" if none_selected else "ask for"
        said += f", and stays so whatever else these rules {used} is measured."
    rivals = [one for one in ranked if one[0].tier == ranked[0][0].tier]
    often, place = max(rivals, key=lambda one: one[1].first)
    if often.id not in first:
        said += f" Under other weights {often.add_on.name} is first more often ({place.first:.0%})."
    return said


def either(sets: Iterable[Sequence[Missing]]) -> str:
    """Return sets of findings as a phrase, the first two of them."""
    shown = [" and ".join(map(str, way)) for way in sets]
    words = [text or "nothing more found" for text in shown]
    return " or ".join(words[:2]) + (" or in other ways" if len(words) > 2 else "")
