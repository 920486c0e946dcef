"""The server: one process or several on one port, until Ctrl-C."""

import gc
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection as Pipe
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SO_SNDBUF, SOL_SOCKET, TCP_NODELAY, socket
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from .._errors import InputError, Problem, RecommenderError
from .._label import LABEL
from .._text import shortened
from ..knowledge.base import KnowledgeBase
from ..recommender import Recommender
from .app import create_app
from .connections import Connection, most_at_once
from .safety import name_in

MAX_WORKERS = 4
"""By default; more can be requested."""

MAX_SILENCE = 60
"""Seconds without a sign of life after which a process is started anew. One that is importing gives none, and
on a busy machine that takes longer than the 5 s that are usual."""

SEND_BUFFER = 64 * 1024
"""Bytes that the system keeps of what was sent on a connection; Linux doubles it."""


class Serving(NamedTuple):
    """Where to listen, to which further names to answer, and which rules are laid over the shipped ones."""

    host: str = "127.0.0.1"
    port: int = 8765
    allow_host: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def run_server(serving: Serving, tell: Callable[[str], None], *, workers: int | None = None) -> None:
    """Serve until stopped by SIGINT, SIGTERM or SIGHUP: each is a usual end. `tell` takes lines for the user.

    The rules are read here, and once: all processes answer from the same, also one that is started again
    after the files were changed. Raises InputError where the address cannot be listened on; RuleBaseError.
    """
    workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
    base = Recommender(rules=serving.rules, engine="plain").base
    hosts = (serving.host, *serving.allow_host)
    config = uvicorn.Config(
        partial(application, base, hosts),
        factory=True,
        host=serving.host.strip("[]"),
        port=serving.port,
        workers=workers,
        ws="none",
        http=Connection,
        lifespan="off",
        # The address of a request may hold a query, and a query a profile: requests are not logged.
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=most_at_once(),
        timeout_graceful_shutdown=2,
    )
    started = True
    with _bound(config, serving) as listening, suppress(KeyboardInterrupt, SystemExit):
        _tell_where(serving, listening.getsockname()[1], tell)
        if workers > 1:
            rules: Any = _HandedOver(base)
            config.app = partial(application, rules, hosts)
            supervisor = _Supervisor(config, sockets=[listening])
            supervisor.run()
            started = not any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
        else:
            server = uvicorn.Server(config)
            try:
                server.run(sockets=[listening])
            finally:
                started = server.started or server.should_exit
    if not started:
        raise RecommenderError("The server could not start.")
    tell("Stopped.")


class _Supervisor(Multiprocess):
    """The process that starts the others, and starts those again that were lost."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket]) -> None:
        ignored = _hangup_is_ignored()
        super().__init__(config, sockets=sockets)
        self._heard: dict[Process, float] = {}
        """When each process last gave a sign of life, or was first asked for one."""
        if ignored:  # by nohup
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def init_processes(self) -> None:
        """Start the processes, and before them the one that tracks for multiprocessing what they share.

        Else that one would start with the first of them, hear a hangup of the terminal, and be missed.
        """
        if hasattr(signal, "SIGHUP"):
            with _withheld(signal.SIGHUP):
                resource_tracker.ensure_running()
        with _withheld(signal.SIGINT):
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Start those again that have ended, or have been silent for too long.

        Of uvicorn's own accord this waits for an answer of each in turn, deaf to signals and to the ends of
        the others. Here each is asked again at every turn, and its answers are read at the next one.
        """
        now = time.monotonic()
        self._heard = {
            process: now if _has_answered(process) else self._heard.get(process, now)
            for process in self.processes
        }
        for process, heard in self._heard.items():
            if now - heard > MAX_SILENCE:
                process.process.kill()
                process.process.join()
        ended = [process for process in self.processes if not process.process.is_alive()]
        if ended:
            running = [process for process in self.processes if process not in ended]
            self.processes = ended
            with _withheld(signal.SIGINT):
                super().keep_subprocess_alive()
            self.processes += running

    def handle_hup(self) -> None:
        """End: the terminal has gone. Starting the processes again would change nothing that they answer."""
        self.handle_term()


def _has_answered(process: Process) -> bool:
    """Return True where a process has answered since it was last asked; ask it again."""
    process.parent_conn.send(b"ping")
    answered = False
    while process.parent_conn.poll():
        process.parent_conn.recv()
        answered = True
    return answered


class _HandedOver:
    """Stands for a rule base in the arguments of a process, where the rule base takes its place.

    Arguments go through a pipe that holds less than a rule base. Where a process ends before it has read
    them, multiprocessing waits for ever to write the rest; here only a thread does.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._data = pickle.dumps(base)

    def __reduce__(self) -> tuple[Callable[[Pipe], KnowledgeBase], tuple[Pipe]]:
        """Open a pipe through which another process gets the rule base."""
        theirs, ours = multiprocessing.Pipe()
        threading.Thread(target=self._send, args=(theirs, ours), daemon=True).start()
        return _taken_over, (theirs,)

    def _send(self, theirs: Pipe, ours: Pipe) -> None:
        with theirs, ours, suppress(OSError, EOFError):
            ours.send_bytes(self._data)
            ours.recv_bytes()  # theirs must stay open here until the process has it too


def _taken_over(sent: Pipe) -> KnowledgeBase:
    with sent:
        base: KnowledgeBase = pickle.loads(sent.recv_bytes())  # noqa: S301 - from the process that started this
        sent.send_bytes(b"taken")
    return base


def application(base: KnowledgeBase, hosts: tuple[str, ...]) -> FastAPI:
    """Return the application that this process serves with a rule base, to names of loopback and to `hosts`.

    The engine is the plain one: durable-rules is C code that can end the process, and with it the answers
    to everybody else.
    """
    app = create_app(Recommender(base=base, engine="plain"), hosts=hosts)
    if hasattr(signal, "SIGHUP") and not _hangup_is_ignored():
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    if multiprocessing.parent_process():
        threading.Thread(target=_end_with_parent, daemon=True).start()
    # What has been made by now stays: the collector need not look through it at every turn.
    gc.set_threshold(100_000, 50, 50)
    gc.collect()
    gc.freeze()
    return app


@contextmanager
def _withheld(number: signal.Signals) -> Iterator[None]:
    """Let a signal wait. The processes that are started meanwhile never hear it: the first one ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hangup_is_ignored() -> bool:
    return hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def _end_with_parent() -> None:
    """Wait until the process that started this one has gone, however it ended, and end as on SIGTERM."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    signal.raise_signal(signal.SIGTERM)


def _bound(config: uvicorn.Config, serving: Serving) -> socket:
    """The socket of the address. What connects from now on waits until the first process is ready."""
    listening = socket(AF_INET6 if ":" in config.host else AF_INET)
    try:
        listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind((config.host, config.port))
        listening.set_inheritable(True)
        # asyncio does so only for sockets that it makes itself. Without, each answer on a kept connection
        # waits for the client's system to confirm its head.
        listening.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        # The system would hold megabytes for a client that does not read, and say little of what it takes.
        listening.setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER)
        listening.listen(config.backlog)
    except (OSError, TypeError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or "it is not an address"
        what = f"cannot listen on {shortened(serving.host)}, port {serving.port}: {reason}."
        raise InputError(
            [Problem("", what, "Is it served already? Give another `port=` or `host=`.")]
        ) from None
    return listening


def _tell_where(serving: Serving, port: int, tell: Callable[[str], None]) -> None:
    if not _is_loopback(serving.host):
        tell(
            "WARNING: other machines can reach this server. It requires no password and does not encrypt: "
            "whoever reaches it can ask it, and whoever is between can read the profiles. "
            "It answers only to the names of `host=` and `allow_host=`."
        )
    tell(f"{LABEL}, not for treatment decisions.")
    tell(f"Answers at http://{name_in(serving.host)}:{port}/ (API: /openapi.json). Stop with Ctrl-C.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
