"""Whether the tests reach as much of the program as they must: `make coverage`. Reads coverage's JSON."""

import json
import sys

LEAST = 95.0
"""Per cent of the lines."""


def main() -> int:
    """Print the share; return 1 where it is too small."""
    totals = json.load(sys.stdin)["totals"]
    share = 100 * totals["covered_lines"] / totals["num_statements"]
    print(f"lines reached: {share:.1f} %, at least {LEAST:g} % wanted")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
