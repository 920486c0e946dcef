"""The rule base as a graph: markers and therapies, derived facts, add-ons."""

from typing import NamedTuple

from ..knowledge.base import KnowledgeBase
from ..knowledge.rule_models import StrategyRule


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
        if rule.conclusion is not None:
            _, fact, state = rule.conclusion
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
