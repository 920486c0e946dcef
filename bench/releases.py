"""This program against the release before it, in turns: `python bench/releases.py`.

The release before is taken from the history, and runs with the same interpreter and the same libraries.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from bounds import Section, amount, table
from cohort import write as write_cohort
from stream_memory import write as write_stream

HERE = Path(__file__).parent.parent
BEFORE, RELEASE = "93118c1", "1.0.0"
"""The last commit of the release before, and its version."""
LINES, TUMOURS, COHORT = 6_000, 373, 1_000_000

ANSWERS = """
import sys, time
from pathlib import Path
from recommender import Profile, Recommender
recommender = Recommender(engine="plain")
profiles = [Profile.read(file.read_bytes()) for file in sorted(Path(sys.argv[1]).glob("*.json"))]
best = [float("inf")] * len(profiles)
for _ in range(int(sys.argv[3])):
    for at, one in enumerate(profiles):
        start = time.perf_counter()
        recommender.recommend(one, brief=sys.argv[2] == "brief")
        best[at] = min(best[at], time.perf_counter() - start)
print(sum(best) / len(best))
"""


def releases() -> Section:
    """Each job with the release before and with this program, in turns: medians of the ratios of pairs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before, out, few = folder / "before", folder / "out.parquet", folder / "few.parquet"
        unpack(before)
        stream, cohort = folder / "profiles.ndjson", folder / "cohort.parquet"
        write_stream(stream, LINES)
        write_cohort(cohort, COHORT)
        first = next(pq.ParquetFile(cohort).iter_batches(TUMOURS))
        pq.write_table(pa.Table.from_batches([first]), few)
        cases = before / "profiles"
        case = str(cases / "nrf2-active-sorafenib.json")
        jobs: list[tuple[str, str, int, Callable[[Path], float]]] = [
            ("`import recommender`", "", 20, lambda tree: run(tree, ["-c", "import recommender"])[0]),
            ("the command, JSON", "", 10, command("recommend", case, "--format", "json")),
            ("the command, table", "", 10, command("recommend", case)),
            ("a brief answer", "brief-before", 10, answer(cases, "brief", 60)),
            ("a full answer", "full-before", 10, answer(cases, "full", 15)),
            (f"{LINES:,} full answers", "stream-before", 3, command("recommend", "-", given=stream)),
            (f"a cohort of {TUMOURS}", "", 10, command("cohort", str(few), "-o", str(out))),
            (f"a cohort of {COHORT:,}", "", 3, command("cohort", str(cohort), "-o", str(out))),
        ]
        values, rows = {}, []
        for what, key, turns, seconds in jobs:
            pairs = [(seconds(before), seconds(HERE)) for _ in range(turns)]
            ratio = statistics.median(now / then for then, now in pairs)
            if key:
                values[key] = ratio
            times = [_time(statistics.median(side)) for side in zip(*pairs, strict=True)]
            rows.append([what, *times, f"{ratio:.2f}"])
    return Section("Releases", values, table(["Job", RELEASE, "Now", "Ratio"], rows))


def unpack(folder: Path) -> None:
    """Write the files of the release before, as the history holds them."""
    folder.mkdir()
    files = subprocess.Popen(["git", "-C", str(HERE), "archive", BEFORE], stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(folder)], stdin=files.stdout, check=True)
    if files.wait():
        raise SystemExit(f"The history has no commit {BEFORE}: fetch all of it.")


def run(tree: Path, arguments: list[str], given: Path | None = None) -> tuple[float, str]:
    """Seconds that an interpreter takes with the program of a tree, and what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with Path(given or os.devnull).open("rb") as source:
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            cwd=tree,
            stdin=source,
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - start, done.stdout.decode()


def command(*arguments: str, given: Path | None = None) -> Callable[[Path], float]:
    """What measures the command with these arguments, from its start."""
    return lambda tree: run(tree, ["-m", "recommender", *arguments], given)[0]


def answer(cases: Path, form: str, turns: int) -> Callable[[Path], float]:
    """What measures an answer in a process that runs: the mean over cases of the best time of each."""
    return lambda tree: float(run(tree, ["-c", ANSWERS, str(cases), form, str(turns)])[1])


def _time(seconds: float) -> str:
    return amount(seconds, "s") if seconds >= 1 else amount(seconds * 1e3, "ms")


if __name__ == "__main__":
    print(releases().text)
