"""Peak memory of a long stream of profiles against a short one: `python bench/stream_memory.py [LINES]`."""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from recommender import Recommender

SHORT = 1_000


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    options = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        stream = Path(folder) / "profiles.ndjson"
        write(stream, lines)
        short = Path(folder) / "short.ndjson"
        with stream.open() as source, short.open("w") as target:
            target.writelines(next(source) for _ in range(min(SHORT, lines)))
        peaks = []
        for file in (short, stream):
            seconds, peak = measure(file, options)
            peaks.append(peak)
            count = SHORT if file == short else lines
            print(f"{count:>9,} lines: {seconds:8.1f} s, {count / seconds:7,.0f}/s, peak {peak:6.1f} MiB")
        print(f"growth: {peaks[1] - peaks[0]:.1f} MiB")


def write(file: Path, lines: int) -> None:
    """Write profiles with findings at random: ten of the vocabulary each."""
    base = Recommender(engine="plain").base
    vocabulary = base.vocabulary
    markers = [one for one in vocabulary.markers.values() if vocabulary.marker(one.symbol) is one]
    therapies = [one.name for one in base.content.therapies]
    chance = random.Random(7)
    with file.open("w") as target:
        for number in range(lines):
            chosen = chance.sample(markers, 10)
            profile = {
                "id": f"tumour-{number}",
                "disease": "HCC",
                "therapies": chance.sample(therapies, 2),
                "markers": {one.symbol: chance.choice(vocabulary.states_of(one)) for one in chosen},
            }
            target.write(json.dumps(profile) + "\n")


def measure(file: Path, options: list[str]) -> tuple[float, float]:
    """Seconds, and MiB at the peak, of `recommend` on a file."""
    code = (
        "import resource, runpy, sys; sys.argv[0] = 'recommender'\n"
        "try: runpy.run_module('recommender', run_name='__main__')\n"
        "finally: sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
    )
    start = time.perf_counter()
    with file.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-c", code, "recommend", "-", *options],
            stdin=source,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
    return time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    main()
