"""Streams of profiles: every line answered or told apart, in order, as the library would answer it."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run, spawn
from support.generators import profiles

from recommender import DISCLAIMER, LABEL, InputError, Profile, Recommender
from recommender.cli import exit_code
from recommender.intake.lines import Line, lines, profile_in, told_apart
from recommender.options import Options
from recommender.profile import MAX_PROFILE
from recommender.schemas import schema
from recommender.streaming import Answer, answers
from recommender.views.stream import writer

GOOD = {"id": "good", "disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
ONE = json.dumps(GOOD).encode()
PRETTY = json.dumps(GOOD, indent=1).encode()
ERROR_LINE = jsonschema.Draft202012Validator(schema("error"))

bad_lines = st.sampled_from(
    [
        b"{",
        b"[]",
        b"null",
        b"not json",
        b"id: yaml",
        b'{"id": 5}',
        b'{"x": 1}',
        b'{"id": NaN}',
        b"\xff\xfe",
        b'"text"',
    ]
)


def written(recommender: Recommender, data: bytes) -> list[dict[str, Any]]:
    out: list[str] = []
    put = writer("ndjson", out.append, pytest.fail)
    for answer in answers(recommender, lines(io.BytesIO(data)), Options(brief=True)):
        put(answer)
    return [json.loads(text) for text in out]


@given(
    st.lists(profiles().map(lambda one: json.dumps(one).encode()) | bad_lines | st.just(b""), max_size=8),
    st.data(),
)
def test_every_line_is_answered_in_its_order(
    recommender: Recommender, given: list[bytes], data: st.DataObject
) -> None:
    ends = [data.draw(st.sampled_from([b"\n", b"\r\n"])) for _ in given]
    stream = b"".join(text + end for text, end in zip(given, ends, strict=True))
    found = written(recommender, stream)
    asked = [(number, text) for number, text in enumerate(given, 1) if text]
    assert len(found) == len(asked)
    for value, (number, text) in zip(found, asked, strict=True):
        assert (value["label"], value["disclaimer"]) == (LABEL, DISCLAIMER)
        if "error" in value:
            assert value["line"] == number
            assert value["error"]["problems"]
            ERROR_LINE.validate(value)
            with pytest.raises(InputError):
                profile_in(next(lines(io.BytesIO(b"\n" * (number - 1) + text))))
        else:
            assert value == recommender.recommend(Profile.read(text), brief=True).to_dict()


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_any_bytes_are_answered_or_told(recommender: Recommender, given: list[bytes]) -> None:
    found = written(recommender, b"\n".join(given))
    assert [value["label"] for value in found] == [LABEL] * len(found)


def test_a_line_that_is_too_long_does_not_cost_the_next_one() -> None:
    long = b'{"note": "' + b"x" * (MAX_PROFILE + 10) + b'"}'
    first, second = lines(io.BytesIO(long + b"\n" + b'{"id": "next"}'))
    assert len(first.data) == MAX_PROFILE + 1
    with pytest.raises(InputError, match="too much"):
        profile_in(first)
    assert profile_in(second).id == "next"
    assert second.number == 2


def test_a_line_of_many_blanks_is_not_lost() -> None:
    found = list(lines(io.BytesIO(ONE + b"\n" + b" " * (MAX_PROFILE + 10) + ONE + b"\n" + ONE)))
    assert [line.number for line in found] == [1, 2, 3]


def test_a_lone_surrogate_is_written_as_an_escape(tmp_path: Path) -> None:
    target = tmp_path / "out.ndjson"
    bad = b'{"id": "b", "disease": "HCC", "note": "\\ud800"}'
    done = run("recommend", "-", "--brief", "-o", target, stdin=b"\n".join([ONE, bad, ONE]))
    assert done.returncode == 0, done.stderr
    assert len([json.loads(line) for line in target.read_bytes().splitlines()]) == 3


def test_a_profile_without_ranked_add_ons_has_a_row_that_says_why() -> None:
    bad = b'{"id": "\\u001b[31m\\u202e", "disease": "lung"}'
    done = spawn("recommend", "-", "--format", "csv", stdin=bad + b"\n" + ONE, PYTHONIOENCODING="ascii")
    text = done.stdout.decode()
    row = text.splitlines()[1]
    assert "NO_THERAPY" in row
    assert LABEL in row
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_json_is_utf_8_whatever_the_locale() -> None:
    done = spawn(
        "recommend", "-", "--format", "json", stdin='{"id": "\U0001f600é"}', PYTHONIOENCODING="ascii"
    )
    assert json.loads(done.stdout.decode())["profile"]["id"] == "\U0001f600é"


@pytest.mark.parametrize("options", ["2>&-", pytest.param("2>/dev/full", marks=pytest.mark.once)])
def test_nobody_who_reads_the_errors_is_no_reason_to_stop(options: str) -> None:
    command = f'"{sys.executable}" -m recommender recommend - --format csv --brief --top 1 {options}'
    done = subprocess.run(
        ["bash", "-c", command], input=ONE + b"\nbad\n" + ONE, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.once
def test_a_stream_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    import signal
    import time

    command = [
        sys.executable,
        "-m",
        "recommender",
        "recommend",
        "-",
        "--brief",
        "-o",
        str(tmp_path / "out.ndjson"),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write((ONE + b"\n") * 50)
        process.stdin.flush()
        end = time.monotonic() + 30
        while not list(tmp_path.iterdir()):
            assert time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())


def test_a_byte_order_mark_is_no_fault() -> None:
    (line,) = lines(io.BytesIO(b'\xef\xbb\xbf{"id": "x"}'))
    assert profile_in(line).id == "x"


@pytest.mark.parametrize(
    ("data", "name", "wanted", "is_stream"),
    [
        (ONE, "x.ndjson", False, True),
        (ONE, "x.jsonl", False, True),
        (PRETTY, "x.ndjson", False, True),
        (ONE, "stdin", False, False),
        (ONE, "stdin", True, True),
        (ONE + b"\n\n", "stdin", False, False),
        (ONE + b"\n" + ONE, "stdin", False, True),
        (b"\n\n" + ONE + b"\n\n" + ONE, "stdin", False, True),
        (b"{broken\n" + ONE, "stdin", False, True),
        (ONE + b"\n{broken", "stdin", False, True),
        (PRETTY, "stdin", False, False),
        (PRETTY, "stdin", True, False),
        (b"{broken\nbroken\n" + ONE, "stdin", True, True),
        (b"{broken", "stdin", True, True),
        (b"id: yaml\ntherapies: [x]\n", "stdin", False, False),
        (b"id: yaml\ntherapies: [x]\n", "stdin", True, False),
        (b"---\n" + ONE, "stdin", False, False),
        (b"[\n" + ONE + b"\n]", "stdin", False, False),
        (b"", "stdin", False, False),
        (b"", "x.ndjson", False, False),
    ],
)
def test_streams_are_told_from_single_profiles(data: bytes, name: str, wanted: bool, is_stream: bool) -> None:
    whole, found = told_apart(io.BytesIO(data), name=name, wanted=wanted)
    assert (found is not None) == is_stream
    if found is not None:
        assert [line.data for line in found] == [line.data for line in lines(io.BytesIO(data))]
    elif data.strip():
        assert whole is not None
        assert whole.split() == data.split()


def test_bad_lines_are_error_objects_and_the_exit_code_is_2() -> None:
    stream = b"\n".join([ONE, b'{"id": "x", "markers": {"FASN": "hihg"}}', b"nonsense", ONE])
    done = run("recommend", "-", "--brief", stdin=stream)
    assert done.returncode == 2
    first, second, third, fourth = map(json.loads, done.stdout.splitlines())
    assert first == fourth
    assert first["recommendations"]
    assert (second["line"], third["line"]) == (2, 3)
    assert second["error"]["problems"][0]["where"] == "/markers/FASN"
    assert "Did you mean high?" in second["error"]["problems"][0]["hint"]


def test_a_stream_in_a_file_goes_to_a_file(tmp_path: Path) -> None:
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_bytes(ONE + b"\n{}\n")
    done = run("recommend", source, "--format", "json", "-o", target, "--brief")
    assert (done.returncode, done.stdout) == (0, b"")
    assert len(target.read_text().splitlines()) == 2


def test_a_stream_is_answered_as_csv_too() -> None:
    done = run("recommend", "-", "--format", "csv", "--top", "1", stdin=ONE + b"\nx\n" + ONE)
    head, *rows = done.stdout.decode().splitlines()
    assert head.startswith("profile_id,rank,recommendation_id,add_on,partner,score,")
    assert len(rows) == 2
    assert all(LABEL in row and "not for treatment decisions" in row for row in rows)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("line 2: it is not JSON")


def test_a_table_of_a_stream_is_refused() -> None:
    done = run("recommend", "-", "--format", "table", stdin=ONE + b"\n" + ONE)
    assert done.returncode == 2
    assert b"ndjson or csv" in done.stderr


def test_cells_that_a_spreadsheet_would_run_are_made_harmless() -> None:
    done = run("recommend", "-", "--format", "csv", stdin=json.dumps({**GOOD, "id": "=1+1"}))
    assert "\n'=1+1,1," in done.stdout.decode()


def test_answers_come_while_the_stream_is_open() -> None:
    command = [sys.executable, "-m", "recommender", "recommend", "-", "--format", "ndjson", "--brief"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(ONE + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["profile"]["id"] == "good"
        process.stdin.close()
        assert process.wait() == 0


def test_a_reader_of_a_stream_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    source = tmp_path / "in.ndjson"
    source.write_bytes((ONE + b"\n") * 300)
    command = f'"{sys.executable}" -m recommender recommend "{source}" | head -n 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_progress_is_silent_where_stderr_is_no_terminal() -> None:
    done = run("recommend", "-", "--progress", "--brief", stdin=ONE + b"\n" + ONE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.once
def test_progress_on_a_terminal(tmp_path: Path) -> None:
    import os
    import pty

    source = tmp_path / "in.ndjson"
    source.write_bytes((ONE + b"\n") * 20)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "recommender", "recommend", str(source), "--progress", "--brief"]
    environment = {**os.environ, "TERM": "xterm"}
    target = tmp_path / "out.ndjson"
    with (
        target.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=theirs, env=environment),
    ):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # what Linux says at the end of a terminal
            while piece := os.read(ours, 4096):
                shown += piece
    os.close(ours)
    assert len(target.read_bytes().splitlines()) == 20
    assert b"20 profiles" in shown


def test_a_difference_between_engines_is_an_error_line(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recommender import DifferenceError

    def differ(*_: object, **__: object) -> None:
        raise DifferenceError("The engines disagree: x.")

    monkeypatch.setattr(Recommender, "answer", differ)
    (answer,) = answers(recommender, lines(io.BytesIO(ONE)), Options())
    assert isinstance(answer, Answer)
    assert answer.error_line().error.code == "DifferenceError"
    assert answer.error is not None
    assert exit_code(answer.error) == 4


def test_bad_lines_answered_into_a_file_are_told(tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    done = run("recommend", "-", "--format", "ndjson", "-o", out, stdin='{"therapies": 1}\n{}\n{"id": 1}\n')
    assert done.returncode == 2
    assert done.stderr.decode() == f"2 lines could not be answered; {out} has the reasons.\n"
    assert [("error" in json.loads(line)) for line in out.read_text().splitlines()] == [True, False, True]
    done = run("recommend", "-", "--format", "ndjson", "-o", "-", stdin='{"therapies": 1}\n')
    assert done.returncode == 2
    assert done.stderr == b"", "the error stands on stdout"


def test_a_line_with_faults_of_form_and_of_words_says_all(recommender: Recommender) -> None:
    line = Line(1, b'{"therapies": ["sorafenib"], "markers": {"HBV": "bananas"}, "colour": "x"}')
    (answer,) = answers(recommender, [line])
    assert isinstance(answer.error, InputError)
    assert {one.where for one in answer.error.problems} == {"/colour", "/markers/HBV"}
