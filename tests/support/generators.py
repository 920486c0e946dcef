"""Profiles and rule bases made by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from recommender import Recommender
from recommender.engine.atoms import Atom
from recommender.engine.program import CompiledRule
from recommender.states import axis_of

_RECOMMENDER = Recommender(engine="plain")
BASE = _RECOMMENDER.base
ASKED = sorted({(atom.name, atom.state) for atom in BASE.program.atoms if atom.kind == "marker"})
MARKERS = sorted({name for name, _ in ASKED})
THERAPIES = sorted(
    {atom.name for atom in BASE.program.atoms if atom.kind in ("therapy", "resistant")}
    | {"sorafenib", "lenvatinib", "regorafenib", "nivolumab", "atezolizumab", "sbrt", "resection"}
)


def states(marker: str) -> list[str]:
    """The states that can be reported for a marker in our vocabulary."""
    kind = {kind.id: kind for kind in BASE.content.marker_kinds}[BASE.vocabulary.markers[marker].kind]
    return list(kind.states)


@st.composite
def findings(draw: st.DrawFn, *, most: int = 12) -> dict[tuple[str, str], str]:
    """Findings without contradictions; those that rules ask for come often."""
    found: dict[tuple[str, str], str] = {}
    for name, state in draw(st.lists(st.sampled_from(ASKED), max_size=most)):
        found.setdefault((name, axis_of(state)), state)
    for name in draw(st.lists(st.sampled_from(MARKERS), max_size=most // 2)):
        state = draw(st.sampled_from(states(name)))
        found.setdefault((name, axis_of(state)), state)
    for group in BASE.vocabulary.groups:
        present = [name for name in group if found.get((name, "presence")) == "present"]
        found |= {(name, "presence"): "absent" for name in present[1:]}
    return found


def profile_of(
    found: dict[tuple[str, str], str], therapies: list[str], resistant: list[str]
) -> dict[str, Any]:
    """A profile with the findings. A marker with states on several axes has a list of them."""
    mutations = []
    markers: dict[str, list[str]] = {}
    for (name, axis), state in found.items():
        if axis in ("sequence", "copy-number"):
            mutations.append({"gene": name, "state": state})
        else:
            markers.setdefault(name, []).append(state)
    return {
        "disease": "HCC",
        "therapies": therapies,
        "resistant_to": resistant,
        "mutations": mutations,
        "markers": {name: several if several[1:] else several[0] for name, several in markers.items()},
    }


therapy_lists = st.lists(st.sampled_from(THERAPIES), max_size=3, unique=True)


@st.composite
def profiles(draw: st.DrawFn, *, with_therapy: bool = False) -> dict[str, Any]:
    """Valid profiles in the vocabulary of the shipped rules."""
    therapies = draw(therapy_lists)
    if with_therapy and not therapies:
        therapies = ["sorafenib"]
    return profile_of(draw(findings()), therapies, draw(therapy_lists))


MEASURED = [Atom("marker", f"M{number}", "high") for number in range(12)]
DERIVED = [Atom("fact", f"fact-{number}", "active") for number in range(5)]


@st.composite
def rule_bases(draw: st.DrawFn) -> list[CompiledRule]:
    """Rule bases without circles: a rule asks only for derived facts that come before its own."""
    rules = []
    for number in range(draw(st.integers(0, 14))):
        gives = draw(st.none() | st.sampled_from(DERIVED))
        below = DERIVED[: DERIVED.index(gives)] if gives else DERIVED
        atoms = st.sampled_from(MEASURED + below)
        ways = draw(st.lists(st.frozensets(atoms, min_size=1, max_size=4), min_size=1, max_size=4))
        rules.append(CompiledRule(f"rule-{number}", tuple(ways), gives))
    return rules
