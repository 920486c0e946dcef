"""durable-rules in a process of its own, for long work that a crash of its C code must not end.

A question is the set of measured atoms, the answer the set of clauses that fire, both as bytes of a fixed
number over pipes. The process is started when it is first asked, and ends with its standard input, so also
when we are killed. The kernel ends it when an answer takes too long, whatever the C code does meanwhile.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from typing import Self

from .._errors import EngineLost, RuleBaseError
from .durable import DurableEngine
from .limits import beyond
from .program import Program

MAX_LOSSES = 3
"""After so many it is not started again."""
MAX_SECONDS = 20
"""For an answer, the first with start and compilation included."""

_START = """
import signal, sys
if hasattr(signal, "alarm"):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm({seconds})
sys.path[:] = {path!r}
from recommender.engine.isolated import answer
answer({seconds})
"""


class IsolatedEngine:
    """Evaluates a program with durable-rules in another process. Safe to share between threads."""

    name = DurableEngine.name
    version = DurableEngine.version

    def __init__(self, program: Program, seconds: int = MAX_SECONDS) -> None:
        if problems := beyond(program):
            raise RuleBaseError(problems)
        self._program = program
        self._seconds = seconds
        self._losses = 0
        self._child: _Child | None = None
        self._lock = threading.Lock()
        _engines.add(self)

    def fire(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire, ascending. Raises EngineLost."""
        with self._lock:
            if self._losses == MAX_LOSSES:
                raise EngineLost(f"durable-rules was lost {MAX_LOSSES} times and is not started again")
            # Out of reach until it has answered: an answer that nobody took would be taken for the next.
            child, self._child = self._child, None
            try:
                if child is None:
                    child = _Child(self._program, self._seconds)
                    child.send(pickle.dumps(self._program))
                fired = child.ask(have)
            except BaseException as error:
                if child is not None:
                    child.end()
                self._losses += isinstance(error, EngineLost)
                raise
            self._child = child
            return fired

    def __reduce__(self) -> tuple[type[Self], tuple[Program, int]]:
        """Copies and pickles are engines of their own for the program, each with a process of its own."""
        return type(self), (self._program, self._seconds)

    def after_fork(self) -> None:
        """Leave the process to the one that we were forked from, and start another when asked."""
        self._lock = threading.Lock()
        self._child = None


class _Child:
    """The process that answers."""

    def __init__(self, program: Program, seconds: int) -> None:
        self._width = _bytes_for(len(program.atoms))
        self._answer = _bytes_for(len(program.clauses))
        code = _START.format(seconds=seconds, path=sys.path)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own code
                # -I ignores PYTHONDONTWRITEBYTECODE. What is imported here has been imported before.
                [sys.executable or "python", "-I", "-B", "-c", code],
                bufsize=0,  # what stood in a buffer when somebody forks would be sent twice
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us
            )
        except OSError as error:
            raise EngineLost(f"durable-rules could not be started: {error.strerror}") from None
        self.end = weakref.finalize(self, _end, self._process, os.getpid())
        _children.add(self)

    def ask(self, have: int) -> list[int]:
        """Return the positions of the clauses that fire. Raises EngineLost."""
        self.send(have.to_bytes(self._width, "little"))
        assert self._process.stdout is not None
        answer = b""
        while len(answer) < self._answer:
            piece = self._process.stdout.read(self._answer - len(answer))
            if not piece:
                raise EngineLost(self._how_it_ended())
            answer += piece
        return _positions(int.from_bytes(answer, "little"))

    def send(self, data: bytes) -> None:
        """Write all of it. Raises EngineLost."""
        assert self._process.stdin is not None
        try:
            while data:
                data = data[self._process.stdin.write(data) :]
        except OSError:
            raise EngineLost(self._how_it_ended()) from None

    def _how_it_ended(self) -> str:
        self._process.kill()
        code = self._process.wait()
        if hasattr(signal, "SIGALRM") and code == -signal.SIGALRM:
            return "durable-rules did not answer in time"
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"durable-rules ended with {how}"


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End a process of our own; leave that of the one that we were forked from alone."""
    if owner == os.getpid():
        process.kill()
        process.wait()
    else:
        process.returncode = 0
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def answer(seconds: int) -> None:
    """Answer until standard input ends; in the other process. What goes wrong ends it."""
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    program: Program = pickle.load(asked)  # noqa: S301 - from the process that started this one
    engine = DurableEngine(program)
    width = _bytes_for(len(program.atoms))
    alarm = getattr(signal, "alarm", lambda _: None)
    while len(have := asked.read(width)) == width:
        alarm(seconds)
        fired = sum(1 << position for position in engine.fire(int.from_bytes(have, "little")))
        told.write(fired.to_bytes(_bytes_for(len(program.clauses)), "little"))
        told.flush()
        alarm(0)


def _bytes_for(bits: int) -> int:
    return bits // 8 + 1


def _positions(fired: int) -> list[int]:
    found = []
    while fired:
        low = fired & -fired
        found.append(low.bit_length() - 1)
        fired ^= low
    return found


_engines: weakref.WeakSet[IsolatedEngine] = weakref.WeakSet()
_children: weakref.WeakSet[_Child] = weakref.WeakSet()
"""Also those that a thread was just asking: only it knows them, and in a forked process it is no more."""


def _after_fork() -> None:
    for child in _children:
        child.end()
    for engine in _engines:
        engine.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
