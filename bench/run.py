"""What the speed bounds say, measured: `make bench`. Ratios are from one run, because machines are noisy.

Everything is verified to be equal before it is timed.
"""

import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from zen_peer import at_once, by_stages

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.engine import durable_loads
from recommender.facts import read_facts

FLOOR = """
import typer
from rich.console import Console
from rich.table import Table
import pydantic
class Model(pydantic.BaseModel):
    value: int
Model(value=1)
"""


def main() -> None:
    """Print every figure beside its bound."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    recommender = Recommender()
    profiles = synthetic(recommender, 300)
    engines(recommender, profiles)
    library(profiles)
    memory(recommender, profiles)
    cold_start()


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


def engines(recommender: Recommender, profiles: Sequence[Profile]) -> None:
    """Our engines and zen-engine on the same clauses and the same profiles."""
    base = recommender.base
    masks = [base.program.mask(read_facts(one, base).sources(base)) for one in profiles]
    plain = Recommender(engine="plain").engine
    staged = by_stages(base.program)
    rules = [rule.id for rule in base.content.rules]
    ways = [(rule, way) for rule in rules for way in base.measured_ways(rule)]
    once = at_once(base.program, [[base.program.number[atom] for atom in way] for _, way in ways])
    peers: dict[str, Callable[[int], list[int]]] = {"plain": plain.fire, "zen-engine, by stages": staged}
    if durable_loads():
        peers["durable-rules"] = Recommender(engine="durable").engine.fire
    for mask in masks:
        expected = plain.fire(mask)
        assert all(peer(mask) == expected for peer in peers.values())
        fired = {base.program.clauses[position].rule for position in expected}
        assert {ways[position][0] for position in once(mask)} == fired
    peers["zen-engine, at once"] = once
    times: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(9):
        for name, peer in peers.items():
            start = time.perf_counter()
            for mask in masks:
                peer(mask)
            times[name].append((time.perf_counter() - start) / len(masks) * 1e6)
    medians = {name: statistics.median(values) for name, values in times.items()}
    zen = min(medians["zen-engine, by stages"], medians["zen-engine, at once"])
    print(f"\nEngines on {len(base.program.clauses)} clauses, {len(masks)} profiles:")
    bounds = {"plain": "below 1", "durable-rules": "at most 2, aim below 1"}
    for name, value in medians.items():
        bound = f"   bound: {bounds[name]}" if name in bounds else ""
        print(f"  {name:24}{value:8.1f} µs a profile   {value / zen:5.2f} of zen-engine{bound}")


def library(profiles: Sequence[Profile]) -> None:
    """`Recommender.recommend` in one process."""
    print("\nrecommend(), median over all profiles, each the best of 5 after one warm call:")
    names = ["durable", "plain"] if durable_loads() else ["plain"]
    for name in names:
        recommender = Recommender(engine=name)  # type: ignore[arg-type]
        for brief in (True, False):
            best = []
            for profile in profiles:
                recommender.recommend(profile, brief=brief)
                runs = []
                for _ in range(5):
                    start = time.perf_counter()
                    recommender.recommend(profile, brief=brief)
                    runs.append(time.perf_counter() - start)
                best.append(min(runs) * 1e3)
            what = "brief" if brief else "everything"
            print(f"  {name:8} {what:11}{statistics.median(best):7.3f} ms   bound: at most 1 ms")


def memory(recommender: Recommender, profiles: Sequence[Profile]) -> None:
    """Peak memory before and after 100,000 answers."""
    for profile in profiles:
        recommender.recommend(profile)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(100_000):
        recommender.recommend(profiles[number % len(profiles)], brief=True)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"\nPeak memory grew by {grown:.1f} MiB over 100,000 answers with {recommender.engine.name}.")


def cold_start() -> None:
    """The command against a process that only imports what the command must import."""
    case = shipped("profiles") / "nrf2-active-sorafenib.json"
    command = [str(Path(sys.executable).with_name("recommender")), "recommend", str(case)]
    commands = {
        "floor": [sys.executable, "-c", FLOOR],
        "table": command,
        "json": [*command, "--format", "json"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(31):
        for name, arguments in commands.items():
            start = time.perf_counter()
            done = subprocess.run(arguments, capture_output=True, check=True)
            if turn:
                times[name].append(time.perf_counter() - start)
            if name == "json":
                json.loads(done.stdout)
    print("\nCold start, paired runs, cached rule base:")
    print(f"  import floor {statistics.median(times['floor']) * 1e3:.0f} ms")
    for name in ("table", "json"):
        ratios = [ours / floor for ours, floor in zip(times[name], times["floor"], strict=True)]
        print(f"  {name:6} {statistics.median(ratios):.2f} of the floor   bound: at most 1.6")


if __name__ == "__main__":
    main()
