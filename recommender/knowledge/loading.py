"""Folders of rule files to a rule base: from the cache, or parsed and checked."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .._errors import Problem, RuleBaseError
from .._text import printable
from . import cache
from .base import KnowledgeBase, Pack

_SUFFIXES = (".yaml", ".yml")
_MAX_FILE = 16 * 1024 * 1024
"""Bytes of a rule file, which is held in memory."""


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
    names = pack_names(folders[1:])
    packs = [Pack(name, source.sha256) for name, source in zip(names, sources[1:], strict=True)]
    key = cache.key_of([sources[0].sha256, *(part for pack in packs for part in pack)])
    checked = cache.read_entry(key) if use_cache else None
    if checked is None:
        from .parsing import parse_packs

        named = ["", *names]
        checked = parse_packs([(name, source.files) for name, source in zip(named, sources, strict=True)])
        if use_cache:
            cache.write(key, checked)
    return KnowledgeBase(
        checked.content,
        sha256=sources[0].sha256,
        origins=checked.origins,
        packs=packs,
        pack_of=checked.pack_of,
        compiled=checked.compiled,
    )


def pack_names(folders: Sequence[Path]) -> list[str]:
    """Return a name for each pack: that of its folder, with a number where an earlier one has the same.

    >>> pack_names([Path("/lab-a/rules"), Path("/lab-b/rules")])
    ['rules', 'rules (2)']
    """
    names: list[str] = []
    for folder in folders:
        own = printable(folder.resolve().name) or "pack"  # the root of a disk has no name
        name, number = own, 1
        while name in names:
            number += 1
            name = f"{own} ({number})"
        names.append(name)
    return names


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
        with path.open("rb") as file:
            content = file.read(_MAX_FILE + 1)
    except OSError as error:
        raise RuleBaseError([Problem(str(path), f"it cannot be read: {error.strerror}.")]) from None
    if len(content) > _MAX_FILE:
        raise RuleBaseError([Problem(str(path), "more than 16 MiB is too much for a rule file.")])
    return content
