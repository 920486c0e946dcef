"""Input files and stdin, read no further than a profile may go."""

import sys
from pathlib import Path

from .._errors import InputError, Problem
from ..profile import LARGEST, Profile, too_large


def read_profile(file: str) -> Profile:
    """Return the profile in a file, or in stdin for `-`. Raises InputError."""
    name = "stdin" if file == "-" else file
    return Profile.read(_stdin() if file == "-" else _file(Path(file)), source=name)


def _stdin() -> bytes:
    if sys.stdin.isatty():
        problem = Problem("", "nothing is piped in.", "Name a file, or pipe a profile into the command.")
        raise InputError([problem], source="stdin")
    return sys.stdin.buffer.read(LARGEST + 1)


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            if size > LARGEST:
                raise too_large(size, source=str(path))
            return stream.read(LARGEST + 1)
    except OSError as error:
        hint = _nearby(path) if isinstance(error, FileNotFoundError) else ""
        problem = Problem("", f"it cannot be read: {error.strerror}.", hint)
        raise InputError([problem], source=str(path)) from None


def _nearby(path: Path) -> str:
    from .._text import did_you_mean

    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return did_you_mean(path.name, names)
