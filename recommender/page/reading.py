"""A file or a text that a reader brings: a profile, a MAF, a table or a phenopacket, to profiles."""

import re
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .._errors import InputError, Problem
from .._opening import TABLES, ending, plain_name
from .._text import fold
from ..importing import Imported, ImportOptions, import_profiles
from ..importing.table import ID
from ..importing.variant_columns import GENE, SAMPLE
from ..intake.lines import profile_in, told_apart
from ..intake.validation import profile_in_value
from ..knowledge.base import KnowledgeBase
from ..profile import Profile, plain_value

MAX_FILE = 8 * 1024 * 1024
"""Bytes of a file that the page reads: the variants of one exome, with all of their columns, are fewer."""
MAX_LISTED = 200
"""Tumours of one file that the page lists; a cohort has a command of its own."""

TUMOUR = "tumour"
"""The name of a tumour that has none."""
_PHENOPACKET = {"phenotypicFeatures", "biosamples", "metaData", "phenopacketSchemaVersion", "interpretations"}
_WORKBOOK = b"PK\x03\x04"
_PACKED = b"\x1f\x8b"


def read_brought(data: bytes, name: str, base: KnowledgeBase, therapy: str = "") -> Imported:
    """Return the profiles in a file of that name, or in a pasted text without one.

    `therapy` is added where none is stated. Raises InputError with everything that is wrong.
    """
    if not data.strip():
        raise InputError([Problem("", "it is empty.", "Choose a file, or paste a text.")])
    options = ImportOptions(therapies=(therapy,) if therapy else ())
    if data.startswith((_WORKBOOK, _PACKED)):
        return _imported(data, name or "pasted.xlsx", base, options)
    if _is_table(data, name):
        stem = re.sub(r"\.(txt|text)$", "", plain_name(name), flags=re.IGNORECASE) or "pasted"
        return _imported(with_tumour_id(data), stem if ending(stem) else f"{stem}.tsv", base, options)
    _, lines = told_apart(BytesIO(data), name=name)
    if lines is not None:
        return Imported(tuple(profile_in(line) for line in lines), (), ())
    value = plain_value(data)
    if isinstance(value, dict) and _PHENOPACKET & value.keys():
        return _imported(data, "phenopacket.json", base, options)
    return Imported((profile_in_value(_with_therapy(value, therapy), lambda: base),), (), ())


def _imported(data: bytes, name: str, base: KnowledgeBase, options: ImportOptions) -> Imported:
    """Read a file by the importers, which take files: one that is there for no longer than that."""
    with TemporaryDirectory(prefix="recommender-") as folder:
        file = Path(folder) / (re.sub(r"[^\w.-]", "_", name)[-80:].lstrip(".") or "pasted.tsv")
        file.write_bytes(data)
        try:
            return import_profiles(file, base, options)
        except InputError as error:
            raise InputError(error.problems) from None


def _is_table(data: bytes, name: str) -> bool:
    """Return True for what has columns: by its name, or by a first line that is no JSON and no YAML."""
    if ending(name) in (".maf", *TABLES):
        return True
    if ending(name) in (".json", ".yaml", ".yml", ".ndjson", ".jsonl") or data.lstrip()[:1] in (b"{", b"["):
        return False
    header = _header(data.splitlines())[1]
    return b"\t" in header or (b":" not in header and (b"," in header or b";" in header))


def with_tumour_id(data: bytes) -> bytes:
    r"""Return a table with a column that names its tumour, where it has none and is about one tumour.

    >>> with_tumour_id(b"FASN,KEAP1\nhigh,mutated\n")
    b'sample_id,FASN,KEAP1\ntumour,high,mutated\n'
    """
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    at, header = _header(lines)
    delimiter = max((b"\t", b";", b","), key=header.count)
    names = {fold(cell.strip(b' "\r\n').decode("utf-8", "replace")) for cell in header.split(delimiter)}
    rows = [line for line in lines[at + 1 :] if line.strip()]
    variants = bool(names & set(map(fold, GENE)))
    if names & set(map(fold, (*ID, *SAMPLE))) or not (variants or len(rows) == 1):
        return data
    column = (SAMPLE if variants else ("sample_id",))[0]
    named = [TUMOUR.encode() + delimiter + row for row in rows]
    return b"".join([*lines[:at], column.encode() + delimiter + header, *named])


def _header(lines: list[bytes]) -> tuple[int, bytes]:
    """The first line that is neither empty nor a comment, and its place."""
    found = ((at, line) for at, line in enumerate(lines) if line.strip() and not line.startswith(b"#"))
    return next(found, (0, b""))


def _with_therapy(value: Any, therapy: str) -> Any:
    stated = not isinstance(value, dict) or value.get("therapies")
    return value if stated or not therapy else {**value, "therapies": [therapy]}


def left_out(found: Imported) -> dict[str, int]:
    """Return how many rows were left out, by reason."""
    total: dict[str, int] = {}
    for account in found.accounts:
        for reason, count in account.left_out.items():
            total[reason] = total.get(reason, 0) + count
    return total


def name_of_tumour(profile: Profile, number: int) -> str:
    """Return what a list calls a tumour."""
    return profile.id or f"tumour {number}"
