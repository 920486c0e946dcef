"""JSON for everything that is not a result."""

import json
from typing import Any


def as_json(value: Any) -> str:
    """Return a value as JSON with sorted keys."""
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
