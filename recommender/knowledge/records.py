"""The base of all records of the rule base."""

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


class Record(BaseModel):
    """Base of all records: frozen, and every unknown field is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
