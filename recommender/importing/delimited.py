"""Text tables as people have them: tabs, commas or semicolons, from any system, with damage told apart."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from .._errors import InputError, Problem
from .._opening import opened
from .._text import did_you_mean, fold, one_of, shortened
from .workbook import Workbook, is_workbook

_MAGIC = {
    b"PK\x03\x04": (
        "is a workbook or a zip archive",
        "Unpack an archive first; the name of a workbook ends in .xlsx.",
    ),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook", "Save the sheet as CSV UTF-8 first."),
    b"BZh": ("is compressed with bzip2", "Unpack it first."),
    b"\xfd7zXZ": ("is compressed with xz", "Unpack it first."),
    b"%PDF": ("is a PDF", "A table in text is needed."),
    b"version https://git-lfs": ("is a pointer of Git LFS, not the data", "Fetch it with: git lfs pull."),
}
_MAX_META = 16 * 1024 * 1024
"""Bytes of a meta file, which is held in memory."""


class Row(NamedTuple):
    """One row of a table: its line in the file (from 1) and its cells."""

    line: int
    cells: list[str]


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

    def repeated(self) -> list[str]:
        """Return the names that stand more than once."""
        seen: set[str] = set()
        folded = [(fold(name), name) for name in self.names if name]
        return sorted({name for key, name in folded if key in seen or seen.add(key)})  # type: ignore[func-returns-value]


class Table:
    """A text table that is read row by row.

    Lines that begin with `#` before the header are `comments`. Rows that are empty are left out.
    Opening it, and reading it, raises InputError where it is no such table.
    """

    def __init__(
        self,
        path: Path,
        shown: str,
        *,
        delimiter: str | None = "\t",
        quotes: bool = False,
        sheet: str | None = None,
    ) -> None:
        """Open a file; `delimiter` None means: the one that the header has most of.

        With `quotes` a cell between tabs may stand in quotes too, as spreadsheets write it. Of a workbook it
        is the `sheet` of that name, else the first that holds anything.
        """
        self.name = shown
        self._quotes = quotes
        self.was_short = False
        """Whether the row that was read last lacks cells."""
        self._line = 0
        self.workbook: Workbook | None = None
        """The workbook that it is a sheet of."""
        self._stream: TextIO
        regular(path, shown)
        if is_workbook(path):
            self.workbook = Workbook(path, shown, sheet=sheet)
            self._stream, self._quotes, delimiter = self.workbook.as_text(), True, "\t"
        else:
            self._stream = self._opened(path)
        self.comments: list[tuple[int, str]] = []
        try:
            header = self._header()
        except BaseException:
            self._stream.close()
            raise
        said = re.fullmatch(r"sep=(.)\s*", header)
        if said:
            delimiter, header = said[1], next(self._lines(), "")
        self.delimiter = delimiter or max("\t;,", key=header.count)
        try:
            cells = next(iter(csv.reader([header], **self._dialect())), [])
        except csv.Error as error:
            self.close()
            raise self.error(f"line {self._line}", f"the header cannot be read: {error}.") from None
        while cells and not cells[-1].strip():
            cells.pop()
        self.columns = Columns(cells, self._line)
        if not any(self.columns.names):
            self._stream.close()
            raise self.error(f"line {self._line or 1}", "it has no header.")

    def need(self, *accepted: str) -> int:
        """Return the place of a column that must be there under one of the names. Raises InputError."""
        found = self.columns.find(*accepted)
        if found is None:
            near = did_you_mean(accepted[0], self.columns.names)
            what = f"there is no column {one_of(accepted)}."
            self.close()
            raise self.error(f"line {self.columns.line}", what, near or self._has())
        return found

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header; cells that a short row lacks are empty."""
        width = len(self.columns.names)
        offset = self._line
        reader = csv.reader(self._lines(), **self._dialect())
        try:
            while True:
                first = offset + reader.line_num + 1
                cells = next(reader, None)
                if cells is None:
                    return
                if not any(map(str.strip, cells)):
                    continue
                self.was_short = len(cells) < width
                if self.was_short:
                    cells += [""] * (width - len(cells))
                yield Row(first, cells)
        except csv.Error as error:
            raise self.error(
                f"line {offset + reader.line_num}", f"it cannot be read as a table: {error}."
            ) from None
        finally:
            self._stream.close()

    def error(self, where: str, what: str, hint: str = "") -> InputError:
        """Return the error for something wrong in this file."""
        return InputError([Problem(where, what, hint)], source=self.name)

    def at(self, line: int) -> str:
        """Return `file:line`."""
        return f"{self.name}:{line}"

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _has(self) -> str:
        names = [shortened(name, 30) for name in self.columns.names[:12] if name]
        more = ", ..." if len(self.columns.names) > 12 else ""
        return f"It has {', '.join(names)}{more}."

    def _opened(self, path: Path) -> TextIO:
        try:
            stream = opened(path)
            try:
                start = stream.peek(64)[:64]
                self._refuse(start)
            except BaseException:
                stream.close()
                raise
        except OSError as error:
            raise self.error("", f"it cannot be read: {error.strerror}.") from None
        return TextIOWrapper(stream, encoding="utf-8-sig" if start.startswith(BOM_UTF8) else "utf-8")

    def _refuse(self, start: bytes) -> None:
        for magic, (what, hint) in _MAGIC.items():
            if start.startswith(magic):
                raise self.error("", f"it {what}.", hint)
        if start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
            raise self.error("", "it is text in UTF-32.", "Save it as UTF-8.")
        if b"\0" in start:
            raise self.error("", "it is not a text file.", "Is it a binary file?")

    def _header(self) -> str:
        for line in self._lines():
            if line.startswith("#"):
                self.comments.append((self._line, line.rstrip("\n")))
            elif line.strip():
                return line
        raise self.error(
            "", "it is empty; a table has a header." if not self.comments else "it has no header."
        )

    def _lines(self) -> Iterator[str]:
        try:
            for line in self._stream:
                self._line += 1
                yield line
        except OSError as error:
            raise self.error(f"line {self._line + 1} or soon after", f"{error.strerror}.") from None
        except UnicodeDecodeError:
            hint = "Save it as UTF-8; in Excel: CSV UTF-8."
            raise self.error(
                f"line {self._line + 1} or soon after", "it is not text in UTF-8.", hint
            ) from None

    def _dialect(self) -> dict[str, Any]:
        if self.delimiter == "\t" and not self._quotes:
            return {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "strict": True}


def regular(path: Path, shown: str) -> None:
    """Raises InputError unless a path leads to a regular file, which can be read twice and has an end."""
    try:
        if path.is_file() or not path.exists():
            return
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError([Problem("", f"it is no path that can be read: {error}.")], source=shown) from None
    what = "it is a folder." if path.is_dir() else "it is a pipe or a device, and must be read twice."
    raise InputError([Problem("", what, "Name a file.")], source=shown)


def several(text: str) -> list[str]:
    """Return the entries of a cell that holds a list of names, such as those of therapies."""
    return [part.strip() for part in re.split(r"[,;|/\n]", text) if part.strip()]


def cell(cells: Sequence[str], place: int | None) -> str:
    """Return the cell at a place, stripped; nothing where the place is None."""
    return "" if place is None else cells[place].strip()


def meta_values(path: Path, shown: str) -> dict[str, tuple[int, str]]:
    """Return the `key: value` lines of a file, keys in lower case, with their lines. Raises InputError."""
    try:
        regular(path, shown)
        with opened(path) as stream:
            data = stream.read(_MAX_META + 1)
        if len(data) > _MAX_META:
            raise InputError([Problem("", "more than 16 MiB is too much for it.")], source=shown)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=shown) from None
    except UnicodeDecodeError:
        raise InputError([Problem("", "it is not text in UTF-8.")], source=shown) from None
    found: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            found.setdefault(key.strip().lower(), (number, value.strip()))
    return found


def words(texts: Iterable[str]) -> set[str]:
    """Return texts as they are compared when punctuation means something: without case and outer spaces."""
    return {text.strip().casefold() for text in texts}
