"""`recommender serve` as a process: starts, answers, ends."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, ClassVar

import httpx
import pytest
import uvicorn
from support.commands import CASE, run
from support.places import EXAMPLE_PACK
from support.servers import Server, half_sent, serving, unread

from recommender import LABEL, Profile, Recommender
from recommender.web import serving as serving_module

pytestmark = pytest.mark.once


def end(server: Server, number: signal.Signals) -> tuple[int, str]:
    """The exit code and what was said on stderr after a signal to all processes, as Ctrl-C sends it."""
    os.killpg(server.process.pid, number)
    assert server.process.stderr is not None
    said = server.process.stderr.read()
    return server.process.wait(60), said


@pytest.mark.parametrize(
    ("workers", "number"),
    [("1", signal.SIGINT), ("2", signal.SIGTERM), ("1", signal.SIGHUP), ("2", signal.SIGHUP)],
)
def test_it_starts_answers_and_ends(recommender: Recommender, workers: str, number: signal.Signals) -> None:
    """One process is ended by SIGTERM, and two are by SIGINT, in others of these tests."""
    with serving("--workers", workers) as server:
        assert LABEL in server.said
        assert "not for treatment decisions" in server.said
        assert "Ctrl-C" in server.said
        answer = server.ask("POST", "/api/recommend", json=CASE)
        assert answer.text == recommender.recommend(Profile.parse(CASE)).to_json() + "\n"
        assert not {"server", "date"} & answer.headers.keys()
        server.ask("GET", "/api/rules?therapy=secret")
        server.ask("GET", "/secret")
        code, said = end(server, number)
        assert code == 0
        assert said == "Stopped.\n", "nothing of a request is logged"


def processes_of(server: Server) -> list[int]:
    """The processes that answer; another one of multiprocessing tracks what they share."""
    parent = server.process.pid
    found = []
    for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(OSError):  # it has gone meanwhile
            if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(int(one))
    return found


@pytest.mark.parametrize("again", [False, True], ids=["at first", "again"])
def test_ctrl_c_while_processes_are_started(again: bool) -> None:
    with serving("--workers", "2") as server:
        if again:
            assert server.ask("GET", "/api/version").status_code == 200
            os.kill(processes_of(server)[0], signal.SIGKILL)
        time.sleep(1)
        assert end(server, signal.SIGINT) == (0, "Stopped.\n")


@contextmanager
def at_the_start(code: str) -> Iterator[None]:
    """Let each Python that is started run code first; `IS_FIRST` is False in those that it starts."""
    said = "import sys, time\nIS_FIRST = '--multiprocessing-fork' not in sys.orig_argv\n"
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        (Path(folder) / "sitecustomize.py").write_text(said + code)
        path = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
        patch.setenv("PYTHONPATH", path)
        yield


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_and_lost_processes_are_noticed_while_others_import(number: signal.Signals) -> None:
    with at_the_start("if not IS_FIRST: time.sleep(120)"), serving("--workers", "2") as server:
        wait_until(lambda: len(processes_of(server)) == 2)
        first, lost = processes_of(server)
        os.kill(lost, signal.SIGKILL)
        wait_until(lambda: len({*processes_of(server)} - {lost}) == 2)
        assert first in processes_of(server)
        start = time.monotonic()
        assert end(server, number) == (0, "Stopped.\n")
        assert time.monotonic() - start < 20


class StandIn:
    """A process that answers for as long as `answers` holds, and lives until it is killed."""

    made: ClassVar[list["StandIn"]] = []
    exitcode = pid = None

    def __init__(self, *_: object) -> None:
        self.process = self.parent_conn = self
        self.answers = self.alive = True
        self.asked = 0
        StandIn.made.append(self)

    def start(self) -> None: ...

    def join(self) -> None:
        assert not self.alive

    def kill(self) -> None:
        self.alive = False

    def is_alive(self, timeout: float = 0) -> bool:
        return self.alive

    def send(self, _: bytes) -> None:
        self.asked += self.answers

    def poll(self) -> bool:
        return self.asked > 0

    def recv(self) -> bool:
        self.asked -= 1
        return True


def test_a_process_is_started_anew_once_it_has_been_silent_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that imports is silent, for longer than the 5 s that uvicorn grants of its own accord."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(serving_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.Process", StandIn)
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.signal.signal", lambda *_: None)
    supervisor = serving_module._Supervisor(uvicorn.Config("unused", workers=2), sockets=[])
    importing, other = StandIn.made = [StandIn(), StandIn()]
    importing.answers = False
    supervised: Any = [importing, other]
    supervisor.processes = supervised
    for clock.now in (0.0, 30.0, 59.0):
        supervisor.keep_subprocess_alive()
        assert StandIn.made == [importing, other]
    importing.answers = True
    for clock.now in (60.0, 61.0):
        supervisor.keep_subprocess_alive()
    other.answers = False
    for clock.now in (90.0, 120.0, 122.0):
        supervisor.keep_subprocess_alive()
    assert [one.alive for one in StandIn.made] == [True, False, True]
    remaining: set[Any] = {*supervisor.processes}
    assert remaining == {importing, StandIn.made[2]}


def test_it_ends_though_clients_keep_it_waiting() -> None:
    with (
        serving("--workers", "1") as server,
        unread(server.port),
        unread(server.port),
        half_sent(server.port),
    ):
        time.sleep(1)
        code, said = end(server, signal.SIGTERM)
        assert (code, said) == (0, "Stopped.\n")


def test_more_clients_than_files() -> None:
    """With 64 files a process has 32 connections; none of the clients reads."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    try:
        with serving("--workers", "1") as server, ExitStack() as stack:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            server.ask("GET", "/api/version")
            for _ in range(64):
                with suppress(ConnectionError):  # dropped before it has asked
                    stack.enter_context(unread(server.port))
            time.sleep(1.5)
            for _ in range(3):
                start = time.monotonic()
                assert server.ask("GET", "/api/version").status_code == 200
                assert time.monotonic() - start < 5
            assert end(server, signal.SIGTERM)[1] == "Stopped.\n"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_nohup_is_obeyed() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with serving("--workers", "2") as server:
            assert server.ask("GET", "/api/version").status_code == 200
            os.killpg(server.process.pid, signal.SIGHUP)
            time.sleep(1)
            assert server.ask("GET", "/api/version").status_code == 200
            assert end(server, signal.SIGTERM)[1] == "Stopped.\n"
    finally:
        signal.signal(signal.SIGHUP, before)


def can_be_reached(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("answers", [True, False], ids=["answering", "starting"])
def test_no_process_is_left_when_the_first_is_killed(answers: bool) -> None:
    with serving("--workers", "2") as server:
        try:
            if answers:
                assert server.ask("GET", "/api/version").status_code == 200
            server.process.kill()
            until = time.monotonic() + 30
            while can_be_reached(server.port) and time.monotonic() < until:
                time.sleep(0.1)
            assert not can_be_reached(server.port)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_all_processes_answer_from_the_rules_that_were_read(workers: str, tmp_path: Path) -> None:
    """They come up after the files were changed; and many that ask at once get their own answers."""
    for file in EXAMPLE_PACK.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    recommender = Recommender(engine="plain", rules=[tmp_path])
    cases = [{**CASE, "id": f"case-{number}"} for number in range(40)]
    expected = [recommender.recommend(Profile.parse(case)).to_json() + "\n" for case in cases]
    with serving("--workers", workers, "--rules", str(tmp_path)) as server:
        for file in tmp_path.iterdir():
            file.write_text("rules: 3")
        with ThreadPoolExecutor(10) as pool:
            found = list(pool.map(lambda case: server.ask("POST", "/api/recommend", json=case), cases))
        shown = {answer.headers["x-rule-base"] for answer in found}
        assert len(shown) == 1
        assert shown.pop().endswith(f" sha256:{recommender.base.packs[0].sha256}")
        assert [answer.text for answer in found] == expected
        assert any(row["pack"] for row in server.ask("GET", "/api/rules").json()["rows"])
        assert end(server, signal.SIGINT) == (0, "Stopped.\n")


def test_bodies_that_are_too_large_and_requests_that_say_nothing_true() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    with serving("--workers", "1", "--allow-host", "lab.example") as server:
        headers = {"content-type": "application/json"}
        with suppress(httpx.TransportError):  # it may be refused before the sender begins to listen
            assert server.ask("POST", "/api/recommend", content=pieces(), headers=headers).status_code == 413
        assert server.ask("GET", "/api/version", headers={"host": "lab.example"}).status_code == 200
        assert server.ask("GET", "/api/version", headers={"host": "evil.example"}).status_code == 421
        assert end(server, signal.SIGINT)[1] == "Stopped.\n"


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
        assert done.returncode == 2
        assert b"in use" in done.stderr
        assert b"--port" in done.stderr
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["a" * 300, "192.0.2.1", "\u202e"])
def test_a_bad_host(host: str) -> None:
    done = run("serve", "--host", host, "--port", "0")
    assert done.returncode == 2
    assert b"cannot listen" in done.stderr
    assert b"Traceback" not in done.stderr


def test_bad_rules_are_told_before_anything_is_served(tmp_path: Any) -> None:
    (tmp_path / "x.yaml").write_text("rules: 3")
    done = run("serve", "--port", "0", "--rules", tmp_path)
    assert done.returncode == 3
    assert b"Answers at" not in done.stderr


def test_other_machines_are_warned_of() -> None:
    with serving("--workers", "1", "--host", "0.0.0.0") as server:
        assert "WARNING: other machines" in server.said


def test_no_other_command_waits_for_the_web() -> None:
    code = (
        "import atexit, sys, json\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "sys.argv = ['recommender', 'doctor']\n"
        "from recommender.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    modules = set(json.loads(done.stderr.splitlines()[-1]))
    assert "recommender.doctor" in modules
    assert not modules & {"fastapi", "starlette", "uvicorn", "recommender.web"}


def test_answers_are_sent_at_once() -> None:
    config = uvicorn.Config("unused", port=0)
    with serving_module._bound(config, serving_module.Serving(port=0)) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
