"""The command line: it parses, calls one function of the library, renders, and sets the exit code.

Results go to stdout, everything else to stderr. Exit codes: 0 answered, 1 unexpected failure, 2 bad
usage or bad input, 3 the rule base is invalid, 4 two answers differ that must agree.
"""

import atexit
import gc
import sys

from .._errors import RecommenderError
from .._text import printable


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A start makes many objects that stay. Looking through them for garbage, on the way and once
    # more at the end, took a fifth of the time of a short command.
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)
    from .app import build

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        build(sys.argv[1:])(prog_name="recommender")
    except RecommenderError as error:
        lines = (printable(line) for line in str(error).split("\n"))
        sys.stderr.write("\n".join(lines) + "\n")
        sys.exit(error.exit_code)
