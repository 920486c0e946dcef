"""The rules as a sheet."""

import csv
import io
from pathlib import Path

import pytest
from support.commands import STEERING, run
from support.generators import BASE
from support.packs import pack_with
from support.places import EXAMPLE_PACK

from recommender import LABEL
from recommender.exporting.sheet import SHEET_COLUMNS, sheet

pytestmark = pytest.mark.once

HOSTILE = """
rules:
  - id: hostile-rule
    kind: disputed
    title: "=HYPERLINK(1;2)"
    since: 1.0.0
    therapy: [sorafenib]
    claim: "@SUM(1+1)*cmd|'/c calc'!A0"
    why: Nothing is known of it.
    examples:
      fires: [{therapies: [sorafenib]}]
      near_misses: [{therapies: [cisplatin]}]
"""


def read(text: str) -> dict[str, dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    return {row["rule"]: row for row in rows}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    return read(sheet(BASE, "abc"))


def test_every_rule_has_a_row(rows: dict[str, dict[str, str]]) -> None:
    assert list(rows) == [rule.id for rule in BASE.content.rules]
    assert {tuple(row) for row in rows.values()} == {SHEET_COLUMNS}


def test_every_row_has_the_label_and_the_rule_base(rows: dict[str, dict[str, str]]) -> None:
    assert {row["label"] for row in rows.values()} == {LABEL}
    assert all("not for treatment decisions" in row["disclaimer"] for row in rows.values())
    assert {(row["rule_base"], row["rule_base_sha256"]) for row in rows.values()} == {
        (BASE.info.version, "abc")
    }


def test_the_cells_of_a_strategy(rows: dict[str, dict[str, str]]) -> None:
    row = rows["orlistat-against-fasn"]
    assert row["kind"] == "strategy"
    assert row["add_on"] == "orlistat"
    assert (row["therapies"], row["partners_tested"]) == ("sorafenib", "sorafenib")
    assert (row["markers"], row["failed_therapies"]) == ("FASN high", "sorafenib")
    assert row["when"] == ""
    assert row["selected_by"] == "(FASN high; or resistant to sorafenib)"
    assert (row["evidence_level"], row["civic_level"]) == ("xenograft", "D")
    assert (row["references"], row["dois"]) == ("101", BASE.references[101].doi)


def test_references_and_ids_are_those_of_the_rules(rows: dict[str, dict[str, str]]) -> None:
    assert rows
    for name, row in rows.items():
        cited = [BASE.references[number] for number in BASE.rules[name].references]
        assert row["references"] == " | ".join(str(one.number) for one in cited)
        assert row["pmids"] == " | ".join(one.pmid for one in cited if one.pmid)
        assert row["limits"].removeprefix("'") == BASE.rules[name].limits


def test_a_disputed_claim_is_marked_as_one(rows: dict[str, dict[str, str]]) -> None:
    disputed = [row for row in rows.values() if row["kind"] == "disputed"]
    assert disputed
    assert all(" But: " in row["conclusion"] and not row["evidence_level"] for row in disputed)


def test_a_pack_is_named_and_its_texts_are_harmless(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    done = run("export", "csv", "-o", file, "--rules", pack_with(tmp_path / "pack", HOSTILE))
    assert done.returncode == 0, done.stderr
    text = file.read_text()
    assert not STEERING.search(text)
    row = read(text)["hostile-rule"]
    assert row["pack"] == "pack"
    assert "+pack@" in row["rule_base_sha256"]
    assert row["title"].startswith("'=")
    assert row["conclusion"].startswith("'@")
    assert run("export", "csv", "--rules", EXAMPLE_PACK, "-o", file).returncode == 0
    assert read(file.read_text())["local-rsl3-in-kif23-high"]["references"] == "example-pack:900"


def test_no_rule_file_is_written_over(tmp_path: Path) -> None:
    pack = pack_with(tmp_path / "pack", HOSTILE)
    done = run("export", "csv", "--rules", pack, "-o", pack / "x.yaml")
    assert done.returncode != 0
    assert (pack / "x.yaml").read_text() == HOSTILE
