"""JSON for everything that is not a result."""

import json
from typing import Any

from .._text import safe_json


def as_json(value: Any) -> str:
    """Return a value as JSON with sorted keys."""
    return safe_json(json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False)) + "\n"
