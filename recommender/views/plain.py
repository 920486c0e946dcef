"""JSON for everything that is not a result."""

import json
from typing import Any

from .._label import DISCLAIMER, LABEL
from .._text import safe_json


def as_json(value: Any) -> str:
    """Return a value as JSON with sorted keys."""
    return safe_json(json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False)) + "\n"


def labelled(**values: Any) -> str:
    """Return values as a JSON object that carries the label and the disclaimer."""
    return as_json({"label": LABEL, "disclaimer": DISCLAIMER, **values})
