"""What must hold of everything that the program says, whatever it was given."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

from recommender import DISCLAIMER, LABEL, InputError, RecommenderError

STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
FORMULA = re.compile("[\\s\u00a0\x0b]*[=+\\-@|%＝＋－＠]")
MARKUP = re.compile(r"(?<!\\)<(?:script|img|svg|iframe|b>)|(?<!\\)\]\((?:javascript|http:)", re.IGNORECASE)
MAX_LINE = 10_000
"""Letters that one line of an error may have."""


class Broken(AssertionError):
    """A law does not hold."""


def holds(true: bool, law: str, seen: object = "") -> None:
    """Raise Broken unless a law holds."""
    if not true:
        raise Broken(f"{law}: {seen!r:.300}" if seen != "" else law)


def plain(text: str) -> None:
    """Nothing in a text steers a terminal."""
    found = STEERING.search(text)
    if found:
        near = text[max(found.start() - 30, 0) : found.end() + 10]
        raise Broken(f"a control or invisible character is shown: {near!r}")


def no_controls(text: str) -> None:
    """A text holds no control characters."""
    found = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    holds(found is None, "a control character is shown", text)


def error(told: RecommenderError, kind: type[RecommenderError] = InputError) -> None:
    """An error is of the kind that is expected, and what it says can be shown."""
    holds(isinstance(told, kind), f"the error is a {type(told).__name__}, not a {kind.__name__}", str(told))
    text = str(told)
    plain(text)
    holds("Traceback" not in text, "an error shows a traceback", text)
    holds(all(len(line) <= MAX_LINE for line in text.split("\n")), "a line of an error has no end", text)
    holds(len(text.split("\n")) > 1 and bool(text.split("\n")[1].strip()), "an error says nothing", text)


def labelled_json(text: str) -> Any:
    """A JSON answer is plain and carries label and disclaimer. Return it."""
    plain(text)
    value = json.loads(text)
    holds(value["label"] == LABEL and value["disclaimer"] == DISCLAIMER, "label or disclaimer is missing")
    return value


def shown(text: str) -> None:
    """A table or a page of Markdown is plain, and carries the label and what it means."""
    plain(text)
    flat = " ".join(text.split())
    holds(LABEL in flat, "the label is missing", flat)
    holds("not for treatment decisions" in flat, "the warning is missing", flat)


def markdown(text: str) -> None:
    """Markdown holds no markup of the input."""
    shown(text)
    found = MARKUP.search(text)
    holds(found is None, "markup of the input in Markdown", found and found[0])


def csv_rows(text: str, *, label: bool = True) -> None:
    """No cell of a CSV file is taken for a formula, and each row has the label."""
    plain(text)
    head, *rows = csv.reader(io.StringIO(text))
    for row in rows:
        holds(len(row) == len(head), "a row of CSV has other columns than its header", row)
        holds(not label or row[head.index("label")] == LABEL, "a row of CSV has no label", row)
        for cell in row:
            holds(not FORMULA.match(cell) or _is_number(cell), "a cell of CSV is a formula", cell)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", cell) is not None


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        allowed = tag != "script" or given.get("src", "") == "/static/local.js"
        if not allowed or tag in ("img", "iframe", "object", "embed", "b", "base"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            link = (value or "").strip().lower()
            if name.startswith("on") or (name in ("href", "src", "action") and link.startswith("javascript")):
                self.wrong.append(f"{name}={value}")


def html(text: str) -> None:
    """A page holds no element of the input, and no script but ours."""
    shown(text)
    parser = _Elements()
    parser.feed(text)
    parser.close()
    holds(not parser.wrong, "markup of the input in a page", parser.wrong[:3])


def svg(text: str) -> None:
    """A picture is XML, and holds no element of the input."""
    plain(text)
    for element in ET.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        holds(name not in ("script", "foreignObject", "image", "b"), "markup of the input in a picture", name)
        holds(not any(key.startswith("on") for key in element.attrib), "a picture has a handler", name)


_NODE = re.compile(r'  n\d+(\["[^"]*"\]|\(\["[^"]*"\]\)|\[\["[^"]*"\]\]|\{\{"[^"]*"\}\})(:::\w+)?')
_ARROW = re.compile(r"  n\d+ --> n\d+")
_HEAD = re.compile(r'%% [\w ]+: [\w ]+|flowchart (?:LR|TD)|  label\["[^"]*"\]:::label|  classDef [\w #:,-]+')
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_GRAPHVIZ = re.compile(
    r'digraph rules \{|\}|  label=""; rankdir=LR;|  "" \[label="", shape=\w+\];|  "" -> "" \[tooltip=""\];'
)


def mermaid(text: str) -> None:
    """A flowchart is made of its label, nodes and arrows, and of no directive of the input."""
    no_controls(text.replace("\n", ""))
    holds(f'  label["{LABEL}: not for treatment' in text, "the label is missing", text)
    for line in text.splitlines():
        known = _NODE.fullmatch(line) or _ARROW.fullmatch(line) or _HEAD.fullmatch(line)
        holds(bool(known), "a line of the input in Mermaid", line)


def graphviz(text: str) -> None:
    """A graph is made of its label, nodes and arrows, and of no attribute of the input."""
    no_controls(text.replace("\n", ""))
    holds(LABEL in text, "the label is missing", text)
    for line in text.splitlines():
        holds(bool(_GRAPHVIZ.fullmatch(_QUOTED.sub('""', line))), "a line of the input in Graphviz", line)


def ris(text: str, count: int) -> None:
    """A file of RIS holds so many records, and lines of its own only."""
    lines = text.splitlines()
    for line in lines:
        plain(line)
        holds(bool(re.match(r"[A-Z][A-Z0-9]  -|$", line)), "a line of the input in RIS", line)
    for tag in ("TY", "ER"):
        found = sum(line.startswith(f"{tag}  -") for line in lines)
        holds(found == count, "a record of the input in RIS", text)


def bibtex(text: str, count: int) -> None:
    """A file of BibTeX holds so many entries, and braces of the input in pairs."""
    plain(text.replace("\t", ""))
    holds(len(re.findall(r"^@", text, re.MULTILINE)) == count, "an entry of the input in BibTeX", text)
    depth = 0
    for letter in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        holds(depth >= 0, "a brace of the input in BibTeX", text)
    holds(depth == 0, "a brace of the input in BibTeX", text)
