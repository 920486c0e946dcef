"""Rule bases that are loaded once in a test process, for loading takes longer than most answers."""

from collections.abc import Sequence
from pathlib import Path

from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import _read, load

_LOADED: dict[tuple[str, ...], KnowledgeBase] = {}


def load_once(folders: Sequence[Path], *, use_cache: bool = True) -> KnowledgeBase:
    """Return what `load` returns, and the same base again while the files of the folders stay the same."""
    key = tuple(part for folder in folders for part in (str(folder.resolve()), _read(folder).sha256))
    if key not in _LOADED:
        _LOADED[key] = load(folders, use_cache=use_cache)
    return _LOADED[key]
