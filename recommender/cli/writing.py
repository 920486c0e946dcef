"""In which format a command writes what it makes."""

from collections.abc import Mapping
from pathlib import Path

from .._errors import InputError, Problem
from .._text import shortened


def format_for(
    output: Path | None, asked: str | None, endings: Mapping[str, str], *, default: str, binary: str
) -> str:
    """Return the format that is asked for, else what the name of the output says, else the default.

    Raises InputError where the name says none of `endings`, and where the `binary` one is to be shown.
    """
    ending = output.suffix.lower() if output else ""
    if not asked and ending and ending not in endings:
        what = f"'{shortened(ending)}' says no format that can be made here."
        hint = f"Name it *{', *'.join(endings)}, or give --format."
        raise InputError([Problem("", what, hint)], source=str(output))
    kind = asked or endings.get(ending, default)
    if kind == binary and output is None:
        what = f"a {binary.upper()} is written to a file."
        raise InputError([Problem("", what, f"Name it: -o FILE.{binary}", "format")])
    return kind
