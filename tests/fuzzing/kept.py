"""The entrances of what the program kept on disk: entries of its cache, and cohorts that were broken off."""

import json
import os
import pickle
import shutil
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq

from recommender import InputError
from recommender.cohort import resuming
from recommender.cohort import run as cohort_run
from recommender.cohort.sources import parts_of
from recommender.knowledge import cache
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import load
from recommender.options import Options

from . import laws, material
from .entrances import Entrance
from .small import small_base, small_rules


class Refused(Exception):
    """What was kept was not taken."""


class _Runs:
    """An object whose pickle deletes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.unlink, (self.path,)


class Caches(Entrance):
    """An entry of the cache of checked rules: what it holds, and what it is."""

    name = "caches"

    def __init__(self, folder: Path) -> None:
        """Keep an entry of a small rule base."""
        super().__init__(folder)
        self.rules = folder / "rules"
        self.rules.mkdir()
        (self.rules / "all.yaml").write_bytes(small_rules())
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.write_bytes(b"of another")
        self.base = self._load()
        (self.entry,) = (folder / "home" / "ferroptosis-recommender").iterdir()
        self.whole = self.entry.read_bytes()

    def _load(self) -> KnowledgeBase:
        with patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.folder / "home")}):
            return load([self.rules])

    def make(self, source: Random) -> Any:
        """Return what is at the place of the entry: a kind of file, its bytes, and permissions."""
        kinds = {"bytes": 30, "digest": 20, "program": 10, "link": 1, "folder": 1, "pipe": 1, "gone": 1}
        what = source.choices(list(kinds), list(kinds.values()))[0]
        data = source.choice(material.WHOLE) if not source.randrange(6) else self._damaged(source)
        if what == "digest":  # as it would be where somebody wrote it who knows the form
            data = _sealed(pickle.dumps(material.value(source)))
        return what, data, source.choice((0o700, 0o700, 0o755, 0o777, 0o500)), source.choice((0o600, 0o666))

    def _damaged(self, source: Random) -> bytes:
        return material.damaged(source, self.whole, [small_rules()])

    def attempt(self, given: Any) -> None:
        """Load the rule base: it is the same, whatever is in the cache."""
        what, data, folder_mode, mode = given
        if what == "program":
            data = _sealed(pickle.dumps(_Runs(self.elsewhere)))
        home = self.entry.parent
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        match what:
            case "link":
                self.entry.symlink_to(self.elsewhere)
            case "folder":
                self.entry.mkdir()
            case "pipe":
                os.mkfifo(self.entry)
            case "bytes" | "digest" | "program":
                self.entry.write_bytes(data)
                self.entry.chmod(mode)
        home.chmod(folder_mode)
        with patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.folder / "home")}):
            taken = cache.read_entry(self.entry.stem) is not None
        found = self._load()
        laws.holds(found.content == self.base.content, "a damaged entry changes the rules")
        laws.holds(found.origins == self.base.origins, "a damaged entry changes the places of rules")
        laws.holds(self.elsewhere.read_bytes() == b"of another", "what a link leads to is changed")
        laws.holds(not list(home.glob(".*.part")), "something is left beside the entry")
        if not taken:
            problem = "not taken"
            raise Refused(problem)

    def outcome(self, given: Any) -> bool:
        """Return whether the entry was taken."""
        try:
            self.attempt(given)
        except Refused:
            return False
        return True


def _sealed(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def _changed(source: Random, value: Any) -> Any:
    """A value in which one of the values inside is another, or is missing."""
    if isinstance(value, dict) and value and source.randrange(8):
        name = source.choice(sorted(value))
        if not source.randrange(8):
            return {key: inner for key, inner in value.items() if key != name}
        return {**value, name: _changed(source, value[name])}
    if isinstance(value, list) and value and source.randrange(8):
        at = source.randrange(len(value))
        return [*value[:at], _changed(source, value[at]), *value[at + source.choice((0, 1, 1)) :]]
    return material.value(source)


COHORT = {
    "a.csv": "id,therapies,FASN\nt1,sorafenib,high\nt2,sorafenib,low\nt1,sorafenib,low\n",
    "b.csv": "id,therapies,GSTZ1\nt3,sorafenib,low\nt4,sorafenib,sideways\n",
    "c.ndjson": '{"id": "t5", "therapies": ["lenvatinib"]}\n{"id": "t1"}\n{"id": 5}\n',
}
DAMAGE = {"bytes": 10, "cut": 5, "digit": 10, "record": 10, "other": 5, "whole": 3, "gone": 5}
DAMAGE |= dict.fromkeys(("link", "pipe", "folder", "strange"), 1)
"""What is done to a file, and how often."""


class Resumed(Entrance):
    """A cohort that was broken off: the files in its folder are damaged, missing, changed for one another."""

    name = "resumed"

    def __init__(self, folder: Path) -> None:
        """Rank a cohort once without a break."""
        super().__init__(folder)
        self.parts = folder / "parts"
        self.parts.mkdir()
        for name, text in COHORT.items():
            (self.parts / name).write_text(text)
        self.base = small_base()
        self.options = Options(any_disease=True)
        self.workers = cohort_run.Workers(self.base, self.options, ())
        self.program = resuming._digest_of_program()
        self.out, self.beside = folder / "out", folder / "out.rejects.ndjson"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.write_bytes(b"of another")
        self.tally = self._rank(resume=False)
        self.files = {name: path.read_bytes() for name, path in self._files().items()}
        self.contents = self._contents()

    def close(self) -> None:
        """End the threads."""
        self.workers.__exit__()

    def _rank(self, *, resume: bool) -> Any:
        with (
            patch.object(cohort_run, "Workers", lambda *_: nullcontext(self.workers)),
            patch.object(resuming, "_digest_of_program", lambda: self.program),  # it reads all modules
        ):
            made = cohort_run.rank_folder(
                parts_of(self.parts), self.out, self.base, self.options, resume=resume
            )
        return made.to_plain()

    def _files(self) -> dict[str, Path]:
        found = (*self.out.rglob("*"), self.beside)
        return {str(path.relative_to(self.folder)): path for path in found if path.is_file()}

    def _contents(self) -> dict[str, Any]:
        """What a run wrote, by name; of rows not how Parquet encodes them, of records not their digests."""
        found: dict[str, Any] = {}
        for name, path in self._files().items():
            data = path.read_bytes()
            if path.suffix == ".parquet":
                found[name] = _rows(data)
            elif path.suffix == ".json" and path.parent != self.out:
                found[name] = {**json.loads(data), "written": None, "sha256": None}
            else:
                found[name] = data
        return found

    def make(self, source: Random) -> Any:
        """Return what is done to which files, each with a number from which the damage comes.

        It is not the damage itself, for no two runs write the same bytes of Parquet.
        """
        done = []
        for name in source.sample(sorted(self.files), source.choice((1, 1, 2, 4))):
            what = source.choices(tuple(DAMAGE), tuple(DAMAGE.values()))[0]
            if what in ("link", "pipe") and name == self.beside.name:
                what = "gone"  # that one is written to as outputs are: through a link, into a pipe
            done.append((name, what, source.randrange(2**32)))
        return done

    def _damaged(self, name: str, what: str, number: int) -> bytes:
        source, data = Random(number), self.files[name]
        match what:
            case "bytes":
                return material.damaged(source, data, list(self.files.values()))
            case "cut":
                return data[: source.randrange(len(data) + 1)]
            case "digit":
                return _another_digit(source, data)
            case "record" if name.endswith(".json"):
                return json.dumps(_changed(source, json.loads(data))).encode("utf-8", "surrogatepass")
            case "other":
                return self.files[source.choice(sorted(self.files))]
            case "whole":
                return source.choice(material.WHOLE)
        return data

    def attempt(self, given: Any) -> None:
        """Go on with it: the end is that of the unbroken run."""
        shutil.rmtree(self.out)
        (self.out / "_parts").mkdir(parents=True)
        for name, data in self.files.items():
            (self.folder / name).write_bytes(data)
        for name, what, number in given:
            data = self._damaged(name, what, number)
            path = self.folder / name
            path.unlink()
            match what:
                case "gone":
                    pass
                case "link":
                    path.symlink_to(self.elsewhere)
                case "pipe":
                    os.mkfifo(path)
                case "folder":
                    path.mkdir()
                case "strange":
                    (self.out / "strange.parquet").write_bytes(data)
                case _:
                    path.write_bytes(data)
        try:
            tally = self._rank(resume=True)
            laws.holds(tally == self.tally, "a resumed run tells something else", tally)
            laws.holds(self._contents() == self.contents, "a resumed run ends otherwise", given)
        except InputError:
            kinds = {what for _, what, _ in given}
            begun = any(name == "out/_cohort.json" for name, _, _ in given)
            laws.holds(begun or bool(kinds & {"strange", "folder"}), "damage ends a cohort", kinds)
            raise
        finally:
            if self.beside.is_dir():
                self.beside.rmdir()
        laws.holds(self.elsewhere.read_bytes() == b"of another", "what a link leads to is changed")


@lru_cache(64)
def _rows(data: bytes) -> Any:
    return pq.read_table(pa.BufferReader(data)).to_pylist()


def _another_digit(source: Random, data: bytes) -> bytes:
    places = [at for at, byte in enumerate(data) if byte in b"0123456789"]
    if not places:
        return data
    at = source.choice(places)
    return data[:at] + b"%d" % source.randrange(10) + data[at + 1 :]
