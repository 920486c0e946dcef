"""The rule base as a graph: markers and therapies, derived facts, add-ons, as Mermaid or DOT."""

from typing import NamedTuple

from .._label import LABEL
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import MechanismRule, StrategyRule


class Edge(NamedTuple):
    """An arrow from something that is asked for to something that is concluded, by a rule."""

    start: str
    end: str
    rule: str


class Graph(NamedTuple):
    """Nodes by key, each with its kind and its text, and the arrows between them."""

    nodes: dict[str, tuple[str, str]]
    edges: tuple[Edge, ...]


def graph(base: KnowledgeBase) -> Graph:
    """Return the graph of all mechanisms and strategies."""
    nodes: dict[str, tuple[str, str]] = {}
    edges: dict[Edge, None] = {}
    for compiled in base.compiled_rules:
        rule = base.rules[compiled.id]
        if isinstance(rule, MechanismRule):
            fact, state = rule.conclusion.name, rule.conclusion.state
            end = f"fact:{fact}:{state}"
            nodes[end] = ("fact", f"{base.facts[fact].name}: {state}")
        elif isinstance(rule, StrategyRule):
            end = f"add-on:{rule.add_on}"
            nodes[end] = ("add-on", base.add_ons[rule.add_on].name)
        else:
            continue
        asked = {atom for way in compiled.ways for atom in way}
        asked |= {atom for way in base.support_ways.get(rule.id, ()) for atom in way}
        for atom in sorted(asked):
            start = f"{atom.kind}:{atom.name}:{atom.state}"
            text = f"{base.facts[atom.name].name}: {atom.state}" if atom.kind == "fact" else str(atom)
            nodes.setdefault(start, (atom.kind, text))
            edges[Edge(start, end, rule.id)] = None
    return Graph(dict(sorted(nodes.items())), tuple(sorted(edges)))


_MERMAID = {"fact": ('(["', '"])'), "add-on": ('[["', '"]]'), "therapy": ('{{"', '"}}')}
_DOT = {"fact": "ellipse", "add-on": "box3d", "therapy": "hexagon", "resistant": "hexagon"}


def as_mermaid(shown: Graph) -> str:
    """Return the graph in the language of Mermaid."""
    names = {key: f"n{number}" for number, key in enumerate(shown.nodes)}
    lines = [f"%% {LABEL}: not for treatment decisions", "flowchart LR"]
    for key, (kind, text) in shown.nodes.items():
        opening, closing = _MERMAID.get(kind, ('["', '"]'))
        lines.append(f"  {names[key]}{opening}{text}{closing}")
    for start, end in dict.fromkeys((edge.start, edge.end) for edge in shown.edges):
        lines.append(f"  {names[start]} --> {names[end]}")
    return "\n".join(lines) + "\n"


def as_dot(shown: Graph) -> str:
    """Return the graph in the language of Graphviz."""
    lines = [
        "digraph rules {",
        f'  label="{LABEL}: not for treatment decisions"; rankdir=LR;',
    ]
    for key, (kind, text) in shown.nodes.items():
        lines.append(f'  "{key}" [label="{text}", shape={_DOT.get(kind, "box")}];')
    lines += [f'  "{edge.start}" -> "{edge.end}" [tooltip="{edge.rule}"];' for edge in shown.edges]
    return "\n".join([*lines, "}"]) + "\n"
