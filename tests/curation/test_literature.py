"""Notices about the papers that rules rest on."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from support.commands import CASE, run
from support.generators import BASE

from recommender import InputError, Profile, Recommender
from recommender._data import shipped
from recommender.curation.linting import lint
from recommender.curation.literature import LiteratureCheck, check_literature, read_notices
from recommender.views import render

pytestmark = pytest.mark.once

PAPER = BASE.references[79]
ROW = {
    "RetractionNature": "Retraction",
    "OriginalPaperDOI": "10.1/x",
    "OriginalPaperPubMedID": "0",
    "Title": "",
}


def table(file: Path, *rows: dict[str, str | None]) -> Path:
    """A list as Retraction Watch publishes it."""
    with file.open("w", newline="") as stream:
        write = csv.DictWriter(stream, ["Record ID", *ROW])
        write.writeheader()
        write.writerows({**ROW, **row} for row in rows)
    return file


def found(check: LiteratureCheck) -> dict[int, tuple[str, str]]:
    return {one.number or 0: (one.state, one.found_by) for one in check.papers if one.state != "none-found"}


def test_a_paper_is_found_by_doi_pmid_or_title(tmp_path: Path) -> None:
    assert PAPER.doi
    rows: dict[str, dict[str, str | None]] = {
        "DOI": {"OriginalPaperDOI": PAPER.doi.upper()},
        "PMID": {"OriginalPaperPubMedID": PAPER.pmid},
        "title": {"Title": f"{PAPER.title.upper()}."},
    }
    for how, row in rows.items():
        check = check_literature(BASE, table(tmp_path / "list.csv", {}, row))
        assert found(check) == {79: ("retracted", how)}
        (news,) = check.news
        assert set(news.rules) >= {rule.id for rule in BASE.mechanisms if 79 in rule.references}


def test_a_short_title_is_no_match(tmp_path: Path) -> None:
    row: dict[str, str | None] = {"Title": "Hepatocellular carcinoma"}
    assert BASE.references[2].title == row["Title"]
    assert found(check_literature(BASE, table(tmp_path / "list.csv", row))) == {}


def test_the_gravest_notice_counts(tmp_path: Path) -> None:
    natures = ["Correction", "Expression of concern", "Reinstatement"]
    rows = [{"RetractionNature": nature, "OriginalPaperDOI": PAPER.doi} for nature in natures]
    assert found(check_literature(BASE, table(tmp_path / "list.csv", *rows))) == {79: ("concern", "DOI")}


def test_the_printed_doi_is_looked_for_as_well(tmp_path: Path) -> None:
    paper = BASE.references[95]
    assert paper.doi_as_printed not in ("", paper.doi)
    row: dict[str, str | None] = {"OriginalPaperDOI": paper.doi_as_printed}
    assert 95 in found(check_literature(BASE, table(tmp_path / "list.csv", row)))


def test_json_that_maps_dois_and_json_of_rows(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"retractions": {"10.1/x": "10.1/y"}, "concerns": {PAPER.doi: "10.1/z"}}))
    assert found(check_literature(BASE, file)) == {79: ("concern", "DOI")}
    file.write_text(json.dumps([{**ROW, "OriginalPaperDOI": PAPER.doi}]))
    assert found(check_literature(BASE, file)) == {79: ("retracted", "DOI")}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "{}", "[1]", "{", '{"retractions": 3}', "[" * 100_000])
def test_what_is_not_a_list_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text)
    with pytest.raises(InputError, match="not a list of notices"):
        list(read_notices(file))


def test_the_command(tmp_path: Path) -> None:
    clean = run("refs", "check", "--retractions", table(tmp_path / "clean.csv", {}))
    assert clean.returncode == 0
    assert b"does not mean that a paper is sound" in b" ".join(clean.stdout.split())
    file = table(tmp_path / "list.csv", {"OriginalPaperDOI": PAPER.doi})
    bad = run("refs", "check", "--retractions", file)
    assert bad.returncode == 3
    assert b"retracted" in bad.stdout
    value = json.loads(run("refs", "check", "--retractions", file, "--format", "json").stdout)
    assert (len(value["rows"]), value["notices"]) == (104, 1)
    missing = run("refs", "check", "--retractions", tmp_path / "none.csv")
    assert missing.returncode == 2
    assert b"cannot be read" in missing.stderr


def test_every_paper_has_a_dated_state() -> None:
    assert [one.number for one in BASE.content.references if one.literature_state is None] == []


def test_a_rule_on_a_retracted_paper_is_a_fault_and_is_shown(tmp_path: Path) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(shipped("rules"), copy)
    file = copy / "references.yaml"
    before, mark, after = file.read_text().partition("  - number: 101\n")
    assert mark
    file.write_text(before + mark + after.replace("state: none-found", "state: retracted", 1))
    recommender = Recommender(base=copy, engine="plain", use_cache=False)
    rules = {one.record for one in lint(recommender.base) if one.code == "RL017"}
    assert "orlistat-against-fasn" in rules
    result = recommender.recommend(Profile.parse(CASE))
    for page in (render(result, "markdown"), render(result, "table")):
        assert "retracted, 2026-11-28" in " ".join(page.split())
