"""durable-rules in a process of its own: the same answers, and its end is the end of nothing else."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.commands import run
from support.copies import COPIES
from support.generators import DERIVED, MEASURED

from recommender import DifferenceError, Profile, Recommender
from recommender._errors import EngineLost
from recommender.engine import EngineName, durable_loads, make_engine
from recommender.engine.program import CompiledRule, compile_rules
from recommender.intake.lines import lines
from recommender.options import Options
from recommender.replay import replay
from recommender.streaming import answers

if not durable_loads():
    pytest.skip("durable-rules does not load on this interpreter", allow_module_level=True)

from recommender.engine import isolated

CASE = {"id": "a", "disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
PROFILE = Profile.parse(CASE)
ENGINES: list[EngineName] = ["durable", "plain"]
PROGRAM = compile_rules(
    [
        CompiledRule("r", (frozenset([MEASURED[0]]),), DERIVED[0]),
        CompiledRule("s", (frozenset([DERIVED[0], MEASURED[1]]),)),
    ]
)
BOTH = PROGRAM.mask(MEASURED[:2])


def child_of(engine: Any) -> int:
    """The process that answers for an engine."""
    return int(engine._child._process.pid)


def gone(process: int) -> bool:
    """Whether a process ends within a few seconds, or is a zombie that nobody has collected."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_it_answers_as_in_process(recommender: Recommender) -> None:
    program = recommender.base.program
    engine, other = isolated.IsolatedEngine(program), make_engine(program, "durable")
    full = (1 << len(program.atoms)) - 1
    for have in (0, 1, full, full // 3, full // 5, full // 7):
        assert engine.fire(have) == other.fire(have)
    assert (engine.name, engine.version) == (other.name, other.version)


def test_it_writes_no_bytecode() -> None:
    """On a full disk a Python can keep half a module, which then ends every process that imports it."""
    engine = isolated.IsolatedEngine(PROGRAM)
    engine.fire(BOTH)
    process: Any = engine._child
    assert "-B" in process._process.args


def test_a_stream_is_byte_for_byte_what_the_library_answers() -> None:
    done = run("recommend", "-", "--format", "ndjson", stdin=json.dumps(CASE))
    assert done.stdout.decode() == Recommender().recommend(PROFILE).to_json(indent=None) + "\n"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_an_end_costs_no_answer_and_is_told(number: int) -> None:
    recommender = Recommender(engine="durable", isolated=True)
    usual = recommender.recommend(PROFILE)
    assert (usual.engine.name, usual.notices) == ("durable-rules", ())
    os.kill(child_of(recommender.engine), number)
    plain = recommender.recommend(PROFILE)
    assert plain.engine.name == "plain"
    (notice,) = plain.notices
    assert notice.code == "ENGINE_REPLACED"
    assert signal.Signals(number).name in notice.message
    assert recommender.recommend(PROFILE).to_json() == usual.to_json()
    assert replay(plain.to_dict(), PROFILE, recommender) == []


def test_after_some_losses_it_is_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_START", "import os; os.abort() # {seconds} {path}")
    recommender = Recommender(engine="durable", isolated=True)
    given = lines(io.BytesIO((json.dumps(CASE) + "\n").encode() * 6))
    found = [answer.result for answer in answers(recommender, given, Options())]
    assert all(result and result.engine.name == "plain" for result in found)
    told = [result.notices[0].message for result in found if result]
    assert all("ended with SIGABRT" in text for text in told[: isolated.MAX_LOSSES])
    assert all("not started again" in text for text in told[isolated.MAX_LOSSES :])


CRASH = """
import json, durable_rules_engine as dre
rules = {{f"r{{n}}": {{"all": [{{"m": {{"x": "y"}}}}]}} for n in range(256)}}
handle = dre.create_ruleset("rules", json.dumps(rules))
dre.assert_fact(handle, '{{"id":"1","sid":"s","x":"y"}}')
"""


def test_a_crash_of_the_library_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """256 rules that share one pattern, which our limits keep away from it, end the process."""
    monkeypatch.setattr(isolated, "_START", isolated._START.replace("answer({seconds})", CRASH))
    recommender = Recommender(engine="durable", isolated=True)
    result = recommender.recommend(PROFILE)
    # It writes past its memory: whether a signal or the end of the script follows depends on the interpreter.
    assert "durable-rules ended with " in result.notices[0].message
    assert result.recommendations


@pytest.mark.parametrize(
    "hang", ["import time; time.sleep(60)", pytest.param("while True: pass", marks=pytest.mark.once)]
)
def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, hang: str) -> None:
    monkeypatch.setattr(isolated, "_START", isolated._START.replace("answer({seconds})", hang))
    engine = isolated.IsolatedEngine(PROGRAM, seconds=1)
    with pytest.raises(EngineLost, match="did not answer in time"):
        engine.fire(BOTH)


def test_without_an_interpreter_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(EngineLost, match="could not be started: No such file"):
        isolated.IsolatedEngine(PROGRAM).fire(BOTH)


def test_what_cannot_be_compared_is_not_called_verified() -> None:
    for name in ENGINES:
        recommender = Recommender(engine=name, isolated=True)
        recommender.recommend(PROFILE, verify=True)
        engine = recommender.engine if name == "durable" else recommender._other_engine
        os.kill(child_of(engine), signal.SIGKILL)
        with pytest.raises(DifferenceError, match="cannot be compared: durable-rules ended with SIGKILL"):
            recommender.recommend(PROFILE, verify=True)
        recommender.recommend(PROFILE, verify=True)


@pytest.mark.parametrize("question", [Recommender.fired, Recommender.next_tests])
def test_other_questions_are_answered_by_the_plain_engine_too(
    question: Callable[[Recommender, Profile], Any],
) -> None:
    recommender = Recommender(engine="durable", isolated=True)
    usual = question(recommender, PROFILE)
    assert usual
    os.kill(child_of(recommender.engine), signal.SIGKILL)
    assert question(recommender, PROFILE) == usual
    assert recommender.recommend(PROFILE).engine.name == "durable-rules", "it was started again"


@pytest.mark.parametrize("name", ["send", "ask"])
def test_an_interrupted_answer_is_not_taken_for_the_next(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    engine = isolated.IsolatedEngine(PROGRAM)
    assert engine.fire(BOTH) == [0, 1]
    process = child_of(engine)
    real: Callable[..., Any] = getattr(isolated._Child, name)

    def interrupted(*arguments: Any) -> None:
        real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(isolated._Child, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.fire(BOTH)
    monkeypatch.undo()
    assert engine.fire(0) == []
    assert gone(process)
    assert engine._losses == 0


# A test worker has a thread for its messages, which a newer Python warns of when forking.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_has_a_process_of_its_own() -> None:
    engine = isolated.IsolatedEngine(PROGRAM)
    assert engine.fire(BOTH) == [0, 1]
    process = child_of(engine)
    if not (forked := os.fork()):
        same = engine.fire(BOTH) == [0, 1] and child_of(engine) != process
        os._exit(0 if same else 1)
    assert os.waitpid(forked, 0)[1] == 0
    assert (engine.fire(BOTH), child_of(engine)) == ([0, 1], process)


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_has_a_process_of_its_own(copied: Callable[[Any], Any]) -> None:
    engine = isolated.IsolatedEngine(PROGRAM, seconds=9)
    assert engine.fire(BOTH) == [0, 1]
    other = copied(engine)
    assert (other.fire(BOTH), other._seconds) == ([0, 1], 9)
    process = child_of(other)
    assert process != child_of(engine)
    del other
    assert gone(process)
    assert engine.fire(BOTH) == [0, 1]


def test_nothing_is_left_when_the_engine_is_dropped() -> None:
    engine = isolated.IsolatedEngine(PROGRAM)
    engine.fire(BOTH)
    process = child_of(engine)
    del engine
    assert gone(process)


ASKS = (
    "import os, signal, sys, time\n"
    "from recommender import Profile, Recommender\n"
    "r = Recommender(engine='durable', isolated=True)\n"
    "r.recommend(Profile.parse({'disease': 'HCC', 'therapies': ['sorafenib']}), brief=True)\n"
    "print(r.engine._child._process.pid, flush=True)\n"
)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("raise KeyboardInterrupt", -signal.SIGINT),
        # What is left after these is a matter of the system.
        pytest.param("os._exit(4)", 4, marks=pytest.mark.once),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, marks=pytest.mark.once),
        pytest.param("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, marks=pytest.mark.once),
    ],
)
def test_nobody_is_left_behind(end: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", ASKS + end], capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert gone(int(done.stdout))


def test_ctrl_c_at_a_terminal_ends_a_stream_once_and_cleanly() -> None:
    """A terminal sends SIGINT to the whole group."""
    command = [sys.executable, "-m", "recommender", "recommend", "-", "--format", "ndjson", "--brief"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(CASE).encode() + b"\n")
        process.stdin.flush()
        assert b"durable-rules" in process.stdout.readline()
        time.sleep(0.5)  # it has answered, and then waits for the next line
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
        assert b"Traceback" not in process.stderr.read()
