"""Names of phenopackets in snake_case, as the schema has them, to the lowerCamelCase of JSON."""

import re
from typing import Any

from pydantic.alias_generators import to_camel

from ..._errors import InputError, Problem
from ..._text import shortened

_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


def in_camel_case(value: Any, shown: str) -> Any:
    """Return a value with all names in lowerCamelCase: JSON of protobuf may have those of the schema as well.

    Raises InputError where one name is there in both, or objects are nested too deeply.
    """
    try:
        return _renamed(value, shown)
    except RecursionError:
        raise InputError([Problem("", "it is nested too deeply for a phenopacket.")], source=shown) from None


def _renamed(value: Any, shown: str) -> Any:
    if isinstance(value, list):
        return [_renamed(one, shown) for one in value]
    if not isinstance(value, dict):
        return value
    named = {
        to_camel(name) if _SNAKE.fullmatch(name) else name: _renamed(inner, shown)
        for name, inner in value.items()
    }
    if len(named) < len(value):
        twice = next(name for name in value if to_camel(name) != name and to_camel(name) in value)
        what = f"'{shortened(twice)}' is there in lowerCamelCase too, in one object."
        raise InputError([Problem("", what, "Keep one of the two.")], source=shown)
    return named
