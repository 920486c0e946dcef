"""Numbers in columns of a status: where any is neither 0 nor 1, all are codes that nothing explains."""

import re

from .._text import shortened

_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[.,]0+)?")


def is_number(text: str) -> bool:
    """Return whether a cell of a status is a whole number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_code(text: str) -> bool:
    """Return whether a cell of a status is a number other than 0 and 1, such as in a column of 1 and 2.

    >>> [is_code(text) for text in ("2", "2.0", "1", "0.0", "positive")]
    [True, True, False, False, False]
    """
    return is_number(text) and float(text.strip().replace(",", ".")) not in (0, 1)


def coded(column: str, text: str) -> str:
    """Return what is to be said of a column in which a number is a code."""
    what = f"the column {shortened(column)} has numbers such as {text.strip()}, which are codes that the file"
    return f"{what} does not explain; no number in it is read. Write the state in words."
