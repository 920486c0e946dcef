"""Profiles in the form that most have: texts and numbers, and one finding for each marker.

They need no validator, and a start need not build one, which takes longer than the answer. What is not surely
in this form is left to the validator, which knows every form and every fault.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from .changes import is_change, split_mutation

MAX_NAME_LENGTH = 400
"""Letters of a name in a profile."""

_Fields = dict[str, Any]
_Part = TypeVar("_Part", bound=BaseModel)

_OF_MUTATION = {"gene", "state", "source"}
_OF_MEASUREMENT = {"state", "assay", "unit", "measured", "source", "value", "z_score"}
_NUMBERS = {"value", "z_score"}
_MAX_NUMBER = 1e15
"""Beyond it a whole number may not be one as a float."""


def common_fields(value: _Fields) -> _Fields | None:
    """Return the fields of a profile in the common form, its findings as objects; None for any other value.

    >>> common_fields({"mutations": ["TP53"], "markers": {"HBV": "positive"}})
    {'mutations': [{'gene': 'TP53'}], 'markers': {'HBV': {'state': 'positive'}}}
    >>> common_fields({"markers": {"HBV": ["positive"]}})
    """
    if not all(name in _FORMS and _FORMS[name](given) for name, given in value.items()):
        return None
    fields = dict(value)
    if "mutations" in value:
        fields["mutations"] = [mutation(one) if isinstance(one, str) else one for one in value["mutations"]]
        if not all(one["gene"] for one in fields["mutations"]):
            return None
    if "markers" in value:
        fields["markers"] = {name: _measurement(found) for name, found in value["markers"].items()}
    return fields


def _measurement(found: str | _Fields) -> _Fields:
    if isinstance(found, str):
        return {"state": found}
    return {name: float(one) if name in _NUMBERS else one for name, one in found.items()}


def mutation(text: str) -> dict[str, str]:
    """Return the fields of a mutation that is written as a text.

    >>> mutation("TP53 p.R249S"), mutation("TP53 deleted")
    ({'gene': 'TP53', 'change': 'p.R249S'}, {'gene': 'TP53', 'state': 'deleted'})
    """
    gene, said = split_mutation(text)
    if not said:
        return {"gene": gene}
    return {"gene": gene, "change" if is_change(said) else "state": said}


def made(kind: type[_Part], fields: _Fields, private: _Fields | None = None) -> _Part:
    """Return a record of fields that need not be validated, as the validator would make it."""
    record = kind.__new__(kind)
    keep = object.__setattr__
    keep(record, "__dict__", _defaults(kind) | fields)
    keep(record, "__pydantic_fields_set__", set(fields))
    keep(record, "__pydantic_extra__", None)
    keep(record, "__pydantic_private__", private)
    return record


@cache
def _defaults(kind: type[BaseModel]) -> _Fields:
    fields = kind.__pydantic_fields__.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields}


def values_of(record: BaseModel) -> _Fields:
    """Return the fields that have a value, by name."""
    return {name: value for name, value in record.__dict__.items() if value is not None}


def _text(given: Any) -> bool:
    """True for a text without half a character."""
    return type(given) is str and (given.isascii() or given.isprintable())


def _name(given: Any) -> bool:
    return _text(given) and 0 < len(given) <= MAX_NAME_LENGTH


def _names(given: Any) -> bool:
    return type(given) is list and all(map(_name, given))


def _mutations(given: Any) -> bool:
    return type(given) is list and all(_name(one) or _object(one, {"gene"}, _OF_MUTATION) for one in given)


def _markers(given: Any) -> bool:
    return type(given) is dict and all(
        _name(name) and (_text(found) or _object(found, {"state", "z_score"}, _OF_MEASUREMENT))
        for name, found in given.items()
    )


def _object(given: Any, needed: set[str], fields: set[str]) -> bool:
    """True for an object that has one of the fields that it needs, no unknown one, and plain values."""
    if type(given) is not dict or needed.isdisjoint(given) or not given.keys() <= fields:
        return False
    return all(_number(one) if name in _NUMBERS else _name(one) for name, one in given.items())


def _number(given: Any) -> bool:
    return type(given) in (int, float) and abs(given) < _MAX_NUMBER


_FORMS: dict[str, Callable[[Any], bool]] = {
    "schema_version": ("1.0", "1.1").__contains__,
    "id": lambda given: _name(given) or given is None,
    "disease": lambda given: _name(given) or given is None,
    "therapies": _names,
    "resistant_to": _names,
    "mutations": _mutations,
    "markers": _markers,
    "note": lambda given: _text(given) or given is None,
}
"""The form of each field."""
