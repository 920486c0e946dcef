"""The teaching cases: all of the shipped profiles, by name, and the command that lists them."""

import json
from pathlib import Path

import pytest
from support.commands import run
from support.places import ROOT

from recommender.cli.completing import profile
from recommender.intake.cases import cases, file_of, names


def test_every_shipped_profile_is_a_case_and_says_what_it_teaches() -> None:
    shipped = {path.stem for path in (ROOT / "profiles").iterdir() if path.is_file()}
    assert set(names()) == shipped
    assert [case.name for case in cases()] == names()
    assert all(case.teaches and case.profile.therapies for case in cases())
    assert file_of("none") is None


@pytest.mark.parametrize("output_format", ["table", "json", "markdown"])
def test_the_cases_are_listed(output_format: str) -> None:
    done = run("cases", "--format", output_format, "--width", "80")
    assert done.returncode == 0
    text = done.stdout.decode()
    for case in cases():
        assert case.name in text
    if output_format == "json":
        rows = json.loads(text)["rows"]
        assert [(row["name"], row["teaches"]) for row in rows] == [
            (case.name, case.teaches) for case in cases()
        ]
        assert rows[-1]["therapies"] == ["regorafenib"]
    assert done.stderr == b""
    if output_format == "table":
        assert text.endswith("Use one by its name: recommender recommend CASE\n")
        assert max(map(len, text.splitlines())) <= 80


def test_names_of_cases_and_of_files_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nrf2-mine.json").touch()
    (tmp_path / "nrf2").mkdir()
    (tmp_path / ".nrf2").touch()
    monkeypatch.chdir(tmp_path)
    assert profile("nrf2") == ["nrf2-active-sorafenib", "nrf2-mine.json", "nrf2/"]
    assert profile("./nrf2") == []
