"""The graph of the rule base in the languages of Mermaid and of Graphviz."""

from .._label import LABEL
from ..curation.graph import Graph
from .escaping import in_dot, in_mermaid

_MERMAID = {"fact": ('(["', '"])'), "add-on": ('[["', '"]]'), "therapy": ('{{"', '"}}')}
_DOT = {"fact": "ellipse", "add-on": "box3d", "therapy": "hexagon", "resistant": "hexagon"}


def labelled_flowchart(direction: str, packs: str = "") -> list[str]:
    """Return the first lines of a flowchart of Mermaid: the label, also as a node that the picture shows."""
    shown = "<br/>".join(
        part for part in (f"{LABEL}: not for treatment decisions", in_mermaid(packs)) if part
    )
    return [
        f"%% {LABEL}: not for treatment decisions",
        f"flowchart {direction}",
        f'  label["{shown}"]:::label',
        "  classDef label fill:#ffffff,stroke:#a00000,color:#a00000,font-weight:bold",
    ]


def mermaid(shown: Graph, packs: str = "") -> str:
    """Return the graph in the language of Mermaid."""
    names = {key: f"n{number}" for number, key in enumerate(shown.nodes)}
    lines = labelled_flowchart("LR", packs)
    for key, (kind, text) in shown.nodes.items():
        opening, closing = _MERMAID.get(kind, ('["', '"]'))
        lines.append(f"  {names[key]}{opening}{in_mermaid(text)}{closing}")
    for start, end in dict.fromkeys((edge.start, edge.end) for edge in shown.edges):
        lines.append(f"  {names[start]} --> {names[end]}")
    return "\n".join(lines) + "\n"


def dot(shown: Graph, packs: str = "") -> str:
    """Return the graph in the language of Graphviz."""
    label = f"{LABEL}: not for treatment decisions {in_dot(packs)}".rstrip()
    lines = ["digraph rules {", f'  label="{label}"; rankdir=LR;']
    for key, (kind, text) in shown.nodes.items():
        lines.append(f'  "{in_dot(key)}" [label="{in_dot(text)}", shape={_DOT.get(kind, "box")}];')
    lines += [
        f'  "{in_dot(edge.start)}" -> "{in_dot(edge.end)}" [tooltip="{in_dot(edge.rule)}"];'
        for edge in shown.edges
    ]
    return "\n".join([*lines, "}"]) + "\n"
