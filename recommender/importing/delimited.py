"""Text tables as people have them: tabs, commas or semicolons, from any system, with damage told apart."""

import csv
import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, TextIO

from .._errors import InputError, Problem
from .._opening import opened
from .._text import did_you_mean, one_of, shortened
from .columns import Columns
from .foreign import foreign
from .quoting import all_quoted, is_torn, separator, unquoted
from .workbook import Workbook, is_workbook

SAVE_AS_UTF_8 = "Save it as UTF-8; in Excel: CSV UTF-8."
"""What to do with a text in another encoding."""

UNNAMED = re.compile(r"Unnamed: \d+|X(?:\.\d+)?|index|level_\d|row\.?names", re.IGNORECASE)
"""How pandas and R call a column that had no name, such as that of row numbers."""

_VCF = "##fileformat=VCF"
_ROW_NAME = re.compile(r"\d{1,12}(?:\.\d{1,6})?")


class Row(NamedTuple):
    """One row of a table: its line in the file (from 1) and its cells."""

    line: int
    cells: list[str]


class Table:
    """A text table that is read row by row.

    Lines that begin with `#` before the header are `comments`. Rows that are empty are left out, and so are
    comments and headers between the rows, as files have them that were joined. The file may be compressed
    with gzip, its cells quoted, and its rows numbered by R. Opening it, and reading it, raises InputError
    where it is not such a table.
    """

    count = 0
    """Rows that were read so far."""

    swallowed = 0
    """Lines that became part of a cell of the row before them."""

    workbook: Workbook | None = None
    """The workbook that it is a sheet of."""

    unended = 0
    """The line of the last row where nothing ends it, so that its last cell may be cut off."""

    delimiter = "\t"
    _line = 0
    _has_quote = _loose = _is_cut = _r_quotes = False

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

        With `quotes` a cell between tabs may be in quotes too, as spreadsheets write it. Of a workbook it
        is the `sheet` of that name, else the first that holds anything.
        """
        self.name = shown
        self._path, self._quotes, self._sheet = path, quotes, sheet
        self.odd: set[int] = set()
        """The lines of rows that have not the cells of the header, so that any may be in another's place."""
        self.short: dict[int, int] = {}
        """The lines of rows that lack cells, and how many they have."""
        self.long: set[int] = set()
        """The lines of rows that have more cells than the header."""
        self.torn: set[int] = set()
        """The lines of rows with a quote that is not closed, which may hide any row."""
        self.commented: set[int] = set()
        """The lines of rows that have cells as others have, behind a sign for comments."""
        self._ahead: deque[str] = deque()
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
        fixed = delimiter is not None and (delimiter in header or self.workbook is not None)
        self.delimiter = delimiter if delimiter and fixed else separator(header)
        self._r_quotes = all_quoted(header, self.delimiter)
        try:
            cells = next(iter(csv.reader([header], **self._dialect())), [])
        except csv.Error as error:
            self.close()
            raise self.error(f"line {self._line}", f"the header cannot be read: {error}.") from None
        cells = [unquoted(one) for one in cells]
        written = len(cells)
        while cells and not cells[-1].strip():
            cells.pop()
        self._first = self._line
        self._loose = self.delimiter == "\t" and not self._quotes and not self._r_quotes
        self.has_row_names = self._numbered(written)
        """Whether R wrote row names, for whose column its header has no name."""
        self.columns = Columns(["", *cells] if self.has_row_names else cells, self._first)
        if not any(self.columns.names):
            self._stream.close()
            raise self.error(f"line {self._first or 1}", "it has no header.")

    def need(self, *accepted: str) -> int:
        """Return the place of a column that must be there under one of the names. Raises InputError."""
        found = self.columns.find(*accepted)
        if found is None:
            near = self._separated() or did_you_mean(accepted[0], self.columns.names)
            what = f"there is no column {one_of(accepted)}."
            self.close()
            raise self.error(f"line {self.columns.line}", what, near or self._has())
        return found

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header; cells that a short row lacks are empty."""
        names = self.columns.names
        width, begin = len(names), names[0]
        heads = {name.lower() for name in names if name}
        offset, r_quotes, end = self._first, self._r_quotes, 0
        reader = csv.reader(self._lines(), **self._dialect())
        try:
            for row in reader:
                cells = row
                first, several = offset + end + 1, reader.line_num > end + 1
                end = reader.line_num
                if self._has_quote:
                    self._has_quote = False
                    cells = [unquoted(one) for one in cells]
                    if any(one[:1] == '"' and one.count('"') % 2 for one in cells):
                        self.torn.add(first)
                        self.odd.add(first)
                start = cells[0] if cells else ""
                if not start.strip() and not any(map(str.strip, cells)):
                    continue
                if start == begin or start.startswith("#"):
                    if self._is_apart(cells):
                        continue
                    if start.startswith("#"):
                        self.commented.add(first)
                        self.odd.add(first)
                if start.lower() in heads:
                    self._refuse_header(first, cells, heads)
                if self._is_cut:
                    self.unended = first
                even = len(cells) == width
                if not even:
                    self._uneven(first, cells, width)
                if r_quotes and (several or not even) and any(map(is_torn, cells)):
                    self.swallowed += sum(one.count("\n") for one in cells)
                    self.torn.add(first)
                    self.odd.add(first)
                self.count += 1
                yield Row(first, cells)
        except csv.Error as error:
            raise self.error(
                f"line {offset + reader.line_num}", f"it cannot be read as a table: {error}."
            ) from None
        finally:
            self._stream.close()

    def texts(self, place: int) -> list[str]:
        """Return what the cells of a column hold, by reading the file again. Raises InputError."""
        delimiter = self.delimiter if self.workbook is None else None
        again = Table(self._path, self.name, delimiter=delimiter, quotes=self._quotes, sheet=self._sheet)
        return [cells[place].strip() for _, cells in again.rows()]

    def oddity(self, line: int) -> Literal["torn", "short", "long"]:
        """Return what is odd in an odd row, as an account counts it."""
        return "torn" if line in self.torn else "short" if line in self.short else "long"

    def _uneven(self, line: int, cells: list[str], width: int) -> None:
        """Fill up a row that lacks cells, and remember one that has too many."""
        if len(cells) < width:
            self.short[line] = len(cells)
            self.odd.add(line)
            cells += [""] * (width - len(cells))
        elif any(map(str.strip, cells[width:])):
            self.long.add(line)
            self.odd.add(line)

    def error(self, where: str, what: str, hint: str = "") -> InputError:
        """Return the error for something wrong in this file."""
        return InputError([Problem(where, what, hint)], source=self.name)

    def at(self, line: int) -> str:
        """Return `file:line`."""
        return f"{self.name}:{line}"

    def refuse_unsaved(self) -> None:
        """Raises InputError where it is a sheet with formulas whose results were not saved."""
        if self.workbook is not None:
            self.workbook.refuse_unsaved()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _is_apart(self, cells: list[str]) -> bool:
        """Return whether a row is a comment, or the header again, with or without the sign for comments."""
        filled = [one for one in cells if one.strip()]
        if len(filled) == 1 and cells[0][:1] == "#":
            return len(cells) < len(self.columns.names) or " " in filled[0].strip()
        stripped = [one.strip() for one in cells]
        stripped[0] = stripped[0].lstrip("#").strip()
        return stripped[: len(self.columns.names)] == self.columns.names

    def _refuse_header(self, line: int, cells: list[str], heads: set[str]) -> None:
        """Raises InputError where a row is a header with its columns in another order."""
        filled = [one.strip().lower() for one in cells if one.strip()]
        known = sum(one in heads for one in filled)
        if known > 1 and 2 * known > len(filled):
            what = "a header follows that has its columns in another order."
            hint = "Files were joined that have not the same columns: import each of them."
            raise self.error(f"line {line}", what, hint)

    def _numbered(self, width: int) -> bool:
        """Return whether every row has one cell more than the header, and begins with a number of its own.

        Spreadsheets and other programs name the column, so that without R's quotes it may be another one.
        """
        for line in self._lines():
            self._ahead.append(line)
            if line.strip() and not line.startswith("#"):
                break
        as_r = self._r_quotes or self._loose
        if not as_r or not self._ahead or self._ahead[-1].count(self.delimiter) < width:
            return False
        seen: set[str] = set()
        filled = False
        try:
            for cells in csv.reader(chain(list(self._ahead), self._stream), **self._dialect()):
                if any(map(str.strip, cells)):
                    number = unquoted(cells[0])
                    if len(cells) != width + 1 or number in seen or not _ROW_NAME.fullmatch(number):
                        return False
                    seen.add(number)
                    filled = filled or bool(cells[-1].strip())
        except (csv.Error, ValueError, OSError):
            return False
        finally:
            self._again()
        return filled

    def _again(self) -> None:
        """Go back to the line below the header."""
        self._stream.seek(0)
        self._ahead.clear()
        self._line = 0
        for _ in islice(self._lines(), self._first):
            pass

    def _separated(self) -> str:
        """A hint where the only column looks like several that are separated by another sign."""
        names = self.columns.names
        for sign, said in {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "|", " ": "spaces"}.items():
            if len(names) == 1 and names[0].count(sign) > 1 and self.workbook is None:
                return f"Its cells seem to be separated by {said}; save it with tabs."
        return ""

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
        other = foreign(start)
        if other is not None:
            raise self.error("", f"it {other[0]}.", other[1])

    def _header(self) -> str:
        for line in self._lines():
            if line.startswith((_VCF, "#CHROM\t")):
                hint = "Annotate it, and make a MAF of it, for instance with vcf2maf."
                raise self.error("", "it is a VCF, which does not say what a variant does to a gene.", hint)
            if line.startswith("#"):
                self.comments.append((self._line, line.rstrip("\n")))
            elif line.strip():
                return line
        raise self.error(
            "", "it is empty; a table has a header." if not self.comments else "it has no header."
        )

    def _lines(self) -> Iterator[str]:
        while self._ahead:
            line = self._ahead.popleft()
            self._has_quote = self._loose and '"' in line
            self._is_cut = self._may_be_cut(line)
            yield line
        loose = self._loose
        try:
            for line in self._stream:
                self._line += 1
                self._has_quote = loose and '"' in line
                if line[-1] != "\n":
                    self._is_cut = self._may_be_cut(line)
                yield line
        except OSError as error:
            self.close()
            raise self.error(f"line {self._line + 1} or soon after", f"{error.strerror}.") from None
        except UnicodeDecodeError:
            self.close()
            where = f"line {self._line + 1} or soon after"
            raise self.error(where, "it is not text in UTF-8.", SAVE_AS_UTF_8) from None

    def _may_be_cut(self, line: str) -> bool:
        """Return whether the end of a line may be lost: a quote that is closed ends its cell."""
        return line[-1] != "\n" and not (self._is_quoted and line[-1] == '"')

    @property
    def _is_quoted(self) -> bool:
        return self._quotes or self._r_quotes or self.delimiter != "\t"

    def _dialect(self) -> dict[str, Any]:
        if self._r_quotes:
            return {"delimiter": self.delimiter, "escapechar": "\\"}
        if not self._is_quoted:
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
