"""Profiles in NDJSON, one per line, of any number, in constant memory."""

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from .._errors import InputError, Problem
from ..profile import MAX_PROFILE, Profile, plain_value, too_large

_REST = 1024 * 1024
SUFFIXES = (".ndjson", ".jsonl")
"""How the names of files end that hold one profile per line."""


class Line(NamedTuple):
    """A line of a stream that is not empty: its number (from 1) and what it holds.

    `data` ends after the largest size of a profile plus one byte, which shows that it is too large.
    """

    number: int
    data: bytes


class Opened(NamedTuple):
    """An input with its name: the bytes of one profile, or the lines of a stream of profiles."""

    name: str
    data: bytes
    lines: Iterable[Line] | None


def lines(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a stream that are not empty, of each no more than a profile may have.

    Raises InputError where the stream cannot be read.
    """
    number = 0
    while data := _line(stream, MAX_PROFILE + 1):
        number += 1
        if len(data) > MAX_PROFILE and not data.endswith(b"\n"):
            while (rest := _line(stream, _REST)) and not rest.endswith(b"\n"):
                pass
        if number == 1:
            data = data.removeprefix(b"\xef\xbb\xbf")
        if data.strip() or len(data) > MAX_PROFILE:
            yield Line(number, data)


def _line(stream: BinaryIO, most: int) -> bytes:
    try:
        return stream.readline(most)
    except OSError as error:
        raise _unreadable(error) from None


def _unreadable(error: OSError) -> InputError:
    return InputError([Problem("", f"it cannot be read any further: {error.strerror}.")])


def json_text(line: Line) -> bytes:
    """Return the text of a line, which is JSON by its looks and not too large. Raises InputError."""
    source = f"line {line.number}"
    if len(line.data) > MAX_PROFILE:
        raise too_large(len(line.data), source=source)
    if not line.data.lstrip().startswith((b"{", b"[")):
        raise InputError([Problem("", "it is not JSON; one object per line is expected.")], source=source)
    return line.data


def profile_in(line: Line) -> Profile:
    """Return the profile in a line, which is one JSON object. Raises InputError."""
    return Profile.read(json_text(line), source=f"line {line.number}")


def told_apart(
    stream: BinaryIO, *, name: str, wanted: bool = False
) -> tuple[bytes, None] | tuple[None, Iterable[Line]]:
    """Return the one profile in a stream as bytes, or the lines of a stream of profiles.

    It is a stream of profiles where its `name` ends so, or where its first or second line is a JSON
    object by itself and not the only line. Where a stream is `wanted`, a single such line is one, and
    so is anything that is not one JSON or YAML value.
    """
    found = lines(stream)
    first = next(found, None)
    if first is None:
        return b"", None
    if name.endswith(SUFFIXES):
        return None, _chain([first], found)
    head = [first]
    if _is_object(first.data):
        if wanted:
            return None, _chain(head, found)
        head += [second] if (second := next(found, None)) else []
        return (None, _chain(head, found)) if len(head) > 1 else (first.data, None)
    second = next(found, None)
    if second is not None:
        head.append(second)
        if _is_object(second.data) and first.data.strip() not in (b"[", b"---"):
            return None, _chain(head, found)
    if wanted:
        head += _until(found, MAX_PROFILE)
        if not _is_value(_joined(head)):
            return None, _chain(head, found)
        return _joined(head), None
    try:
        return _joined(head) + stream.read(MAX_PROFILE + 1), None
    except OSError as error:
        raise _unreadable(error) from None


def _chain(head: list[Line], rest: Iterator[Line]) -> Iterator[Line]:
    while head:
        yield head.pop(0)
    yield from rest


def _until(found: Iterator[Line], most: int) -> Iterator[Line]:
    """Lines of no more than so many bytes together, and the one that goes beyond."""
    size = 0
    for line in found:
        yield line
        size += len(line.data)
        if size > most:
            return


def _joined(head: list[Line]) -> bytes:
    """The lines as they stood, empty ones included, so that their numbers hold."""
    text = bytearray()
    number = 1
    for line in head:
        text += b"\n" * min(line.number - number, MAX_PROFILE) + line.data
        number = line.number + 1
    return bytes(text)


def _is_object(data: bytes) -> bool:
    try:
        return data.lstrip().startswith(b"{") and isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


def _is_value(data: bytes) -> bool:
    try:
        plain_value(data)
    except InputError:
        return False
    return True
