"""Workbooks of Excel: the same tumours as the table of their cells, and damage told apart."""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLES

from recommender import InputError
from recommender.importing import Imported, ImportOptions, import_profiles

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")

HEADER = ["id", "disease", "therapy", "FASN", "HBV", "GPX4 z", "TP53", "mutations"]


def workbook(path: Path, rows: list[list[Any]], **others: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Tumours"
    for row in rows:
        first.append(row)
    for name, more in others.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    book.save(path)
    return path


def imported(path: Path, **options: Any) -> Imported:
    return import_profiles(path, BASE, ImportOptions(**options))


def told(found: Imported) -> dict[str, dict[str, str]]:
    return {
        one.id or "": {
            **{name: str(measured.state) for name, measured, _ in one.measured()},
            **{mutation.gene: mutation.change or mutation.state for mutation in one.mutations},
        }
        for one in found.profiles
    }


def test_cells_are_read_as_programs_write_them(tmp_path: Path) -> None:
    found = imported(
        workbook(
            tmp_path / "t.xlsx",
            [
                HEADER,
                [101, "HCC", "sorafenib", "HIGH", True, -2.1, "mut", "KEAP1 p.R470C\nMET"],
                ["b", "HCC", "sorafenib\nlenvatinib", "low", False, 1e-05, "WT", None],
                [None] * 8,
                ["c", "HCC", None, None, 1, 3, "p.R249S", None],
                ["d", "HCC", None, " normal ", 0, None, None, None],
            ],
        )
    )
    assert not found.problems
    assert told(found) == {
        "101": {
            "FASN": "high",
            "HBV": "positive",
            "GPX4": "low",
            "TP53": "mutated",
            "KEAP1": "p.R470C",
            "MET": "mutated",
        },
        "b": {"FASN": "low", "HBV": "negative", "GPX4": "normal", "TP53": "wild-type"},
        "c": {"HBV": "positive", "GPX4": "high", "TP53": "p.R249S"},
        "d": {"FASN": "normal", "HBV": "negative"},
    }
    assert found.profiles[1].therapies == ("sorafenib", "lenvatinib")
    assert str(found.profiles[2].markers["GPX4"][0].source).startswith("t.xlsx:5 ")


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["high", "low", "HIGH", "NA", "n/a", "mut", "x\ty", 'a"b', "a\nb", " normal ", "-", "#N/A"]
    ),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(-3, 3, allow_nan=False).map(lambda value: float(f"{value:.15g}")),
)
"""What cells hold; a number has the 15 digits that a program for workbooks writes."""


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5))
def test_a_workbook_is_read_as_the_table_of_its_cells(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[Any]]
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    header = ["id", "FASN", "HBV", "GPX4 z", "TP53"]
    rows = [header, *([f"t{at}", *row] for at, row in enumerate(cells))]
    text = io.StringIO()
    plain = {True: "TRUE", False: "FALSE"}
    csv.writer(text).writerows(
        ["" if cell is None else plain[cell] if isinstance(cell, bool) else cell for cell in row]
        for row in rows
    )
    (folder / "t.csv").write_text(text.getvalue().replace("\r\n", "\n"))
    book, table = imported(workbook(folder / "t.xlsx", rows)), imported(folder / "t.csv")
    assert told(book) == told(table)
    assert len(book.problems) == len(table.problems)


def test_the_sheet_that_is_read(tmp_path: Path) -> None:
    rows = [["id", "FASN"], ["a", "high"]]
    path = workbook(
        tmp_path / "t.xlsx", rows, Empty=[], Second=[["id", "FASN"], ["b", "low"]], Legend=[["what"]]
    )
    found = imported(path)
    assert list(told(found)) == ["a"]
    (notice,) = (one for one in found.notices if one.code == "SEVERAL_SHEETS")
    assert notice.message == "the sheet 'Tumours' is read, and not: Second, Legend. Choose with `sheet=`."
    assert "Empty" not in notice.message
    assert list(told(imported(path, sheet="Second"))) == ["b"]
    with pytest.raises(InputError, match=r"no sheet 'second'. Did you mean Second\?"):
        imported(path, sheet="second")
    with pytest.raises(InputError, match="no column id"):
        imported(path, sheet="Legend")
    done = run("profile", "import", path, "--sheet", "Second")
    assert done.returncode == 0
    assert b'"id": "b"' in done.stdout
    csv_file = tmp_path / "t.csv"
    csv_file.write_text("id,FASN\na,high\n")
    with pytest.raises(InputError, match="not a workbook"):
        imported(csv_file, sheet="Second")


def test_a_hidden_sheet_is_read_only_by_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["id", "FASN"], ["a", "high"]], Tumours2=[["id"], ["b"]])
    book = openpyxl.load_workbook(path)
    book["Tumours"].sheet_state = "hidden"
    book.save(path)
    assert list(told(imported(path))) == ["b"]
    assert list(told(imported(path, sheet="Tumours"))) == ["a"]


def test_a_maf_may_be_a_workbook_and_its_dates_are_damaged_symbols(tmp_path: Path) -> None:
    header = [
        "Hugo_Symbol",
        "Entrez_Gene_Id",
        "Tumor_Sample_Barcode",
        "Variant_Classification",
        "HGVSp_Short",
    ]
    found = imported(
        workbook(
            tmp_path / "calls.xlsx",
            [
                header,
                ["TP53", 7157, "S1", "Missense_Mutation", "p.R249S"],
                [date(2024, 3, 1), 0, "S2", "Missense_Mutation", "p.R1C"],
            ],
        ),
        assume_exome=True,
    )
    states = told(found)
    assert states["S1"]["TP53"] == "p.R249S"
    assert states["S1"]["KEAP1"] == "wild-type"
    assert {one.code for one in found.notices if one.path == "calls.xlsx:3"} == {"DAMAGED_SYMBOL"}


def test_every_kind_of_cell_has_a_text(tmp_path: Path) -> None:
    values = [
        date(2024, 3, 1),
        datetime(2024, 3, 1, 12, 30),  # noqa: DTZ001 - cells have no time zone
        time(1, 2),
        timedelta(hours=30),
        1e300,
        -0.0,
        2.50,
    ]
    found = imported(
        workbook(tmp_path / "t.xlsx", [["id", "note"], *([f"t{at}", one] for at, one in enumerate(values))])
    )
    notes = [one.note for one in found.profiles]
    assert notes[:3] == ["2024-03-01", "2024-03-01 12:30:00", "01:02:00"]
    assert notes[4:] == ["1e+300", "0", "2.5"]


def test_a_table_that_does_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    rows = [[], [], [None, "id", "FASN"], [None, "a", "high"]]
    found = imported(workbook(tmp_path / "t.xlsx", rows))
    assert told(found) == {"a": {"FASN": "high"}}
    assert str(found.profiles[0].markers["FASN"][0].source).startswith("t.xlsx:4 ")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04junk", b"id,FASN\na,high\n", b"\xd0\xcf\x11\xe0" + b"x" * 600]
)
def test_what_is_not_a_workbook(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(data)
    with pytest.raises(InputError, match="not a workbook"):
        imported(file)


def test_other_archives_and_bombs(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="not a workbook"):
        imported(file)
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(600):
            member.write(b" " * 2**20)
    with pytest.raises(InputError, match="the limit is 512 MiB"):
        imported(file)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_workbook_with_a_wrong_byte_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    path = workbook(folder / "t.xlsx", [["id", "FASN"], ["a", "high"]])
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    path.write_bytes(data)
    try:
        found = imported(path)
    except InputError as error:
        assert error.problems  # noqa: PT017
    else:
        assert len(found.profiles) <= 1


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="every sheet of it is empty"):
        imported(workbook(tmp_path / "t.xlsx", []))


def test_a_clinical_workbook_beside_a_maf(tmp_path: Path) -> None:
    with (EXAMPLES / "tumours-clinical.tsv").open() as stream:
        rows = list(csv.reader(stream, delimiter="\t"))
    clinical = workbook(tmp_path / "clinical.xlsx", rows)
    by_text = imported(EXAMPLES / "tumours.maf", clinical=EXAMPLES / "tumours-clinical.tsv")
    by_book = imported(EXAMPLES / "tumours.maf", clinical=clinical)
    assert told(by_text) == told(by_book)
    assert [one.disease for one in by_text.profiles] == [one.disease for one in by_book.profiles]


def test_merged_cells_all_have_the_value_of_the_first(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["id", "disease", "TP53", "KEAP1"],
        ["a", "FLC", "mut", None],
        ["b", None, "WT", "WT"],
    ]
    path = workbook(tmp_path / "t.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("C2:D2")
    book.save(path)
    first, second = imported(path).profiles
    assert (first.disease, second.disease) == ("FLC", "FLC")
    assert {one.gene: one.state for one in first.mutations} == {"TP53": "mutated", "KEAP1": "mutated"}
