"""The engines to compare, on the same compiled clauses and the same profiles, verified to agree."""

import random
from collections.abc import Callable, Sequence
from importlib import metadata

import rule_peers
from zen_peer import Evaluate, at_once, by_stages

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.engine import durable_loads, make_engine
from recommender.engine.program import Program
from recommender.evaluation.facts import read_facts

PEERS: dict[str, tuple[Callable[[Program], Evaluate], str, int]] = {
    "zen-engine": (by_stages, "zen-engine", 50),
    "CEL": (rule_peers.cel, "common-expression-language", 50),
    "clipspy": (rule_peers.clips, "clipspy", 50),
    "rule-engine": (rule_peers.rule_engine, "rule-engine", 50),
    "business-rules": (rule_peers.business_rules, "business-rules", 50),
    "json-logic": (rule_peers.json_logic, "json-logic-qubit", 50),
    "durable-rules, bare": (rule_peers.durable_bare, "durable-rules", 1),
}
"""How each peer is made, its distribution, and up to how many times the rules its growth is measured."""

MAX_TIMES = {"durable": 5, **{name: most for name, (_, _, most) in PEERS.items()}}
WHY_NOT = {
    "durable": "takes at most 4,000 clauses",
    "durable-rules, bare": "its build hangs past 511 values of one attribute",
}
"""Why an engine goes no further."""


def synthetic(recommender: Recommender, count: int) -> list[Profile]:
    """Profiles with the teaching cases first, then 3 to 25 random findings under sorafenib."""
    cases = sorted(shipped("profiles").glob("*.json"))
    profiles = [Profile.read(path.read_bytes()) for path in cases]
    source = random.Random(7)
    asked = sorted({(a.name, a.state) for a in recommender.base.program.atoms if a.kind == "marker"})
    while len(profiles) < count:
        found = dict(source.sample(asked, source.randint(3, 25)))
        for group in recommender.base.vocabulary.groups:  # of which one can be present
            for name in [name for name in group if name in found][1:]:
                del found[name]
        states = {"high", "low", "normal", "positive", "negative", "present", "absent"}
        markers = {name: state for name, state in found.items() if state in states}
        mutations = [{"gene": n, "state": s} for n, s in found.items() if s not in states]
        profiles.append(
            Profile.parse(
                {"disease": "HCC", "therapies": ["sorafenib"], "mutations": mutations, "markers": markers}
            )
        )
    return profiles


def masks_of(recommender: Recommender, profiles: Sequence[Profile]) -> list[int]:
    """Return the facts of each profile as a set of atoms."""
    base = recommender.base
    return [base.program.mask(read_facts(one, base).sources(base)) for one in profiles]


def made(program: Program, names: Sequence[str]) -> tuple[dict[str, Evaluate], dict[str, str]]:
    """Return the engines of those names for a program, ours among them, and why others could not be made."""
    fire: dict[str, Evaluate] = {"plain": make_engine(program, "plain").fire}
    missing: dict[str, str] = {}
    if "durable" in names and durable_loads():
        fire["durable"] = make_engine(program, "durable").fire
    for name in names:
        if name not in PEERS:
            continue
        make, distribution, _ = PEERS[name]
        try:
            metadata.version(distribution)
            fire[name] = make(program)
        except (ImportError, OSError) as error:
            missing[name] = f"not measured: {error} (pip install --group bench)"
    return fire, missing


def verified(fire: dict[str, Evaluate], masks: Sequence[int]) -> None:
    """Check that every engine fires, for every profile, just the clauses that the plain engine fires."""
    for mask in masks:
        expected = fire["plain"](mask)
        for name, engine in fire.items():
            assert engine(mask) == expected, f"{name} fires other clauses"


def unfolded(recommender: Recommender, masks: Sequence[int]) -> Evaluate:
    """Return zen-engine's form without stages, checked to fire the same rules: it does not say how."""
    base = recommender.base
    ways = [(rule.id, way) for rule in base.content.rules for way in base.measured_ways(rule.id)]
    once = at_once(base.program, [[base.program.number[atom] for atom in way] for _, way in ways])
    plain = make_engine(base.program, "plain")
    for mask in masks:
        fired = {base.program.clauses[position].rule for position in plain.fire(mask)}
        assert {ways[position][0] for position in once(mask)} == fired
    return once
