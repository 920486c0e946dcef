"""Columns of a table as texts, and as numbers of their different texts."""

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .._errors import InputError, Problem
from .cells import MAX_DIFFERENT

Array: TypeAlias = np.ndarray[Any, Any]


def is_numbered(column: pa.Array) -> bool:
    """Return whether a column holds numbers of texts."""
    return bool(pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type))


def as_text(column: pa.Array) -> pa.Array:
    """Return a column as text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())


def as_listed(column: pa.Array) -> pa.Array:
    """Return a column of lists, or of texts with semicolons, as texts with semicolons."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        texts = pc.cast(column, pa.list_(pa.string()))
        # One missing entry would make the whole list missing.
        return pc.binary_join(pa.ListArray.from_arrays(texts.offsets, texts.values.fill_null("")), ";")
    return column if is_numbered(column) else as_text(column)


def numbered(column: pa.Array, name: str) -> tuple[Array, list[str]]:
    """Return for each row the number of its value, and the values.

    A missing value has the number after the last. Raises InputError where there are too many.
    """
    if is_numbered(column):  # with values, perhaps, that no row has
        encoded = pc.dictionary_encode(column.indices)
        texts = column.dictionary.take(encoded.dictionary)
    else:
        encoded = pc.dictionary_encode(as_text(column))
        texts = encoded.dictionary
    values = [value if isinstance(value, str) else "" for value in texts.to_pylist()]
    if len(values) > MAX_DIFFERENT:
        raise InputError(
            [Problem(name, f"{len(values)} different values are too many for a column of states.")]
        )
    indices = np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), len(values)))
    return indices, values


def together(columns: list[tuple[Array, list[str]]]) -> tuple[Array, list[tuple[str, ...]]]:
    """Return for each row the number of its values in some columns, and these values."""
    (indices, values), *more = columns
    rows: list[tuple[str, ...]] = [(value,) for value in values]
    for width, (others, their) in enumerate(more, 1):
        padded, theirs = [*rows, ("",) * width], [*their, ""]
        pairs, indices = np.unique(indices * len(theirs) + others, return_inverse=True)
        rows = [(*padded[pair // len(theirs)], theirs[pair % len(theirs)]) for pair in pairs]
    return indices, rows
