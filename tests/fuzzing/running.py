"""Runs entrances in processes of their own: for a time or a number of inputs, with what is found kept."""

import logging
import multiprocessing
import pickle
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from .entrances import Entrance
from .files import Maf, Packet, Sheet, Study
from .kept import Caches, Resumed
from .markup import Packs
from .outer import Arguments, Web
from .packs import Rules, Tours
from .profiles import Cohort, JsonProfile, Stream, YamlProfile

ENTRANCES: dict[str, type[Entrance]] = {
    one.name: one
    for one in (
        JsonProfile,
        YamlProfile,
        Rules,
        Study,
        Maf,
        Packet,
        Sheet,
        Arguments,
        Web,
        Stream,
        Cohort,
        Tours,
        Packs,
        Caches,
        Resumed,
    )
}
SLOWEST = 2.0
"""Seconds of computing that one input may take."""
HANGS = 60.0
"""Seconds after which an input is taken to hang."""
MAX_GROWTH = 64.0
"""MiB by which memory may grow after the first quarter of the inputs of a process."""


@dataclass
class Tally:
    """What came of the inputs of one entrance."""

    name: str
    inputs: int = 0
    answers: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    growth: float = 0.0
    findings: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what another process counted for the same entrance."""
        self.inputs += other.inputs
        self.answers += other.answers
        self.refused += other.refused
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.growth = max(self.growth, other.growth)
        self.findings += other.findings


def made(name: str, seed: int, entrance: Entrance) -> Any:
    """Return the input of an entrance for a seed."""
    return entrance.make(Random(f"{name} {seed}"))


def run(
    name: str, seed: int, folder: Path, *, seconds: float, inputs: int | None, step: int = 1, at: Any = None
) -> Tally:
    """Try the inputs from a seed on, each `step`th, until time or number is up."""
    log = logging.getLogger("recommender")
    level = log.level
    tally = Tally(name)
    memory = Path("/dev/shm")  # a file system without a disk, where there is one
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch,
        ExitStack() as stack,
    ):
        entrance = ENTRANCES[name](Path(scratch))
        stack.callback(entrance.close)
        stack.callback(log.setLevel, level)
        log.setLevel(logging.CRITICAL)  # failures are told by their status
        begin = time.perf_counter()
        settled: float | None = None
        seen: set[str] = set()
        while (tally.inputs < inputs) if inputs is not None else (time.perf_counter() - begin < seconds):
            if at is not None:
                at.value = seed
            given = made(name, seed, entrance)
            start = time.process_time()
            try:
                answered = entrance.outcome(given)
                what = ""
            except Exception as error:  # noqa: BLE001 - any is a finding
                answered, what = False, _told(error)
            spent = time.process_time() - start
            if not what and spent > SLOWEST:
                what = f"it took {spent:.1f} s"
            tally.inputs += 1
            tally.answers += answered
            tally.refused += not answered
            tally.slowest = max(tally.slowest, spent)
            if what and (kind := what.partition(":")[0]) not in seen:
                seen.add(kind)
                tally.findings.append(_kept(folder, name, seed, given, what))
            seed += step
            share = tally.inputs / inputs if inputs else (time.perf_counter() - begin) / max(seconds, 0.1)
            if settled is None and share > 0.25:
                settled = _memory()
        tally.growth = _memory() - (settled or _memory())
        tally.seconds = time.perf_counter() - begin
    if tally.growth > MAX_GROWTH:
        tally.findings.append(f"{name}: memory grew by {tally.growth:.0f} MiB over {tally.inputs:,} inputs")
    return tally


def _told(error: Exception) -> str:
    """The kind of an error and where it was raised, and its text."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "/recommender/" in one.filename] or frames
    place = f"{Path(ours[-1].filename).name} {ours[-1].name}" if ours else ""
    law = str(error).partition(":")[0] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {law} in {place}: {error!s:.300}"


def _kept(folder: Path, name: str, seed: int, given: Any, what: str) -> str:
    """Keep an input in a file, and return what is to be told of it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{seed}"
    file.with_suffix(".pickle").write_bytes(pickle.dumps(given))
    text = f"{name}: {what}\n    make fuzz ENTRANCE={name} SEED={seed} INPUTS=1"
    file.with_suffix(".txt").write_text(f"{text}\n\n{given!r}\n", "utf-8", "backslashreplace")
    return text


def _memory() -> float:
    """MiB that this process holds, or 0 where the system does not say it."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else 0.0


def _process(answer: Connection, at: Any, name: str, seed: int, folder: Path, more: dict[str, Any]) -> None:
    answer.send(run(name, seed, folder, at=at, **more))


def run_all(
    names: Sequence[str], seed: int, folder: Path, *, seconds: float, inputs: int | None, cores: int
) -> list[Tally]:
    """Run entrances at once on so many cores, each for its part of the time; a process for each and core."""
    context = multiprocessing.get_context("spawn")
    whole = sum(ENTRANCES[name].share for name in names)
    waiting = deque((name, lane) for name in names for lane in range(1 if inputs else cores))
    running: list[tuple[Any, Connection, Any, str, list[Any]]] = []
    found = {name: Tally(name) for name in names}
    while waiting or running:
        while waiting and len(running) < cores:
            name, lane = waiting.popleft()
            receive, send = context.Pipe(duplex=False)
            at = context.Value("q", -1, lock=False)
            more = {
                "seconds": seconds * ENTRANCES[name].share / whole,
                "inputs": inputs,
                "step": 1 if inputs else cores,
            }
            one = context.Process(
                target=_process, args=(send, at, name, seed + lane, folder, more), daemon=True
            )
            one.start()
            send.close()
            running.append((one, receive, at, name, [-1, time.monotonic()]))
        for entry in list(running):
            one, receive, at, name, last = entry
            if receive.poll(0.05):
                try:
                    found[name].add(receive.recv())
                except EOFError:
                    one.join()
                    what = f"{name}: the process ended with {one.exitcode} at SEED={at.value}"
                    found[name].findings.append(what)
            elif last[0] != at.value:
                last[:] = [at.value, time.monotonic()]
                continue
            elif time.monotonic() - last[1] > HANGS:
                one.kill()
                found[name].findings.append(f"{name}: it hangs at SEED={at.value}")
            else:
                continue
            one.join()
            running.remove(entry)
    return list(found.values())


def table(tallies: Sequence[Tally]) -> str:
    """Return what was counted as a table."""
    head = f"{'entrance':14}{'inputs':>12}{'inputs/s':>10}{'refused':>12}{'answers':>12}"
    lines = [f"{head}{'slowest ms':>12}{'growth MiB':>12}{'findings':>10}"]
    whole = Tally("all")
    for one in tallies:
        whole.add(one)
        lines.append(_row(one))
    return "\n".join([*lines, _row(whole)])


def _row(one: Tally) -> str:
    rate = one.inputs / one.seconds if one.seconds else 0
    return (
        f"{one.name:14}{one.inputs:12,}{rate:10,.0f}{one.refused:12,}{one.answers:12,}"
        f"{one.slowest * 1000:12,.0f}{one.growth:12.1f}{len(one.findings):10}"
    )
