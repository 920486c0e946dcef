"""Files that are there complete or not at all: written aside, then renamed."""

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO

from ._errors import InputError, Problem

_MAX_NAME = 100
"""Letters of a file's name in that of the file next to it, which a file system limits."""
_MAX_LINKS = 40
"""Links that lead to links: as many as Linux follows."""


@contextmanager
def replacing(output: Path, *, follow: bool = True) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of `output` when the block ends without an error.

    The file is made under a new name in the same folder and keeps the permissions of the one that it
    replaces; other names of that one, hard links, keep what it holds. A link is followed if `follow`, but not
    one that a stranger left in a folder for everybody; else it is replaced. What is no regular file, such as
    a device, is written to as it is. Raises OSError.
    """
    if follow:
        _refuse_planted(output)
    target = _followed(output) if follow else _followed(output.parent) / output.name
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            yield device
        return
    stream: IO[bytes] = _new_beside(target)
    aside = Path(stream.name)
    try:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())  # some file systems tell only here that they are full
        stream.close()
        if target.exists():
            aside.chmod(target.stat().st_mode & 0o777)
        aside.replace(target)
    except BaseException:
        with suppress(OSError):  # the error that ended the block tells already what could not be written
            stream.close()
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _followed(path: Path) -> Path:
    """The path without links. Raises OSError."""
    try:
        return path.resolve()
    except RuntimeError:  # of Python before 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None


def _refuse_planted(path: Path) -> None:
    """Raises OSError at a link by another user in a folder where everybody may write, as kernels do."""
    for _ in range(_MAX_LINKS):
        if not (hasattr(os, "geteuid") and path.is_symlink()):
            return
        link, folder = path.lstat(), path.parent.stat()
        shared = folder.st_mode & stat.S_ISVTX and folder.st_mode & stat.S_IWOTH
        if shared and link.st_uid not in (os.geteuid(), folder.st_uid):
            raise PermissionError(errno.EACCES, "it is a link of another user", str(path))
        path = path.parent / path.readlink()


def _new_beside(target: Path) -> IO[bytes]:
    """A new file in the folder of another one, under a name that nobody can have taken before.

    Nobody else can read it until it is whole, if somebody may not read what it replaces.
    """
    mode = 0o600 if target.exists() else 0o666
    while True:
        aside = target.with_name(f".{target.name[:_MAX_NAME]}.{secrets.token_hex(8)}.part")
        with suppress(FileExistsError):
            # Only this function takes an opener, and with it the mode.
            return open(aside, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def refuse_input(output: Path, inputs: Iterable[Path], endings: tuple[str, ...] = ("",)) -> None:
    """Raises InputError where an output is one of the inputs, or a file in one of them, under any name.

    Of a folder and its subfolders the files count that have one of the `endings`.
    """
    try:
        there = output.stat()
    except (OSError, ValueError):
        return
    if not stat.S_ISREG(there.st_mode):
        return
    for path in inputs:
        inside = chain(path.glob("*"), path.glob("*/*")) if path.is_dir() else [path]
        for file in inside:
            if (file == path or file.name.lower().endswith(endings)) and _is_same(file, there):
                problem = Problem("", "it is an input too, and would be lost.", "Name another output.")
                raise InputError([problem], source=str(output))


def refuse_inside(output: Path, folder: Path) -> None:
    """Raises InputError where an output is a folder that is read, or lies in it, under any name."""
    try:
        read, target = folder.stat(), output.resolve()
    except (OSError, ValueError, RuntimeError):
        return
    if stat.S_ISDIR(read.st_mode) and any(_is_same(place, read) for place in (target, *target.parents)):
        what = "it is the folder that is read, or lies in it."
        raise InputError([Problem("", what, "Name another output.")], source=str(output))


def _is_same(file: Path, there: os.stat_result) -> bool:
    try:
        return os.path.samestat(file.stat(), there)
    except (OSError, ValueError):
        return False


@contextmanager
def told(output: Path, *, also: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Make errors of writing, and those of `also`, errors of the user's input. Raises InputError."""
    errors: tuple[type[Exception], ...] = (OSError, *also)
    try:
        yield
    except errors as error:
        why = getattr(error, "strerror", None) or error
        raise InputError([Problem("", f"it cannot be written: {why}.")], source=str(output)) from None
