"""What is kept of each part of a ranked folder, so that a run that was broken off can go on."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .._errors import InputError, Problem
from .._files import replacing, told
from .._label import DISCLAIMER, LABEL
from .._text import shortened
from .._version import VERSION
from ..knowledge.base import KnowledgeBase
from ..options import Options
from .sources import REJECTS, Part
from .tally import Tally

_PACKAGE = Path(__file__).parents[1]
_RECORDS = "_parts"
"""The folder of the records, which readers of Parquet pass over as they do all names with this beginning."""
_REASONS = {
    "program": "another version of the program ranked them",
    "rules": "the rules are others",
    "options": "the options are others",
    "input": "the input is another",
    "sheet": "another sheet was read",
    "ids": "the ids in the parts before are others",
    "written": "what was written is not there any more, or another",
}
"""Why what is there of a part is not kept, by what differs; the first one is named."""
_UNREADABLE = "what is kept of them cannot be read"


class Kept(NamedTuple):
    """What is known of a part that is there: what became of it, or why it is to be ranked anew."""

    tally: Tally | None
    why: str = ""


class Records:
    """The records of a folder: a part is kept where all that it follows from is the same."""

    def __init__(
        self,
        output: Path,
        base: KnowledgeBase,
        options: Options,
        therapies: tuple[str, ...],
        coded: Mapping[str, str] = {},
    ) -> None:
        """The columns `coded` hold codes in some part, and so in all."""
        self._folder = output / _RECORDS
        self._output = output
        self._common = {
            "program": [VERSION, LABEL, DISCLAIMER, _digest_of_program()],
            "rules": [base.sha256, *(list(pack) for pack in base.packs)],
            "options": [list(therapies), options.any_disease, options.top, sorted(coded)],
        }

    def ready(self, targets: Iterable[Path]) -> list[str]:
        """Return the parts that are removed because the cohort has them no more. Raises InputError.

        What no record names is not ours to remove.
        """
        names = {target.name for target in targets}
        with told(self._output):
            self._folder.mkdir(exist_ok=True)
            old = {f"{record.stem}.parquet" for record in self._folder.glob("*.json")} - names
            strange = {path.name for path in self._output.glob("*.parquet")} - names - old
            if strange:
                what = f"it holds '{shortened(min(strange))}', which is of no part of the cohort."
                raise InputError([Problem("", what, "Name another folder.")], source=str(self._output))
            for name in old:
                self.forget(self._output / name)
                (self._output / name).unlink(missing_ok=True)
            for aside in (*self._output.glob(".*.part"), *self._folder.glob(".*.part")):
                aside.unlink(missing_ok=True)  # of a run that was killed
        return sorted(old)

    def key(self, part: Part, ids: str) -> dict[str, Any]:
        """Return what the rows of a part follow from; `ids` is the digest of those before it."""
        return {**self._common, "input": _digest(part.path), "sheet": part.sheet, "ids": ids}

    def read(self, target: Path, key: dict[str, Any]) -> Kept:
        """Return what is kept of a part."""
        path = self._record(target)
        if path.exists() and not path.is_file():  # a pipe would be waited for
            return Kept(None, _UNREADABLE)
        try:
            record = json.loads(path.read_bytes())
            if record.pop("sha256") != _digest_of(record):
                return Kept(None, _UNREADABLE)
            differing = [name for name in _REASONS if record["key"].get(name) != key.get(name)]
            if not differing and record["written"] != self._written(target):
                differing = ["written"]
            if key["input"] is None or differing:
                return Kept(None, _REASONS[differing[0] if differing else "input"])
            return Kept(Tally.from_plain(record["tally"]))
        except FileNotFoundError:
            why = "it is not known what they were ranked with" if target.exists() else ""
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            why = _UNREADABLE
        return Kept(None, why)

    def forget(self, target: Path) -> None:
        """Remove what is kept of a part, which is to be ranked anew. Raises InputError."""
        with told(self._folder):
            if not target.is_file():  # a pipe, for instance, would be written to as it is
                target.unlink(missing_ok=True)
            for path in (
                self._record(target),
                self.rejects(target),
                target.with_name(self.rejects(target).name),
            ):
                path.unlink(missing_ok=True)

    def keep(self, target: Path, key: dict[str, Any], tally: Tally) -> None:
        """Keep what became of a part of which everything is written. Raises InputError."""
        record: dict[str, Any] = {"key": key, "written": self._written(target), "tally": tally.to_plain()}
        record["sha256"] = _digest_of(record)
        path = self._record(target)
        with told(path), replacing(path, follow=False) as stream:
            stream.write(json.dumps(record, sort_keys=True).encode())

    def rejects(self, target: Path) -> Path:
        """Return where the rows of a part are kept that cannot be used."""
        return self._folder / f"{target.stem}{REJECTS}"

    def gather(self, targets: Iterable[Path], beside: Path) -> None:
        """Write the rows that cannot be used to a file next to the folder, if there are any."""
        files = [file for target in targets if (file := self.rejects(target)).is_file()]
        with told(beside):
            if not files:
                beside.unlink(missing_ok=True)
                return
            with replacing(beside) as whole:
                for file in files:
                    with file.open("rb") as stream:
                        shutil.copyfileobj(stream, whole)

    def _record(self, target: Path) -> Path:
        return self._folder / f"{target.stem}.json"

    def _written(self, target: Path) -> list[str | None]:
        return [_digest(target), _digest(self.rejects(target))]


def _digest_of_program() -> str:
    """The digest of all modules, of which some may be changed without another version."""
    whole = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(data)} ".encode())
        whole.update(data)
    return whole.hexdigest()


def _digest_of(record: dict[str, Any]) -> str:
    """The digest of what a record holds, which shows damage that leaves it readable."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _digest(path: Path) -> str | None:
    """The digest of a file, or of all files in a folder; None for what is not a file, or cannot be read."""
    try:
        if path.is_file():
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        if not path.is_dir():
            return None
        whole = hashlib.sha256()
        for file in sorted(path.rglob("*")):
            if file.is_file():
                name = file.relative_to(path).as_posix().encode(errors="surrogateescape")
                whole.update(b"%d %s %s" % (len(name), name, (_digest(file) or "").encode()))
        return whole.hexdigest()
    except OSError:
        return None
