"""The engines under stress: `make stress`. Every answer of each engine is compared, and memory is looked at.

Random choices follow from a seed, which is printed.
"""

import argparse
import os
import platform
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from recommender import Profile, Recommender
from recommender.engine import durable_loads, make_engine
from recommender.engine.program import Program

Say = Callable[[str], None]
CASES = [
    {"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"], "markers": {"FASN": "high"}},
    {"disease": "HCC", "therapies": ["lenvatinib"], "markers": {"FGFR4": "high", "HBV": "positive"}},
    {"disease": "HCC", "therapies": ["nivolumab", "sorafenib"], "markers": {"PD-L1": "high"}},
]


def resident() -> float:
    """Resident memory of this process now, in MiB; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    pages = int(status.read_text().split()[1]) if status.exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def masks(program: Program, chance: random.Random) -> Callable[[], int]:
    """Return a function that gives sets of atoms at random, from none to nearly all."""
    bits = len(program.atoms)

    def draw() -> int:
        mask = chance.getrandbits(bits)
        for _ in range(chance.randrange(5)):
            mask &= chance.getrandbits(bits)
        return mask | (chance.getrandbits(bits) if chance.random() < 0.2 else 0)

    return draw


def evaluations(program: Program, count: int, say: Say, seed: int = 7) -> float:
    """Fire both engines on sets at random and compare; return by how many MiB the process grew."""
    draw = masks(program, random.Random(seed))
    durable, plain = make_engine(program, "durable"), make_engine(program, "plain")
    sizes = []
    start = time.perf_counter()
    for number in range(count):
        if number % max(count // 10, 1) == 0:
            sizes.append(resident())
            say(f"  {number:>9,} evaluations, {sizes[-1]:6.1f} MiB, {time.perf_counter() - start:6.1f} s")
        have = draw()
        assert durable.fire(have) == plain.fire(have), f"the engines differ on {have:#x}"
    sizes.append(resident())
    say(f"  {count:>9,} evaluations, {sizes[-1]:6.1f} MiB, {time.perf_counter() - start:6.1f} s, all equal")
    return sizes[-1] - sizes[1]


def threads(recommender: Recommender, count: int, many: int = 8) -> None:
    """Let threads share one Recommender and compare every answer."""
    profiles = [Profile.parse(case) for case in CASES]
    expected = [recommender.recommend(one, brief=True).to_json() for one in profiles]
    wrong: list[str] = []

    def work(first: int) -> None:
        for turn in range(first, first + count):
            found = recommender.recommend(profiles[turn % len(profiles)], brief=True).to_json()
            if found != expected[turn % len(profiles)]:
                wrong.append(found)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(many)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


def forks(recommender: Recommender, count: int, many: int = 4) -> None:
    """Fork with the engine built, and let every process answer the same."""
    profile = Profile.parse(CASES[0])
    expected = recommender.recommend(profile, brief=True).to_json()
    children = []
    for _ in range(many):
        child = os.fork()
        if not child:
            same = all(recommender.recommend(profile, brief=True).to_json() == expected for _ in range(count))
            os._exit(0 if same else 1)
        children.append(child)
        assert recommender.recommend(profile, brief=True).to_json() == expected
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)


INTERRUPTED = """
import random, signal
from recommender import Recommender
from recommender.engine import make_engine
from stress import masks
program = Recommender(engine="plain").base.program
engine = make_engine(program, "durable", isolated={isolated})
plain = make_engine(program, "plain")
draw = masks(program, random.Random({seed}))
engine.fire(draw())
firing, caught, answered = False, 0, 0

def interrupt(*_):
    global firing, caught
    if firing:
        firing = False
        caught += 1
        raise KeyboardInterrupt

signal.signal(signal.SIGINT, interrupt)
print("ready", flush=True)
while caught < {count}:
    have = draw()
    try:
        firing = True
        fired = engine.fire(have)
        firing = False
    except KeyboardInterrupt:
        continue
    assert fired == plain.fire(have), "another answer after an interrupt"
    answered += 1
print(caught, answered, flush=True)
"""


def interrupts(count: int, *, isolated: bool, seed: int) -> tuple[int, int]:
    """Interrupt a loop of evaluations at random moments; return how often it was, and its right answers."""
    code = INTERRUPTED.format(count=count, isolated=isolated, seed=seed)
    here = str(Path(__file__).parent)
    # A tracer holds a lock of its own, in which an interrupt would leave the child for ever.
    untraced = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
    environment = {**untraced, "PYTHONPATH": os.pathsep.join([here, *sys.path])}
    chance = random.Random(seed)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            until = time.monotonic() + 60 + count
            while process.poll() is None:
                assert time.monotonic() < until, "it hangs"
                process.send_signal(signal.SIGINT)
                # A process of its own takes a while to start anew: let it answer now and then.
                time.sleep(chance.uniform(0, chance.choice([0.02, 0.2, 1.5]) if isolated else 0.02))
        finally:
            process.kill()
        told = process.stdout.read().split()
        assert len(told) == 2, process.stderr.read().decode()
    return int(told[0]), int(told[1])


def speeds(count: int, say: Say) -> None:
    """How fast each kind of engine is, by itself and in brief answers, turn by turn in one run."""
    kinds = {
        "durable-rules in this process": Recommender(engine="durable"),
        "durable-rules isolated": Recommender(engine="durable", isolated=True),
        "plain": Recommender(engine="plain"),
    }
    draw = masks(kinds["plain"].base.program, random.Random(7))
    drawn = [draw() for _ in range(count)]
    profiles = [Profile.parse(CASES[number % len(CASES)]) for number in range(count)]

    def fire(one: Recommender) -> None:
        for have in drawn:
            one.engine.fire(have)

    def answer(one: Recommender, *, brief: bool) -> None:
        for profile in profiles:
            one.recommend(profile, brief=brief).to_json(indent=None)

    work: dict[str, Callable[[Recommender], None]] = {
        "firing the rules": fire,
        "a brief answer as JSON": lambda one: answer(one, brief=True),
        "a full answer as JSON": lambda one: answer(one, brief=False),
    }
    for what, run in work.items():
        times = dict.fromkeys(kinds, float("inf"))
        for _ in range(10):
            for name, recommender in kinds.items():
                start = time.perf_counter()
                run(recommender)
                times[name] = min(times[name], time.perf_counter() - start)
        say(f"  {what}:")
        for name, seconds in times.items():
            ratio = seconds / times["durable-rules in this process"]
            say(f"    {name:31}{seconds / count * 1e6:8.0f} µs  {ratio:5.2f}")


def main() -> None:
    """Do all of it and print what came of it; an answer that differs ends it with an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=1_000_000)
    parser.add_argument("--answers", type=int, default=2_000, help="of each thread and each fork")
    parser.add_argument("--interrupts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    if not durable_loads():
        sys.exit("durable-rules does not load on this interpreter: there is nothing to compare.")
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores, seed {asked.seed}")
    program = Recommender(engine="plain").base.program
    print("Both engines in one process:")
    grown = evaluations(program, asked.evaluations, print, asked.seed)
    print(f"  memory after the first tenth grew by {grown:.1f} MiB")
    for isolated in (False, True):
        kind = "isolated" if isolated else "in this process"
        recommender = Recommender(engine="durable", isolated=isolated)
        threads(recommender, asked.answers)
        print(f"8 threads, one Recommender, {kind}: {8 * asked.answers:,} answers equal")
        forks(recommender, asked.answers)
        print(f"4 forks, {kind}: {4 * asked.answers:,} answers equal")
        caught, answered = interrupts(asked.interrupts, isolated=isolated, seed=asked.seed)
        print(
            f"SIGINT at random moments, {kind}: {caught} interrupts, {answered:,} answers between, all right"
        )
    print("Speed, best of 10, as a ratio to the first:")
    speeds(100, print)


if __name__ == "__main__":
    main()
