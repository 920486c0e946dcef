"""Profiles by the name of a file, a folder or a shipped case."""

from pathlib import Path
from typing import BinaryIO, NamedTuple

from .._errors import InputError, Problem
from .._opening import TABLES, ending, opened
from .._text import nearest, one_of, shortened
from ..profile import MAX_PROFILE, Profile, too_large
from . import cases
from .lines import SUFFIXES

ENDINGS = (".json", ".yaml", ".yml", *SUFFIXES)
"""How the names of files end that a folder is read for, packed with gzip or not."""
_STUDY = "*meta_*.txt"


class Folder(NamedTuple):
    """The content of a folder: its profiles by name, and the names of what is not read."""

    files: tuple[Path, ...]
    others: tuple[str, ...]


def read_profile(name: str | Path) -> Profile:
    """Return the profile in a file, or the shipped case of this name. Raises InputError."""
    return Profile.read(content(name), source=str(name))


def content(name: str | Path) -> bytes:
    """Return what a file or a shipped case holds, unpacked and in UTF-8. Raises InputError."""
    try:
        with open_file(name) as stream:
            data = stream.read(MAX_PROFILE + 1)
    except OSError as error:
        raise _unreadable(Path(name), error) from None
    if len(data) > MAX_PROFILE:
        raise too_large(max(len(data), _path(name).stat().st_size), source=str(name))
    return data


def open_file(name: str | Path) -> BinaryIO:
    """Return a file or a shipped case, to be read as bytes of UTF-8. Raises InputError.

    A file or folder that is there wins over a case of the same name.
    """
    path = _path(name)
    kind = ending(path.name)
    if kind in TABLES:
        what = f"a profile is one object in JSON or YAML, and '{kind}' is a table."
        hint = "Rank it as a cohort, or import its profiles."
        problem = Problem("", what, hint, actions=("rank_cohort", "import_profiles"))
        raise InputError([problem], source=str(name))
    try:
        return opened(path)
    except OSError as error:
        raise _unreadable(Path(name), error) from None


def folder(path: Path) -> Folder:
    """Return the profiles in a folder, which is not a study. Raises InputError."""
    entries = sorted(
        (one for one in path.iterdir() if not one.name.startswith(".")), key=lambda one: one.name
    )
    if any(path.glob(_STUDY)):
        what = "it is the folder of a study, not of profiles."
        problem = Problem("", what, "Rank its tumours as a cohort.", actions=("rank_cohort",))
        raise InputError([problem], source=str(path))
    found = [one for one in entries if ending(one.name) in ENDINGS and one.is_file()]
    if not found:
        what = f"the folder contains no profile: no file ends in {one_of(ENDINGS)}."
        tables = any(ending(one.name) in TABLES for one in entries)
        problem = Problem("", what)
        if tables:
            problem = Problem("", what, "Rank its tables as a cohort.", actions=("rank_cohort",))
        raise InputError([problem], source=str(path))
    others = (f"{one.name}/" if one.is_dir() else one.name for one in entries if one not in found)
    return Folder(tuple(found), tuple(others))


def _path(name: str | Path) -> Path:
    path = Path(name)
    return path if _exists(path) else cases.file_of(str(name)) or path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _unreadable(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        what = "no such file, and no shipped case of this name."
        problem = Problem("", what, _nearby(path))
        if not problem.hint and not path.suffix:
            problem = Problem("", what, "See the list of the shipped cases.", actions=("list_cases",))
        return InputError([problem], source=str(path))
    what, hint = f"it cannot be read: {error.strerror}.", ""
    if isinstance(error, IsADirectoryError):
        hint = "Name a file; recommend also takes a folder of profiles."
    return InputError([Problem("", what, hint)], source=str(path))


def _nearby(path: Path) -> str:
    """A hint at names like that of a missing file: of files in its folder, and of the cases."""
    neighbours = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    shipped = cases.names()
    near = [path.stem] if path.stem in shipped else nearest(path.name, [*neighbours, *shipped])
    if near:
        return f"Did you mean {one_of(shortened(one) for one in near)}?"
    return ""
