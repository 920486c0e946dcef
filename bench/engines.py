"""Our engines against the peers in one run, taken in turns, and how each grows with the rules."""

import time
from collections.abc import Callable, Sequence
from importlib import metadata

from bounds import Section, amount, table
from many_rules import times as many
from peers import MAX_TIMES, PEERS, WHY_NOT, made, masks_of, synthetic, unfolded, verified

from recommender import Recommender

ZEN = ("zen-engine", "zen-engine, unfolded")
OURS = {"plain": "**plain** (ours)", "durable": "**durable-rules, as we use it** (ours)"}
FACTORS = (1, 5, 50)


def best(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the least seconds of each, all taken in turns so that a slow moment meets all alike."""
    least = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, do in work.items():
            start = time.perf_counter()
            do()
            least[name] = min(least[name], time.perf_counter() - start)
    return least


def engines(*, peers: bool = True, profiles: int = 300, rounds: int = 7) -> Section:
    """The shipped rules: seconds a profile of every engine, as ratios to zen-engine's faster form."""
    recommender = Recommender(engine="plain")
    program = recommender.base.program
    masks = masks_of(recommender, synthetic(recommender, profiles))
    fire, missing = made(program, ["durable", *PEERS] if peers else ["durable", "zen-engine"])
    verified(fire, masks)
    fire["zen-engine, unfolded"] = unfolded(recommender, masks)
    least = best({name: _all(engine, masks) for name, engine in fire.items()}, rounds)
    zen = min(least[name] for name in ZEN)
    rows = [
        [OURS.get(name, name), f"{seconds / profiles * 1e6:,.0f}", f"{seconds / zen:.2f}", version(name)]
        for name, seconds in sorted(least.items(), key=lambda item: item[1])
    ]
    rows += [[name, "", why, ""] for name, why in missing.items()]
    text = table(["Engine", "µs a profile", "Ratio to zen-engine", "Version"], rows)
    values = {name: least[name] / zen for name in OURS if name in least}
    return Section("Engines", values, text)


def version(name: str) -> str:
    """Return the version of the distribution behind an engine."""
    if name == "plain":
        return metadata.version("ferroptosis-recommender")
    distribution = {"durable": "durable-rules", "zen-engine, unfolded": "zen-engine"}.get(name)
    distribution = distribution or PEERS[name][1]
    return f"{distribution} {metadata.version(distribution)}"


def with_rules(profiles: int = 50, rounds: int = 3) -> str:
    """A table of how much longer a profile takes with more rules, each engine against itself."""
    recommender = Recommender(engine="plain")
    shipped = recommender.base.program
    given = masks_of(recommender, synthetic(recommender, profiles))
    took: dict[str, dict[int, float]] = {name: {} for name in ("plain", *MAX_TIMES)}
    clauses = []
    for factor in FACTORS:
        program, masks = many(shipped, given, factor)
        clauses.append(len(program.clauses))
        fire, _ = made(program, [name for name, most in MAX_TIMES.items() if most >= factor])
        verified(fire, masks)
        least = best({name: _all(engine, masks) for name, engine in fire.items()}, rounds)
        for name, seconds in least.items():
            took[name][factor] = seconds / profiles
    rows = [
        [OURS.get(name, name), *(_grown(name, found, factor) for factor in FACTORS)]
        for name, found in took.items()
        if found
    ]
    head = [f"x {factor} ({count:,} clauses)" for factor, count in zip(FACTORS, clauses, strict=True)]
    return table(["Engine", *head], rows)


def _grown(name: str, found: dict[int, float], factor: int) -> str:
    if factor not in found:
        return WHY_NOT[name]
    return f"{found[factor] * 1e6:,.0f} µs, {found[factor] / found[1]:.1f} x"


def with_profiles(sizes: Sequence[int] = (50, 500, 5_000)) -> str:
    """A table of what a profile takes when one after the other is answered."""
    recommender = Recommender()
    profiles = synthetic(recommender, 1_000)
    for profile in profiles:
        recommender.recommend(profile)
    rows = []
    for size in sizes:
        given = [profiles[at % len(profiles)] for at in range(size)]
        row = [f"{size:,}"]
        for brief in (True, False):
            start = time.perf_counter()
            for profile in given:
                recommender.recommend(profile, brief=brief)
            row.append(amount((time.perf_counter() - start) / size * 1e3, "ms"))
        rows.append(row)
    return table(["Profiles", "Brief, each", "Everything, each"], rows)


def _all(engine: Callable[[int], object], masks: Sequence[int]) -> Callable[[], object]:
    return lambda: [engine(mask) for mask in masks]


if __name__ == "__main__":
    print(engines().text)
    print(with_rules())
