"""Formulas of workbooks whose results were not saved: unknown, wherever they are and however written."""

from pathlib import Path
from typing import Any

import pytest
from support.commands import run
from support.generators import BASE

from recommender import InputError
from recommender.importing import Imported, ImportOptions, import_profiles

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")


def book(path: Path, rows: list[list[Any]]) -> Path:
    """A workbook as openpyxl writes it, which computes no formula."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def imported(path: Path, **options: Any) -> Imported:
    return import_profiles(path, BASE, ImportOptions(**options))


def test_a_formula_without_a_result_is_unknown_and_told(tmp_path: Path) -> None:
    header = ["id", "disease", "therapies", "FASN", "HBsAg", "GPX4 z"]
    formulas = ['=IF(1,"HCC")', '=A1&"b"', '=IF(1,"high")', '=IF(1,"positive")', "=1+2"]
    source = book(tmp_path / "t.xlsx", [header, ["a", *formulas], ["b", "HCC", "sorafenib", "low", "no", -3]])
    found = imported(source)
    first, second = found.profiles
    assert not first.markers
    assert not first.therapies
    assert BASE.vocabulary.disease(first.disease or "") is None
    assert first.disease is not None
    assert len(second.markers) == 3
    (notice,) = (one for one in found.notices if one.code == "FORMULA_WITHOUT_RESULT")
    assert "5 cells have formulas whose result was not saved, the first in row 2, column 2" in notice.message
    done = run("cohort", source, "-o", tmp_path / "out.csv")
    assert b"FORMULA_WITHOUT_RESULT t.xlsx" in done.stderr
    assert b"OUTSIDE_SCOPE" in done.stderr or b"NO_THERAPY" in done.stderr


def test_a_last_column_and_row_of_nothing_but_formulas_are_not_lost(tmp_path: Path) -> None:
    found = imported(book(tmp_path / "t.xlsx", [["id", "FASN"], ["a", "=B9"], ["=A9", "=B9"]]))
    assert [one.id for one in found.profiles] == ["a"]
    assert [one.what for one in found.problems] == ["the row has no id."]


def test_a_sheet_without_formulas_and_saved_results_are_read_as_before(tmp_path: Path) -> None:
    found = imported(book(tmp_path / "t.xlsx", [["id", "FASN"], ["a", "high"]]))
    assert not [one for one in found.notices if one.code == "FORMULA_WITHOUT_RESULT"]


def test_a_maf_with_formulas_without_results_is_refused(tmp_path: Path) -> None:
    header = ["Hugo_Symbol", "Tumor_Sample_Barcode", "Variant_Classification", "HGVSp_Short"]
    source = book(tmp_path / "t.xlsx", [header, ["TP53", "s", "=C9", "p.R249S"]])
    with pytest.raises(InputError, match="1 cell has a formula whose result was not saved"):
        imported(source)
