"""What is made of rules once in a test process, for making it takes longer than most answers."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from recommender import recommender as made
from recommender._data import shipped
from recommender.engine import Engine, EngineName, durable_loads, make_engine
from recommender.engine.program import Program
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import _read, load

_LOADED: dict[tuple[str, ...], KnowledgeBase] = {}
_ENGINES: dict[tuple[int, EngineName | None, bool], tuple[Program, Engine]] = {}


def load_once(folders: Sequence[Path], *, use_cache: bool = True) -> KnowledgeBase:
    """Return what `load` returns, and the same base again while the files of the folders stay the same."""
    key = tuple(part for folder in folders for part in (str(folder.resolve()), _digest(folder)))
    if key not in _LOADED:
        _LOADED[key] = load(folders, use_cache=use_cache)
    return _LOADED[key]


def made_once() -> dict[str, Any]:
    """Return what makes the parts of a recommender, by name: for one rule base they are the same ones."""
    return {**_parts(), "make_engine": _engine_once}


@cache
def _parts() -> dict[str, Any]:
    names = ("Gaps", "GivenViews", "MarkerTests", "ResultBuilder", "Suggester")
    return {name: cache(getattr(made, name)) for name in names}


def _engine_once(program: Program, name: EngineName | None = None, *, isolated: bool = False) -> Engine:
    if isolated:
        return make_engine(program, name, isolated=True)
    key = id(program), name, durable_loads()
    if key not in _ENGINES:
        _ENGINES[key] = program, make_engine(program, name)
    return _ENGINES[key][1]


def _digest(folder: Path) -> str:
    """The digest of the rules in a folder; no test writes into the shipped one."""
    return _shipped_digest() if folder == shipped("rules") else _read(folder).sha256


@cache
def _shipped_digest() -> str:
    return _read(shipped("rules")).sha256
