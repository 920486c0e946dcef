"""The ways to copy an object."""

import copy
import pickle
from collections.abc import Iterator
from typing import Any, TypeVar

_Object = TypeVar("_Object")


def pickled(given: _Object) -> _Object:
    """What comes back from a pickle."""
    found: _Object = pickle.loads(pickle.dumps(given))
    return found


COPIES = (copy.copy, copy.deepcopy, pickled)


def copies_of(given: object) -> Iterator[Any]:
    """Yield a copy made in every way, and by every protocol of pickle."""
    yield copy.copy(given)
    yield copy.deepcopy(given)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(given, protocol))
