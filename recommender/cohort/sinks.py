"""Where the ranked table goes: Parquet, CSV or NDJSON, complete or absent."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from .._errors import InputError, Problem
from .._files import replacing, told
from .._text import printable, safe_json
from .ranked import SCHEMA

OUTPUT_SUFFIXES = {".parquet": "parquet", ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}

RISKY = r"[\s\x{00A0}\x{000B}]*[=+\-@|%\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""How a text begins that a spreadsheet takes for a formula: in CSV it has an apostrophe before it."""


BEHIND = rf'["\s]*{RISKY}'
"""The same behind a semicolon, at which a spreadsheet may split in spite of quotes."""


class Write(Protocol):
    """Writes one batch of ranked rows."""

    def __call__(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""


def format_of(path: Path) -> str:
    """Return the format that the name of an output asks for. Raises InputError."""
    if path.suffix not in OUTPUT_SUFFIXES:
        what = f"'{path.name}' does not say in which format to write."
        raise InputError([Problem("", what, f"End it in {', '.join(OUTPUT_SUFFIXES)}.", "output")])
    return OUTPUT_SUFFIXES[path.suffix]


@contextmanager
def writing(path: Path, *, follow: bool = True) -> Iterator[Write]:
    """Give a function that writes batches to a file that appears when all is written. Raises InputError."""
    kind = format_of(path)
    with ExitStack() as stack:  # what the caller does in between is not told as an error of the output
        with _told(path):
            stream = stack.enter_context(replacing(path, follow=follow))
        sink = _Sink(kind, stream, path)
        yield sink.write
        with _told(path):
            sink.close()
            stack.close()


_told = partial(told, also=(pa.ArrowException,))


class _Sink:
    def __init__(self, kind: str, stream: IO[bytes], path: Path) -> None:
        self._path = path
        self._kind = kind
        self._stream = stream
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch) -> None:
        with _told(self._path):
            self._write(batch)

    def _write(self, batch: pa.RecordBatch) -> None:
        if self._kind == "ndjson":
            self._stream.writelines(_json(row) for row in batch.to_pylist())
            return
        if self._kind == "csv":
            batch = _flat(batch)
        if self._writer is None:
            open_ = pq.ParquetWriter if self._kind == "parquet" else pyarrow.csv.CSVWriter
            self._writer = open_(self._stream, batch.schema)
        self._writer.write_batch(batch)

    def close(self) -> None:
        if self._writer is None and self._kind != "ndjson":
            self._write(pa.RecordBatch.from_pylist([], SCHEMA))
        if self._writer is not None:
            self._writer.close()


def _json(row: dict[str, Any]) -> bytes:
    return (safe_json(json.dumps(row, sort_keys=True, ensure_ascii=False)) + "\n").encode(
        errors="backslashreplace"
    )


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Plain columns, lists as words, and nothing that steers a terminal or is a formula to a spreadsheet."""
    return pa.RecordBatch.from_pydict(
        {name: _plain(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    )


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        values = column.values
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        return pc.binary_join(pa.ListArray.from_arrays(column.offsets, values), " ")
    text = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_string(text.type):
        return text
    if pc.any(pc.match_substring_regex(text, r"[\p{C}\p{Zl}\p{Zp}]")).as_py():
        text = pa.array([one and printable(one) for one in text.to_pylist()], pa.string())
    risky = pc.fill_null(pc.match_substring_regex(text, f"^{RISKY}"), False)
    text = pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text)
    return pc.replace_substring_regex(text, f";({BEHIND})", r";'\1")
