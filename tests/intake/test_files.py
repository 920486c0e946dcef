"""Profiles by the name of a file, a folder or a shipped case."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.commands import CASE, HOSTILE, run
from support.places import EXAMPLES

from recommender import InputError, Profile
from recommender.intake.cases import cases, file_of
from recommender.intake.files import content, folder, read_profile

NAME = "nrf2-active-sorafenib"


def test_a_case_is_read_by_its_name() -> None:
    assert len(cases()) > 10
    for case in cases():
        path = file_of(case.name)
        assert path is not None
        assert read_profile(case.name) == read_profile(path) == Profile.from_file(case.name) == case.profile


def test_a_file_wins_over_a_case_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_text('{"id": "mine"}')
    assert read_profile(NAME).id == "mine"


@pytest.mark.parametrize(
    "name", ["nrf2-active-sorafenb", "nrf2_active_sorafenib", f"{NAME}.json", f"a/{NAME}.json"]
)
def test_a_name_that_is_nearly_that_of_a_case_gets_a_hint(name: str) -> None:
    with pytest.raises(InputError, match=f"Did you mean {NAME}"):
        read_profile(name)


def test_a_name_like_no_other_gets_a_pointer() -> None:
    with pytest.raises(InputError, match="list of the shipped cases"):
        read_profile("qqqqqqqq")
    assert b"Use: recommender cases." in run("recommend", "qqqqqqqq").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["recommend"],
        ["explain", NAME, "orlistat-against-fasn"],
        ["whatif", NAME, "--set", "GPX4=high"],
        ["next-tests"],
        ["map", NAME, "--format", "json"],
        ["report", NAME, "--format", "html"],
        ["profile", "validate"],
    ],
)
def test_a_case_stands_wherever_a_profile_is_expected(arguments: list[str]) -> None:
    given = arguments if NAME in arguments else [*arguments, NAME]
    path = file_of(NAME)
    assert path is not None
    by_name = run(*given)
    by_file = run(*(str(path) if one == NAME else one for one in given))
    assert by_name.returncode == by_file.returncode == 0, by_name.stderr
    assert by_name.stdout.replace(NAME.encode(), b"") == by_file.stdout.replace(
        str(path).encode(), b""
    ).replace(NAME.encode(), b"")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".xlsx", ".csv.gz"])
def test_a_table_is_sent_to_the_commands_that_read_it(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"x{ending}"
    file.write_bytes(b"id,FASN\na,high\n")
    with pytest.raises(InputError, match="Rank it as a cohort, or import its profiles"):
        content(file)
    done = run("recommend", file)
    assert b"Use: recommender cohort INPUT -o OUT or recommender profile import FILE." in done.stderr
    assert b"Use: recommender cohort INPUT" in run("profile", "validate", file, "--width", "200").stdout


def test_a_profile_may_be_packed_or_in_utf_16(tmp_path: Path) -> None:
    text = json.dumps(CASE)
    for name, data in {
        "a.json.gz": gzip.compress(text.encode(), mtime=0),
        "b.json": text.encode("utf-16"),
        "c.yaml": "id: case\ntherapies: [sorafenib]\n".encode("utf-16"),
        "d.yaml.gz": gzip.compress("id: case\ntherapies: [sorafenib]\n".encode("utf-16"), mtime=0),
    }.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert read_profile(file).id == "case"
        done = run("recommend", file, "--brief")
        assert done.returncode == 0, done.stderr
        assert run("profile", "validate", file).returncode == 0


def test_what_is_too_large_once_unpacked_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json.gz"
    file.write_bytes(gzip.compress(b" " * 5_000_000 + b"{}", mtime=0))
    with pytest.raises(InputError, match=r"or more is too much for a profile; the limit is 4 MiB"):
        read_profile(file)


def test_a_folder_is_read_by_name(tmp_path: Path) -> None:
    for name in ("b.json", "a.yaml", "c.ndjson.gz", "notes.txt", ".hidden.json"):
        (tmp_path / name).touch()
    (tmp_path / "old.json").mkdir()
    found = folder(tmp_path)
    assert [path.name for path in found.files] == ["a.yaml", "b.json", "c.ndjson.gz"]
    assert found.others == ("notes.txt", "old.json/")


def test_a_study_is_sent_to_the_command_that_reads_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="as a cohort"):
        folder(EXAMPLES / "study")
    done = run("recommend", EXAMPLES / "study")
    assert done.returncode == 2
    assert b"recommender cohort" in done.stderr
    assert done.stdout == b""


def test_a_folder_without_profiles(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="contains no profile") as error:
        folder(tmp_path)
    assert "cohort" not in str(error.value)
    (tmp_path / "part.parquet").touch()
    with pytest.raises(InputError, match="as a cohort"):
        folder(tmp_path)


def lines_of(done: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.splitlines()]


@pytest.fixture
def several(tmp_path: Path) -> Path:
    (tmp_path / "b.json").write_text(json.dumps({**CASE, "id": "b"}, indent=1))
    (tmp_path / "a.yaml").write_text("id: a\ndisease: HCC\ntherapies: [sorafenib]\n")
    (tmp_path / "c.json").write_text('{"id": 5}')
    (tmp_path / "d.ndjson").write_text(
        f"{json.dumps({**CASE, 'id': 'd1'})}\nbad\n{json.dumps({**CASE, 'id': 'd2'})}\n"
    )
    (tmp_path / "notes.txt").write_text("not a profile")
    return tmp_path


def said(rows: list[dict[str, Any]]) -> list[object]:
    return [(Path(row["file"]).name, row["line"]) if "error" in row else row["profile"]["id"] for row in rows]


def test_a_folder_is_answered_in_the_order_of_names(several: Path) -> None:
    done = run("recommend", several, "--brief")
    assert done.returncode == 2
    assert said(lines_of(done.stdout)) == ["a", "b", ("c.json", 1), "d1", ("d.ndjson", 2), "d2"]
    assert done.stderr.decode() == f"Not read in {several}: notes.txt.\n"


def test_files_are_answered_in_the_order_given(several: Path) -> None:
    done = run("recommend", several / "b.json", several / "a.yaml", NAME, "--brief")
    assert done.returncode == 0
    assert said(lines_of(done.stdout)) == ["b", "a", NAME]
    alone = [run("recommend", name, "--brief", "--format", "json") for name in (several / "b.json", NAME)]
    first, _, last = lines_of(done.stdout)
    assert [first, last] == [json.loads(one.stdout) for one in alone]


def test_a_file_that_is_not_there_costs_only_its_own_answer(several: Path) -> None:
    done = run("recommend", several / "none.json", several / "a.yaml", "--brief")
    assert done.returncode == 2
    rows = lines_of(done.stdout)
    assert said(rows) == [("none.json", 1), "a"]
    assert "no such file" in rows[0]["error"]["message"]


def test_several_files_as_csv_and_into_a_file(several: Path, tmp_path: Path) -> None:
    done = run("recommend", several, "--format", "csv", "--top", "1")
    assert done.returncode == 2
    assert len(re.findall(rb"(?m)^\w+,", done.stdout)) >= 4
    assert f"{several / 'c.json'}:1: " in done.stderr.decode()
    out = tmp_path / "out" / "answers.ndjson"
    out.parent.mkdir()
    done = run("recommend", several, "-o", out)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(out.read_bytes().splitlines()) == 6
    assert "2 lines could not be answered" in done.stderr.decode()


@pytest.mark.parametrize("output_format", ["table", "markdown", "html"])
def test_several_files_are_no_page(output_format: str, several: Path) -> None:
    done = run("recommend", several, "--format", output_format)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"ndjson or csv" in done.stderr


def test_an_error_line_of_several_files_is_as_its_schema(several: Path) -> None:
    import jsonschema

    from recommender.schemas import schema

    check = jsonschema.Draft202012Validator(schema("error"))
    rows = [row for row in lines_of(run("recommend", several, "--brief").stdout) if "error" in row]
    assert rows
    for row in rows:
        check.validate(row)


def test_names_that_steer_a_terminal_are_made_visible(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(CASE))
    (folder / (HOSTILE.replace("/", "") + ".txt")).touch()
    done = run("recommend", folder, "--brief")
    assert done.returncode == 0
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("name", ["x.json.gz", "x.ndjson.gz"])
def test_a_packed_file_that_is_cut_off_is_an_input_error(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    line = json.dumps({**CASE, "note": "".join(map(str, range(100_000)))}).encode() + b"\n"
    file.write_bytes(gzip.compress(line * 3, mtime=0)[:-200])
    for done in (
        run("recommend", file),
        run("profile", "validate", file),
        run("recommend", "-", stdin=file.read_bytes()),
    ):
        assert done.returncode == 2
        assert b"cut off" in done.stderr + done.stdout


@pytest.mark.parametrize("name", ["e.ndjson", "e.jsonl"])
@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_stream_of_profiles_is_an_error(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "good.json").write_text(json.dumps(CASE))
    for arguments in (["recommend"], ["profile", "validate"]):
        done = run(*arguments, tmp_path / name)
        assert done.returncode == 2
        assert b"it is empty" in done.stdout + done.stderr
    several = run("recommend", tmp_path / name, tmp_path / "good.json")
    assert several.returncode == 2
    assert b"it is empty" in several.stdout


@pytest.mark.parametrize("name", ["a.csv", "a.tsv.gz", "a.parquet", "a.xlsx", "a.XLSM"])
def test_a_table_is_told_from_a_profile_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00")
    assert b"is a table. Rank it as a cohort" in run("recommend", tmp_path / name).stderr
