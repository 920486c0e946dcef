"""Validation errors of pydantic in our own words: where, what, and the nearest allowed value."""

import itertools
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from ._errors import FieldError, Path, Problem
from ._text import did_you_mean, kind_in_words, one_of, ordinal, shortened

if TYPE_CHECKING:
    from ._yaml import Document

MAX_PROBLEMS = 100
"""More than this many are not told at once."""


_EXPECTED = {
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "an object"),
    **dict.fromkeys(("tuple_type", "list_type"), "a list"),
    "string_type": "text",
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}
"""The kind of value that a field holds, by the error of pydantic for another kind."""


class FieldProblem(NamedTuple):
    """One problem: the path to the value, what is wrong with it, and a hint."""

    path: Path
    what: str
    hint: str = ""


class RecordName(NamedTuple):
    """How a record of a list is named: what it is, and the field that identifies it."""

    noun: str
    key: str


NO_RECORDS: Mapping[str, RecordName] = {}


def problems_of(error: ValidationError, model: type[BaseModel], value: Any) -> list[FieldProblem]:
    """Return the problems in `error`, each path reduced to the steps that exist in `value`."""
    found: dict[tuple[Path, str], FieldProblem] = {}
    for entry in itertools.islice(error.errors(include_url=False), MAX_PROBLEMS):
        if entry["type"] == "too_short" and len(entry["input"]) >= entry["ctx"]["min_length"]:
            continue  # counted without the items that are wrong themselves
        path = _real_path(entry, value)
        one = _found(entry, path, model, value)
        found.setdefault((one.path, one.what), one)
    return list(found.values())


def located(
    found: FieldProblem, file: str, document: "Document", records: Mapping[str, RecordName] = NO_RECORDS
) -> Problem:
    """Return the problem with the file and line of its value in `document`, and its place in words.

    `records` says for a list at the top of the document how the records in it are named.
    """
    where = place_in_words(found.path, document.value, records) or "the file"
    return Problem(f"{file}:{document.line_of(found.path)}", f"{where}: {found.what}", found.hint)


def place_in_words(path: Path, value: Any, records: Mapping[str, RecordName] = NO_RECORDS) -> str:
    """Return a path inside a value in words: a record by what identifies it, else by its position.

    >>> names = {"rules": RecordName("rule", "id")}
    >>> value = {"rules": [{"id": "a", "evidence": {"references": [1, "x"]}}, {"id": 3}]}
    >>> place_in_words(("rules", 0, "evidence", "references", 1), value, names)
    'rule a, evidence.references, the 2nd'
    >>> place_in_words(("rules", 1, "id"), value, names)
    'the 2nd rule, id'
    """
    parts: list[str] = []
    match path:
        case str(section), int(index), *_ if section in records:
            noun, key = records[section]
            name = value[section][index].get(key) if isinstance(value[section][index], dict) else None
            wrong = path[2:] == (key,) or not name or not isinstance(name, str if key != "number" else int)
            parts.append(f"the {ordinal(index + 1)} {noun}" if wrong else f"{noun} {shortened(str(name))}")
            path = path[2:]
    for is_index, steps in itertools.groupby(path, lambda step: isinstance(step, int)):
        if is_index:
            parts += [f"the {ordinal(int(step) + 1)}" for step in steps]
        else:
            parts.append(".".join(shortened(str(step)) for step in steps))
    return ", ".join(parts)


def _found(entry: Any, path: Path, model: type[BaseModel], value: Any) -> FieldProblem:
    kind, context = entry["type"], entry.get("ctx", {})
    given = entry["input"]
    match kind:
        case "extra_forbidden":
            known = fields_at(model, path[:-1], value)
            return FieldProblem(
                path, f"unknown field '{shortened(str(path[-1]))}'.", _unknown_hint(str(path[-1]), known)
            )
        case "missing":
            return FieldProblem(path, "it is missing.")
        case "literal_error":
            allowed = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
            return not_allowed(path, given, allowed)
        case "union_tag_not_found":
            return FieldProblem(path, "kind is missing.", f"It is {one_of(kinds_at(model, path, value))}.")
        case "union_tag_invalid":
            allowed = [word.strip(" '") for word in context["expected_tags"].split(",")]
            return not_allowed((*path, "kind"), context["tag"], allowed)
        case "value_error" | "assertion_error":
            error = context["error"]
            return FieldProblem((*path, error.field) if isinstance(error, FieldError) else path, str(error))
        case _ if kind in _EXPECTED:
            return FieldProblem(path, f"{_EXPECTED[kind]} is expected, {_described(given)} was given.")
        case "string_pattern_mismatch":
            return FieldProblem(path, f"{_described(given)} does not have the form {context['pattern']}")
        case _:
            message = entry["msg"][:1].lower() + entry["msg"][1:]
            return FieldProblem(path, f"{message}; {_described(given)} was given.")


def not_allowed(path: Path, given: Any, allowed: Iterable[str]) -> FieldProblem:
    """Return the problem of a word that is not among the allowed ones."""
    allowed = list(allowed)
    if not isinstance(given, str):
        return FieldProblem(path, f"one of {one_of(allowed)} is expected, {_described(given)} was given.")
    near = did_you_mean(given, allowed)
    return FieldProblem(
        path, f"{_described(given)} is not known here.", f"{near} Allowed: {one_of(allowed)}.".strip()
    )


def kinds_at(model: type[BaseModel], path: Path, value: Any) -> list[str]:
    """Return the kinds that the record at `path` may have, which the schema must tell apart by its kind."""
    node, _ = _node_at(model, path, value)
    return list(node["discriminator"]["mapping"])


def fields_at(model: type[BaseModel], path: Path, value: Any) -> list[str]:
    """Return the fields that the object at `path` may have, former names left out."""
    node, value = _node_at(model, path, value)
    fields = _resolved(node, _schema(model), value).get("properties", {})
    return sorted(name for name, field in fields.items() if not field.get("deprecated"))


def _node_at(model: type[BaseModel], path: Path, value: Any) -> tuple[Any, Any]:
    """The schema of what is at `path`, references not followed, and the value there."""
    schema = _schema(model)
    node: Any = schema
    for step in path:
        node = _resolved(node, schema, value)
        match value, step:
            case dict(), _:
                value = value[step]
            case list(), int():
                value = value[step]
            case _:
                value = None
        if isinstance(step, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(step) or node.get("additionalProperties") or {}
    return node, value


@lru_cache(maxsize=4)
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _resolved(node: Any, schema: Any, value: Any) -> Any:
    while True:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        elif "oneOf" in node and "discriminator" in node and isinstance(value, dict):
            reference = node["discriminator"]["mapping"].get(value.get("kind"))
            node = {"$ref": reference} if reference else {}
        elif "anyOf" in node:
            wanted = "array" if isinstance(value, list) else "object"
            options = [_resolved(option, schema, value) for option in node["anyOf"]]
            node = next((option for option in options if option.get("type") == wanted), {})
        else:
            return node


def _unknown_hint(name: str, known: list[str]) -> str:
    near = did_you_mean(name, known)
    return near or (f"Known here: {one_of(known)}." if known else "")


def _real_path(entry: Any, value: Any) -> Path:
    """Drop the steps that pydantic adds for unions, which lead nowhere in the value.

    The last step is kept where it names a field that is missing, or where the value is not known.
    """
    path: list[str | int] = []
    location = entry["loc"]
    named = entry["type"] == "missing" or not value
    for position, step in enumerate(location):
        last = named and position == len(location) - 1
        if isinstance(value, dict) and isinstance(step, str) and (step in value or last):
            path.append(step)
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            path.append(step)
            value = value[step]
    return tuple(path)


def _described(value: Any) -> str:
    match value:
        case str():
            return f"'{shortened(value, 60)}'"
        case int() | float() if not isinstance(value, bool):
            return f"the number {shortened(str(value), 30)}" if abs(value) < 1e30 else "a very large number"
        case _:
            return kind_in_words(value)
