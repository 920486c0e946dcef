"""Where a cohort comes from: a study folder, Parquet, CSV or NDJSON, a file or a folder of parts."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from .._errors import InputError, Problem
from ..evaluation.facts import Facts, read_facts
from ..importing import ImportOptions, import_profiles
from ..intake.lines import SUFFIXES, Line, lines, profile_in
from ..knowledge.base import KnowledgeBase
from ..profile import Profile

ROWS = 65_536
"""Profiles in a batch of a table."""
_READ = 2_000
"""Profiles in a batch of those that are read one by one."""

KINDS = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", **dict.fromkeys(SUFFIXES, "ndjson")}


REJECTS = ".rejects.ndjson"
"""How the file ends that holds what could not be used."""


class Part(NamedTuple):
    """One input: a file of a kind, or a study folder."""

    path: Path
    kind: str


class Read(NamedTuple):
    """Profiles that were read one by one, and the lines that could not be, with the reason."""

    known: list[tuple[str, Facts]]
    bad: list[tuple[int, str, str]]


Batch: TypeAlias = pa.RecordBatch | Read


def parts_of(source: Path) -> list[Part]:
    """Return the parts of an input, by name. Raises InputError."""
    if source.is_dir():
        if any(source.glob("*meta_*.txt")):
            return [Part(source, "study")]
        found = [
            Part(path, KINDS[path.suffix.lower()])
            for path in sorted(source.iterdir())
            if path.suffix.lower() in KINDS and not path.name.endswith(REJECTS)
        ]
        if not found:
            what = "the folder is no study, and holds no Parquet, CSV or NDJSON."
            raise InputError([Problem("", what)], source=str(source))
        return found
    if not source.exists():
        raise InputError([Problem("", "there is no such file or folder.")], source=str(source))
    if source.suffix.lower() not in KINDS:
        what = f"'{source.suffix}' is no kind of cohort."
        hint = "Parquet, CSV, TSV, NDJSON or a study folder is expected; profile import reads other files."
        raise InputError([Problem("", what, hint)], source=str(source))
    return [Part(source, KINDS[source.suffix.lower()])]


def rows_in(parts: list[Part]) -> int | None:
    """Return how many profiles the parts hold, where their files say it."""
    if any(part.kind != "parquet" for part in parts):
        return None
    return sum(int(_parquet(part.path).metadata.num_rows) for part in parts)


def batches(part: Part, base: KnowledgeBase) -> Iterator[Batch]:
    """Yield the profiles of a part, a batch at a time. Raises InputError."""
    try:
        match part.kind:
            case "parquet":
                for batch in _parquet(part.path).iter_batches(ROWS):
                    batch.validate(full=True)  # texts that are no UTF-8 are found where they are read
                    yield batch
            case "csv":
                yield from _csv(part.path)
            case "ndjson":
                yield from _ndjson(part.path, base)
            case _:
                yield _study(part.path, base)
    except (pa.ArrowException, OSError, csv.Error) as error:
        raise InputError([Problem("", f"it cannot be read: {error}.")], source=str(part.path)) from None


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError([Problem("", f"it is no Parquet file: {error}.")], source=str(path)) from None


def _csv(path: Path) -> Iterator[pa.RecordBatch]:
    delimiter = "\t" if path.suffix == ".tsv" else ","
    parsing = pc.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        filled = (line for line in stream if line.strip())
        names = next(csv.reader(filled, delimiter=delimiter), [])
    types = dict.fromkeys(names, pa.string())
    converting = pc.ConvertOptions(column_types=types, strings_can_be_null=False)
    reading = pc.ReadOptions(block_size=16 * 1024 * 1024)
    with pc.open_csv(path, reading, parsing, converting) as reader:
        yield from reader


def _ndjson(path: Path, base: KnowledgeBase) -> Iterator[Read]:
    with path.open("rb") as stream:
        found = lines(stream)
        while chunk := list(islice(found, _READ)):
            yield read_lines(chunk, base)


def read_lines(chunk: list[Line], base: KnowledgeBase) -> Read:
    """Return the profiles in lines of NDJSON."""
    known: list[tuple[str, Facts]] = []
    bad: list[tuple[int, str, str]] = []
    for line in chunk:
        try:
            profile = profile_in(line)
            known.append((profile.id or f"line {line.number}", read_facts(profile, base)))
        except InputError as error:
            why = "; ".join(str(one) for one in error.problems)
            bad.append((line.number, "", why))
    return Read(known, bad)


def _study(path: Path, base: KnowledgeBase) -> Read:
    profiles: tuple[Profile, ...] = import_profiles(path, base, ImportOptions()).profiles
    return Read([(profile.id or "", read_facts(profile, base)) for profile in profiles], [])
