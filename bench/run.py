"""Every measurement in one run: `make bench` writes docs/performance.md, `make bench-check` checks bounds.

Ratios are between things measured in turns in this run, because machines differ and are noisy.
"""

import argparse
import datetime as dt
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template

from bounds import Section, table, verdicts
from cohort import cohort
from engines import engines, with_profiles, with_rules
from library import answers, cold_start, grown, study
from pages import pages
from releases import releases
from serve import serve
from spark import spark
from stream_memory import stream

PAGE = Path(__file__).with_name("performance.md.in")
HEAD = ["Measured", "Bound", "Here", ""]


def sections(*, quick: bool) -> Iterator[Section]:
    """Measure all that has a bound; `quick` leaves out what has none, and shortens."""
    yield engines(peers=not quick)
    yield answers(100 if quick else 300)
    yield cold_start(15 if quick else 30)
    yield stream(20_000)
    yield study()
    yield cohort(largest=not quick)
    yield pages()
    yield serve()
    if not quick:
        yield spark()
        yield releases()


def machine() -> str:
    """The processor, cores, memory, system and Python, without the name of the machine."""
    cores = os.cpu_count()
    processor, memory = platform.machine(), ""
    for file, key in (("/proc/cpuinfo", "model name"), ("/proc/meminfo", "MemTotal")):
        lines = Path(file).read_text().splitlines() if Path(file).exists() else []
        found = next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
        if found and key == "model name":
            processor = f"{found} ({processor})"
        elif found:
            memory = f", {int(found.split()[0]) / 2**20:.0f} GiB of memory"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor}, {cores} cores{memory}, {platform.system()}, {python}"


def main() -> int:
    """Print what was measured; return 1 where a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only what has a bound, some of it shortened")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page to write")
    asked = parser.parse_args()
    parts: dict[str, str] = {}
    values: dict[str, float] = {}
    load = os.getloadavg()[0]
    for section in sections(quick=asked.check):
        print(f"{section.title}: done", file=sys.stderr, flush=True)
        values |= section.values
        parts[section.title.lower().replace(" ", "_")] = section.text.strip()
    rows, hold = verdicts(values)
    bounds = table(HEAD, rows)
    if not asked.check:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        about = f"{machine()}. Load when it began: {load:.1f}. {today}."
        parts |= {"rules": with_rules().strip(), "profiles": with_profiles().strip()}
        page = Template(PAGE.read_text()).substitute(
            parts, about=about, bounds=bounds.strip(), memory=f"{grown():.1f}"
        )
        if asked.write:
            asked.write.write_text(page)
        else:
            print(page)
    print(bounds)
    return 0 if hold else 1


if __name__ == "__main__":
    sys.exit(main())
