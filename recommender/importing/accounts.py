"""For each file of an import how many rows were read, and how many were left out for which reason."""

from collections import Counter
from typing import NamedTuple

from .delimited import Table

OF_A_ROW = frozenset(
    {
        "DUPLICATE_ROW",
        "FORM_NOT_READ",
        "GERMLINE_VARIANT",
        "MALFORMED_ROW",
        "PATIENT_WITHOUT_SAMPLE",
        "STRUCTURAL_VARIANT",
        "UNCERTAIN_VARIANT",
        "UNKNOWN_CLASSIFICATION",
        "UNKNOWN_GENE",
        "VARIANT_NOT_COUNTED",
    }
)
"""Notices that say of a row that it was left out, unless they are given otherwise."""

REASONS = {
    "AMBIGUOUS_ALIAS": "of a symbol with several meanings",
    "DAMAGED_SYMBOL": "of a symbol that a spreadsheet changed",
    "DUPLICATE_ROW": "of a sample or patient in a row above",
    "FILE_NOT_READ": "the file was not read",
    "FORM_NOT_READ": "of a phosphorylated form",
    "GERMLINE_VARIANT": "of the germline",
    "INVALID": "with a cell that cannot be read",
    "MALFORMED_ROW": "not understood",
    "NO_SAMPLE": "of a sample that is not read",
    "NO_TREATMENT": "of another event than a treatment",
    "OUTSIDE_VOCABULARY": "of genes that no rule knows",
    "PATIENT_WITHOUT_SAMPLE": "of a patient without a sample",
    "REFERENCE_SAMPLE": "of a sample that is not a tumour",
    "SEVERAL_GENES": "of several genes in one cell",
    "STRUCTURAL_VARIANT": "of structural variants, which are not a state",
    "TWO_GENES": "whose symbol and id name two genes",
    "UNCERTAIN_VARIANT": "that may be a mutation or not",
    "UNKNOWN_CLASSIFICATION": "of a class of variants that is not known",
    "UNKNOWN_GENE": "of a gene that cannot be identified",
    "UNREAD_TEXT": "with a text that is not understood",
    "VARIANT_NOT_COUNTED": "that a column of status or filter excludes",
}
"""Why rows are left out, in words."""

INVALID = "INVALID"
NO_SAMPLE = "NO_SAMPLE"
NO_TREATMENT = "NO_TREATMENT"
OUTSIDE = "OUTSIDE_VOCABULARY"


class FileAccount(NamedTuple):
    """How many rows a file has below its header, and how many of them were left out by reason.

    `rows` is None for a file that was not read; the reason is that of the file then.
    """

    file: str
    rows: int | None
    left_out: dict[str, int]

    @property
    def read(self) -> int:
        """The number of rows that were read."""
        return 0 if self.rows is None else self.rows - sum(self.left_out.values())


class Accounts:
    """The accounts of the files of an import, kept while they are read."""

    def __init__(self) -> None:
        self._tables: dict[str, list[Table]] = {}
        self._left_out: dict[str, Counter[str]] = {}
        self._last: dict[str, str] = {}
        self._whole: dict[str, int] = {}
        self._not_read: list[str] = []

    def table(self, table: Table) -> Table:
        """Count the rows of a table."""
        self._tables.setdefault(table.name, []).append(table)
        return table

    def whole(self, file: str, count: int) -> None:
        """Count what a file holds that is not a table."""
        self._whole[file] = count

    def row(self, at: str, reason: str) -> None:
        """Count a row, given as `file:line`, as left out, once for whatever number of reasons."""
        file, colon, line = at.rpartition(":")
        if colon and line.isdigit() and self._last.get(file) != line:
            self._last[file] = line
            self.rows(file, reason, 1)

    def rows(self, file: str, reason: str, count: int) -> None:
        """Count rows of a file as left out."""
        if count:
            self._left_out.setdefault(file, Counter())[reason] += count

    def file(self, file: str) -> None:
        """Count a file that was not read."""
        self._not_read.append(file)

    def all(self) -> tuple[FileAccount, ...]:
        """Return the accounts of all files, in the order in which they were read."""
        rows: dict[str, int] = {}
        for name, tables in self._tables.items():
            swallowed = sum(table.swallowed for table in tables)
            rows[name] = sum(table.count for table in tables) + swallowed
            self.rows(name, "MALFORMED_ROW", swallowed)
        found = [
            FileAccount(name, count, dict(self._left_out.get(name, {})))
            for name, count in {**rows, **self._whole}.items()
        ]
        missing = dict.fromkeys(name for name in self._not_read if name not in rows)
        return (*found, *(FileAccount(name, None, {"FILE_NOT_READ": 1}) for name in missing))
