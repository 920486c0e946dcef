"""Settings of a process that runs the command line: collector, signals, encodings."""

import atexit
import gc
import signal
import sys
from types import ModuleType
from typing import Any

_OBJECTS = 100_000
"""New objects after which the collector looks for garbage, in a process of one command."""


def prepare() -> None:
    """Set up this process for one command."""
    # A start makes many objects that stay. Looking through them for garbage, while they are made and once
    # more at the end, took a fifth of the time of a short command, and freeing them one by one a hundredth.
    gc.set_threshold(_OBJECTS, 50, 50)
    atexit.register(_keep_all)
    signal.signal(signal.SIGTERM, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Away from a terminal the output is UTF-8, whatever the locale says.
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def give_memory_back() -> None:
    """Let all that is made from now on be freed at the end: DuckDB complains about what never is."""
    atexit.unregister(_keep_all)
    if gc.get_threshold()[0] == _OBJECTS:  # a process of one command, where what is there now stays
        gc.freeze()


def _keep_all() -> None:
    """Keep all that modules hold to the very end, when the system frees it at once."""
    modules = [one for one in list(sys.modules.values()) if type(one) is ModuleType]  # none loaded by a look
    kept: list[Any] = [dict(vars(one)) for one in modules]
    kept.append(kept)  # so that it stays, as the collector does not look at what is frozen
    gc.freeze()


def _stop(number: int, _: object) -> None:
    """End as on any other error, so that nothing half written is left."""
    sys.exit(128 + number)
