"""The teaching cases that come with the program."""

from pathlib import Path
from typing import NamedTuple

from .._data import shipped
from ..profile import Profile


class TeachingCase(NamedTuple):
    """A shipped profile: its name, which is that of its file, what it teaches, and the profile."""

    name: str
    teaches: str
    profile: Profile


def names() -> list[str]:
    """Return the names of the cases."""
    return sorted(_files())


def file_of(name: str) -> Path | None:
    """Return the file of the case of this name, or None where there is none."""
    return _files().get(name)


def cases() -> list[TeachingCase]:
    """Return the cases by name."""
    found = []
    for name, path in sorted(_files().items()):
        profile = Profile.read(path.read_bytes(), source=name)
        found.append(TeachingCase(name, profile.note or "", profile))
    return found


def _files() -> dict[str, Path]:
    return {path.stem: path for path in shipped("profiles").glob("*.*")}
