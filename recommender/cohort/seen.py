"""Which ids were there before, over a whole cohort and in bounded memory."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import numpy as np

MAX_IN_MEMORY = 4_194_304
"""Ids that are kept in memory, at eight bytes each, and twice as many while runs become one.

The others are in files that are searched there; more files would take longer to search.
"""

Keys = np.ndarray[Any, Any]


def with_id(count: int, nameless: Sequence[int] | Keys) -> Keys:
    """Return the places of the profiles that have an id, of so many."""
    return np.delete(np.arange(count), nameless)


class Seen:
    """Numbers of 64 bits that stand for ids: two ids have the same one in one of 10^19 cases.

    They are kept in sorted runs, of which two of about the same length become one.
    """

    def __init__(self) -> None:
        self._runs: list[Keys] = []
        self._files: list[Keys] = []
        self._folder: TemporaryDirectory[str] | None = None
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.clear()
        if self._folder is not None:
            self._folder.cleanup()

    def again(self, keys: Keys) -> Keys:
        """Return the places of the keys that were there before, or stand before in `keys`; and keep all."""
        self._digest.update(np.ascontiguousarray(keys).tobytes())
        new, first = np.unique(keys, return_index=True)
        before = np.zeros(len(new), bool)
        for run in (*self._files, *self._runs):
            at = np.minimum(np.searchsorted(run, new), len(run) - 1)
            before |= run[at] == new
        fresh = np.zeros(len(keys), bool)
        fresh[first[~before]] = True
        self._keep(new[~before])
        return np.flatnonzero(~fresh)

    def digest(self) -> str:
        """Return a digest of all keys so far, in their order."""
        return self._digest.hexdigest()

    def _keep(self, run: Keys) -> None:
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = _merged([self._runs.pop(), run])
        self._runs.append(run)
        if sum(map(len, self._runs)) > MAX_IN_MEMORY:
            self._folder = self._folder or TemporaryDirectory(prefix="cohort-ids-")
            path = Path(self._folder.name) / f"{len(self._files)}.npy"
            np.save(path, _merged(self._runs))
            self._files.append(np.load(path, mmap_mode="r"))
            self._runs.clear()


def _merged(runs: list[Keys]) -> Keys:
    run = np.concatenate(runs)
    run.sort(kind="stable")  # where it is: a copy would hold the ids once more
    return run
