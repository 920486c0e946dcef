"""Cohorts as whole jobs, Parquet in and ranked Parquet out: `make bench-cohort`.

Ours against (a) recommend() in processes on all cores, (b) zen-engine in processes, on a sample and by
throughput, and (c) the job as one DuckDB statement over the file, as near to the limit as we know.
What (c) writes is checked against ours before anything is timed.
"""

import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from cohort_by_hand import statement
from zen_peer import by_stages

from recommender import Profile, Recommender
from recommender.facts import read_facts

_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
SMALL, LARGE, SAMPLE, MARKERS, RUNS = 100_000, 1_000_000, 6_000, 80, 3
THERAPIES = [
    "sorafenib",
    "lenvatinib",
    "nivolumab",
    "atezolizumab; bevacizumab",
    "SBRT",
    "oxaliplatin",
    "sorafenib; TACE",
]


def main() -> None:
    """Print every figure beside its bound."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.parquet", folder / "large.parquet"
        write(small, SMALL)
        write(large, LARGE)
        same(small, folder)
        ours = {size: job(file, folder, "ours") for size, file in ((SMALL, small), (LARGE, large))}
        hand = job(large, folder, "hand")
        rows = pq.read_table(small).slice(0, SAMPLE).to_pylist()
        processes, zen = throughput(rows, answer), throughput(rows, zen_fire)
        start = time.perf_counter()
        few = folder / "few.parquet"
        pq.write_table(pq.read_table(small).slice(0, 373), few)
        run([sys.executable, "-m", "recommender", "cohort", str(few), "-o", str(folder / "few-out.parquet")])
        seconds = time.perf_counter() - start
        for size, (took, peak) in ours.items():
            print(
                f"ours      {size:>9,} profiles: {took:6.2f} s, {size / took:>9,.0f}/s, peak {peak:.0f} MiB"
            )
        took, peak = hand
        print(
            f"by hand (c) {LARGE:>9,} profiles: {took:6.2f} s, {LARGE / took:>9,.0f}/s, peak {peak:,.0f} MiB"
        )
        print(f"in processes: recommend() (a), brief: {processes:,.0f}/s; zen-engine (b): {zen:,.0f}/s")
        mine, memory = ours[LARGE]
        print(f"373 tumours from the command line: {seconds:.2f} s   bound: at most 2 s")
        print(f"throughput against (a): {LARGE / mine / processes:.0f} x   bound: at least 20")
        print(f"time against (c): {mine / took:.2f}   bound: at most 2")
        print(f"peak: {memory:,.0f} MiB   bound: under 2,048")
        print(f"growth from {SMALL:,} to {LARGE:,}: {mine / ours[SMALL][0]:.1f} x   bound: at most 11")


def write(file: Path, rows: int) -> None:
    """Write synthetic tumours: 80 markers, of which half is measured, and one or two therapies."""
    base = Recommender(engine="plain").base
    vocabulary = base.vocabulary
    names = sorted({atom.name for atom in base.program.atoms if atom.kind == "marker"})[:MARKERS]
    states = {name: list(vocabulary.states_of(vocabulary.markers[name])) for name in names}
    for name, given in states.items():
        marker = vocabulary.markers[name]
        states[name] = [one for one in given if vocabulary.reading_of(marker, one) == one]
    writer = None
    for start in range(0, rows, SMALL):
        chance = np.random.default_rng(start)
        size = min(SMALL, rows - start)
        columns = {
            "id": pa.array([f"tumour-{start + at}" for at in range(size)]),
            "disease": pa.array(["HCC"] * size),
            "therapies": pa.array(np.array(THERAPIES)[chance.integers(0, len(THERAPIES), size)]),
        }
        for name in names:
            choice = np.array([""] * len(states[name]) + states[name])
            columns[name] = pa.array(choice[chance.integers(0, len(choice), size)])
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def same(file: Path, folder: Path) -> None:
    """Check that the job by hand writes what ours writes."""
    ours, hand = folder / "ours.parquet", folder / "hand.parquet"
    run([sys.executable, "-m", "recommender", "cohort", str(file), "-o", str(ours)])
    run([sys.executable, __file__, "--by-hand", str(file), str(hand)])
    columns = "profile_id, rank, recommendation_id, score, penalty"
    for one, other in ((ours, hand), (hand, ours)):
        query = f"SELECT count(*) FROM (SELECT {columns} FROM '{one}' EXCEPT SELECT {columns} FROM '{other}')"
        assert duckdb.execute(query).fetchall() == [(0,)], "the job by hand writes something else"


def job(file: Path, folder: Path, which: str) -> tuple[float, float]:
    """The median time of a whole job, in seconds, and its peak memory in MiB."""
    out = folder / f"{which}-out.parquet"
    command = {
        "ours": [sys.executable, "-m", "recommender", "cohort", str(file), "-o", str(out)],
        "hand": [sys.executable, __file__, "--by-hand", str(file), str(out)],
    }[which]
    times, peak = [], 0.0
    for _ in range(RUNS):
        start = time.perf_counter()
        peak = max(peak, run(command))
        times.append(time.perf_counter() - start)
    return statistics.median(times), peak


def run(command: list[str]) -> float:
    """Run a command and return its peak memory in MiB."""
    before = [sys.executable, "-c", _PEAK]
    done = subprocess.run([*before, *command], check=True, capture_output=True)
    return int(done.stdout.split()[-1]) / 1024


def throughput(rows: list[dict[str, str]], work: Callable[[dict[str, str]], None]) -> float:
    """Profiles a second over all cores."""
    with multiprocessing.Pool(os.cpu_count(), initializer=begin) as pool:
        pool.map(work, rows[:100])
        start = time.perf_counter()
        pool.map(work, rows, chunksize=200)
        return len(rows) / (time.perf_counter() - start)


def begin() -> None:
    """Make what a worker needs."""
    recommender = Recommender(engine="plain")
    WORKER["recommender"] = recommender
    WORKER["zen"] = by_stages(recommender.base.program)


WORKER: dict[str, object] = {}


def profile(row: dict[str, str]) -> Profile:
    fixed = ("id", "disease", "therapies")
    markers = {name: value for name, value in row.items() if value and name not in fixed}
    therapies = [part.strip() for part in row["therapies"].split(";")]
    value = {"id": row["id"], "disease": row["disease"], "therapies": therapies, "markers": markers}
    return Profile.parse(value)


def answer(row: dict[str, str]) -> None:
    """Answer one profile."""
    recommender = WORKER["recommender"]
    assert isinstance(recommender, Recommender)
    recommender.recommend(profile(row), brief=True)


def zen_fire(row: dict[str, str]) -> None:
    """Fire the rules with zen-engine: less than an answer, as nothing is scored or ranked."""
    recommender, fire = WORKER["recommender"], WORKER["zen"]
    assert isinstance(recommender, Recommender)
    assert callable(fire)
    fire(recommender.base.program.mask(read_facts(profile(row), recommender.base).sources(recommender.base)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--by-hand"]:
        statement(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
