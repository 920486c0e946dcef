"""Folders of rule files to a rule base: from the cache, or parsed and checked."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .._errors import Problem, RuleBaseError
from . import cache
from .base import KnowledgeBase, Pack
from .models import RuleFile

_SUFFIXES = (".yaml", ".yml")


class Source(NamedTuple):
    """A folder of rule files, read but not parsed: names and contents, and their digest."""

    folder: Path
    files: list[tuple[str, bytes]]
    sha256: str


def load(folders: Sequence[Path], *, use_cache: bool = True) -> KnowledgeBase:
    """Return the rule base of the first folder with the others laid over it as packs.

    A rule base that was checked before, with the same files and the same program, is taken from the
    cache. Raises RuleBaseError with all faults.
    """
    sources = [_read(folder) for folder in folders]
    key = cache.key_of([source.sha256 for source in sources])
    packs = [Pack(source.folder.resolve().name, source.sha256) for source in sources[1:]]
    if use_cache:
        stored = cache.read(key)
        if stored is not None:
            return _base(stored, sources, packs)
    from .parsing import parse

    entry = parse(
        [("", sources[0].files), *((p.name, s.files) for p, s in zip(packs, sources[1:], strict=True))]
    )
    if use_cache:
        cache.write(key, entry)
    return _base(entry, sources, packs)


def _base(entry: cache.Entry, sources: list[Source], packs: list[Pack]) -> KnowledgeBase:
    return KnowledgeBase(
        RuleFile.model_validate_json(entry.content),
        sha256=sources[0].sha256,
        origins=entry.origins,
        packs=packs,
        pack_of=entry.pack_of,
    )


def _read(folder: Path) -> Source:
    if not folder.is_dir():
        raise RuleBaseError([Problem(str(folder), "there is no such folder of rules.")])
    files = []
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            name = path.relative_to(folder).as_posix()
            content = _content(path).replace(b"\r\n", b"\n")
            files.append((name, content))
            digest.update(f"{name}\0{len(content)}\0".encode(errors="surrogateescape"))
            digest.update(content)
    if not files:
        raise RuleBaseError([Problem(str(folder), "the folder holds no rule files (*.yaml).")])
    return Source(folder, files, digest.hexdigest())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleBaseError([Problem(str(path), f"it cannot be read: {error.strerror}.")]) from None
