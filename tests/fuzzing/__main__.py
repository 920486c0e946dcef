"""`make fuzz`: all entrances for a time, a table of what was tried, and exit code 1 for any finding."""

import argparse
import os
import random
import sys
from pathlib import Path

from .running import ENTRANCES, run_all, table


def main() -> int:
    """Run what was asked for, and return the exit code."""
    ask = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    ask.add_argument("--seconds", type=float, default=900, help="for all entrances together")
    ask.add_argument("--seed", type=int, help="the first seed; a random one if it is not given")
    ask.add_argument("--entrance", action="append", choices=sorted(ENTRANCES), help="may be repeated")
    ask.add_argument("--inputs", type=int, help="so many inputs for each entrance, and no limit of time")
    ask.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where findings are kept")
    asked = ask.parse_args()
    seed = random.randrange(10**9) * 1_000 if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    names = asked.entrance or list(ENTRANCES)
    found = run_all(names, seed, asked.keep, seconds=asked.seconds, inputs=asked.inputs, cores=asked.cores)
    print(table(found))
    findings = [text for one in found for text in one.findings]
    for text in findings:
        print(text)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
