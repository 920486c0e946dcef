"""z-scores: the number that a text writes, and the level that a number stands for."""

import re

from .states import LevelState

NUMBER = r"[-+]?(?:\d{1,6}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?"
"""A score as programs write it. Anything larger is not a score."""

MAX_SCORE = 1e6
"""A z-score beyond it is an error of the file."""

_NUMBER = re.compile(NUMBER)
_MINUS = str.maketrans("−–‒－", "----")
_COMMA = re.compile(r"([-+]?\d*),(\d+(?:[eE][-+]?\d+)?)")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")


def score_in(text: str, *, comma_is_decimal: bool = False) -> float | None:
    """Return the number that a text writes, or None where it writes none that can be a score.

    A comma is a decimal sign; unless that is known of the file, not where it may part thousands.

    >>> [score_in(text) for text in ("−2.1", "1.2e-05", "2,5", "inf", "NA", "True", "1,234")]
    [-2.1, 1.2e-05, 2.5, None, None, None, None]
    """
    if _NUMBER.fullmatch(text):
        score = float(text)
        return score if abs(score) < MAX_SCORE else None
    number = text.strip().translate(_MINUS)
    if "," in number and (comma_is_decimal or not _THOUSANDS.fullmatch(number)):
        number = _COMMA.sub(r"\1.\2", number, count=1)
    if not _NUMBER.fullmatch(number):
        return None
    score = float(number)
    return score if abs(score) < MAX_SCORE else None


def level_of(score: float, *, high: float, low: float) -> LevelState:
    """Return the level that a z-score stands for, by the cut-offs.

    >>> [level_of(score, high=2, low=-2) for score in (2, -2, 1.9)]
    ['high', 'low', 'normal']
    """
    return "high" if score >= high else "low" if score <= low else "normal"
