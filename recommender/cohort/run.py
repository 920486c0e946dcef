"""A cohort from its source to its ranked table, on all cores, in bounded memory."""

import json
import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Self, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa

from .._errors import InputError, Problem
from .._files import refuse_input, replacing, told
from .._label import DISCLAIMER, LABEL
from .._text import shortened
from ..importing.table import ID_AGAIN
from ..knowledge.base import KnowledgeBase
from ..options import Options
from .coded import LateCodes, Watch, coded_columns
from .encoding import Encoded, Encoder
from .plan import Plan
from .ranked import BatchRanker
from .resuming import Records
from .seen import Keys, Seen, with_id
from .sinks import writing
from .sources import REJECTS, ROWS_OF, Batch, Part, Read, batches
from .tally import Tally

DONE = "_SUCCESS"
"""The file that a folder of parts has when all of it is written."""
BEGUN = "_cohort.json"
"""The file that a folder of parts has from the beginning."""

_Made = TypeVar("_Made")


class _Ranked(NamedTuple):
    """What became of a batch, before it is known which of its ids were there before."""

    rows: pa.RecordBatch
    encoded: Encoded
    rejects: dict[int, tuple[str, str]]
    """By its place in the batch or its line: the id of a profile that cannot be used, and why."""
    unread: int
    """How many lines or rows are not among those that were encoded."""
    numbers: list[int] | range
    """The place or line of each profile that was encoded."""
    named: Keys
    """Which of these have an id."""
    keys: Keys
    """A number for the id of each of those."""


def rank_file(
    parts: list[Part],
    output: Path,
    base: KnowledgeBase,
    options: Options,
    therapies: tuple[str, ...] = (),
    *,
    step: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Rank all parts into one file; rows that cannot be used go to a file next to it.

    `therapies` are added to every profile. Raises InputError.
    """
    for written in (output, rejects_beside(output)):
        refuse_input(written, [part.path for part in parts])
    ranked = partial(_rank_file, parts, output, base, options, therapies, step)
    if not output.exists() or output.is_file():  # what is written to a device stays written
        with suppress(LateCodes):
            return ranked(Watch(base).batches)
    coded = coded_columns(parts, base)
    return ranked(lambda part: batches(part, base, coded))


def _rank_file(
    parts: list[Part],
    output: Path,
    base: KnowledgeBase,
    options: Options,
    therapies: tuple[str, ...],
    step: Callable[[int], None],
    read: Callable[[Part], Iterator[Batch]],
) -> Tally:
    """Rank all parts into one file, or none where an error is raised."""
    tally = Tally()
    with (
        writing(output) as write,
        rejecting(rejects_beside(output)) as reject,
        Workers(base, options, therapies) as workers,
        Seen() as seen,
    ):
        try:
            for part in parts:
                for rows, rejects in ranked_batches(part.path.name, read(part), workers, tally, seen, step):
                    write(rows)
                    reject(rejects)
        except LateCodes:
            step(-tally.profiles)
            raise
        refuse_empty(tally, parts)
    return tally


def rank_folder(
    parts: list[Part],
    output: Path,
    base: KnowledgeBase,
    options: Options,
    therapies: tuple[str, ...] = (),
    *,
    resume: bool,
    step: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Rank each part into a file of its own; rows that cannot be used go to a file next to the folder.

    With `resume` parts are passed over that are there already, if their input, the options, the rules and
    the program are the same. Raises InputError.
    """
    beside = rejects_beside(output)
    refuse_input(beside, [part.path for part in parts])
    _ready(output, resume=resume)
    names = [part.path.name for part in parts]
    stems = Counter(part.path.stem for part in parts)
    targets = []
    for part in parts:
        alone = stems[part.path.stem] == 1 and part.path.stem not in names
        targets.append(output / f"{part.path.stem if alone else part.path.name}.parquet")
    coded = coded_columns(parts, base)
    records = Records(output, base, options, therapies, coded)
    tally = Tally(removed=records.ready(targets))
    with Workers(base, options, therapies) as workers, Seen() as seen:
        for part, target in zip(parts, targets, strict=True):
            key = records.key(part, seen.digest())
            kept = records.read(target, key)
            if kept.tally is not None:
                tally.skipped_parts += 1
                for keys in workers.keys(batches(part, base)):  # its ids must not be in another part
                    seen.again(keys)
                own = kept.tally
                step(own.profiles)
            else:
                if kept.why:
                    tally.anew.setdefault(kept.why, []).append(part.path.name)
                records.forget(target)
                own = Tally()
                with (
                    writing(target, follow=False) as write,
                    rejecting(records.rejects(target), follow=False) as reject,
                ):
                    given = batches(part, base, coded)
                    for rows, rejects in ranked_batches(part.path.name, given, workers, own, seen, step):
                        write(rows)
                        reject(rejects)
                records.keep(target, key, own)
            tally.add(own)
    refuse_empty(tally, parts)
    records.gather(targets, beside)
    with told(output):
        (output / DONE).touch()
    return tally


def refuse_empty(tally: Tally, parts: list[Part]) -> None:
    """Raises InputError where a cohort has no profile at all; a part without any is not an error."""
    if not tally.profiles:
        source = parts[0].path if len(parts) == 1 else parts[0].path.parent
        raise InputError([Problem("", "it is empty: it holds no profile.")], source=str(source))


def rejects_beside(output: Path) -> Path:
    """Return where the rows that cannot be used are written."""
    named = output if output.name else output.resolve()  # the current folder
    return named.with_name(f"{named.stem}{REJECTS}")


def _ready(output: Path, *, resume: bool) -> None:
    """Make the folder, or check that it was begun by this function."""
    begun = output / BEGUN
    with told(output):
        output.mkdir(parents=True, exist_ok=True)
        if any(output.iterdir()):
            if not resume:
                what = "the folder is not empty."
                raise InputError(
                    [Problem("", what, "Name another, or go on with `resume=`.")], source=str(output)
                )
            if not begun.is_file():
                what = "it holds something else than a ranked cohort, and cannot be resumed."
                raise InputError([Problem("", what, "Name another folder.")], source=str(output))
        (output / DONE).unlink(missing_ok=True)
        with replacing(begun, follow=False) as stream:
            stream.write(json.dumps({"label": LABEL, "disclaimer": DISCLAIMER}, sort_keys=True).encode())


def ranked_batches(
    name: str,
    given: Iterable[Batch],
    workers: "Workers",
    tally: Tally,
    seen: Seen,
    step: Callable[[int], None],
) -> Iterator[tuple[pa.RecordBatch, list[str]]]:
    """Yield the ranked rows of each batch of a part of that name, and lines on those that cannot be used."""
    start = 0
    for found in workers.ranked(given):
        again = found.named[seen.again(found.keys)]
        rejects = dict(found.rejects)
        for row in again.tolist():
            id_, number = found.encoded.ids[row].as_py(), found.numbers[row]
            more = f"; {rejects[number][1]}" if number in rejects else ""
            rejects[number] = id_, ID_AGAIN.format(id=shortened(id_)) + more
        having = np.asarray(found.rows.column("profile_id").indices)
        rows = found.rows.filter(pa.array(~np.isin(having, again))) if len(again) else found.rows
        profiles = len(found.encoded.ids) + found.unread
        tally.profiles += profiles
        tally.rows += rows.num_rows
        tally.rejected += len(rejects)
        tally.notices += found.encoded.notices
        without = np.array(found.encoded.batch.column("ranks"))
        without[having] = without[again] = False
        tally.notices["NO_STRATEGY"] += int(without.sum())
        tally.told.update(dict.fromkeys(found.encoded.told))
        for _, why in rejects.values():
            tally.reasons.update(_reasons(why))
        first = start + 1 if isinstance(found.numbers, range) else 0
        lines = [reject_line(name, first + row, *rejects[row]) for row in sorted(rejects)]
        start += profiles
        step(profiles)
        yield rows, lines


def _reasons(why: str) -> set[str]:
    """The reasons why a profile cannot be used, without the values that make each different."""
    return {re.sub(r"'[^']*'", "'…'", one.partition(". ")[0]) for one in why.split("; ")}


def reject_line(part: str, row: int, name: str, why: str) -> str:
    """Return what is kept of a row that cannot be used: its part, its row or line from 1, its id, and why."""
    value = {"part": part, "row": row, "profile_id": name, "why": why}
    return json.dumps({"label": LABEL, "disclaimer": DISCLAIMER, **value}, sort_keys=True)


@contextmanager
def rejecting(beside: Path, *, follow: bool = True) -> Iterator[Callable[[list[str]], None]]:
    """Give a function that keeps rejected rows; their file is there at the end, if there are any."""
    with ExitStack() as stack:
        opened: list[IO[bytes]] = []

        def reject(lines: list[str]) -> None:
            with told(beside):
                if lines and not opened:
                    opened.append(stack.enter_context(replacing(beside, follow=follow)))
                for line in lines:
                    opened[0].write(f"{line}\n".encode(errors="backslashreplace"))

        yield reject
        with told(beside):
            stack.close()
            if not opened:
                beside.unlink(missing_ok=True)


_Lent: TypeAlias = Callable[[], AbstractContextManager[BatchRanker]]
"""Lends a ranker that no other thread has."""


class Workers:
    """Work on batches in their order on all cores, each with a ranker of its own for the one plan."""

    def __init__(self, base: KnowledgeBase, options: Options, therapies: tuple[str, ...]) -> None:
        plan = Plan(base)
        _ = plan.query  # compiled once, before each thread would compile it
        self._encoder = Encoder(base, plan.layout, therapies=therapies, any_disease=options.any_disease)
        self._make: Callable[[], BatchRanker] = lambda: BatchRanker(plan, options, therapies, self._encoder)
        self._cores = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._cores)
        # The first is made while the first batch is read and encoded.
        self._idle: list[Future[BatchRanker]] = [self._pool.submit(self._make)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def ranked(self, given: Iterable[Batch]) -> Iterator[_Ranked]:
        """Yield what becomes of each batch."""
        return self._each(_ranked, given)

    def keys(self, given: Iterable[Batch]) -> Iterator[Keys]:
        """Yield of each batch the numbers for its ids, without ranking it."""
        return self._each(_keys, given)

    def _each(
        self, work: Callable[[Encoder, _Lent, Batch], _Made], given: Iterable[Batch]
    ) -> Iterator[_Made]:
        waiting: deque[Future[_Made]] = deque()
        for batch in given:
            waiting.append(self._pool.submit(work, self._encoder, self._lent, batch))
            if len(waiting) > self._cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    @contextmanager
    def _lent(self) -> Iterator[BatchRanker]:
        try:
            made = self._idle.pop()
        except IndexError:
            made = Future()
            made.set_result(self._make())
        yield made.result()
        self._idle.append(made)


def _ranked(encoder: Encoder, lent: _Lent, batch: Batch) -> _Ranked:
    if isinstance(batch, Read):
        encoded = encoder.from_facts(batch.known)
        numbers: list[int] | range = batch.numbers
        rejects = {number: (name, why) for number, name, why in batch.bad}
        named, unread = with_id(len(encoded.ids), batch.nameless), len(batch.bad)
    else:
        with _readable():
            encoded = encoder.from_table(batch)
        given = (batch.schema.metadata or {}).get(ROWS_OF)
        numbers = np.frombuffer(given, np.int64).tolist() if given else range(batch.num_rows)
        rejects = {numbers[one.row]: (one.id, one.why) for one in encoded.rejects}
        named, unread = with_id(len(encoded.ids), encoded.nameless), 0
    with lent() as ranker:
        rows, keys = ranker.rank(encoded), ranker.keys(encoded.ids)[named]
    return _Ranked(rows, encoded, rejects, unread, numbers, named, keys)


def _keys(encoder: Encoder, lent: _Lent, batch: Batch) -> Keys:
    if isinstance(batch, Read):
        ids = pa.array([name for name, _ in batch.known], pa.string())
        nameless: Sequence[int] | Keys = batch.nameless
    else:
        with _readable():
            ids, nameless = encoder.ids(batch)
    with lent() as ranker:
        return ranker.keys(ids)[with_id(len(ids), nameless)]


@contextmanager
def _readable() -> Iterator[None]:
    """Make what Arrow cannot read an error of the input. Raises InputError."""
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError) as error:
        problem = Problem("", f"a column has values that cannot be read: {error}.")
        raise InputError([problem]) from None
