"""The API described in OpenAPI 3.1, from the same models that it takes and answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from .._label import DISCLAIMER, LABEL
from .._version import VERSION
from ..schemas import NAMES, schema
from . import models
from .errors import JSON, ErrorAnswer

_TAKEN = (models.ExplainBody, models.WhatIfBody, models.NextTestsBody)
_ANSWERED = (
    models.Explanation,
    models.EffectView,
    models.NextTests,
    models.Rules,
    models.RuleAnswer,
    models.References,
    models.Audit,
    models.Version,
    ErrorAnswer,
)
_ABSENT = "packs"
"""The field that an answer of the shipped rules alone has not."""
_OPEN = (models.RuleAnswer.__name__,)
"""Answers with further fields."""

_REFUSALS = {
    400: "The request cannot be read.",
    403: "A page of another site asked for this.",
    404: "There is no such thing; the nearest name is told.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    421: "The server does not answer to this name.",
    422: "The input cannot be used; all that is wrong with it is told.",
    500: "A failure, and no fault of the request.",
    503: "Too much is being sent at the moment.",
}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the description of the application."""
    described = get_openapi(
        title="ferroptosis-recommender",
        version=VERSION,
        openapi_version="3.1.0",
        description=f"{LABEL}. {DISCLAIMER}",
        routes=app.routes,
    )
    described["components"] = {"schemas": _components()}
    return described


def documented(answer: str, *refusals: int, body: str = "") -> dict[str, Any]:
    """Return what a route says of itself: the components that it answers and takes, and its refusals.

    Every route refuses a wrong name of the server and pages of other sites, and may fail.
    """
    responses: dict[int | str, dict[str, Any]] = {200: {"description": "The answer.", **_content(answer)}}
    for status in sorted({400, 403, 421, 500, *refusals}):
        responses[status] = {"description": _REFUSALS[status], **_content(ErrorAnswer.__name__)}
    route: dict[str, Any] = {"response_model": None, "responses": responses}
    if body:
        route["openapi_extra"] = {"requestBody": {"required": True, **_content(body)}}
    return route


def _content(component: str) -> dict[str, Any]:
    return {"content": {JSON: {"schema": {"$ref": f"#/components/schemas/{component}"}}}}


def _components() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for which, name in (("profile", "Profile"), ("result", "Result")):
        _add(found, name, schema(which))
    for taken in _TAKEN:
        body = taken.model_json_schema()
        body["properties"]["profile"] = {"$ref": "#/components/schemas/Profile"}
        _add(found, taken.__name__, body)
    for answered in _ANSWERED:
        name = answered.__name__
        body = TypeAdapter(answered).json_schema(mode="serialization")
        for part in (body, *body.get("$defs", {}).values()):
            part["additionalProperties"] = part is body and name in _OPEN
            part["required"] = sorted(part["properties"].keys() - {_ABSENT})
        _add(found, name, body)
    found["JSONSchema"] = {"type": "object", "description": f"A JSON Schema: of {', '.join(NAMES)}."}
    return found


def _add(components: dict[str, Any], name: str, body: dict[str, Any]) -> None:
    """Add a schema, and those inside it under names that begin with its own."""
    definitions = body.pop("$defs", {})
    for key in ("$schema", "$id"):
        body.pop(key, None)
    for part, value in {"": body, **definitions}.items():
        components[name + part] = _moved(value, name)


def _moved(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _moved(one, name) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, name) for one in value]
    if isinstance(value, str):
        return value.replace("#/$defs/", f"#/components/schemas/{name}")
    return value
