"""Processes that are forked while threads evaluate: they answer, the same and in time."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from recommender import Profile, Recommender
from recommender.engine import durable_loads

if not hasattr(os, "fork"):
    pytest.skip("this platform does not fork", allow_module_level=True)

JSON = "shared.recommend(profile).to_json()"
PAGE = "report_page(case_report(shared, profile))"
CASES = {
    "plain": ({"engine": "plain"}, JSON),
    "durable": ({"engine": "durable"}, JSON),
    "isolated": ({"engine": "durable", "isolated": True}, JSON),
    "pages": ({"engine": "plain"}, PAGE),
}
ONCE = ("isolated", "pages")
"""Of the locks that an interpreter brings, an answer meets those that these would."""
PROFILE = {"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"], "markers": {"FASN": "high"}}

FORKS = """
import faulthandler, itertools, os, sys, threading, time
from recommender import Profile, Recommender
from recommender.reports.case_report import case_report
from recommender.views.pages import report_page

def answer(shared, profile):
    return {answer}

profiles = [Profile.parse({{**{profile}, "therapies": [name]}}) for name in ("sorafenib", "lenvatinib")]
expected = [answer(Recommender(**{options}), profile) for profile in profiles]
# Nothing has been asked of this one: the first forks meet threads that compute what it keeps.
shared = Recommender(**{options})
sys.setswitchinterval(1e-4)  # they meet more of the places in which a thread can be

def same(profile, expected):
    return answer(shared, profile) == expected

over = threading.Event()
wrong = []

def work():
    for pair in itertools.cycle(zip(profiles, expected)):
        if over.is_set():
            break
        if not same(*pair):
            wrong.append(pair)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
children = []
for number in range(50):
    child = os.fork()
    if not child:
        faulthandler.dump_traceback_later(90, exit=True)  # ends it, and shows where it waits
        os._exit(0 if same(profiles[number % 2], expected[number % 2]) else 3)
    children.append(child)
    time.sleep(0.01)
over.set()
for thread in threads:
    thread.join()
ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
sys.exit("threads" if wrong else f"children: {{ends}}" if any(ends) else 0)
"""


@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize(
    ("options", "answer"),
    [pytest.param(*CASES[name], marks=pytest.mark.once if name in ONCE else (), id=name) for name in CASES],
)
def test_forks_beside_threads_that_evaluate(options: dict[str, Any], answer: str) -> None:
    if options["engine"] == "durable" and not durable_loads():
        pytest.skip("durable-rules does not load on this interpreter")
    script = FORKS.format(options=options, answer=answer, profile=PROFILE)
    # A newer Python warns of forks beside threads.
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_an_answer_imports_nothing() -> None:
    """A forked process waits for ever for a module that a thread was just importing."""
    script = (
        "import sys\n"
        "from recommender import Profile, Recommender\n"
        "recommender = Recommender()\n"
        "before = set(sys.modules)\n"
        f"recommender.recommend(Profile.parse({PROFILE!r}), verify=True).to_json()\n"
        "recommender.base.corroboration, recommender.base.other_evidence\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == []


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An isolated engine that a thread is just asking."""
    if not durable_loads():
        pytest.skip("durable-rules does not load on this interpreter")
    gc.collect()  # engines of other tests, which are alive until then
    isolated: Any = import_module("recommender.engine.isolated")
    engine = isolated.IsolatedEngine(Recommender(engine="plain").base.program)
    engine.fire(0)
    asked, go_on = threading.Event(), threading.Event()
    real = isolated._Child.ask

    def slow(child: Any, have: int) -> Any:
        asked.set()
        go_on.wait()
        return real(child, have)

    monkeypatch.setattr(isolated._Child, "ask", slow)
    thread = threading.Thread(target=engine.fire, args=(0,))
    thread.start()
    asked.wait()
    yield engine
    go_on.set()
    thread.join()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_keeps_no_process_alive_that_a_thread_was_asking(held: Any) -> None:
    isolated: Any = import_module("recommender.engine.isolated")
    (child,) = [child for child in isolated._children if child.end.alive]
    if not (forked := os.fork()):
        closed = child._process.stdin.closed and child._process.stdout.closed
        os._exit(0 if closed and held._child is None else 1)
    assert os.waitpid(forked, 0)[1] == 0
    assert child._process.poll() is None, "it is not the fork's to end"


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_profile_that_is_answered_in_a_fork_of_a_fork() -> None:
    recommender = Recommender()
    profile = Profile.parse(PROFILE)
    expected = recommender.recommend(profile).to_json()
    if not (forked := os.fork()):
        if not (again := os.fork()):
            os._exit(0 if recommender.recommend(profile).to_json() == expected else 1)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(again, 0)[1]))
    assert os.waitpid(forked, 0)[1] == 0
