"""A long stream that several processes answer: the same answers in the same order, whatever ends."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import CASE, run

from recommender import InputError, Problem
from recommender._errors import RecommenderError
from recommender.cli import parallel
from recommender.cli.parallel import Setup, Written, answers_written
from recommender.options import Options
from recommender.streaming import Answer, Item

BRIEF = Setup((), "plain", Options(brief=True), "ndjson")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes answer from the third line on, three lines at a time."""
    monkeypatch.setattr(parallel, "MIN_LINES", 2)
    monkeypatch.setattr(parallel, "MAX_LINES", 3)


def given(lines: int = 40) -> list[Item | Answer]:
    items: list[Item | Answer] = [
        Item(line, json.dumps({**CASE, "id": f"case-{line}"}).encode()) for line in range(1, lines)
    ]
    items[7:9] = [
        Item(8, b"not json"),
        Answer(1, error=InputError([Problem("", "it is not there.")]), file="a"),
    ]
    return [*items, Item(1, b"id: whole\ntherapies: [sorafenib]\n", "case.yaml", whole=True)]


ALONE = list(answers_written(BRIEF, given(), 1))


@pytest.mark.usefixtures("soon")
def test_it_answers_as_one_process_does_although_one_is_killed() -> None:
    found = answers_written(BRIEF, given(), 2)
    told = [next(found) for _ in range(5)]
    killed = multiprocessing.active_children()[0]
    os.kill(killed.pid or 0, signal.SIGKILL)
    assert told + list(found) == ALONE
    assert [one.code for one in ALONE].count(2) == 2
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("soon")
def test_lines_that_end_every_process_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "MAX_ENDS", 1)
    found = answers_written(BRIEF, given(), 2)
    told = [next(found) for _ in range(3)]
    with pytest.raises(RecommenderError, match=r"lost 1 time at lines? \d+"):  # noqa: PT012
        while True:
            for process in multiprocessing.active_children():
                process.kill()
            told.append(next(found))
    assert told == ALONE[: len(told)]
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("soon")
def test_an_answer_does_not_wait_for_the_next_line() -> None:
    answered = threading.Semaphore(0)

    def talking() -> Iterator[Item | Answer]:
        for item in given()[:6]:
            yield item
            assert answered.acquire(timeout=60)

    found: list[Written] = []
    for one in answers_written(BRIEF, talking(), 2):
        found.append(one)
        answered.release()
    assert found == ALONE[:6]


@pytest.mark.usefixtures("soon")
def test_what_cannot_be_read_is_raised_after_the_answers_to_what_was() -> None:
    def broken() -> Iterator[Item | Answer]:
        yield from given()[:5]
        raise InputError([Problem("", "it cannot be read any further.")])

    found = answers_written(BRIEF, broken(), 2)
    assert [next(found) for _ in range(5)] == ALONE[:5]
    with pytest.raises(InputError, match="any further"):
        next(found)


@pytest.mark.usefixtures("soon")
def test_the_command(tmp_path: Path) -> None:
    lines = "".join(json.dumps({**CASE, "id": f"case-{line}"}) + "\n" for line in range(9)) + "bad\n"
    (tmp_path / "many.ndjson").write_text(lines)
    for options in (("--format", "csv"), ("--brief",)):
        one, several = (
            run("recommend", tmp_path / "many.ndjson", "--engine", "plain", "--jobs", jobs, *options)
            for jobs in ("1", "2")
        )
        assert several.returncode == one.returncode == 2
        assert (several.stdout, several.stderr) == (one.stdout, one.stderr)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks the system who started whom")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_process_is_left(number: signal.Signals, code: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "recommender", "recommend", "-", "--brief", "--jobs", "2"]
    line = json.dumps(CASE).encode() + b"\n"
    out = (tmp_path / "out").open("wb")
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(line * (parallel.MIN_LINES + 50))
    process.stdin.flush()
    wait_until(lambda: (tmp_path / "out").read_bytes().count(b"\n") == parallel.MIN_LINES + 50)
    started = descendants(process.pid)
    assert len(started) >= 2
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    assert process.wait(60) == code
    wait_until(lambda: not any(Path(f"/proc/{one}/stat").exists() for one in started))
    if (
        number == signal.SIGINT
    ):  # of one that is killed, multiprocessing reports what it leaves, and removes it
        assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()
    out.close()


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that these did."""
    found = [
        int(one)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for one in (task / "children").read_text().split()
    ]
    return found + [further for one in found for further in descendants(one)]


def wait_until(holds: object) -> None:
    end = time.monotonic() + 120
    assert callable(holds)
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
