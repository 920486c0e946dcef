"""Files that are there complete or not at all: written aside, then renamed."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ._errors import InputError, Problem

_MAX_NAME = 100
"""Letters of a file's name in that of the file beside it, which a file system limits."""


@contextmanager
def replacing(output: Path, *, follow: bool = True) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of `output` when the block ends without an error.

    The file is made under a new name in the same folder and keeps the permissions of the one that it
    replaces. A link is followed if `follow`, else replaced. What is no regular file, such as a device, is
    written to as it is. Raises OSError.
    """
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


def _new_beside(target: Path) -> IO[bytes]:
    """A new file beside another one, under a name that nobody can have taken before."""
    while True:
        aside = target.with_name(f".{target.name[:_MAX_NAME]}.{secrets.token_hex(8)}.part")
        with suppress(FileExistsError):
            return aside.open("xb")


@contextmanager
def told(output: Path, *, also: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Make errors of writing, and those of `also`, errors of the user's input. Raises InputError."""
    errors: tuple[type[Exception], ...] = (OSError, *also)
    try:
        yield
    except errors as error:
        why = getattr(error, "strerror", None) or error
        raise InputError([Problem("", f"it cannot be written: {why}.")], source=str(output)) from None
