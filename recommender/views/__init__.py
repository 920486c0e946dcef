"""How a result is shown. A view gets a result and decides nothing; all carry the label."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from .._errors import InputError, Problem
from .._text import printable
from ..parts import NoticeView
from ..result import Result

Format = Literal["table", "json", "ndjson", "markdown"]


def render(result: Result, output_format: Format, *, width: int | None, to_file: bool) -> str:
    """Return the result in a format; a table has colours where the terminal shows them."""
    if output_format == "json":
        return result.to_json() + "\n"
    if output_format == "ndjson":
        return result.to_json(indent=None) + "\n"
    if output_format == "markdown":
        from .markdown import markdown

        return markdown(result)
    from .table import table

    return table(result, width=width, colour=False if to_file else None)


def emit(text: str, output: Path | None) -> None:
    """Write to stdout, or to a file that is there complete or not at all. Raises InputError."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=output.parent, prefix=f".{output.name}.", encoding="utf-8", delete=False
        ) as part:
            part.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(part.name).chmod(0o666 & ~umask)
        Path(part.name).replace(output)
    except OSError as error:
        raise InputError(
            [Problem("", f"it cannot be written: {error.strerror}.")], source=str(output)
        ) from None


def warn(notices: Iterable[NoticeView]) -> None:
    """Write notices to stderr, for commands whose answer does not hold them."""
    for one in notices:
        sys.stderr.write(printable(f"{one.code} {one.path}: {one.message}") + "\n")
