"""The only module that knows YAML: text to plain values, with the line of each.

Only the plain part of YAML is read. Aliases, anchors, tags, duplicate keys and deep nesting are
refused, which shuts out alias bombs and object construction. Plain scalars follow the core
schema of YAML 1.2, so that `no` stays a word. libyaml parses where PyYAML was built with it.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from ._errors import Path
from ._text import shortened

MAX_DEPTH = 24
"""Levels of nesting: more than any file of ours has, and far from the limit of recursion."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")


class YamlError(ValueError):
    """The text is not YAML that we read; `line` (from 1) says where."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


class Document(NamedTuple):
    """A parsed value, and the line (from 1) on which the value at each path begins."""

    value: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of `path`, or of its nearest enclosing value."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str) -> Document:
    """Return the one document in `text`; an empty text gives the value None.

    Raises YamlError.
    """
    lines: dict[Path, int] = {}
    events = _events(text)
    value: Any = None
    seen = False
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and seen:
            raise YamlError(_line(event), "a second document begins; one is expected")
        if isinstance(event, yaml.NodeEvent):
            value = _node(event, events, lines, ())
            seen = True
    return Document(value, lines)


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it cannot be parsed"
        raise YamlError(mark.line + 1 if mark else 1, what) from None
    except yaml.reader.ReaderError as error:
        raise YamlError(
            text.count("\n", 0, max(error.position, 0)) + 1, f"character not allowed: {error.reason}"
        ) from None
    except UnicodeEncodeError as error:
        raise YamlError(text.count("\n", 0, error.start) + 1, "it holds a lone surrogate") from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _node(event: Any, events: Iterator[Any], lines: dict[Path, int], path: Path) -> Any:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise YamlError(line, "anchors and aliases are not allowed; write the value out")
    if event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
        raise YamlError(line, f"tags are not allowed: {shortened(event.tag)}")
    if len(path) > MAX_DEPTH:
        raise YamlError(line, f"nested deeper than {MAX_DEPTH} levels")
    lines[path] = line
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        for item in events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            items.append(_node(item, events, lines, (*path, len(items))))
        return items
    mapping: dict[str, Any] = {}
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        if not isinstance(key, yaml.ScalarEvent):
            raise YamlError(_line(key), "a key must be a plain word")
        if key.value in mapping:
            raise YamlError(_line(key), f"the key {key.value!r} stands here twice")
        mapping[key.value] = _node(next(events), events, lines, (*path, key.value))
        lines[*path, key.value] = _line(key)
    return mapping


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


def dump(value: Any) -> str:
    """Return a value as YAML in block style, its innermost lists and mappings in a line each."""
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None))
