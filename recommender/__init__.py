"""Ranked ferroptosis-inducing add-ons for a liver tumour: preclinical evidence, audited.

>>> from recommender import Profile, Recommender
>>> result = Recommender().recommend(Profile.parse({"disease": "HCC", "therapies": ["Nexavar"]}))
>>> result.therapies[0].name
'sorafenib'
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - in a checkout no installer has asked
    raise ImportError(
        f"ferroptosis-recommender needs Python 3.11 or newer; this is {sys.version.split()[0]}.",
        name=__name__,
    )

from ._errors import DifferenceError, EngineError, InputError, Problem, RecommenderError, RuleBaseError
from ._label import DISCLAIMER, LABEL
from ._version import VERSION
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
