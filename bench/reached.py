"""Whether the tests reach as much of the program as they must: `make coverage`. Reads coverage's JSON."""

import json
import sys

LEAST = 95.0
"""Per cent of the lines, and of the branches where they were counted."""


def main() -> int:
    """Print the shares; return 1 where one is too small."""
    totals = json.load(sys.stdin)["totals"]
    shares = {"lines": 100 * totals["covered_lines"] / totals["num_statements"]}
    if totals.get("num_branches"):
        shares["branches"] = 100 * totals["covered_branches"] / totals["num_branches"]
    for name, share in shares.items():
        print(f"{name} reached: {share:.1f} %, at least {LEAST:g} % wanted")
    return int(min(shares.values()) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
