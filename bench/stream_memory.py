"""Peak memory of a long stream of profiles against a short one: `python bench/stream_memory.py [LINES]`."""

import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bounds import Section, table
from processes import peak

from recommender import Recommender

SHORT = 1_000


def stream(lines: int = 100_000, options: Sequence[str] = ()) -> Section:
    """How much more memory a long stream takes at its peak than one of 1,000 lines."""
    rows, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        long, short = Path(folder) / "profiles.ndjson", Path(folder) / "short.ndjson"
        write(long, lines)
        with long.open() as source, short.open("w") as target:
            target.writelines(itertools.islice(source, SHORT))
        for file, count in ((short, min(SHORT, lines)), (long, lines)):
            seconds, peak = measure(file, options)
            peaks.append(peak)
            rows.append([f"{count:,}", f"{seconds:.1f} s", f"{count / seconds:,.0f}", f"{peak:.0f} MiB"])
    text = table(["Lines", "Time", "Lines a second", "Peak memory"], rows)
    return Section("Streams", {"stream-memory": peaks[1] - peaks[0]}, text)


def write(file: Path, lines: int) -> None:
    """Write profiles with findings at random: ten of the vocabulary each."""
    base = Recommender(engine="plain").base
    vocabulary = base.vocabulary
    known = [one for one in vocabulary.markers.values() if vocabulary.marker(one.symbol) is one]
    markers = [one for one in known if not one.group]  # of a group one can be present
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


def measure(file: Path, options: Sequence[str]) -> tuple[float, float]:
    """Seconds, and MiB at the peak, of `recommend` on a file."""
    start = time.perf_counter()
    memory = peak([sys.executable, "-m", "recommender", "recommend", "-", *options], file)
    return time.perf_counter() - start, memory


if __name__ == "__main__":
    print(stream(int(sys.argv[1]) if sys.argv[1:] else 100_000, sys.argv[2:]).text)
