"""The base of all records of the rule base."""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, WithJsonSchema

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=700)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Statement = Annotated[str, StringConstraints(min_length=10, max_length=130)]
"""A sentence that can be read at a glance."""
Flag = Annotated[str, StringConstraints(max_length=40)]
"""A few words for one line of a table of 80 columns."""

_WORDS = {"type": "array", "items": {"type": "string"}}
_CONDITIONS = {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1}}
Condition = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {"anyOf": [{"type": "string"}, _WORDS, _CONDITIONS]},
        }
    ),
]
"""One condition: `MARKER: state`, `MARKER: [state, state]`, `derived-fact: state`, `therapy: name`,
`resistant_to: name`, `any_of: [conditions]` or `all_of: [conditions]`."""

_set_values, _set_given, _set_extra, _set_private = (
    vars(BaseModel)[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
"""How the slots of a record are set, which is frozen, without looking for each by its name."""


class Record(BaseModel):
    """Base of all records: frozen, and every unknown field is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __getstate__(self) -> tuple[dict[str, Any], set[str]]:  # type: ignore[override]
        """Return the values of the fields, and the names of those that were given.

        Records are many and are unpickled at every start, which takes half the time in this form.
        """
        values = self.__dict__
        given = self.__pydantic_fields_set__
        return {name: values[name] for name in type(self).__pydantic_fields__}, _shared(frozenset(given))

    def __setstate__(self, state: tuple[dict[str, Any], set[str]]) -> None:  # type: ignore[override]
        values, given = state
        _set_values(self, values)
        _set_given(self, given)
        _set_extra(self, None)
        _set_private(self, None)


@cache
def _shared(names: frozenset[str]) -> set[str]:
    """The same object for the same names: a pickle holds it once."""
    return set(names)
