"""The ways to copy an object."""

import copy
import pickle
from typing import TypeVar

_Object = TypeVar("_Object")


def pickled(given: _Object) -> _Object:
    """What comes back from a pickle."""
    found: _Object = pickle.loads(pickle.dumps(given))
    return found


COPIES = (copy.copy, copy.deepcopy, pickled)
