"""What all records of the rule base share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=700)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Record(BaseModel):
    """Base of all records: frozen, and every unknown field is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
