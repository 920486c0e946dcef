"""How long a page takes: the report from the command line, and the answer to a toggle at the page's server.

`make bench` runs it.
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
from bounds import Section, table

from recommender import Recommender
from recommender._data import shipped
from recommender.page.address import controls
from recommender.web.app import create_app


def full_profile(recommender: Recommender) -> list[tuple[str, str]]:
    """A finding for every marker of the tumour that a rule requires, with three therapies."""
    found = [
        ("disease", "hcc"),
        ("therapy", "sorafenib"),
        ("therapy", "nivolumab"),
        ("therapy", "oxaliplatin"),
    ]
    # Conditions of the patient are left out, because some of them contradict each other.
    return found + [(one.name, one.states[0]) for one in controls(recommender.base) if one.axis != "presence"]


async def toggles(recommender: Recommender, query: list[tuple[str, str]]) -> list[float]:
    """Return the seconds that each toggle of one finding takes, the server in this process."""
    transport = httpx.ASGITransport(app=create_app(recommender))
    times = []
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        was = urlencode(query)
        for one in controls(recommender.base):
            if one.axis == "presence":
                continue
            rest = [(name, value) for name, value in query if name != one.name]
            now = urlencode([*rest, (one.name, one.states[-1])])
            start = time.perf_counter()
            reply = await client.get(f"/answer?{now}&{urlencode({'was': was})}")
            times.append(time.perf_counter() - start)
            assert reply.status_code == 200
            assert "PRECLINICAL EVIDENCE" in reply.text
    return times


def pages() -> Section:
    """The report of a short and of a full profile, and a toggle at the page's server."""
    recommender = Recommender(engine="plain")
    full = full_profile(recommender)
    values, rows = {}, []
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
            values["report"], values["report-size"] = statistics.median(times), out.stat().st_size / 1e6
            size = f"{values['report-size']:.2f} MB"
            rows.append([f"report, `{file.stem}`", f"{values['report']:.2f} s", f"{max(times):.2f} s", size])
    for count, query in ((3, [*full[:2], *full[4:7]]), (len(full) - 4, full)):
        times = asyncio.run(toggles(recommender, query))
        values["toggle"] = statistics.median(times) * 1e3
        longest = f"{max(times) * 1e3:.0f} ms"
        rows.append([f"toggle with {count} findings", f"{values['toggle']:.0f} ms", longest, ""])
    return Section("Pages", values, table(["Page", "Median", "Longest", "Size"], rows))


if __name__ == "__main__":
    print(pages().text)
