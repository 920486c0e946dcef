"""Cohorts as whole jobs, Parquet in and ranked Parquet out: `python bench/cohort.py`.

Ours against recommend() in processes on all cores; zen-engine in processes, on a sample and by throughput;
the job as one DuckDB statement over the file, as near to the limit as we know; and Polars by hand, which
fires and counts the rules only. What they find is checked against ours before anything is timed.
"""

import multiprocessing
import os
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
from bounds import Section, table
from cohort_by_hand import statement
from cohort_polars import count_rules
from processes import peak
from zen_peer import by_stages

from recommender import Profile, Recommender
from recommender.evaluation.facts import read_facts

SMALL, LARGE, SAMPLE, MARKERS, RUNS = 100_000, 1_000_000, 6_000, 80, 3
FEW, LARGEST = 373, 10_000_000
"""As many tumours as TCGA-LIHC has, and the most that are measured, once."""
COMMAND = [sys.executable, "-m", "recommender", "cohort"]
NAMES = {
    "ours": "**`recommender cohort`** (ours)",
    "hand": "the same by hand, one DuckDB statement",
    "polars": "Polars by hand, rules fired and counted only",
}
THERAPIES = [
    "sorafenib",
    "lenvatinib",
    "nivolumab",
    "atezolizumab; bevacizumab",
    "SBRT",
    "oxaliplatin",
    "sorafenib; TACE",
]


def cohort(*, largest: bool = True) -> Section:
    """Every job, and ours against each; the largest cohort takes minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.parquet", folder / "large.parquet"
        write(small, SMALL)
        write(large, LARGE)
        same(small, folder)
        asked = {
            ("ours", SMALL): small,
            ("ours", LARGE): large,
            ("hand", LARGE): large,
            ("polars", LARGE): large,
        }
        jobs = in_turns(asked, folder)
        rows = pq.read_table(small).slice(0, SAMPLE).to_pylist()
        processes, zen = throughput(rows, answer), throughput(rows, zen_fire)
        few = folder / "few.parquet"
        pq.write_table(pq.read_table(small).slice(0, FEW), few)
        seconds = statistics.median(timed(few, folder / "few-out.parquet") for _ in range(10))
        if largest:
            write(folder / "largest.parquet", LARGEST)
            start = time.perf_counter()
            most = peak([*COMMAND, str(folder / "largest.parquet"), "-o", str(folder / "out.parquet")])
            jobs["ours", LARGEST] = time.perf_counter() - start, most
    mine, memory = jobs["ours", LARGE]
    values = {
        "cohort-against-recommend": LARGE / mine / processes,
        "cohort-against-hand": mine / jobs["hand", LARGE][0],
        "cohort-memory": memory,
        "cohort-growth": mine / jobs["ours", SMALL][0],
        "cohort-373": seconds,
    }
    if largest:
        took, values["cohort-largest-memory"] = jobs["ours", LARGEST]
        values["cohort-largest-growth"] = took / mine
    told = [
        [
            NAMES[which],
            f"{size:,}",
            f"{took:.1f} s",
            f"{size / took:,.0f}",
            f"{size / took * mine / LARGE:.2f}",
            f"{peak:,.0f} MiB",
        ]
        for (which, size), (took, peak) in jobs.items()
    ]
    for what, rate in (("recommend(), brief", processes), ("zen-engine, rules only", zen)):
        share = f"{rate * mine / LARGE:.3f}"
        told.append([f"{what}, in processes on all cores", f"{SAMPLE:,}", "", f"{rate:,.0f}", share, ""])
    told.append([NAMES["ours"], f"{FEW:,}", f"{seconds:.2f} s", f"{FEW / seconds:,.0f}", "", ""])
    head = ["Job", "Profiles", "Time", "Profiles a second", "Throughput, ratio to ours", "Peak memory"]
    return Section("Cohorts", values, table(head, told))


def write(file: Path, rows: int) -> None:
    """Write synthetic tumours: 80 markers, of which half is measured, and one or two therapies."""
    base = Recommender(engine="plain").base
    vocabulary = base.vocabulary
    asked = sorted({atom.name for atom in base.program.atoms if atom.kind == "marker"})
    names = [name for name in asked if not vocabulary.markers[name].group][:MARKERS]
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
    peak([*COMMAND, str(file), "-o", str(ours)])
    peak([sys.executable, __file__, "--by-hand", str(file), str(hand)])
    few = folder / "checked.parquet"
    pq.write_table(pq.read_table(file).slice(0, SAMPLE), few)
    peak([sys.executable, __file__, "--polars", str(few), str(folder / "counted.parquet")])
    counted = pq.read_table(folder / "counted.parquet").to_pylist()[0]
    assert counted == counts(few), "Polars fires other rules"
    columns = 'profile_id, rank, recommendation_id, score, penalty, "group", held_back_because, rules'
    for one, other in ((ours, hand), (hand, ours)):
        query = f"SELECT count(*) FROM (SELECT {columns} FROM '{one}' EXCEPT SELECT {columns} FROM '{other}')"
        assert duckdb.execute(query).fetchall() == [(0,)], "the job by hand writes something else"


def counts(file: Path) -> dict[str, int]:
    """How many profiles of a file fire each rule, by our engine, one profile after the other."""
    begin()
    recommender = WORKER["recommender"]
    assert isinstance(recommender, Recommender)
    program = recommender.base.program
    found = dict.fromkeys((rule.id for rule in recommender.base.content.rules), 0)
    for row in pq.read_table(file).to_pylist():
        facts = read_facts(profile(row), recommender.base)
        fired = recommender.engine.fire(program.mask(facts.sources(recommender.base)))
        for rule in {program.clauses[position].rule for position in fired}:
            found[rule] += 1
    return found


def in_turns(jobs: dict[tuple[str, int], Path], folder: Path) -> dict[tuple[str, int], tuple[float, float]]:
    """The median time of each whole job, in seconds, and its peak memory in MiB; all jobs taken in turns."""
    times: dict[tuple[str, int], list[float]] = {one: [] for one in jobs}
    peaks = dict.fromkeys(jobs, 0.0)
    for _ in range(RUNS):
        for (which, size), file in jobs.items():
            out = str(folder / f"{which}-out.parquet")
            command = {
                "ours": [*COMMAND, str(file), "-o", out],
                "hand": [sys.executable, __file__, "--by-hand", str(file), out],
                "polars": [sys.executable, __file__, "--polars", str(file), out],
            }[which]
            start = time.perf_counter()
            peaks[which, size] = max(peaks[which, size], peak(command))
            times[which, size].append(time.perf_counter() - start)
    return {one: (statistics.median(times[one]), peaks[one]) for one in jobs}


def timed(file: Path, out: Path) -> float:
    """The seconds of one whole job."""
    start = time.perf_counter()
    subprocess.run([*COMMAND, str(file), "-o", str(out)], check=True, capture_output=True)
    return time.perf_counter() - start


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
    elif sys.argv[1:2] == ["--polars"]:
        count_rules(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        print(cohort().text)
