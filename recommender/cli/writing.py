"""The format in which a command writes its output."""

from collections.abc import Mapping
from pathlib import Path

from .._errors import InputError, Problem
from .._text import one_of, shortened


def format_for(
    output: Path | None, asked: str | None, endings: Mapping[str, str], *, default: str, binary: str
) -> str:
    """Return the chosen format, else that of the name of the output, else the default.

    Raises InputError where the name has none of `endings`, and where the `binary` one would be printed.
    """
    ending = output.suffix.lower() if output else ""
    if not asked and ending and ending not in endings:
        what = f"unknown output format '{shortened(ending)}'."
        hint = f"Use {one_of(endings)}, or set --format."
        raise InputError([Problem("", what, hint)], source=str(output))
    kind = asked or endings.get(ending, default)
    if kind == binary and output is None:
        what = f"{binary.upper()} is written to a file only."
        raise InputError([Problem("", what, f"Name it: -o FILE.{binary}", "format")])
    return kind
