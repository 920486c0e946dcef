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
from typing import Any

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


def read(key: str) -> dict[str, Any] | None:
    """Return what was written under `key`, or None."""
    try:
        stored = json.loads((folder() / f"{key}.json").read_bytes())
    except (OSError, RuntimeError, ValueError):
        return None
    complete = isinstance(stored, dict) and stored.keys() == {"content", "origins", "pack_of"}
    return stored if complete else None


def write(key: str, value: dict[str, Any]) -> bool:
    """Write `value` under `key`, complete or not at all; return whether it could be written."""
    try:
        where = folder()
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=where, suffix=".part", delete=False) as part:
            json.dump(value, part, ensure_ascii=True, separators=(",", ":"))
        Path(part.name).replace(where / f"{key}.json")
        entries = sorted(where.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in entries[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return False
    return True
