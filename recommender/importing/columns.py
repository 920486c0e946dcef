"""The header of a table: which column has which name."""

import re
from collections.abc import Sequence

from .._text import fold

MAX_NAME = 200
"""Letters of a heading that are searched: no name is longer."""

_COPY = re.compile(r"(.+?)(\.{3}|\.)\d{1,3}")


class Columns:
    """The header of a table: which column has which name, without regard to case and punctuation."""

    def __init__(self, names: Sequence[str], line: int) -> None:
        self.names = [name.strip() for name in names]
        self.line = line
        self._at: dict[str, int] = {}
        for index, name in enumerate(self.names):
            self._at.setdefault(fold(name), index)

    def find(self, *accepted: str) -> int | None:
        """Return the place of the first of the accepted names that is there."""
        return next((self._at[fold(name)] for name in accepted if fold(name) in self._at), None)

    def all(self, *accepted: str) -> tuple[int, ...]:
        """Return the places of all accepted names that are there, in the order in which they are given."""
        found = (self._at.get(fold(name)) for name in accepted)
        return tuple(dict.fromkeys(place for place in found if place is not None))

    def repeated(self) -> list[str]:
        """Return the names that stand more than once."""
        seen: set[str] = set()
        folded = [(fold(name), name) for name in self.names if name]
        return sorted({name for key, name in folded if key in seen or seen.add(key)})  # type: ignore[func-returns-value]

    def once(self, name: str) -> str:
        """Return a name without the number that pandas and R give to a name that is there again."""
        copy = _COPY.fullmatch(name[:MAX_NAME])
        is_copy = copy is not None and (copy[2] == "..." or self.find(copy[1]) is not None)
        return copy[1] if copy is not None and is_copy else name

    def copies(self, *accepted: str) -> tuple[int, ...]:
        """Return the places of all accepted names, each with its copies, in the order of the names."""
        folded = [fold(self.once(name)) for name in self.names]
        found = (at for name in accepted for at, known in enumerate(folded) if known == fold(name))
        return tuple(dict.fromkeys(found))
