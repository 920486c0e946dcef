"""The fields of profile and result as pages of Markdown, made from their JSON Schemas."""

import json
from collections.abc import Iterator
from typing import Any

from recommender._label import DISCLAIMER, LABEL
from recommender.schemas import file_name, schema

_INTRODUCTIONS = {
    "profile": """\
What goes in: one object in JSON or YAML. How to write and check one: [profiles.md](profiles.md).

A field may be left out where its type does not say *needed*. A marker that is not given is unknown, never
normal and never negative. An unknown field is an error.""",
    "result": """\
What comes out of `recommender recommend --format json`, of the API and of the library. How to read it:
[concepts.md](concepts.md).

No field is ever missing; empty fields are an empty list or null. Keys are sorted, and a result contains no
date, so that the same profile, rules and version of the program give the same bytes.""",
}


def field_pages() -> dict[str, str]:
    """Return the pages: file name to Markdown."""
    return {f"{which}-reference.md": _page(which) for which in _INTRODUCTIONS}


def _page(which: str) -> str:
    whole = schema(which)
    lines = [f"# The fields of a {which}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += ["Made from the JSON Schema by `make docs`. Do not edit.", ""]
    lines += [_INTRODUCTIONS[which], ""]
    lines += [
        f"Schema: [{file_name(which)}](schemas/{file_name(which)}), also `recommender schema {which}`.",
        f"Version of the format: {whole['$id'].rpartition(':')[2]}.",
        "",
    ]
    names = list(dict.fromkeys(_named(whole, whole)))
    lines += [f"## {which}", "", *_table(whole, mark=which == "profile")]
    for name in names:
        part = whole["$defs"][name]
        lines += [f"## {name}", "", part["description"], "", *_table(part, mark=which == "profile")]
    return "\n".join(lines).rstrip() + "\n"


def _named(part: Any, whole: dict[str, Any]) -> Iterator[str]:
    """The parts that a part holds, each followed by those that it holds itself."""
    fields = part["properties"].values() if isinstance(part, dict) and "properties" in part else ()
    for field in fields:
        for name in _references(field):
            yield name
            yield from _named(whole["$defs"][name], whole)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _table(part: dict[str, Any], *, mark: bool) -> list[str]:
    lines = ["| Field | Type | Meaning |", "|---|---|---|"]
    for name, field in part["properties"].items():
        needed = ", *needed*" if mark and name in part.get("required", ()) else ""
        cells = (f"`{name}`", _type(field) + needed, field["description"])
        lines.append("| " + " | ".join(cell.replace("\n", " ") for cell in cells) + " |")
    return [*lines, ""]


def _type(field: dict[str, Any]) -> str:
    """A type in words.

    >>> _type({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}})
    'list of (text or null)'
    """
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_type(one) for one in field["anyOf"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    match field.get("type"):
        case "array":
            if "prefixItems" in field:
                return f"list of {len(field['prefixItems'])}, each {_type(field['prefixItems'][0])}"
            inner = _type(field["items"])
            return f"list of ({inner})" if " or " in inner else f"list of {inner}"
        case "object":
            return f"object; each value {_type(field['additionalProperties'])}"
        case "number" | "integer" as kind:
            ends = [
                f"{word} {field[key]}"
                for key, word in (("minimum", "from"), ("maximum", "to"))
                if key in field
            ]
            return " ".join(["whole number" if kind == "integer" else "number", *ends])
        case "null":
            return "null"
        case "boolean":
            return "true or false"
        case _:
            return "text"
