"""The arguments of the tools, as models: checked on the way in, and described as JSON Schema."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ..schemas import schema

MAX_TEXT = 1024 * 1024
"""Letters of a table: an assistant hands over what a person pasted, not a cohort."""
MAX_TOP = 50
"""Ranks of an answer: more is a table, and not a text for an assistant."""

_Short = Annotated[str, Field(max_length=400)]
_Several = Annotated[tuple[_Short, ...], Field(max_length=50)]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AboutProfile(_Arguments):
    """A profile, or the name of a shipped teaching case."""

    profile: dict[str, Any] | _Short = Field(description="The profile, or the name of a teaching case.")
    any_disease: bool = Field(default=False, description="Rank outside hepatocellular carcinoma as well.")


class RecommendArguments(AboutProfile):
    """Rank the ferroptosis-inducing add-ons for a tumour under its therapy."""

    top: int = Field(default=3, ge=1, le=MAX_TOP, description="The first N ranks.")
    full: bool = Field(
        default=False,
        description="Also what is undecided, blocked, disputed or context, and mechanisms and audit texts.",
    )
    strict: bool = Field(default=False, description="Make an unknown marker or therapy a problem.")


class ExplainArguments(AboutProfile):
    """Show the proof of an add-on, or what blocks it or is not measured."""

    name: _Short = Field(
        default="1", description="A rank, or an add-on, recommendation, derived fact or rule."
    )


class WhatifArguments(AboutProfile):
    """Show which add-ons enter, leave and move after a change of the profile."""

    set: dict[_Short, _Short] = Field(
        default_factory=dict, max_length=50, description="Findings to set: marker to state."
    )
    unset: _Several = Field(default=(), description="Markers to treat as not measured.")
    therapy: _Several = Field(default=(), description="Therapies to add (+NAME) or to remove (-NAME).")


class NextTestsArguments(AboutProfile):
    """Rank unmeasured markers by what their results could decide."""

    top: int = Field(default=5, ge=1, le=MAX_TOP, description="The first N markers.")


class RuleArguments(_Arguments):
    """Show the rules behind a name: conditions, mechanism, evidence, limits, audit."""

    name: _Short = Field(description="A rule, add-on, recommendation or derived fact.")


class AuditArguments(_Arguments):
    """Show where the review disagrees with the papers that it cites, and what is encoded."""

    ref: int | None = Field(
        default=None, ge=1, description="Only findings on this reference of the review, in full."
    )


class ImportTableArguments(_Arguments):
    """Turn the text of a table, MAF file or phenopacket into profiles. Nothing is ranked."""

    text: str = Field(min_length=1, max_length=MAX_TEXT, description="The whole text, with its header.")
    name: _Short = Field(
        default="", description="The name of the file, such as tumour.maf; it is not opened."
    )
    therapy: _Short = Field(default="", description="The therapy of every tumour that states none.")


@lru_cache(maxsize=16)
def input_schema(arguments: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a tool; that of a profile is within."""
    found: dict[str, Any] = _plain(arguments.model_json_schema())
    if "profile" in found["properties"]:
        profile = _plain(schema("profile"))
        within = {name: one for name, one in profile.items() if name not in ("$schema", "$id", "$defs")}
        found["$defs"] = {**found.get("$defs", {}), **profile["$defs"], "Profile": within}
        case = {"type": "string", "maxLength": 400, "description": "The name of a teaching case."}
        found["properties"]["profile"] = {"anyOf": [{"$ref": "#/$defs/Profile"}, case]}
    return found


def _plain(given: Any) -> Any:
    """A schema without the titles that repeat the names of fields."""
    if isinstance(given, dict):
        return {
            name: {inner: _plain(one) for inner, one in value.items()}
            if name in ("properties", "$defs")
            else _plain(value)
            for name, value in given.items()
            if name != "title"
        }
    if isinstance(given, list):
        return [_plain(one) for one in given]
    return given


def first(items: Iterable[Any], most: int) -> tuple[list[Any], int]:
    """Return the first items, and how many more there are."""
    found = list(items)
    return found[:most], max(len(found) - most, 0)
