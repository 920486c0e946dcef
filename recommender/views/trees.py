"""Explanations as a tree in a terminal, as Markdown, and in the language of Mermaid."""

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from .._label import DISCLAIMER, LABEL
from .._text import printable
from ..evaluation.explanation import Node
from ..reports.explained import Explained
from ..reports.other_evidence import OUTSIDE_REVIEW
from .entries import DIM, Entries
from .escaping import in_markdown, in_mermaid
from .graphs import labelled_flowchart
from .screen import Screen
from .table import corroborated, labelled_page

_MARK = {
    "met": ("met", "green"),
    "contradicted": ("contradicted", "red"),
    "not measured": ("not measured", "yellow"),
}


def tree(found: Iterable[Explained], title: str, note: str, screen: Screen) -> str:
    """Return explanations as trees for a terminal, with a note below, if there is any."""
    below = [Text(f"\n{note}")] if note else []
    parts = (part for one in found for part in ("", *_about(one), _branch(one.node)))
    return labelled_page(title, *parts, *below, screen=screen)


def _about(one: Explained) -> Iterable[RenderableType]:
    """The text about a rule above its proof."""
    entries = Entries(0, 12)
    said = (("Status", one.standing), ("Requires", one.unblock), ("Mechanism", one.mechanism))
    for label, text in said:
        if text:
            entries.add(label, Text(printable(text)))
    for number, paper in enumerate(one.papers):
        entries.add("" if number else "Paper" if len(one.papers) == 1 else "Papers", Text(printable(paper)))
    if one.corroboration:
        entries.add("Screens", corroborated(one.corroboration))
    for number, paper in enumerate(one.other_papers):
        entries.add(
            "" if number else "Other", Text(printable(paper if number else f"{OUTSIDE_REVIEW}. {paper}"))
        )
    if any(text for _, text in said) or one.papers or one.other_papers:
        yield from (entries, "")


def _branch(node: Node) -> Tree:
    branch = Tree(_text(node), guide_style=DIM)
    for child in node.children:
        branch.children.append(_branch(child))
    return branch


def _text(node: Node) -> Text:
    word, style = _MARK[node.truth]
    text = Text.assemble((word, style), " ", (printable(node.text), "bold" if node.kind == "rule" else ""))
    if node.detail:
        text.append(f"  {printable(node.detail)}", style=DIM)
    if node.rule:
        numbers = f" [{', '.join(map(str, node.references))}]" if node.references else ""
        text.append(f"  {node.rule}{numbers}", style=DIM)
    return text


def as_markdown(nodes: Sequence[Node], title: str, packs: str = "") -> str:
    """Return explanations as nested lists of Markdown."""
    lines = [f"# {in_markdown(title)}", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    for node in nodes:
        lines += _items(node, 0)
    return "\n".join([*lines, *(["", in_markdown(packs)] if packs else [])]) + "\n"


def _items(node: Node, depth: int) -> Iterable[str]:
    detail = f" ({in_markdown(node.detail)})" if node.detail else ""
    rule = f" `{node.rule}` {list(node.references)}" if node.rule else ""
    yield f"{'  ' * depth}- **{node.truth}** {in_markdown(node.text)}{detail}{rule}"
    for child in node.children:
        yield from _items(child, depth + 1)


def as_mermaid(nodes: Sequence[Node], packs: str = "") -> str:
    """Return explanations as a flowchart of Mermaid, findings at the top, the label as a node."""
    lines = [
        *labelled_flowchart("TD", packs),
        "  classDef met fill:#d8f0d8,stroke:#2a7a2a",
        "  classDef contradicted fill:#f6d5d5,stroke:#a02020",
        "  classDef unmeasured fill:#f7f0cf,stroke:#8a7a10,stroke-dasharray: 4",
    ]
    count = 0

    def add(node: Node) -> str:
        nonlocal count
        name = f"n{count}"
        count += 1
        label = "<br/>".join(in_mermaid(part) for part in (node.text, node.detail, node.rule) if part)
        lines.append(
            f'  {name}["{node.truth}: {label}"]:::{node.truth.replace("not measured", "unmeasured")}'
        )
        lines.extend(f"  {add(child)} --> {name}" for child in node.children)
        return name

    for node in nodes:
        add(node)
    return "\n".join(lines) + "\n"
