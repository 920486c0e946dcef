"""Input files and stdin, read no further than a profile may go."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .._errors import InputError, Problem
from ..profile import LARGEST, Profile, too_large

if TYPE_CHECKING:
    from ..intake.lines import Line
    from ..intake.validation import Remark
    from ..knowledge.base import KnowledgeBase


def read_profile(file: str) -> Profile:
    """Return the profile in a file, or in stdin for `-`. Raises InputError."""
    name = "stdin" if file == "-" else file
    return Profile.read(_stdin().read(LARGEST + 1) if file == "-" else _file(Path(file)), source=name)


@contextmanager
def opened(file: str, *, stream_wanted: bool) -> "Iterator[tuple[bytes, Iterable[Line] | None, str]]":
    """Give the one profile of a file or of stdin as bytes, or the lines of a stream of profiles; and a name.

    Raises InputError.
    """
    from ..intake.lines import told_apart

    name = "stdin" if file == "-" else file
    if file == "-":
        data, lines = told_apart(_stdin(), name=name, wanted=stream_wanted)
        yield data or b"", lines, name
        return
    path = Path(file)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with stream:
        data, lines = told_apart(stream, name=name, wanted=stream_wanted)
        yield data or b"", lines, name


def validated(file: str, base: "KnowledgeBase", *, strict: bool) -> "Iterator[list[Remark]]":
    """Yield the remarks on each profile of a file; a file that cannot be read is an error among them."""
    from ..intake.lines import json_text
    from ..intake.validation import Remark, validate

    try:
        with opened(file, stream_wanted=False) as (data, lines, name):
            if lines is None:
                yield validate(data, base, file=name, strict=strict)
                return
            for line in lines:
                try:
                    text = json_text(line)
                except InputError as error:
                    yield [
                        Remark("error", "INVALID", name, line.number, "", one.what, one.hint)
                        for one in error.problems
                    ]
                else:
                    yield validate(text, base, file=name, line=line.number, strict=strict)
    except InputError as error:
        yield [Remark("error", "UNREADABLE", file, None, "", one.what, one.hint) for one in error.problems]


def read_profiles(path: Path) -> list[Profile]:
    """Return the profiles in a file: one in JSON or YAML, or one a line in NDJSON. Raises InputError."""
    from ..intake.lines import SUFFIXES, lines

    data = _file(path)
    if path.suffix in SUFFIXES:
        return [Profile.read(one.data, source=f"{path}:{one.number}") for one in lines(BytesIO(data))]
    return [Profile.read(data, source=str(path))]


def _stdin() -> BinaryIO:
    if sys.stdin is None or sys.stdin.isatty():
        problem = Problem("", "nothing is piped in.", "Name a file, or pipe a profile into the command.")
        raise InputError([problem], source="stdin")
    return sys.stdin.buffer


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            if size > LARGEST:
                raise too_large(size, source=str(path))
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> InputError:
    hint = _nearby(path) if isinstance(error, FileNotFoundError) else ""
    return InputError([Problem("", f"it cannot be read: {error.strerror}.", hint)], source=str(path))


def _nearby(path: Path) -> str:
    from .._text import did_you_mean

    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return did_you_mean(path.name, names)


def read_json(path: Path) -> Any:
    """Return the value in a JSON file. Raises InputError."""
    from ..profile import plain_value

    return plain_value(_file(path), source=str(path))


def read_result(path: Path) -> set[int]:
    """Return the numbers of the references that a result in JSON cites anywhere. Raises InputError."""
    value = read_json(path)
    if not isinstance(value, dict) or "recommendations" not in value:
        problem = Problem("", "it is not a result.", "Make one with: recommender recommend --format json.")
        raise InputError([problem], source=str(path))
    return set(_cited(value))


def _cited(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "references" and isinstance(inner, list):
                numbers = (one.get("number") if isinstance(one, dict) else one for one in inner)
                yield from (number for number in numbers if isinstance(number, int))
            else:
                yield from _cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cited(inner)
