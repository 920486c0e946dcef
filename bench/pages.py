"""How long a page takes: the report from the command line, and the answer to a toggle at the page's server.

`make bench-serve` runs it.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx

from recommender import Recommender
from recommender._data import shipped
from recommender.web.app import create_app
from recommender.web.state import controls

REPORT, SIZE, TOGGLE = 1.5, 1.5, 0.1
"""Bounds: seconds, megabytes, seconds."""


def full_profile(recommender: Recommender) -> list[tuple[str, str]]:
    """A finding for every marker that a rule asks for, beside three therapies."""
    found = [
        ("disease", "hcc"),
        ("therapy", "sorafenib"),
        ("therapy", "nivolumab"),
        ("therapy", "oxaliplatin"),
    ]
    return found + [(one.name, one.states[0]) for one in controls(recommender.base)]


async def toggles(recommender: Recommender, query: list[tuple[str, str]]) -> list[float]:
    """Return the seconds that each toggle of one finding takes, the server in this process."""
    transport = httpx.ASGITransport(app=create_app(recommender))
    times = []
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        was = urlencode(query)
        for one in controls(recommender.base):
            rest = [(name, value) for name, value in query if name != one.name]
            now = urlencode([*rest, (one.name, one.states[-1])])
            start = time.perf_counter()
            reply = await client.get(f"/answer?{now}&{urlencode({'was': was})}")
            times.append(time.perf_counter() - start)
            assert reply.status_code == 200
            assert "PRECLINICAL EVIDENCE" in reply.text
    return times


def main() -> None:
    """Print what was measured beside the bounds."""
    recommender = Recommender(engine="plain")
    full = full_profile(recommender)
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "full.json"
        markers = {f"{name.partition(':')[2]}": value for name, value in full if name.startswith("level:")}
        therapies = [value for name, value in full if name == "therapy"]
        case.write_text(json.dumps({"disease": "HCC", "therapies": therapies, "markers": markers}))
        for file in (shipped("profiles") / "nrf2-active-sorafenib.json", case):
            out = Path(folder) / "report.html"
            times = []
            for _ in range(5):
                start = time.perf_counter()
                subprocess.run([sys.executable, "-m", "recommender", "report", file, "-o", out], check=True)
                times.append(time.perf_counter() - start)
            size = out.stat().st_size / 1e6
            print(f"report of {file.stem}: {statistics.median(times):.2f} s, {size:.2f} MB")
    print(f"  bounds {REPORT:g} s, {SIZE:g} MB")
    for name, query in (("three findings", [*full[:2], *full[4:7]]), (f"{len(full) - 4} findings", full)):
        times = asyncio.run(toggles(recommender, query))
        print(
            f"toggle with {name}: median {statistics.median(times) * 1000:.0f} ms, "
            f"longest {max(times) * 1000:.0f} ms"
        )
    print(f"  bound {TOGGLE * 1000:g} ms")


if __name__ == "__main__":
    main()
