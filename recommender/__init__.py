"""Ranked ferroptosis-inducing add-ons for a liver tumour: preclinical evidence, audited.

>>> from recommender import Profile, Recommender
>>> result = Recommender().recommend(Profile.parse({"disease": "HCC", "therapies": ["Nexavar"]}))
>>> result.therapies[0].name
'sorafenib'
"""

import sys
from typing import TYPE_CHECKING, Any

if sys.version_info < (3, 11):  # noqa: UP036 - in a checkout no installer has asked
    raise ImportError(
        f"ferroptosis-recommender needs Python 3.11 or newer; this is {sys.version.split()[0]}.",
        name=__name__,
    )

from ._version import VERSION

if TYPE_CHECKING:
    from ._errors import DifferenceError, EngineError, InputError, Problem, RecommenderError, RuleBaseError
    from ._label import DISCLAIMER, LABEL
    from .profile import Profile
    from .recommender import Recommender
    from .result.model import Result

__version__ = VERSION

__all__ = [
    "DISCLAIMER",
    "LABEL",
    "DifferenceError",
    "EngineError",
    "InputError",
    "Problem",
    "Profile",
    "Recommender",
    "RecommenderError",
    "Result",
    "RuleBaseError",
    "__version__",
]

_HOMES = {
    "_errors": (
        "DifferenceError",
        "EngineError",
        "InputError",
        "Problem",
        "RecommenderError",
        "RuleBaseError",
    ),
    "_label": ("DISCLAIMER", "LABEL"),
    "profile": ("Profile",),
    "recommender": ("Recommender",),
    "result.model": ("Result",),
}
"""For each module the public names that are taken from it."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that a command imports only what it needs."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            found = globals()[name] = getattr(import_module(f".{home}", __name__), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
