"""What a cohort costs on Spark: to start, for each task, and for each profile: `python bench/spark.py`.

One cohort is ranked as few large parts and as many small ones, each part a task; a tiny one shows the start.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from bounds import Section, table
from cohort import COMMAND, write

PROFILES, FEW_PARTS, MANY_PARTS, RUNS = 200_000, 4, 100, 3
A_TASK_FOR_EACH_FILE = "--conf spark.sql.files.openCostInBytes=134217728 pyspark-shell"


def spark() -> Section:
    """Seconds to start, for a task and for a profile, on all cores of this machine."""
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = folder / "whole.parquet"
        write(whole, PROFILES)
        given = {
            "a tiny cohort": split(whole, folder / "tiny", 1, 100),
            "few tasks": split(whole, folder / "few", FEW_PARTS, PROFILES),
            "many tasks": split(whole, folder / "many", MANY_PARTS, PROFILES),
        }
        times: dict[str, list[float]] = {what: [] for what in given}
        for _ in range(RUNS):
            for what, parts in given.items():
                times[what].append(timed(parts, folder / "ranked"))
    tiny, few, many = (statistics.median(taken) for taken in times.values())
    task = (many - few) / (MANY_PARTS - FEW_PARTS) * cores
    profile = (few - tiny - task * (FEW_PARTS - 1) / cores) / PROFILES * cores
    jobs = [["100 (the start)", "1", f"{tiny:.1f} s"]]
    jobs.append([f"{PROFILES:,}", f"{FEW_PARTS}", f"{few:.1f} s"])
    jobs.append([f"{PROFILES:,}", f"{MANY_PARTS}", f"{many:.1f} s"])
    text = table(["Profiles", "Tasks", "Time"], jobs)
    costs = [["a task", f"{task:.2f} s"], ["1,000 profiles", f"{profile * 1000:.2f} s"]]
    costs.append(["so a task costs as much as", f"{task / profile:,.0f} profiles"])
    text += "\n" + table(["What it costs after the start", "Time of one core"], costs)
    return Section("Spark", {}, text)


def split(whole: Path, folder: Path, parts: int, profiles: int) -> Path:
    """Write the first profiles as so many parts."""
    folder.mkdir()
    rows = pq.read_table(whole).slice(0, profiles)
    size = -(-profiles // parts)
    for part in range(parts):
        pq.write_table(rows.slice(part * size, size), folder / f"part-{part:03}.parquet")
    return folder


def timed(parts: Path, out: Path) -> float:
    """The seconds of one whole job."""
    start = time.perf_counter()
    subprocess.run(
        [*COMMAND, str(parts), "-o", str(out), "--backend", "spark"],
        check=True,
        capture_output=True,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": A_TASK_FOR_EACH_FILE},
    )
    taken = time.perf_counter() - start
    shutil.rmtree(out)
    return taken


if __name__ == "__main__":
    print(spark().text)
