"""Workbooks of Excel: which sheet is read, and its cells as the text that a table would have."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeAlias

from .._errors import InputError, Problem
from .._extras import importing, needs
from .._opening import WORKBOOKS
from .._text import counted, did_you_mean, one_of, shortened

_MAX_WORKBOOK = 512 * 1024 * 1024
"""Bytes that a workbook may have once it is unpacked, for all of it is held in memory."""

_Range: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""The row and column of the first and of the last of some merged cells, from 0."""

_NOT_SAVED = "#UNSAVED!"
"""The text of a formula without a result, known by the rule base as a value that is not known."""
_MAX_CELLS = 64 * 1024 * 1024
"""Cells of a sheet in which formulas lie beyond the others."""
_SAVE_RESULTS = "Open the workbook in a spreadsheet program and save it, or save the sheet as CSV UTF-8."
_MAX_SHEETS = 8
"""Sheets that a notice names."""


def is_workbook(path: Path) -> bool:
    """Return whether a path names a workbook."""
    return path.suffix.lower() in WORKBOOKS


class Workbook:
    """A workbook and the sheet of it that is read: the one of a name, else the first with anything in it.

    Opening it raises InputError, also where the extra `excel` is not installed.
    """

    def __init__(self, path: Path, shown: str, *, sheet: str | None = None) -> None:
        """`shown` is the name of the file in errors."""
        self.shown = shown
        needs("workbooks")
        _refuse_bombs(path, shown)
        with importing("workbooks"):
            import python_calamine
        try:
            self._book = python_calamine.CalamineWorkbook.from_path(str(path))
            names = [
                about.name
                for about in self._book.sheets_metadata
                if about.typ == python_calamine.SheetTypeEnum.WorkSheet
                and (about.visible == python_calamine.SheetVisibleEnum.Visible or about.name == sheet)
            ]
            filled = [name for name in names if self._book.get_sheet_by_name(name).height]
        except python_calamine.PasswordError:
            what = "the workbook is protected by a password."
            raise self._error(what, "Save it without one.") from None
        except (python_calamine.CalamineError, OSError) as error:
            raise self._error(f"it is not a workbook that can be read: {shortened(str(error))}.") from None
        if sheet is not None and sheet not in names:
            has = f"It has {one_of(shortened(name) for name in names)}." if names else ""
            what = f"there is no sheet '{shortened(sheet)}'."
            raise self._error(what, did_you_mean(sheet, names) or has)
        if not filled and sheet is None:
            raise self._error("every sheet of it is empty.")
        self.sheet = sheet if sheet is not None else filled[0]
        self.others = tuple(name for name in filled if name != self.sheet)
        """The other sheets that hold anything."""
        from .formulas import unsaved

        try:
            self.unsaved = unsaved(path, self.sheet)
        except (OSError, KeyError, ValueError):
            what = "the formulas of the sheet cannot be read."
            raise self._error(what, "Save it again, or as CSV UTF-8.") from None

    @property
    def notice(self) -> str:
        """The sheet that is read, and those that are not."""
        others = ", ".join(shortened(name, 30) for name in self.others[:_MAX_SHEETS])
        more = ", ..." if len(self.others) > _MAX_SHEETS else ""
        read = f"the sheet '{shortened(self.sheet, 30)}' is read, and not: {others}{more}."
        return f"{read} Choose with `sheet=`."

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows of the sheet from its first, each cell as text."""
        sheet = self._book.get_sheet_by_name(self.sheet)
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        self._mark_unsaved(rows)
        self._fill_merged(rows, sheet.merged_cell_ranges or ())
        yield from rows

    def _mark_unsaved(self, rows: list[list[str]]) -> None:
        """Mark the cells whose value is not known, which may be beyond the cells that have one."""
        if not self.unsaved:
            return
        width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in self.unsaved)])
        height = max([len(rows), *(row + 1 for row, _ in self.unsaved)])
        if width * height > _MAX_CELLS:
            raise self._error("a formula is far beyond its table.", "Save the sheet as CSV UTF-8.")
        rows += [[] for _ in range(height - len(rows))]
        rows[:] = [[*row, *[""] * (width - len(row))] for row in rows]
        for row_at, column in self.unsaved:
            rows[row_at][column] = _NOT_SAVED

    @property
    def told(self) -> list[tuple[str, str]]:
        """The codes and texts of what is to be said of the sheet."""
        said = [("SEVERAL_SHEETS", self.notice)] if self.others else []
        if self.unsaved:
            said.append(("FORMULA_WITHOUT_RESULT", f"{self._of_unsaved()}: unknown. {_SAVE_RESULTS}"))
        return said

    def _of_unsaved(self) -> str:
        row, column = self.unsaved[0]
        cells = counted(len(self.unsaved), "cell has a formula", "cells have formulas")
        first = f"the first in row {row + 1}, column {column + 1}"
        return f"{cells} whose result was not saved, {first}"

    def refuse_unsaved(self) -> None:
        """Raises InputError where results of formulas are lost, so that a row may say anything."""
        if self.unsaved:
            raise self._error(f"{self._of_unsaved()}.", _SAVE_RESULTS)

    def _fill_merged(self, rows: list[list[str]], ranges: Iterable[_Range]) -> None:
        """Give each of several merged cells the value of the first, which is the only one that has it.

        Raises InputError where merged cells overlap, which no spreadsheet writes.
        """
        left = sum(map(len, rows))
        for (top, start), (bottom, end) in ranges:
            for row in rows[top : bottom + 1]:
                across = row[start : end + 1]
                left -= len(across)
                if left < 0:
                    raise self._error("its merged cells overlap.", "Save the sheet as CSV UTF-8.")
                row[start : end + 1] = [rows[top][start]] * len(across)

    def as_text(self) -> io.StringIO:
        """Return the sheet as text with tabs between cells, a line for each row."""
        text = io.StringIO()
        write = csv.writer(text, delimiter="\t", lineterminator="\n")
        # A line of the text is a row of the sheet, so that places can be found again.
        write.writerows([" ; ".join(cell.split("\n")) for cell in row] or [""] for row in self.rows())
        text.seek(0)
        return text

    def _error(self, what: str, hint: str = "") -> InputError:
        return InputError([Problem("", what, hint)], source=self.shown)


def _refuse_bombs(path: Path, shown: str) -> None:
    """Raises InputError for what is far larger unpacked than a table, or is not an archive at all."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=shown) from None
    except zipfile.BadZipFile:
        what = "it is not a workbook: it is damaged, protected by a password, or another kind of file."
        hint = "Save it again as a workbook (.xlsx) or as CSV UTF-8."
        raise InputError([Problem("", what, hint)], source=shown) from None
    if size > _MAX_WORKBOOK:
        what = f"unpacked it has {size / 2**20:.0f} MiB; the limit is {_MAX_WORKBOOK // 2**20} MiB."
        raise InputError([Problem("", what, "Save the sheet as CSV UTF-8.")], source=shown)


def _text(cell: object) -> str:
    """Return what a spreadsheet would write for a cell in a text file, in the notation of programs."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell).strip().replace("\r\n", "\n").replace("\r", "\n")
