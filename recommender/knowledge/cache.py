"""A checked and compiled rule base kept as a pickle, so that a start need not parse and check YAML again.

The key covers the rule files and the program that checked them. Nothing here is needed for an
answer: where the folder cannot be written, every start checks the rule files anew. From an entry nothing
is made but records and what rules are compiled to, so that it cannot run anything.
"""

import hashlib
import io
import os
import pickle
import stat
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import VERSION as PYDANTIC

from .._files import replacing
from .._version import VERSION
from ..engine.atoms import Atom
from ..engine.program import Clause, CompiledRule, Program
from .base import Checked, CompiledRules
from .sections import ROOMS, RecordUnpickler, Sections
from .state_words import StateWords
from .vocabulary import Vocabulary

_NAME = "ferroptosis-recommender"
ENDING = ".pickle"
_FORMER = ".json"
"""The ending of entries up to version 1.0."""
KEPT = 8
"""Older entries than this many are removed when one is written."""
_DIGEST = 64 + len("\n")
"""Bytes of the digest that an entry begins with."""
_FORGOTTEN = 3600
"""Seconds after which what is half written is that of a process which was killed."""
PACKAGE = Path(__file__).parents[1]
MODULES = (
    "_data.py",
    "_errors.py",
    "_extras.py",
    "_files.py",
    "_text.py",
    "_validation.py",
    "_values.py",
    "_yaml.py",
    "changes.py",
    "states.py",
)
"""The modules that, with the rooms, decide whether rule files are accepted, and as what."""


def cache_folder() -> Path:
    """Return the folder of the cache, by the habits of the platform; a relative variable is ignored."""
    set_by_user = os.environ.get("XDG_CACHE_HOME", "")
    absolute = Path(set_by_user).is_absolute()
    if absolute and sys.platform == "linux":  # as platformdirs, which takes longer to import than to ask
        return Path(set_by_user) / _NAME
    if sys.platform == "linux" or (set_by_user.strip() and not absolute):
        return Path.home() / ".cache" / _NAME
    from platformdirs import user_cache_path

    return user_cache_path(_NAME, appauthor=False)


def key_of(names: Sequence[str]) -> str:
    """Return the key of a rule base of which the digests and the names of its packs are given."""
    digest = hashlib.sha256("\0".join([VERSION, PYDANTIC, sys.version, *names]).encode(errors="replace"))
    for source in sources():
        # The content, for an installer may give files of two versions the same time and size.
        with source.open("rb", buffering=0) as file:
            digest.update(file.read())
    return digest.hexdigest()[:32]


def sources() -> list[Path]:
    """Return the source files that the key covers, in a fixed order."""
    rooms = (path for room in ROOMS for path in (PACKAGE / room).iterdir() if path.suffix == ".py")
    return [*(PACKAGE / name for name in MODULES), *sorted(rooms)]


def read_entry(key: str) -> Checked | None:
    """Return what was written under `key`, or None where nothing is, or nothing that can be used."""
    try:
        path = cache_folder() / f"{key}{ENDING}"
        if not (path.is_file() and _is_ours(path.parent) and _is_ours(path)):
            return None
        with path.open("rb", buffering=0) as file:
            digest, data = file.read(_DIGEST), file.read()
        if digest.decode() != hashlib.sha256(data).hexdigest() + "\n":
            return None
        found = _Unpickler(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001 - a file may hold anything; without an entry the rules are checked anew
        return None
    return found if isinstance(found, Checked) else None


class _Unpickler(RecordUnpickler):
    """Makes what an entry consists of alone."""

    kinds = (
        *RecordUnpickler.kinds,
        Atom,
        Checked,
        Clause,
        CompiledRule,
        CompiledRules,
        Program,
        Sections,
        StateWords,
        Vocabulary,
    )


def _is_ours(path: Path) -> bool:
    """Return True where a file or folder is the user's, and only the user can write it. Raises OSError."""
    if not hasattr(os, "geteuid"):
        return True
    about = path.stat()
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def write(key: str, checked: Checked) -> bool:
    """Write an entry under `key`, complete or not at all; return whether it could be written."""
    sections: Any = Sections(checked.content)
    data = pickle.dumps(checked.complete()._replace(content=sections), protocol=5)
    try:
        where = cache_folder()
        where.mkdir(parents=True, exist_ok=True)
        if not _is_ours(where):
            if where.stat().st_uid != os.geteuid():
                return False
            where.chmod(0o700)  # the umask allowed more
            for entry_of_others in _entries(where):
                entry_of_others.unlink(missing_ok=True)
        for aside in where.glob(".*.part"):
            if time.time() - aside.stat().st_mtime > _FORGOTTEN:
                aside.unlink(missing_ok=True)
        path = where / f"{key}{ENDING}"
        # It could not be used. Its permissions would be kept, and a pipe would be written to.
        path.unlink(missing_ok=True)
        with replacing(path, follow=False) as entry:
            Path(entry.name).chmod(0o600)
            entry.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        entries = sorted(_entries(where), key=lambda path: path.stat().st_mtime)
        for old in entries[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return False
    return True


def _entries(where: Path) -> list[Path]:
    return [path for path in where.iterdir() if path.suffix in (ENDING, _FORMER)]
