"""The peak memory of a command."""

import os
import subprocess
import sys
from pathlib import Path

_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(command: list[str], source: Path | None = None) -> float:
    """Run a command, with a file as its input if one is given, and return its peak memory in MiB.

    A small process stands between: on Linux a process inherits the peak of the one that started it.
    """
    before = [sys.executable, "-c", _PEAK]
    with Path(source or os.devnull).open("rb") as given:
        done = subprocess.run([*before, *command], check=True, stdin=given, stdout=subprocess.PIPE)
    return int(done.stdout) / 1024
