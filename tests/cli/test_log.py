"""The log of answers: a line for each, with digests that anybody can compute again."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest
from support.commands import CASE, run

from recommender import Profile, Recommender


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.parametrize("form", ["table", "json", "markdown", "html", "csv"])
def test_one_answer(tmp_path: Path, form: str) -> None:
    log = tmp_path / "log.ndjson"
    for _ in range(2):
        done = run("recommend", "-", "--format", form, "--log", log, stdin=json.dumps(CASE))
        assert done.returncode == 0, done.stderr
    first, second = lines(log)
    assert first.pop("time") != second.pop("time")
    assert first == second
    recommender = Recommender()
    result = recommender.recommend(Profile.parse(CASE))
    assert first["result_sha256"] == hashlib.sha256(result.to_json(indent=None).encode()).hexdigest()
    assert first["profile_sha256"] == result.profile.sha256
    assert first["rule_base"] == {"version": recommender.base.info.version, "sha256": recommender.base.sha256}
    assert first["label"] == "PRECLINICAL EVIDENCE"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_line_of_a_stream(tmp_path: Path, jobs: str) -> None:
    log, output = tmp_path / "log.ndjson", tmp_path / "out.ndjson"
    given = [json.dumps(CASE), "{bad", json.dumps(CASE | {"markers": {"FASN": "low"}})]
    done = run("recommend", "-", "--jobs", jobs, "--log", log, "-o", output, stdin="\n".join(given))
    assert done.returncode == 2
    found = lines(log)
    assert [one["line"] for one in found] == [1, 2, 3]
    assert [one.get("error") for one in found] == [None, "InputError", None]
    answers = output.read_text().splitlines()
    for one, answer in zip(found, answers, strict=True):
        assert datetime.fromisoformat(str(one["time"])).utcoffset() is not None
        if "error" not in one:
            assert one["result_sha256"] == hashlib.sha256(answer.encode()).hexdigest()


def test_it_names_no_finding(tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"
    run("recommend", "-", "--log", log, stdin=json.dumps(CASE | {"id": "somebody"}))
    assert "somebody" not in log.read_text()
    assert "FASN" not in log.read_text()


def test_an_input_is_not_written_to(tmp_path: Path) -> None:
    profile = tmp_path / "case.json"
    profile.write_text(json.dumps(CASE))
    done = run("recommend", profile, "--log", profile)
    assert done.returncode == 2
    assert json.loads(profile.read_text()) == CASE


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("recommend", "-", "--log", tmp_path / "none" / "log", stdin=json.dumps(CASE))
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr


@pytest.mark.parametrize("name", ["itself", "link", "hard link", "through a folder", "not there yet"])
def test_the_answer_is_not_written_over_it(tmp_path: Path, name: str) -> None:
    log, output = tmp_path / "log.ndjson", tmp_path / "out.json"
    if name != "not there yet":
        log.write_text("kept\n")
    match name:
        case "link":
            output.symlink_to(log)
        case "hard link":
            output.hardlink_to(log)
        case "through a folder":
            (tmp_path / "a").mkdir()
            output = tmp_path / "a" / ".." / log.name
        case _:
            output = log
    done = run("recommend", "-", "--log", log, "-o", output, stdin=json.dumps(CASE))
    assert done.returncode == 2
    assert b"two outputs cannot be one file" in done.stderr
    assert not done.stdout
    kept = [] if name == "not there yet" else ["kept\n"]
    assert [file.read_text() for file in tmp_path.glob("*.ndjson")] == kept


def test_a_device_may_take_both(tmp_path: Path) -> None:
    done = run("recommend", "-", "--log", "/dev/null", "-o", "/dev/null", stdin=json.dumps(CASE))
    assert done.returncode == 0, done.stderr


def test_notices_of_an_import_are_not_the_profiles(tmp_path: Path) -> None:
    table, output = tmp_path / "a.csv", tmp_path / "out.ndjson"
    table.write_text("id,therapies,FASN\na,sorafenib,high\n")
    done = run("profile", "import", table, "--notices", output, "-o", output)
    assert done.returncode == 2
    assert b"two outputs cannot be one file" in done.stderr
    assert not output.exists()
