"""The texts around a picture."""

from typing import NamedTuple


class Told(NamedTuple):
    """A title that states the finding, the measure below it, and a note on how to read it."""

    title: str
    measure: str
    note: str = ""
