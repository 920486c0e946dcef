"""JSON Schema (2020-12) of what goes in, what comes out, and what a rule file holds."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter

from ._label import LABEL
from ._values import Value
from .knowledge.rule_file import RuleFile
from .profile import Profile
from .result.ids import IdsView
from .result.model import Result
from .streaming import ErrorLine

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, tuple[type, str, str]] = {
    "profile": (Profile, "1.1", "A tumour profile for ferroptosis-recommender."),
    "result": (Result, "1.1", "An answer of ferroptosis-recommender."),
    "rule": (RuleFile, "1.0", "A rule file of ferroptosis-recommender."),
    "error": (ErrorLine, "1.0", "What a stream of answers holds for a line that cannot be used."),
}

_OPTIONAL = {
    "corroboration",
    "disease",
    "file",
    "ids",
    "literature_state",
    "other_evidence",
    "pmcid",
    "pmid",
    "read",
    "substances",
    "weights",
}
"""Fields of an answer that are there only where they say something."""

NAMES = tuple(_MODELS)


def file_name(which: str) -> str:
    """Return the name of the file that holds a schema, its version included."""
    return f"{which}-{_MODELS[which][1]}.schema.json"


def schema(which: str) -> dict[str, Any]:
    """Return the schema of a name in `NAMES`; KeyError for anything else."""
    model, version, description = _MODELS[which]
    answered = which in ("result", "error")
    body = TypeAdapter(model).json_schema(mode="serialization" if answered else "validation")
    if which == "profile":
        _accept_short_forms(body)
    if answered:
        records = {one.__name__: one for one in _records(Value)}
        for name, part in [(model.__name__, body), *body["$defs"].items()]:
            if part["type"] == "object":
                _leave_out_null(part["properties"], records[name].left_out())
                part["additionalProperties"] = False
                optional = _OPTIONAL | (IdsView.left_out() if name == IdsView.__name__ else set())
                part["required"] = sorted(set(part["properties"]) - optional)
    return {
        "$schema": DIALECT,
        "$id": f"urn:ferroptosis-recommender:{which}:{version}",
        **body,
        "title": which,
        "description": f"{description} {LABEL}, not for treatment decisions.",
    }


def _records(kind: type[Value]) -> Iterator[type[Value]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _records(inner)


def _leave_out_null(properties: dict[str, Any], names: Iterable[str]) -> None:
    """A field that an answer does not have where it is null is never null in an answer."""
    for name in names:
        field = properties[name]
        field.pop("default", None)
        for shown in field.pop("anyOf", ()):
            field |= {} if shown == {"type": "null"} else shown


def _accept_short_forms(body: dict[str, Any]) -> None:
    """A mutation may be a text, and a finding of a marker a bare state."""
    mutations = body["properties"]["mutations"]
    mutations["items"] = {"anyOf": [{"type": "string", "minLength": 1}, mutations["items"]]}
    states = body["$defs"]["Measurement"]["properties"]["state"]["anyOf"][0]
    single, several = body["properties"]["markers"]["additionalProperties"]["anyOf"]
    blank = {"type": "null"}  # how programs write that nothing was measured
    several["items"] = {"anyOf": [states, single, blank]}
    body["properties"]["markers"]["additionalProperties"]["anyOf"] = [states, single, several, blank]
