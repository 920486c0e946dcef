"""Columns of a status whose numbers are codes, found over a whole input before any row is read."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .._opening import is_plain
from ..importing.codes import is_code
from ..knowledge.base import KnowledgeBase
from .cells import DELIMITER, Cells
from .sources import BLOCK, ROWS, Batch, Part, batches, parquet

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
        if part.kind in _TABLES:
            found = codes_in(batches(part, base), base) | found
    return found


def codes_in(given: Iterable[Batch], base: KnowledgeBase) -> dict[str, str]:
    """Return the columns of codes in batches of one header, with a number that is one. Raises InputError."""
    found: dict[str, str] = {}
    names: dict[int, str] | None = None
    for batch in given:
        if not isinstance(batch, pa.RecordBatch):
            continue
        if names is None:
            names = status_columns(batch, base)
        if not names:
            break
        for place, name in names.items():
            if name not in found and (code := _code_in(batch.column(place))):
                found[name] = code
    return found


def status_columns(batch: pa.RecordBatch, base: KnowledgeBase) -> dict[int, str]:
    """Return the columns of a status, by their places. Raises InputError for the header."""
    delimiter = (batch.schema.metadata or {}).get(DELIMITER, b",").decode()
    cells = Cells(batch.schema.names, base, delimiter)
    return {place: batch.schema.names[place] for place in sorted(cells.statuses)}


def _code_in(column: Any) -> str:
    """The first number in a column that is a code, or nothing."""
    if pa.types.is_nested(column.type):
        return ""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    texts = pc.unique(column if pa.types.is_string(column.type) else pc.cast(column, pa.string()))
    return next((text.strip() for text in texts.to_pylist() if text and is_code(text)), "")


def _is_one_batch(part: Part) -> bool:
    if part.kind == "parquet":
        return int(parquet(part.path).metadata.num_rows) <= ROWS
    return part.kind == "csv" and is_plain(part.path) and part.path.stat().st_size <= BLOCK
