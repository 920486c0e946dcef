"""Folders of rule files to a rule base: from the cache, or parsed and checked."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .._data import shipped
from .._errors import InputError, Problem, RuleBaseError
from .._text import printable
from . import cache
from .base import KnowledgeBase, Pack
from .packs import FOR_COMPARISON, OTHER_EVIDENCE, PACKS, not_an_answer, shipped_packs

_SUFFIXES = (".yaml", ".yml")
_MAX_FILE = 16 * 1024 * 1024
"""Bytes of a rule file, which is held in memory."""


class Source(NamedTuple):
    """A folder of rule files, read but not parsed: names and contents, and their digest."""

    folder: Path
    files: list[tuple[str, bytes]]
    sha256: str


def load_rules(
    packs: Sequence[str | Path] = (), base: str | Path | None = None, *, use_cache: bool = True
) -> KnowledgeBase:
    """Return the shipped rules, or those in the folder `base`, with packs laid over them.

    Raises as `load` does.
    """
    return load([Path(base) if base else shipped("rules"), *map(Path, packs)], use_cache=use_cache)


def load(folders: Sequence[Path], *, use_cache: bool = True, to_compare: bool = False) -> KnowledgeBase:
    """Return the rule base of the first folder with the others laid over it as packs.

    A pack that is a reading, and so replaces shipped rules, is refused unless it is opened `to_compare`.

    Of the packs in the first folder one is read for its papers only, unless it is laid over the rules.
    A rule base that was checked before, with the same files and the same program, is taken from the
    cache. Raises RuleBaseError with all faults; InputError for a reading.
    """
    sources = [_read(folders[0], but=PACKS), *map(_read, folders[1:])]
    names = pack_names(folders[1:])
    packs = [Pack(name, source.sha256) for name, source in zip(names, sources[1:], strict=True)]
    beside = _beside(folders)
    shown = [Pack(OTHER_EVIDENCE, one.sha256) for one in beside]
    key = cache.key_of([sources[0].sha256, *sum(packs, ()), "shown", *sum(shown, ())])
    checked = cache.read_entry(key) if use_cache else None
    if checked is None:
        from .parsing import parse_packs

        laid = [(name, source.files) for name, source in zip(["", *names], sources, strict=True)]
        checked = parse_packs(laid, shown=[(OTHER_EVIDENCE, source.files) for source in beside])
        if use_cache:
            cache.write(key, checked)
    if checked.content.reading is not None and not to_compare:
        named = [one.folder for one in sources if any(_is_reading(data) for _, data in one.files)]
        raise InputError([not_an_answer(checked.content.reading.title, ", ".join(map(str, named)))])
    return KnowledgeBase(
        checked.content,
        sha256=sources[0].sha256,
        origins=checked.origins,
        packs=packs,
        shown=shown,
        pack_of=checked.pack_of,
        compiled=checked.compiled,
        vocabulary=checked.vocabulary,
        quotes=checked.quotes,
        state_words=checked.state_words,
    )


def open_reading(folder: Path) -> KnowledgeBase:
    """Return the reading in a folder over the shipped rules, to compare it. Raises RuleBaseError."""
    return load([shipped("rules"), folder], to_compare=True)


def shipped_readings() -> dict[str, KnowledgeBase]:
    """Return the shipped readings by name. Raises RuleBaseError."""
    packs = shipped_packs()
    return {name: open_reading(packs[name]) for name in sorted(FOR_COMPARISON & packs.keys())}


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


def _beside(folders: Sequence[Path]) -> list[Source]:
    """Return the pack of other evidence, where there is one that is not among the folders."""
    found = shipped_packs(folders[0]).get(OTHER_EVIDENCE)
    laid = {folder.resolve() for folder in folders[1:]}
    return [] if found is None or found.resolve() in laid else [_read(found)]


def _read(folder: Path, *, but: str = "") -> Source:
    """Return the rule files of a folder, but not those in its folder `but`. Raises RuleBaseError."""
    if not folder.is_dir():
        raise RuleBaseError([Problem(str(folder), "there is no such folder of rules.")])
    files = []
    digest = hashlib.sha256()
    named = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    for path in sorted(path for path in named if path.name.endswith(_SUFFIXES)):
        name = path.relative_to(folder).as_posix()
        if path.suffix in _SUFFIXES and path.is_file() and not name.startswith(f"{but or '.'}/"):
            content = _content(path)
            if b"\r" in content:  # sooner found than two letters
                content = content.replace(b"\r\n", b"\n")
            files.append((name, content))
            digest.update(f"{name}\0{len(content)}\0".encode(errors="surrogateescape"))
            digest.update(content)
    if not files:
        raise RuleBaseError([Problem(str(folder), "the folder holds no rule files (*.yaml).")])
    return Source(folder, files, digest.hexdigest())


def _is_reading(data: bytes) -> bool:
    """Return True where a file has the section that makes a pack a reading."""
    return any(line.startswith(b"reading:") for line in data.splitlines())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # room for the largest takes longer to make than to fill
            content = file.read(min(size, _MAX_FILE) + 1)
            if len(content) > size:  # it has grown
                content += file.read(_MAX_FILE + 1 - len(content))
    except OSError as error:
        raise RuleBaseError([Problem(str(path), f"it cannot be read: {error.strerror}.")]) from None
    if len(content) > _MAX_FILE:
        raise RuleBaseError([Problem(str(path), "more than 16 MiB is too much for a rule file.")])
    return content
