"""The command as a user meets it: exit codes, streams, formats, and what a terminal is spared."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.commands import CASE, HOSTILE, run, spawn, spawn_each
from support.packs import pack_with

from recommender import DISCLAIMER, LABEL
from recommender.cli import exit_code
from recommender.engine import durable_loads


def test_a_table_on_stdout_and_nothing_on_stderr(case: Path) -> None:
    done = run("recommend", case)
    assert done.returncode == 0
    assert done.stderr == b""
    text = done.stdout.decode()
    assert text.count(LABEL) == 1
    assert "orlistat" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_asked(case: Path, width: int) -> None:
    text = run("recommend", case, "--width", str(width)).stdout.decode()
    assert max(map(len, text.splitlines())) <= width


def test_json(case: Path) -> None:
    done = run("recommend", case, "--format", "json")
    value = json.loads(done.stdout)
    assert (value["label"], value["disclaimer"]) == (LABEL, DISCLAIMER)
    assert list(value) == sorted(value)
    assert value["recommendations"][0]["id"] == "orlistat-with-sorafenib"


def test_json_does_not_wait_for_rich(case: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "recommender", "recommend", str(case)]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, check=True)
    assert re.search(rb"\|\s+recommender\.views$", done.stderr, re.MULTILINE)
    assert not re.search(rb"\|\s+rich\b", done.stderr)


@pytest.mark.once  # tests/system/test_reproducible.py tries seeds on each interpreter
def test_the_same_bytes_on_either_engine_and_under_any_hash_seed(case: Path) -> None:
    engines = ["plain", "durable"] if durable_loads() else ["plain"]
    asked: list[str | Path] = ["recommend", case, "--format", "ndjson", "--engine"]
    lines = [[*asked, engine] for engine in engines]
    answers = []
    for seed in ("0", "1", "4711"):
        for answer in spawn_each(*lines, PYTHONHASHSEED=seed).stdout.splitlines():
            value = json.loads(answer)
            del value["engine"]
            answers.append(json.dumps(value))
    assert len(answers) == 3 * len(engines)
    assert len(set(answers)) == 1


def test_stdin_as_json_and_yaml() -> None:
    yaml = "disease: HCC\ntherapies: [sorafenib]\n"
    for arguments in (["recommend", "-"], ["recommend"]):
        for text in (yaml, json.dumps({"disease": "HCC", "therapies": ["sorafenib"]})):
            done = run(*arguments, "--format", "json", stdin=text)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["recommendations"]


def test_top_and_brief(case: Path) -> None:
    value = json.loads(run("recommend", case, "--format", "json", "--top", "2", "--brief").stdout)
    assert [one["rank"] for one in value["recommendations"]] == [1, 2]
    assert value["undecided"] == value["blocked"] == value["next_tests"] == []


def test_output_to_a_file(case: Path, tmp_path: Path) -> None:
    for output_format in ("json", "table"):
        out = tmp_path / f"out.{output_format}"
        done = run("recommend", case, "--format", output_format, "-o", out)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert LABEL in out.read_text()
        assert "\x1b" not in out.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.json", "out.json", "out.table"]


def test_output_that_cannot_be_written(case: Path, tmp_path: Path) -> None:
    done = run("recommend", case, "-o", tmp_path / "nowhere" / "out.json")
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr


BAD = {
    "contradiction": ({"markers": {"FGFR4": "high", "CD334": "low"}}, ["/markers/CD334", "/markers/FGFR4"]),
    "state": ({"markers": {"FGFR4": "hihg"}}, ["/markers/FGFR4", "high"]),
    "type": ({"therapies": "sorafenib"}, ["/therapies", "list"]),
    "field": ({"therapy": []}, ["/therapy", "therapies"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_profiles_are_told_and_exit_with_2(name: str) -> None:
    profile, words = BAD[name]
    done = run("recommend", "-", stdin=json.dumps(profile))
    assert done.returncode == 2
    assert done.stdout == b""
    text = done.stderr.decode()
    assert "Traceback" not in text
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"a: [", "not YAML"),
        (b"\x00\x01\xff", "UTF-8"),
        (b'{"note": "' + b"x" * 10_000_000 + b'"}', "limit"),
    ],
    ids=["empty", "JSON", "YAML", "binary", "10 MB"],
)
def test_bad_files_are_told_and_exit_with_2(tmp_path: Path, data: bytes, word: str) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(data)
    for done in (run("recommend", file), run("recommend", "-", stdin=data)):
        assert done.returncode == 2
        assert word in done.stderr.decode()
        assert b"Traceback" not in done.stderr
        assert len(done.stderr) < 500


@pytest.mark.parametrize("command", ["recommend", "explain", "whatif", "next-tests", "map"])
def test_faults_of_form_and_of_words_are_told_at_once(tmp_path: Path, command: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"therapies": ["sorafenib"], "markers": {"HBV": "bananas"}, "colour": "x"}')
    rest = {"explain": ["orlistat"], "whatif": ["--set", "FASN=high"]}.get(command, [])
    done = run(command, str(bad), *rest)
    assert done.returncode == 2
    assert b"/colour" in done.stderr
    assert b"/markers/HBV" in done.stderr


def test_a_missing_file_and_a_folder(case: Path, tmp_path: Path) -> None:
    missing = run("recommend", tmp_path / "cas.json")
    assert missing.returncode == 2
    assert b"Did you mean case.json?" in missing.stderr
    folder = run("explain", tmp_path, "x")
    assert folder.returncode == 2
    assert b"cannot be read" in folder.stderr


def test_unknown_names_are_notices_and_with_strict_errors(tmp_path: Path) -> None:
    profile = json.dumps({**CASE, "markers": {"FASNN": "high"}})
    done = run("recommend", "-", "--format", "json", stdin=profile)
    assert done.returncode == 0
    (notice,) = json.loads(done.stdout)["notices"]
    assert notice["code"] == "UNKNOWN_MARKER"
    assert "FASN" in notice["message"]
    assert run("recommend", "-", "--strict", stdin=profile).returncode == 2


@pytest.mark.parametrize("arguments", [["recommend", "--format", "xml"], ["recommand"], ["schema", "x"]])
def test_bad_usage_exits_with_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_an_invalid_rule_base_exits_with_3(case: Path, tmp_path: Path) -> None:
    pack = pack_with(tmp_path / "pack", "rules:\n  - id: x\n", "bad.yaml")
    for done in (
        run("recommend", case, "--rules", pack),
        run("recommend", case, RECOMMENDER_RULES=str(pack)),
        run("doctor", "--rules", pack),
    ):
        assert done.returncode == 3
        assert b"pack/bad.yaml:2" in done.stderr


@pytest.mark.skipif(not durable_loads(), reason="there is one engine only on this interpreter")
def test_verify(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("recommend", case, "--verify").returncode == 0
    from recommender import DifferenceError, Profile, Recommender
    from recommender.engine.plain import PlainEngine

    recommender = Recommender(engine="durable")
    monkeypatch.setattr(PlainEngine, "fire", lambda *_: [])
    with pytest.raises(DifferenceError, match="orlistat-against-fasn only with durable-rules") as caught:
        recommender.recommend(Profile.parse(CASE), verify=True)
    assert exit_code(caught.value) == 4


@pytest.mark.parametrize("output_format", ["table", "json"])
def test_free_text_never_steers_the_terminal(output_format: str) -> None:
    profile = {**CASE, "id": HOSTILE, "note": HOSTILE, "markers": {HOSTILE: "high", "FASN": "high"}}
    done = run("recommend", "-", "--format", output_format, stdin=json.dumps(profile))
    assert done.returncode == 0
    text = done.stdout.decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\ufff9\U000e0041]", text)
    assert "[bold]markup[/bold]" in text
    if output_format == "json":
        assert json.loads(text)["profile"]["id"] == HOSTILE


def test_free_text_in_errors_never_steers_the_terminal() -> None:
    done = run("recommend", "-", stdin=json.dumps({HOSTILE: 1, "markers": {HOSTILE: HOSTILE}}))
    assert done.returncode == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\ufff9\U000e0041]", done.stderr.decode())


def test_free_text_never_reaches_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    if not durable_loads():
        pytest.skip("durable-rules does not load on this interpreter")
    from recommender import Profile, Recommender

    durable: Any = import_module("recommender.engine.durable")
    sent: list[str] = []
    real = durable.dre.assert_fact

    def spy(handle: int, fact: str) -> Any:
        sent.append(fact)
        return real(handle, fact)

    monkeypatch.setattr(durable.dre, "assert_fact", spy)
    profile = {**CASE, "id": HOSTILE, "note": HOSTILE, "mutations": ["TP53 p.R249S"]}
    Recommender(engine="durable").recommend(Profile.parse(profile))
    assert sent
    words = {word for fact in sent for item in json.loads(fact).items() for word in item}
    assert all(re.fullmatch("[a-z]+[0-9]*", word) for word in words)


def test_colours_only_where_they_are_wanted(case: Path) -> None:
    assert b"\x1b" not in run("recommend", case).stdout
    coloured = run("recommend", case, FORCE_COLOR="1").stdout
    assert b"\x1b" in coloured
    assert b"\x1b[1;37;41m" not in run("recommend", case, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_an_ascii_terminal_gets_an_answer(case: Path) -> None:
    for output_format in ("table", "json"):
        done = spawn("recommend", case, "--format", output_format, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert done.returncode == 0
        assert LABEL.encode() in done.stdout


def test_a_reader_that_leaves_early_is_no_error(case: Path) -> None:
    command = f'"{sys.executable}" -m recommender recommend "{case}" | head -n 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


def test_schemas_are_valid_and_fit_the_examples(case: Path) -> None:
    import jsonschema

    for which in ("profile", "result", "rule"):
        value = json.loads(run("schema", which).stdout)
        jsonschema.Draft202012Validator.check_schema(value)
        assert value["$schema"].endswith("2020-12/schema")
        if which == "profile":
            jsonschema.validate(CASE, value)
        if which == "result":
            jsonschema.validate(json.loads(run("recommend", case, "--format", "json").stdout), value)


def test_doctor() -> None:
    value = json.loads(run("doctor", "--format", "json").stdout)
    assert value["label"] == LABEL
    assert value["engine"].startswith("durable-rules" if durable_loads() else "plain")
    assert len(value["rule base sha256"]) == 64
    assert value["Jinja2"]
    assert LABEL in run("doctor").stdout.decode()


def test_doctor_breaks_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.doctor.missing", lambda part: ["a module"])
    value = json.loads(run("doctor", "--format", "json").stdout)
    *_, last = run("doctor", "--width", "60").stdout.decode().splitlines()
    assert last == f"to install what is absent: {value['to install what is absent']}"
    assert len(last) > 60


def test_version_and_help() -> None:
    from recommender import __version__

    assert run("--version").stdout.decode().strip() == __version__
    for arguments in ([], ["recommend"], ["schema"], ["doctor"]):
        text = run(*arguments, "--help").stdout.decode()
        assert "Usage" in text
    assert "not for treatment decisions" in run("recommend", "--help").stdout.decode().lower()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["cohort", "--help"], 0), (["cases"], 0), (["recommend", "--format", "xml"], 2)],
)
def test_a_reader_that_has_seen_enough_ends_nothing(arguments: list[str], code: int) -> None:
    out, into = os.pipe()
    os.close(out)
    command = [sys.executable, "-m", "recommender", *arguments]
    first = subprocess.Popen(command, stdout=into, stderr=into if code else subprocess.PIPE)
    os.close(into)
    said = first.communicate()[1]
    assert first.returncode == code
    assert not said


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        (
            "--format",
            "jso",
            "'jso' is not one of table, json, ndjson, markdown, html or csv. Did you mean json?",
        ),
        ("--top", "x", "It must be a whole number."),
        ("--top", "0", "It must be greater than or equal to 1."),
    ],
)
def test_a_wrong_value_of_an_option_is_told_in_plain_words(option: str, value: str, said: str) -> None:
    done = run("recommend", "case.json", option, value)
    assert done.returncode == 2
    text = " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr.decode()).split())
    assert said in text
    assert "Value error" not in text
