"""The graph of the rule base in the languages of Mermaid and of Graphviz."""

from .._label import LABEL
from ..curation.graph import Graph

_MERMAID = {"fact": ('(["', '"])'), "add-on": ('[["', '"]]'), "therapy": ('{{"', '"}}')}
_DOT = {"fact": "ellipse", "add-on": "box3d", "therapy": "hexagon", "resistant": "hexagon"}


def mermaid(shown: Graph) -> str:
    """Return the graph in the language of Mermaid."""
    names = {key: f"n{number}" for number, key in enumerate(shown.nodes)}
    lines = [f"%% {LABEL}: not for treatment decisions", "flowchart LR"]
    for key, (kind, text) in shown.nodes.items():
        opening, closing = _MERMAID.get(kind, ('["', '"]'))
        lines.append(f"  {names[key]}{opening}{text}{closing}")
    for start, end in dict.fromkeys((edge.start, edge.end) for edge in shown.edges):
        lines.append(f"  {names[start]} --> {names[end]}")
    return "\n".join(lines) + "\n"


def dot(shown: Graph) -> str:
    """Return the graph in the language of Graphviz."""
    lines = [
        "digraph rules {",
        f'  label="{LABEL}: not for treatment decisions"; rankdir=LR;',
    ]
    for key, (kind, text) in shown.nodes.items():
        lines.append(f'  "{key}" [label="{text}", shape={_DOT.get(kind, "box")}];')
    lines += [f'  "{edge.start}" -> "{edge.end}" [tooltip="{edge.rule}"];' for edge in shown.edges]
    return "\n".join([*lines, "}"]) + "\n"
