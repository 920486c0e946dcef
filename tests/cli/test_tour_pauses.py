"""Tours on a terminal: any key to continue, q to quit."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from recommender import LABEL

pytestmark = pytest.mark.once


class Watched:
    """The command in a terminal, and what it has shown so far."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process, self._terminal = process, terminal
        self.text = b""

    def until(self, text: bytes, times: int = 1) -> None:
        while self.text.count(text) < times:
            self._more()

    def _more(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], 60)
        assert ready, self.text
        more = os.read(self._terminal, 4096)
        self.text += more
        return bool(more)

    def press(self, key: bytes) -> None:
        os.write(self._terminal, key)

    def rest(self) -> int:
        try:
            while self._more():
                pass
        except OSError:  # the other end is closed
            pass
        return self.process.wait(30)


@contextmanager
def watched(*arguments: str, lines: int = 200) -> Iterator[Watched]:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "80", "LINES": str(lines)}
    command = [sys.executable, "-m", "recommender", "tour", *arguments]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield Watched(process, ours)
        finally:
            process.kill()
    os.close(ours)


PROMPT = b"any key to continue, q to quit "


def test_any_key_goes_on_to_the_end() -> None:
    with watched("silence-on-tace") as seen:
        for pause, key in enumerate([b" ", b"\n", b"x", b"\x1b[C", b" ", b" ", b" ", b" "], 1):
            seen.until(PROMPT, pause)
            assert seen.text.count(LABEL.encode()) == 2 * pause, "on the step and on the prompt"
            assert f"{pause}/9 ".encode() in seen.text.rpartition(LABEL.encode())[2]
            assert len(seen.text.splitlines()[-1]) < 80
            seen.press(key)
        assert seen.rest() == 0
        assert seen.text.count(LABEL.encode()) == 17
        assert seen.text.count(PROMPT) == 8


def test_no_screen_runs_past_the_reader() -> None:
    with watched("silence-on-tace", lines=14) as seen:
        screens = 0
        with suppress(OSError):  # the end
            while True:
                seen.until(PROMPT, screens + 1)
                screens += 1
                assert seen.text.split(PROMPT)[-2].count(b"\n") <= 14
                seen.press(b" ")
        assert seen.rest() == 0
        assert screens > 8


@pytest.mark.parametrize("key", [b"q", b"Q", b"\x04"], ids=["q", "Q", "Ctrl-D"])
def test_q_leaves_quietly(key: bytes) -> None:
    with watched("silence-on-tace") as seen:
        seen.until(PROMPT)
        seen.press(b" ")
        seen.until(PROMPT, 2)
        seen.press(key)
        assert seen.rest() == 0
        assert seen.text.count(LABEL.encode()) == 4
        assert b"Abort" not in seen.text


def test_an_interrupt_leaves_quietly() -> None:
    with watched("silence-on-tace") as seen:
        seen.until(PROMPT)
        time.sleep(0.5)  # it shows the prompt, and then waits
        seen.process.send_signal(signal.SIGINT)
        assert seen.rest() == 0
        assert b"Traceback" not in seen.text
        assert b"Abort" not in seen.text


def test_a_letter_answers_a_question_of_a_quiz_and_q_leaves() -> None:
    with watched("--quiz", "nothing-measured-sorafenib") as seen:
        seen.until(b"q to quit ")
        seen.press(b"x")  # which is no option, and is asked again
        seen.until(b"q to quit ", 2)
        seen.press(b"A")
        seen.until(b"any key for the next ")
        assert b"It is " in seen.text
        assert b"Why" in seen.text
        seen.press(b" ")
        seen.until(b"q to quit ", 3)
        seen.press(b"q")
        assert seen.rest() == 0
        assert b" right; " in seen.text
        assert LABEL.encode() in seen.text.rpartition(b"Your score")[0][-100:]


@pytest.mark.parametrize("flags", [("--no-pause",), ("--format", "json")])
def test_there_is_no_pause_where_none_is_wanted(flags: tuple[str, ...]) -> None:
    with watched("silence-on-tace", *flags) as seen:
        assert seen.rest() == 0
        assert PROMPT not in seen.text
        assert seen.text.count(LABEL.encode()) >= 2
