"""`profile validate`: everything that is wrong at once, with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run
from support.generators import BASE, profiles

from recommender import DISCLAIMER, LABEL, InputError, Profile, Recommender
from recommender.evaluation.facts import read_facts
from recommender.intake.validation import Remark, validate

BAD = """\
id: x
disesae: HCC
therapies: [sorafenb, 5, Nexavar]
mutations: [TP53 p.R249S, TP53 wt, {gene: KEAP1, state: broken}, XRCC1]
markers:
  FGFR4: hihg
  HBV: high
  GPX44: low
  PD-L1: {assay: x}
"""


def of(remarks: list[Remark], level: str) -> dict[str, int | None]:
    return {one.where: one.line for one in remarks if one.level == level}


def test_form_and_names_are_checked_at_once_with_their_lines() -> None:
    found = validate(BAD, BASE, file="x.yaml")
    assert of(found, "error") == {
        "/disesae": 2,
        "/therapies/1": 3,
        "/mutations/1": 4,
        "/mutations/2": 4,
        "/markers/FGFR4": 6,
        "/markers/HBV": 7,
        "/markers/PD-L1": 9,
    }
    assert of(found, "notice") == {"/disease": 1, "/therapies/0": 3, "/markers/GPX44": 8}


def test_pointers_hold_behind_entries_that_were_faulty() -> None:
    found = validate('{"disease": "HCC", "therapies": [5, 6, "sorafenib", "what"]}', BASE, file="x")
    assert [one.where for one in found] == ["/therapies/0", "/therapies/1", "/therapies/3"]
    assert all(one.line == 1 for one in found)


def test_unknown_names_are_errors_when_strict() -> None:
    found = validate('{"disease": "HCC", "markers": {"GPX44": "low"}}', BASE, file="x", strict=True)
    assert [(one.level, one.where) for one in found] == [("error", "/markers/GPX44")]


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["schema_version", "id", "disease", "therapies", "mutations", "markers", "note", "x"]
)


@given(profiles(), st.dictionaries(fields, any_json, max_size=3))
def test_a_profile_has_errors_where_and_only_where_it_cannot_be_used(
    recommender: Recommender, profile: dict[str, Any], faults: dict[str, Any]
) -> None:
    text = json.dumps({**profile, **faults})
    found = validate(text, recommender.base, file="x")
    told = {one.where for one in found if one.level == "error"}
    wrong: set[str] = set()
    try:
        read_facts(Profile.read(text), recommender.base)
    except InputError as error:
        wrong = {one.where for one in error.problems}
    assert bool(told) == bool(wrong)
    assert told >= {where for where in wrong if where.startswith("/") and where != "/"}


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_judged(data: str | bytes) -> None:
    assert all(one.what for one in validate(data, BASE, file="x"))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    bad, stream = tmp_path / "bad.yaml", tmp_path / "stream.ndjson"
    bad.write_text(BAD)
    stream.write_text('{"disease": "HCC"}\n\n{"disease": 5}\nnonsense\n')
    return bad, stream


def test_the_command_tells_all_files_in_json(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("profile", "validate", *files, tmp_path / "absent.json", "--format", "json")
    value = json.loads(done.stdout)
    assert (value["label"], value["disclaimer"]) == (LABEL, DISCLAIMER)
    assert done.returncode == 2
    errors = [
        (Path(one["file"]).name, one["line"], one["code"]) for one in value["rows"] if one["level"] == "error"
    ]
    assert ("stream.ndjson", 3, "INVALID") in errors
    assert ("stream.ndjson", 4, "INVALID") in errors
    assert ("absent.json", None, "UNREADABLE") in errors
    assert len(errors) == 10


def test_a_valid_profile_is_exit_code_0(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"disease": "HCC", "therapies": ["sorafenib"]}')
    done = run("profile", "validate", case)
    assert done.returncode == 0
    assert "1 profile, 0 errors" in done.stdout.decode()
    assert LABEL in done.stdout.decode()


def test_sarif(files: tuple[Path, Path]) -> None:
    done = run("profile", "validate", *files, "--format", "sarif")
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0"
    (found,) = log["runs"]
    assert LABEL in found["tool"]["driver"]["fullDescription"]["text"]
    rules = [one["id"] for one in found["tool"]["driver"]["rules"]]
    assert {one["level"] for one in found["results"]} == {"error", "note"}
    for one in found["results"]:
        assert one["ruleId"] in rules
        (location,) = one["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert " " not in location["physicalLocation"]["artifactLocation"]["uri"]


def test_stdin_is_validated() -> None:
    done = run("profile", "validate", "-", stdin='{"disease": "HCC", "x": 1}')
    assert done.returncode == 2
    assert b"stdin" in done.stdout
