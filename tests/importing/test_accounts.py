"""For each file the rows that were read and those that were left out add up to the rows that it has."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLES
from support.studies import Study, meta

from recommender.importing import FileAccount, ImportOptions, import_profiles
from recommender.importing.accounts import OF_A_ROW, REASONS

HEADER = (
    "Hugo_Symbol\tEntrez_Gene_Id\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short\tMutation_Status"
)
FIRST = "TP53\t7157\tS1\tMissense_Mutation\tp.R249S\tSomatic"
ROWS = {
    FIRST: "",
    "TP53\t7157\tS2\tSilent\tp.R249=\tSomatic": "",
    "TTN\t7273\tS1\tMissense_Mutation\tp.A1C\tSomatic": "OUTSIDE_VOCABULARY",
    "KEAP1\t9817\tS1\tMissense_Mutation\tp.A1C\tGermline": "GERMLINE_VARIANT",
    "KEAP1\t9817\tS1\tno such class\tp.A1C\tSomatic": "UNKNOWN_CLASSIFICATION",
    "KEAP1\t9817\tS1\tMissense_Mutation\tp.A1C": "",
    "KEAP1\t9817\tS3\tMissense_Mutation\tp.A1C\tSomatic\tmore": "MALFORMED_ROW",
    "KEAP1\t9817\t\tMissense_Mutation\tp.A1C\tSomatic": "MALFORMED_ROW",
    "\t\tS1\tMissense_Mutation\tp.A1C\tSomatic": "UNKNOWN_GENE",
    "KEAP1\t7157\tS1\tMissense_Mutation\tp.A1C\tSomatic": "TWO_GENES",
    "KEAP1\t9817\tTCGA-AA-0001-11\tMissense_Mutation\tp.A1C\tSomatic": "NO_SAMPLE",
}


@given(st.lists(st.sampled_from(list(ROWS)), min_size=1, max_size=15))
def test_the_rows_of_a_maf_add_up_to_those_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    path = tmp_path_factory.mktemp("maf") / "calls.maf"
    rows = [FIRST, *rows]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    found = import_profiles(path, BASE)
    (account,) = found.accounts
    expected: dict[str, int] = {}
    for row in rows:
        if ROWS[row]:
            expected[ROWS[row]] = expected.get(ROWS[row], 0) + 1
    assert account.rows == len(rows)
    assert account.left_out == expected
    assert account.read == len(rows) - sum(expected.values())


def accounts(source: Path) -> dict[str, FileAccount]:
    return {one.file: one for one in import_profiles(source, BASE, ImportOptions()).accounts}


def test_the_rows_of_a_study_add_up(study: Study) -> None:
    found = accounts(study.folder)
    for name, account in found.items():
        lines = [line for line in (study.folder / name).read_text().splitlines() if line and line[0] != "#"]
        assert account.rows == len(lines) - 1
        assert 0 <= account.read <= account.rows
    assert found["data_mutations.txt"].left_out == {"DAMAGED_SYMBOL": 1, "OUTSIDE_VOCABULARY": 1}
    assert found["data_cna.txt"].read == 2


def test_a_file_that_is_not_read_has_no_rows(study: Study) -> None:
    study.write("meta_other.txt", meta("METHYLATION", "CONTINUOUS", "data_cna.txt"))
    account = accounts(study.folder)["meta_other.txt"]
    assert (account.rows, account.left_out) == (None, {"FILE_NOT_READ": 1})


def test_rows_of_a_table_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,FASN,TP53\na,high,mut\nb,x,y\n,high,\na,low,\nc,,\n")
    (account,) = accounts(path).values()
    assert (account.rows, account.read, account.left_out) == (5, 2, {"INVALID": 3})


def test_phenopackets_are_counted() -> None:
    (account,) = accounts(EXAMPLES / "phenopacket.json").values()
    assert (account.rows, account.left_out) == (1, {})


def test_the_command(tmp_path: Path) -> None:
    done = run("profile", "import", EXAMPLES / "study", "--account", "--format", "json")
    assert done.returncode == 0
    value = json.loads(done.stdout)
    assert value["profiles"] == 4
    for one in value["files"]:
        assert one["rows"] == one["read"] + sum(reason["rows"] for reason in one["left_out"])
        assert all(reason["meaning"] for reason in one["left_out"])
    table = run("profile", "import", EXAMPLES / "study", "--account", "--width", "80")
    assert max(map(len, table.stdout.decode().splitlines())) <= 80
    assert "1 of genes that no rule knows" in table.stdout.decode()
    out = tmp_path / "account.json"
    assert (
        run("profile", "import", EXAMPLES / "study", "--account", "--format", "json", "-o", out).returncode
        == 0
    )
    assert json.loads(out.read_text()) == value
    assert run("profile", "import", EXAMPLES / "study", "--format", "json").returncode == 2


def test_every_reason_has_words() -> None:
    assert set(REASONS) >= OF_A_ROW
