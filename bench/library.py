"""What one answer takes: `recommend()`, next tests, memory, the start of the command, a study's import."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bounds import Section, amount, table
from peers import synthetic
from processes import peak

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.engine import EngineName, durable_loads

FLOOR = """
import typer
from rich.console import Console
from rich.table import Table
import pydantic
class Model(pydantic.BaseModel):
    value: int
Model(value=1)
"""


def answers(profiles: int = 300) -> Section:
    """`recommend()`: the median over the profiles of each one's best time; and the next tests."""
    engines: list[EngineName] = ["durable", "plain"] if durable_loads() else ["plain"]
    values: dict[str, float] = {}
    rows = []
    for engine in engines:
        recommender = Recommender(engine=engine)
        given = synthetic(recommender, profiles)
        for name, brief in (("brief", True), ("everything", False)):
            times = [_best(partial(recommender.recommend, one, brief=brief)) for one in given]
            values[f"{name}-{engine}"] = statistics.median(times) * 1e3
            slowest = amount(max(times) * 1e3, "ms")
            rows.append([name, engine, amount(values[f"{name}-{engine}"], "ms"), slowest])
    markers = {"FASN": "high", "GPX4": "high", "HBV": "positive"}
    therapies = ["sorafenib", "lenvatinib", "nivolumab", "FOLFOX", "SBRT"]
    asking = Profile.parse({"disease": "HCC", "therapies": therapies, "markers": markers})
    values["next-tests"] = _best(partial(recommender.next_tests, asking))
    rows.append(["next tests of 3 findings", "plain", amount(values["next-tests"] * 1e3, "ms"), ""])
    return Section("One answer", values, table(["Answer", "Engine", "Median", "Slowest"], rows))


def _best(work: Callable[[], object], turns: int = 4) -> float:
    """The least seconds of some turns after a first one."""
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times[1:])


def grown(most: int = 100_000) -> float:
    """MiB by which the peak of memory grows over many answers, against a process that gives a thousand."""
    few, many = (peak([sys.executable, __file__, str(count)]) for count in (1_000, most))
    return many - few


def give(count: int) -> None:
    """Answer so many profiles."""
    recommender = Recommender()
    profiles = synthetic(recommender, 300)
    for number in range(count):
        recommender.recommend(profiles[number % len(profiles)], brief=number >= len(profiles))


def cold_start(turns: int = 30) -> Section:
    """The command against a process that only imports what the command must import, in turns."""
    case = shipped("profiles") / "nrf2-active-sorafenib.json"
    command = [str(Path(sys.executable).with_name("recommender")), "recommend", str(case)]
    commands = {
        "floor": [sys.executable, "-c", FLOOR],
        "table": command,
        "json": [*command, "--format", "json"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(turns + 1):
        for name, arguments in commands.items():
            start = time.perf_counter()
            done = subprocess.run(arguments, capture_output=True, check=True)
            if turn:
                times[name].append(time.perf_counter() - start)
            if name == "json":
                json.loads(done.stdout)
    values = {}
    floor = statistics.median(times["floor"])
    rows = [["the imports that the command cannot do without", f"{floor * 1e3:.0f} ms", "1"]]
    for name in ("table", "json"):
        ratios = [ours / least for ours, least in zip(times[name], times["floor"], strict=True)]
        values[f"cold-{name}"] = statistics.median(ratios)
        took = f"{statistics.median(times[name]) * 1e3:.0f} ms"
        rows.append([f"`recommender recommend`, {name}", took, f"{values[f'cold-{name}']:.2f}"])
    for name, cached in (("from the cache", True), ("read and checked anew", False)):
        load = _best(partial(Recommender, use_cache=cached))
        rows.append([f"the rule base alone, {name}", f"{load * 1e3:.0f} ms", f"{load / floor:.2f}"])
    head = ["Start", "Time", "Ratio to the imports"]
    return Section("Cold start", values, table(head, rows))


def study() -> Section:
    """The import of a study folder: that which `STUDY` names, else the example of four tumours."""
    named = os.environ.get("STUDY")
    folder = Path(named) if named else Path(__file__).parent.parent / "docs" / "examples" / "study"
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "recommender", "profile", "import", str(folder)]
        start = time.perf_counter()
        subprocess.run([*command, "-o", str(Path(name) / "out")], check=True, capture_output=True)
        took = time.perf_counter() - start
        tumours = len(list((Path(name) / "out").glob("*.json")))
    what = f"`recommender profile import` of a study of {tumours} tumours takes {took:.2f} s. "
    hint = "`STUDY=FOLDER make bench` takes another.\n"
    return Section("A study", {"study-import": took}, what + hint)


if __name__ == "__main__":
    give(int(sys.argv[1]))
