"""A long stream, answered by several processes: in order, in bounded memory, and although some are lost.

The first lines are answered in our own process: a short stream does not wait for others to start. From then
on a thread reads ahead. What it has read when a process is free goes to it as one piece, so a program that
waits for an answer before it writes the next line gets it. A process that ends loses nothing: what it was
answering is answered again by another one.
"""

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, resource_tracker
from pathlib import Path
from typing import Literal, NamedTuple

from .._errors import RecommenderError
from .._text import counted
from ..engine import EngineName
from ..options import Options
from ..recommender import Recommender
from ..streaming import Answer, Item, answered
from ..views.logs import log_line
from ..views.stream import writer
from . import exit_code

MIN_LINES = 256
"""Lines that are answered before other processes are started: about as long as that takes."""
MAX_LINES = 32
"""Lines that go to a process at once: enough that passing them on costs little."""
MAX_BYTES = 1024 * 1024
"""Bytes that are read ahead, the last line apart."""
MAX_ENDS = 3
"""After so many losses without an answer in between the stream ends with an error."""


class Setup(NamedTuple):
    """How the lines of a stream are answered, and written."""

    rules: Sequence[Path]
    engine: EngineName | None
    options: Options
    output_format: Literal["ndjson", "csv"]
    weights: Path | None = None
    logged: bool = False
    """True where each answer has a line in a log."""

    def recommender(self) -> Recommender:
        """Return what answers. Raises RuleBaseError, EngineError."""
        return Recommender(rules=self.rules, engine=self.engine, isolated=True, weights=self.weights)


class Written(NamedTuple):
    """An answer as it is written: to stdout or a file, to stderr, to the log, and with what exit code."""

    text: str
    told: tuple[str, ...]
    code: int
    log: str = ""
    """Its line in the log, where there is one."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def answers_written(
    setup: Setup, given: Iterable[Item | Answer], jobs: int
) -> Generator[Written, None, None]:
    """Return the answers as they are written, in the order of what is given, answered by so many processes.

    Raises RuleBaseError, EngineError; RecommenderError where processes are lost again and again.
    """
    return _answers_written(setup, setup.recommender(), iter(given), jobs)


def _answers_written(
    setup: Setup, recommender: Recommender, given: Iterator[Item | Answer], jobs: int
) -> Generator[Written, None, None]:
    ours = given if jobs == 1 else itertools.islice(given, MIN_LINES)
    yield from _written(setup, recommender, ours)
    if jobs > 1:
        del recommender  # and with it the process of its engine
        for first in given:
            yield from _in_processes(setup, itertools.chain([first], given), jobs)


def _written(setup: Setup, recommender: Recommender, given: Iterable[Item | Answer]) -> Iterator[Written]:
    text: list[str] = []
    told: list[str] = []
    put = writer(setup.output_format, text.append, told.append, header=False)
    for answer in answered(recommender, given, setup.options):
        put(answer)
        code = exit_code(answer.error) if answer.error else 0
        log = log_line(answer, recommender.rule_base) if setup.logged else ""
        yield Written("".join(text), tuple(told), code, log)
        text.clear()
        told.clear()


class _Piece:
    """Lines that are answered together, and the answers to come."""

    def __init__(self, items: list[Item | Answer]) -> None:
        self.items = items
        self.answers: Future[list[Written]] | None = None


def _in_processes(setup: Setup, given: Iterator[Item | Answer], jobs: int) -> Iterator[Written]:
    ahead = _Ahead(given)
    pieces: deque[_Piece] = deque()
    losses = 0
    pool = _pool(setup, jobs)
    try:
        while True:
            while len(pieces) < 2 * jobs and (items := ahead.take(wait=not pieces)):
                pieces.append(_Piece(items))
            if not pieces:
                return
            try:
                for piece in pieces:
                    if piece.answers is None:
                        piece.answers = _submitted(pool, piece.items)
                assert pieces[0].answers is not None
                found = pieces[0].answers.result()
            except BrokenProcessPool:
                pool.shutdown()
                losses += 1
                if losses == MAX_ENDS:
                    raise _lost(pieces[0]) from None
                for piece in pieces:
                    if piece.answers and (not piece.answers.done() or piece.answers.exception()):
                        piece.answers = None
                pool = _pool(setup, jobs)
            else:
                losses = 0
                pieces.popleft()
                yield from found
    finally:
        ahead.close()
        pool.shutdown(cancel_futures=True)


def _lost(piece: _Piece) -> RecommenderError:
    first, last = piece.items[0], piece.items[-1]
    where = f"{first.file}: " if first.file else ""
    lines = f"line {first.line}" if first is last else f"lines {first.line} to {last.line}"
    what = f"the process that answers was lost {counted(MAX_ENDS, 'time')}"
    return RecommenderError(f"{where}{what} at {lines}. Was there enough memory?")


class _Ahead:
    """What is read ahead, by a thread of its own, no more than `MAX_BYTES`."""

    def __init__(self, given: Iterator[Item | Answer]) -> None:
        self._given = given
        self._items: deque[Item | Answer] = deque()
        self._size = 0
        self._ended = self._closed = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        # Where nothing more comes, as from a terminal, it waits for ever, and nobody waits for it.
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for item in self._given:
                with self._changed:
                    self._changed.wait_for(lambda: self._size < MAX_BYTES or self._closed)
                    if self._closed:
                        return
                    self._items.append(item)
                    self._size += _size(item)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - raised again by `take`
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def take(self, *, wait: bool) -> list[Item | Answer]:
        """Return what has been read, as much as goes to a process at once; empty at the end.

        With `wait` something is waited for, and what kept the rest from being read is raised.
        """
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._items or self._ended)
            found: list[Item | Answer] = []
            while self._items and len(found) < MAX_LINES:
                found.append(self._items.popleft())
                self._size -= _size(found[-1])
            self._changed.notify_all()
        if wait and not found and self._error is not None:
            raise self._error
        return found

    def close(self) -> None:
        """Read no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout=0.2)


def _size(item: Item | Answer) -> int:
    return len(item.data) if isinstance(item, Item) else 0


def _pool(setup: Setup, jobs: int) -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(setup,))


def _submitted(pool: ProcessPoolExecutor, items: list[Item | Answer]) -> "Future[list[Written]]":
    """Hand items to a process, which may be started for them. It hears no Ctrl-C: that is for us."""
    resource_tracker.ensure_running()  # it would hear it, were it started below
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_answer, items)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_answer, items)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_ours: list[tuple[Setup, Recommender]] = []
"""In a process that answers: how, and by what."""


def _begin(setup: Setup) -> None:
    """Set up a process that answers."""
    from .startup import prepare

    prepare()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _ours.append((setup, setup.recommender()))


def _end_with_parent() -> None:
    """Wait until the process that started this one has gone, however it ended, and end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            connection.wait([parent.sentinel])
        os._exit(1)


def _answer(items: list[Item | Answer]) -> list[Written]:
    setup, recommender = _ours[0]
    return list(_written(setup, recommender, items))
