"""The command line: it parses, calls one function of the library, renders, and sets the exit code.

Results go to stdout, everything else to stderr. Exit codes: 0 answered, 1 unexpected failure, 2 bad
usage or bad input, 3 the rule base is invalid, 4 two answers differ that must agree.
"""

import atexit
import errno
import gc
import os
import signal
import sys
from pathlib import Path

from .._errors import RecommenderError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        _run()
    except KeyboardInterrupt:  # also while modules are still being imported
        sys.exit(130)


def _run() -> None:
    # A start makes many objects that stay. Looking through them for garbage, on the way and once
    # more at the end, took a fifth of the time of a short command.
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)
    from .app import build

    signal.signal(signal.SIGTERM, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Away from a terminal the output is UTF-8, whatever the locale says.
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    try:
        build(sys.argv[1:])(prog_name="recommender")
    except RecommenderError as error:
        from ..views import tell

        for line in str(error).split("\n"):
            tell(line)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        from ..views import tell

        # Help and version are not written by us. What is left of them is not to be tried again at the end.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        tell(f"It cannot be written: {error.strerror}.")
        sys.exit(1)


def _stop(number: int, _: object) -> None:
    """End as on any other error, so that nothing half written is left."""
    sys.exit(128 + number)
