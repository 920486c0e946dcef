"""The engines to compare, on the same compiled clauses and the same profiles, verified to agree."""

import random
from collections.abc import Callable, Sequence

from zen_peer import at_once, by_stages

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.engine import durable_loads
from recommender.facts import read_facts

Fire = Callable[[int], list[int]]


def synthetic(recommender: Recommender, count: int) -> list[Profile]:
    """Profiles with the teaching cases first, then 3 to 25 random findings beside sorafenib."""
    cases = sorted(shipped("profiles").glob("*.json"))
    profiles = [Profile.read(path.read_bytes()) for path in cases]
    source = random.Random(7)
    asked = sorted({(a.name, a.state) for a in recommender.base.program.atoms if a.kind == "marker"})
    while len(profiles) < count:
        found = dict(source.sample(asked, source.randint(3, 25)))
        states = {"high", "low", "normal", "positive", "negative", "present", "absent"}
        markers = {name: state for name, state in found.items() if state in states}
        mutations = [{"gene": n, "state": s} for n, s in found.items() if s not in states]
        profiles.append(
            Profile.parse(
                {"disease": "HCC", "therapies": ["sorafenib"], "mutations": mutations, "markers": markers}
            )
        )
    return profiles


def engines(recommender: Recommender, profiles: Sequence[Profile]) -> tuple[dict[str, Fire], list[int]]:
    """Return our engines and zen-engine by name, and the facts of the profiles; all agree on them."""
    base = recommender.base
    masks = [base.program.mask(read_facts(one, base).sources(base)) for one in profiles]
    fire: dict[str, Fire] = {
        "plain": Recommender(engine="plain").engine.fire,
        "zen-by-stages": by_stages(base.program),
    }
    if durable_loads():
        fire["durable"] = Recommender(engine="durable").engine.fire
    ways = [(rule.id, way) for rule in base.content.rules for way in base.measured_ways(rule.id)]
    once = at_once(base.program, [[base.program.number[atom] for atom in way] for _, way in ways])
    for mask in masks:
        expected = fire["plain"](mask)
        assert all(engine(mask) == expected for engine in fire.values())
        fired = {base.program.clauses[position].rule for position in expected}
        assert {ways[position][0] for position in once(mask)} == fired
    return {**fire, "zen-at-once": once}, masks
