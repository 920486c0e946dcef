"""Files of `key: value` lines: meta files, case lists and gene panels."""

from pathlib import Path
from typing import NamedTuple

from .._errors import InputError, Problem
from .._opening import opened
from .delimited import regular

_MAX_META = 16 * 1024 * 1024
"""Bytes that such a file may have: a case list names every sample of a study."""


class MetaValue(NamedTuple):
    """The value of a key: its line, its text, and whether nothing ends it, so that its end may be lost."""

    line: int
    text: str
    may_be_cut: bool


def meta_values(path: Path, shown: str) -> dict[str, MetaValue]:
    """Return the `key: value` lines of a file, keys in lower case. Raises InputError."""
    try:
        regular(path, shown)
        with opened(path) as stream:
            data = stream.read(_MAX_META + 1)
        if len(data) > _MAX_META:
            raise InputError([Problem("", "more than 16 MiB is too much for it.")], source=shown)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=shown) from None
    except UnicodeDecodeError:
        raise InputError([Problem("", "it is not text in UTF-8.")], source=shown) from None
    found: dict[str, MetaValue] = {}
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            may_be_cut = value == value.rstrip("\r\n")
            found.setdefault(key.strip().lower(), MetaValue(number, value.strip(), may_be_cut))
    return found
