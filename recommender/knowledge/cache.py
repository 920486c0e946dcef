"""A checked rule base kept as JSON, so that a start need not parse and check YAML again.

The key covers the rule files and the program that checked them. Nothing here is needed for an
answer: where the folder cannot be written, every start checks the rule files anew.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .._version import VERSION

KEPT = 8
"""Older entries than this many are removed when one is written."""


def folder() -> Path:
    """Return the folder of the cache, by the habits of the platform."""
    if set_by_user := os.environ.get("XDG_CACHE_HOME"):
        root = Path(set_by_user)
    elif sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        root = Path(local)
    else:
        root = Path.home() / ".cache"
    return root / "ferroptosis-recommender"


def key_of(digests: Sequence[str]) -> str:
    """Return the key of a rule base whose folders have these digests."""
    digest = hashlib.sha256("\0".join([VERSION, *digests]).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:32]


class Entry(NamedTuple):
    """A checked rule base: its records as JSON, and where each rule stands and came from."""

    content: bytes
    origins: dict[str, str]
    pack_of: dict[str, str]


def read(key: str) -> Entry | None:
    """Return what was written under `key`, or None where there is nothing, or nothing whole."""
    try:
        path = folder() / f"{key}.json"
        if not path.is_file():
            return None
        digest, _, data = path.read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(data).hexdigest():
            return None
        places, _, content = data.partition(b"\n")
        origins, pack_of = json.loads(places)
    except (OSError, RuntimeError, ValueError):
        return None
    return Entry(content, origins, pack_of)


def write(key: str, entry: Entry) -> bool:
    """Write an entry under `key`, complete or not at all; return whether it could be written."""
    data = json.dumps([entry.origins, entry.pack_of]).encode() + b"\n" + entry.content
    try:
        where = folder()
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=where, suffix=".part", delete=False) as part:
            part.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        try:
            Path(part.name).replace(where / f"{key}.json")
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
        entries = sorted(where.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in entries[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return False
    return True
