"""Where a cohort comes from: a study folder, Parquet, CSV or NDJSON, a file or a folder of parts."""

import csv
import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from io import RawIOBase, TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from .._errors import InputError, Problem
from .._opening import TEXT_TABLES, WORKBOOKS, ending, is_plain, opened
from .._text import shortened
from ..evaluation.facts import Facts, read_facts
from ..importing import ImportOptions, import_profiles
from ..importing.delimited import SAVE_AS_UTF_8
from ..importing.workbook import Workbook
from ..intake.lines import SUFFIXES, Line, lines, profile_in
from ..knowledge.base import KnowledgeBase
from .cells import CODED, DELIMITER, TOLD, UNENDED, roles_of

ROWS = 65_536
"""Profiles in a batch of a table."""
BLOCK = 16 * 1024 * 1024
"""Bytes of a text table in a batch."""
ROWS_OF = b"rows"
"""The key of the metadata of a batch for the numbers of its rows, where they do not run through."""
_READ = 2_000
"""Profiles in a batch of those that are read one by one."""

KINDS = {
    ".parquet": "parquet",
    **dict.fromkeys(TEXT_TABLES, "csv"),
    **dict.fromkeys(SUFFIXES, "ndjson"),
    **dict.fromkeys(WORKBOOKS, "workbook"),
}
"""The kind of a part by how its name ends, packed with gzip or not."""


REJECTS = ".rejects.ndjson"
"""How the file ends that holds what could not be used."""


class Part(NamedTuple):
    """One input: a file of a kind, or a study folder."""

    path: Path
    kind: str
    sheet: str | None = None
    """The sheet of a workbook; by default the first that holds anything."""


class Read(NamedTuple):
    """Profiles that were read one by one, and the lines that could not be, with the reason."""

    known: list[tuple[str, Facts]]
    bad: list[tuple[int, str, str]]
    numbers: list[int]
    """The line, or the place from 1, of each that is known."""
    nameless: tuple[int, ...] = ()
    """The places among them, from 0, of those without an id of their own."""


Batch: TypeAlias = pa.RecordBatch | Read


def parts_of(source: Path, *, sheet: str | None = None) -> list[Part]:
    """Return the parts of an input, by name; `sheet` is that of each workbook. Raises InputError."""
    found = _parts(source)
    if sheet is None:
        return found
    if all(part.kind != "workbook" for part in found):
        what = f"{shortened(source.name)} is not a workbook."
        raise InputError([Problem("", what, parameter="sheet")])
    return [part._replace(sheet=sheet) if part.kind == "workbook" else part for part in found]


def _parts(source: Path) -> list[Part]:
    if source.is_dir():
        if any(source.glob("*meta_*.txt")):
            return [Part(source, "study")]
        found = [
            Part(path, KINDS[ending(path.name)])
            for path in sorted(source.iterdir())
            if ending(path.name) in KINDS and not path.name.endswith(REJECTS)
        ]
        if not found:
            what = "the folder is not a study, and holds no Parquet, CSV, NDJSON or workbook."
            raise InputError([Problem("", what)], source=str(source))
        return found
    if not source.exists():
        raise InputError([Problem("", "there is no such file or folder.")], source=str(source))
    if ending(source.name) not in KINDS:
        what = f"a cohort is not read from a file that ends in '{shortened(source.suffix)}'."
        hint = "Parquet, CSV, TSV, NDJSON, .xlsx or a study folder is expected; profile import reads others."
        raise InputError([Problem("", what, hint)], source=str(source))
    return [Part(source, KINDS[ending(source.name)])]


class Head:
    """The header of a text table: its names, the sign between cells, and how many lines are above it."""

    def __init__(self, path: Path) -> None:
        """Read no more of a file than the header. Raises InputError."""
        self.above = 0
        self.delimiter = ""
        line = ""
        with TextIOWrapper(opened(path), encoding="utf-8-sig", errors="replace", newline="") as text:
            for line in text:
                said = re.fullmatch(r"sep=(.)\s*", line)
                if said:
                    self.delimiter = said[1]
                elif line.strip() and not line.startswith("#"):
                    break
                self.above += 1
            self.delimiter = self.delimiter or max("\t;,", key=line.count)
            try:
                self.names: list[str] = next(csv.reader(chain([line], text), delimiter=self.delimiter), [])
            except csv.Error as error:
                raise InputError([Problem("", f"it cannot be read: {error}.")], source=str(path)) from None


def is_ended(path: Path) -> bool:
    """Return whether something ends the last line of a text table.

    Raises InputError, with the line, where it is not text in UTF-8.
    """
    try:
        with opened(path) as stream:
            text = _Text(stream, str(path))
            while text.read(BLOCK):
                pass
            return text.is_ended
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error}.")], source=str(path)) from None


def rows_in(parts: list[Part]) -> int | None:
    """Return how many profiles the parts hold, where their files say it."""
    if any(part.kind != "parquet" for part in parts):
        return None
    return sum(int(parquet(part.path).metadata.num_rows) for part in parts)


def batches(
    part: Part, base: KnowledgeBase, coded: Mapping[str, str] = {}, *, only: list[str] | None = None
) -> Iterator[Batch]:
    """Return the profiles of a part, a batch at a time. Raises InputError.

    The columns `coded` hold codes somewhere in the input. Of Parquet the columns `only` can be read alone.
    """
    return about_codes(_batches(part, base, only), coded)


def about_codes(given: Iterable[Batch], coded: Mapping[str, str]) -> Iterator[Batch]:
    """Yield batches that know the columns of codes."""
    about = {CODED: json.dumps(coded).encode()}
    for batch in given:
        if coded and isinstance(batch, pa.RecordBatch):
            yield batch.replace_schema_metadata({**(batch.schema.metadata or {}), **about})
        else:
            yield batch


def _batches(part: Part, base: KnowledgeBase, only: list[str] | None) -> Iterator[Batch]:
    try:
        match part.kind:
            case "parquet":
                for batch in _parquet(part.path, base, only):
                    batch.validate(full=True)  # texts that are no UTF-8 are found where they are read
                    yield batch
            case "csv":
                yield from _csv(part.path)
            case "ndjson":
                yield from _ndjson(part.path, base)
            case "workbook":
                yield from _workbook(part)
            case _:
                yield _study(part.path, base)
    except (pa.ArrowException, OSError) as error:
        raise InputError([Problem("", f"it cannot be read: {error}.")], source=str(part.path)) from None


def parquet(path: Path) -> pq.ParquetFile:
    """Return a Parquet file. Raises InputError."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError([Problem("", f"it is no Parquet file: {error}.")], source=str(path)) from None


def _parquet(path: Path, base: KnowledgeBase, only: list[str] | None) -> Iterator[pa.RecordBatch]:
    """Yield a Parquet file in batches. Words, which are read once each, stay numbers of words."""
    file = parquet(path)
    if not file.metadata.num_rows:
        return
    header = file.schema_arrow
    words = roles_of(tuple(header.names), base).words
    texts = [header.names[place] for place in words if pa.types.is_string(header.field(place).type)]
    # Read ahead, Arrow would keep all that it has read of the file until its end.
    file = pq.ParquetFile(path, metadata=file.metadata, read_dictionary=texts, pre_buffer=False)
    waiting: list[pa.RecordBatch] = []  # they end as well where other numbers begin
    for batch in file.iter_batches(ROWS, columns=only):
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= ROWS:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(given: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(given) == 1:
        return given[0]
    (whole,) = pa.Table.from_batches(given).unify_dictionaries().combine_chunks().to_batches()
    return whole


def _csv(path: Path) -> Iterator[Batch]:
    """Yield a text table in batches; rows with more or fewer cells than the header cannot be used."""
    head = Head(path)
    types = dict.fromkeys(head.names, pa.string())
    # The text is looked at before Arrow gets it.
    converting = pc.ConvertOptions(column_types=types, strings_can_be_null=False, check_utf8=False)
    # The numbers of uneven rows are known only where one thread reads; the others rank meanwhile.
    reading = pc.ReadOptions(block_size=BLOCK, skip_rows=head.above, use_threads=False)
    bad: list[tuple[int, str, str]] = []

    def uneven(row: Any) -> str:
        if row.text.count('"') % 2:
            return "error"  # of a quote that is not closed, which would hold the rows below as well
        cells = f"{row.actual_columns} cells, and the header {len(head.names)}"
        what = f"the row '{shortened(row.text)}' has {cells}"
        bad.append((row.number - head.above - 1, "", what))
        return "skip"

    parsing = pc.ParseOptions(delimiter=head.delimiter, newlines_in_values=True, invalid_row_handler=uneven)
    about = {DELIMITER: head.delimiter.encode()}
    with ExitStack() as stack:
        stream: Any = stack.enter_context(path.open("rb") if is_plain(path) else opened(path))
        source = _Text(stream, str(path))
        even, last = 0, None
        for batch in stack.enter_context(pc.open_csv(source, reading, parsing, converting)):
            if bad:
                places = np.arange(even, even + batch.num_rows, dtype=np.int64)
                # For each uneven row, how many even rows are above it.
                above = np.array([number - 1 for number, _, _ in bad]) - np.arange(len(bad))
                about[ROWS_OF] = (places + 1 + np.searchsorted(above, places, side="right")).tobytes()
            even += batch.num_rows
            if last is not None:
                yield last
            last = batch.replace_schema_metadata(about)
        if last is not None:
            if not source.is_ended and not (bad and bad[-1][0] == even + len(bad)):
                about[UNENDED] = str(last.num_rows - 1).encode()
                last = last.replace_schema_metadata(about)
            yield last
    if bad:
        yield Read([], bad, [])


class _Text(RawIOBase):
    """A stream of bytes that is read only as far as it is text in UTF-8.

    Arrow would find the row that is not, but quotes it, and calls `uneven` with what that cannot read.
    """

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream = stream
        self._source = source
        self._decoder = getincrementaldecoder("utf-8")()
        self._lines = 0
        self.is_ended = True
        """Whether a line break, or a quote that closes the cell, ends what was read."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises InputError, with the line, where they are not text in UTF-8."""
        data = self._stream.read(size)
        try:
            self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            line = self._lines + error.object[: error.start].count(b"\n") + 1
            problem = Problem(f"line {line}", "it is not text in UTF-8.", SAVE_AS_UTF_8)
            raise InputError([problem], source=self._source) from None
        self._lines += data.count(b"\n")
        if data:
            self.is_ended = data.endswith((b"\n", b"\r", b'"'))
        return data


def _workbook(part: Part) -> Iterator[pa.RecordBatch]:
    workbook = Workbook(part.path, part.path.name, sheet=part.sheet)
    about = {DELIMITER: b"\t"}  # a comma in a text can only be a decimal sign: cells are apart
    if workbook.told:
        about[TOLD] = "\n".join(f"{code} {part.path.name}: {what}" for code, what in workbook.told).encode()
    rows = workbook.rows()
    names: list[str] = next((row for row in rows if any(row)), [])
    filled = (row for row in rows if any(row))
    while chunk := list(islice(filled, ROWS)):
        columns = [pa.array(list(cells), pa.string()) for cells in zip(*chunk, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, names=names).replace_schema_metadata(about)


def _ndjson(path: Path, base: KnowledgeBase) -> Iterator[Read]:
    with opened(path) as stream:
        found = lines(stream)
        while chunk := list(islice(found, _READ)):
            yield read_lines(chunk, base)


def read_lines(chunk: list[Line], base: KnowledgeBase) -> Read:
    """Return the profiles in lines of NDJSON."""
    known: list[tuple[str, Facts]] = []
    bad: list[tuple[int, str, str]] = []
    numbers: list[int] = []
    nameless = []
    for line in chunk:
        try:
            profile = profile_in(line)
            facts = read_facts(profile, base)
            if not profile.id:
                nameless.append(len(known))
            numbers.append(line.number)
            known.append((profile.id or f"line {line.number}", facts))
        except InputError as error:
            why = "; ".join(str(one) for one in error.problems)
            bad.append((line.number, "", why))
    return Read(known, bad, numbers, tuple(nameless))


def _study(path: Path, base: KnowledgeBase) -> Read:
    found = import_profiles(path, base, ImportOptions())
    known: list[tuple[str, Facts]] = []
    bad: list[tuple[int, str, str]] = []
    numbers: list[int] = []
    for number, profile in enumerate(found.profiles, 1):
        try:
            known.append((profile.id or "", read_facts(profile, base)))
            numbers.append(number)
        except InputError as error:
            bad.append((number, profile.id or "", "; ".join(str(one) for one in error.problems)))
    after = len(found.profiles) + 1
    bad += [(number, "", str(problem)) for number, problem in enumerate(found.problems, after)]
    return Read(known, bad, numbers)
