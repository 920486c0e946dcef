"""Columns of a status whose numbers are codes, found over a whole input before any row is read."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .._opening import is_plain
from ..importing.codes import is_code
from ..knowledge.base import KnowledgeBase
from .cells import roles_of
from .sources import BLOCK, ROWS, Batch, Part, about_codes, batches, parquet

_TABLES = ("parquet", "csv", "workbook")
"""The kinds of parts that are read in batches of rows."""


def coded_columns(parts: list[Part], base: KnowledgeBase) -> dict[str, str]:
    """Return the names of such columns, with a number that is a code. Raises InputError.

    A column holds codes in every part where it does in one. A single batch shows them by itself.
    """
    found: dict[str, str] = {}
    if len(parts) == 1 and _is_one_batch(parts[0]):
        return found
    for part in parts:
        if part.kind == "parquet":
            found = _codes_in_parquet(part, base) | found
        elif part.kind in _TABLES:
            found = codes_in(batches(part, base), base) | found
    return found


class LateCodes(Exception):
    """A column has codes, and rows before were read without knowing it. The input is to be read again."""


class Watch:
    """Finds the columns of codes while an input is read, which most inputs have none of."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._coded: dict[str, str] = {}
        self._has_begun = False

    def batches(self, part: Part) -> Iterator[Batch]:
        """Yield the profiles of a part, a batch at a time. Raises InputError, LateCodes."""
        names: frozenset[str] | None = None
        for batch in batches(part, self._base):
            if isinstance(batch, pa.RecordBatch):
                if names is None:
                    names = roles_of(tuple(batch.schema.names), self._base).statuses
                new = _codes_in([batch], names - self._coded.keys())
                if new and self._has_begun:
                    raise LateCodes
                self._coded |= new
                self._has_begun = True
            yield from about_codes([batch], self._coded)


def codes_in(given: Iterable[Batch], base: KnowledgeBase) -> dict[str, str]:
    """Return the columns of codes in batches of one header, with a number that is one. Raises InputError."""
    tables = (batch for batch in given if isinstance(batch, pa.RecordBatch))
    first = next(tables, None)
    if first is None or not (names := roles_of(tuple(first.schema.names), base).statuses):
        return {}
    return _codes_in(chain([first], tables), names)


def _codes_in_parquet(part: Part, base: KnowledgeBase) -> dict[str, str]:
    """The columns of codes in a file of which only the columns of a status are read."""
    file = parquet(part.path)
    names = roles_of(tuple(file.schema_arrow.names), base).statuses if file.metadata.num_rows else frozenset()
    return _codes_in(batches(part, base, only=sorted(names)), names) if names else {}


def _codes_in(given: Iterable[pa.RecordBatch], names: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in given:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if name in names and name not in found and (code := _code_in(column)):
                found[name] = code
    return found


def _code_in(column: Any) -> str:
    """The first number in a column that is a code, or nothing."""
    if pa.types.is_nested(column.type):
        return ""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary.take(pc.unique(column.indices))
    texts = pc.unique(column if pa.types.is_string(column.type) else pc.cast(column, pa.string()))
    return next((text.strip() for text in texts.to_pylist() if text and is_code(text)), "")


def _is_one_batch(part: Part) -> bool:
    if part.kind == "parquet":
        return int(parquet(part.path).metadata.num_rows) <= ROWS
    return part.kind == "csv" and is_plain(part.path) and part.path.stat().st_size <= BLOCK
