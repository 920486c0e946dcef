"""Lines of comma-separated values that a spreadsheet reads as text, and never as a formula."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from ._text import printable

_FORMULA = re.compile(r"(?:^|(?<=;))(?=[\s\"]*[=+\-@|%＝＋－＠])")


def line(values: Iterable[Any]) -> str:
    """Return a line of comma-separated values, in quotes where a spreadsheet splits at semicolons.

    >>> line(["=1+1", 2])
    "'=1+1,2\\n"
    """
    text = io.StringIO()
    cells = [_harmless(value) for value in values]
    split = any(";" in cell for cell in cells if isinstance(cell, str))
    write = csv.writer(
        text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if split else csv.QUOTE_MINIMAL
    )
    write.writerow(cells)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """A text is printable; what a spreadsheet would take for a formula begins with an apostrophe.

    So does what would be one behind a semicolon, at which a spreadsheet may split in spite of quotes.
    """
    if not isinstance(value, str):
        return value
    return _FORMULA.sub("'", printable(value))
