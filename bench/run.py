"""What the speed bounds say, measured: `make bench`. Ratios are from one run, because machines are noisy."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from peers import synthetic

from recommender import Recommender
from recommender._data import shipped

HERE = Path(__file__).parent
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
    library()
    memory()
    cold_start()


def library() -> None:
    """Engines against zen-engine, and `recommend()`, by pytest-benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "benchmark.json"
        options = ["-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider", "--benchmark-quiet"]
        code = pytest.main([*options, f"--benchmark-json={out}", str(HERE / "bench_library.py")])
        assert code == 0
        found = {one["name"]: one for one in json.loads(out.read_text())["benchmarks"]}
    times = {
        name.partition("[")[2].rstrip("]"): one["stats"]["median"] / one["extra_info"]["profiles"] * 1e6
        for name, one in found.items()
        if name.startswith("test_engine")
    }
    zen = min(time for name, time in times.items() if name.startswith("zen"))
    bounds = {"plain": "below 1", "durable": "at most 2, aim below 1"}
    print("\nEngines on the shipped rules (verified equal), a profile; 1.00 is zen-engine's faster form:")
    for name, value in sorted(times.items(), key=lambda item: item[1]):
        bound = f"   bound: {bounds[name]}" if name in bounds else ""
        print(f"  {name:16}{value:7.1f} µs  {value / zen:5.2f}{bound}")
    print("\nrecommend(), median over the profiles:")
    bounds = {"brief": "at most 1 ms", "everything": "at most 20 ms"}
    for name, one in found.items():
        if name.startswith("test_recommend"):
            what = name[len("test_recommend[") : -1]
            bound = bounds[what.partition("-")[0]]
            print(f"  {what:22}{one['extra_info']['median_ms']:6.3f} ms   bound: {bound}")
    tests = found["test_next_tests"]
    seconds, markers = tests["stats"]["median"], tests["extra_info"]["markers"]
    print(f"next_tests(), 3 markers known, {markers} to rank: {seconds * 1e3:.0f} ms   bound: at most 1 s")


def memory() -> None:
    """Peak memory before and after 100,000 answers."""
    recommender = Recommender()
    profiles = synthetic(recommender, 300)
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
