"""Formulas of a workbook whose results were not saved with them: calamine shows them as empty cells."""

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PIECE = 1024 * 1024
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def unsaved(path: Path, sheet: str) -> list[tuple[int, int]]:
    """Return the rows and columns, from 0, of formulas on a sheet whose results were not saved.

    A program that writes workbooks without computing them leaves formulas so. Raises OSError, KeyError and
    ValueError where the file is damaged.
    """
    try:
        return _unsaved(path, sheet)
    except (ET.ParseError, StopIteration, zipfile.BadZipFile) as error:
        raise ValueError(error) from None


def _unsaved(path: Path, sheet: str) -> list[tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        if not _has_formula(archive, member):
            return []
        with archive.open(member) as stream:
            return list(_places(stream))


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the file of a sheet, as the workbook names it."""
    book = next(name for name in archive.namelist() if name.lower() == "xl/workbook.xml")
    relations = f"{book.rpartition('/')[0]}/_rels/workbook.xml.rels"
    of_sheet = next(one for one in _elements(archive, book, "sheet") if one.get("name") == sheet)
    wanted = next(text for name, text in of_sheet.items() if _local(name) == "id")
    targets = {
        one.get("Id"): one.get("Target") or "" for one in _elements(archive, relations, "Relationship")
    }
    return str(PurePosixPath("xl") / targets[wanted]).lstrip("/")


def _elements(archive: zipfile.ZipFile, member: str, kind: str) -> list[ET.Element]:
    root = ET.fromstring(archive.read(member))  # noqa: S314 - expat limits what entities may become
    return [one for one in root.iter() if _local(one.tag) == kind]


def _has_formula(archive: zipfile.ZipFile, member: str) -> bool:
    with archive.open(member) as stream:
        end = b""
        while piece := stream.read(_PIECE):
            if _FORMULA.search(end + piece):
                return True
            end = piece[-64:]
    return False


def _places(stream: Any) -> Iterator[tuple[int, int]]:
    row = column = -1
    for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 - as above
        kind = _local(element.tag)
        if event == "start" and kind == "row":
            row, column = int(element.get("r") or row + 2) - 1, -1
        elif event == "end" and kind == "c":
            place = _PLACE.fullmatch(element.get("r") or "")
            column = _number(place[1]) if place else column + 1
            held = {_local(one.tag): one.text or "" for one in element}
            # A result that is an empty text is saved as such, by its type.
            if "f" in held and not held.get("v") and "is" not in held and element.get("t") != "str":
                yield row, column
        elif event == "end" and kind == "row":
            element.clear()


def _number(letters: str) -> int:
    """The number of a column from 0.

    >>> _number("A"), _number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _local(name: str) -> str:
    return name.rpartition("}")[2]
