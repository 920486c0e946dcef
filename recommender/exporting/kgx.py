"""Rules as a knowledge graph: nodes and edges of the Biolink Model, as JSON lines in the form of KGX."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .._label import DISCLAIMER, LABEL
from .._text import safe_json
from .._version import VERSION
from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from ..knowledge.ids import Ids, curie
from ..knowledge.models import Reference
from ..knowledge.phrasing import in_words
from ..knowledge.rule_models import ContextRule, MechanismRule, StrategyRule
from .mapped import (
    LeftOut,
    alternatives,
    in_short,
    not_of_a_finding,
    not_of_an_add_on,
    withdrawn,
    without_drug,
)
from .sssom import PREFIX, own_id

NODES = "ferroptosis_nodes.jsonl"
EDGES = "ferroptosis_edges.jsonl"
LEFT_OUT = "left_out.jsonl"
READ_ME = "README.md"
OWN_FIELDS = (
    "label",
    "disclaimer",
    "rule",
    "rule_base",
    "pack",
    "references",
    "subject_state",
    "object_state",
    "conditions",
    "limits",
    "evidence_level",
    "civic_level",
    "model_systems",
    "tumour_types",
    "ferroptosis",
)
"""Fields of an edge that the Biolink Model does not have."""
_CHEMICAL = ("chebi", "pubchem", "chembl", "drugbank")
_GENE = ("ncbigene", "hgnc")
_DISEASE = ("mondo", "doid", "ncit")
"""Databases in the order in which the Biolink Model prefers their ids, as far as it knows them."""
_STATED_BY_ITSELF = ("present", "positive")
"""States that a node other than a gene expresses by itself: an infection that is there."""
_OF_GENES = {
    "high": {"subject_aspect_qualifier": "abundance", "subject_direction_qualifier": "increased"},
    "low": {"subject_aspect_qualifier": "abundance", "subject_direction_qualifier": "decreased"},
    "mutated": {"subject_form_or_variant_qualifier": "mutant_form"},
    "amplified": {"subject_form_or_variant_qualifier": "genetic_variant_form"},
    "deleted": {"subject_form_or_variant_qualifier": "loss_of_function_variant_form"},
}
"""For a state the qualifiers of the subject; what has none cannot be expressed."""
_PREDICATES = {
    "resists": "biolink:associated_with_resistance_to",
    "sensitises": "biolink:associated_with_sensitivity_to",
}


class BiolinkGraph(NamedTuple):
    """A knowledge graph, and what of the rules is not in it."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    left_out: list[LeftOut]


def kgx(base: KnowledgeBase, packs: str = "") -> dict[str, str]:
    """Return the files of the graph by their names; `packs` names the packs in it."""
    found = biolink_graph(base)
    return {
        NODES: _lines(found.nodes),
        EDGES: _lines(found.edges),
        LEFT_OUT: _lines(one._asdict() for one in found.left_out),
        READ_ME: _read_me(base, found, packs),
    }


def biolink_graph(base: KnowledgeBase) -> BiolinkGraph:
    """Return the rules as a graph: each rule is behind an edge, or left out with a reason, or both."""
    return _Maker(base).made()


class _Maker:
    """The nodes and edges while they are made, and what is left out."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._nodes: dict[str, dict[str, Any]] = {}
        self._edges: list[dict[str, Any]] = []
        self._left_out: list[LeftOut] = []

    def made(self) -> BiolinkGraph:
        for rule in self._base.content.rules:
            papers = [self._base.references[number] for number in rule.references]
            if notice := next(filter(None, map(withdrawn, papers)), ""):
                self._left_out.append(LeftOut(rule.id, "", notice))
            elif isinstance(rule, MechanismRule):
                self._mechanism(rule)
            elif isinstance(rule, StrategyRule):
                self._strategy(rule)
            elif reason := not_of_a_finding(rule):
                self._left_out.append(LeftOut(rule.id, "", reason))
            elif isinstance(rule, ContextRule):
                self._context(rule)
        nodes = sorted(self._nodes.values(), key=lambda node: node["id"])
        return BiolinkGraph(nodes, self._edges, self._left_out)

    def _mechanism(self, rule: MechanismRule) -> None:
        for subject, atom, qualifiers in self._subjects(rule):
            text = f"{atom}: {rule.conclusion}. {rule.mechanism}"
            more = {**qualifiers, "object_state": rule.conclusion.state}
            self._edge(
                rule,
                "Association",
                subject,
                "biolink:associated_with",
                self._fact(rule.conclusion),
                text,
                more,
            )

    def _context(self, rule: ContextRule) -> None:
        drugs = self._drugs(rule)
        for subject, atom, qualifiers in self._subjects(rule) if drugs else ():
            for drug in drugs:
                text = f"{atom}: {rule.text}"
                self._edge(rule, "Association", subject, _PREDICATES[rule.effect], drug, text, qualifiers)

    def _strategy(self, rule: StrategyRule) -> None:
        if reason := not_of_an_add_on(rule, self._base):
            self._left_out.append(LeftOut(rule.id, "", reason))
            return
        add_on = self._base.add_ons[rule.add_on]
        more = {"ferroptosis": rule.ferroptosis, "conditions": in_words([*rule.when, *rule.called_for_by])}
        text = f"{rule.title}. {rule.mechanism}"
        if rule.effect == "induces-ferroptosis":
            subject = self._substance("add-on", add_on.id, add_on.name, add_on.ids)
            more |= {
                "qualified_predicate": "biolink:causes",
                "object_aspect_qualifier": "activity_or_abundance",
                "object_direction_qualifier": "increased",
            }
            kind = "ChemicalAffectsBiologicalEntityAssociation"
            self._edge(rule, kind, subject, "biolink:affects", self._ferroptosis(), text, more)
            return
        for drug in self._drugs(rule):
            subject = self._substance("add-on", add_on.id, add_on.name, add_on.ids)
            kind = "ChemicalEntityToChemicalEntityAssociation"
            self._edge(rule, kind, subject, "biolink:increases_sensitivity_to", drug, text, more)

    def _subjects(self, rule: MechanismRule | ContextRule) -> Iterator[tuple[str, Atom, dict[str, str]]]:
        """Yield each single finding that meets the conditions: its node, itself, its qualifiers."""
        for way in alternatives(rule, self._base):
            if len(way) > 1:
                self._left_out.append(LeftOut(rule.id, in_short(way), "several findings together"))
                continue
            (atom,) = way
            if atom.kind == "fact":
                yield self._fact(atom), atom, {"subject_state": atom.state}
            elif atom.kind == "marker" and (found := self._marker(atom)) is not None:
                yield found[0], atom, {**found[1], "subject_state": atom.state}
            else:
                reason = (
                    "a state that the Biolink Model cannot express" if atom.kind == "marker" else "no finding"
                )
                self._left_out.append(LeftOut(rule.id, str(atom), reason))

    def _marker(self, atom: Atom) -> tuple[str, dict[str, str]] | None:
        """The node of a marker, and the qualifiers of its state; None where they cannot be expressed."""
        marker = self._base.vocabulary.markers[atom.name]
        ids = _ids(marker.ids, _GENE)
        qualifiers = {} if not ids and atom.state in _STATED_BY_ITSELF else _OF_GENES.get(atom.state)
        if qualifiers is None:
            return None
        own = own_id("marker", marker.symbol)
        more = {"symbol": marker.symbol, "full_name": marker.name} if ids else {"description": marker.name}
        return self._node("Gene" if ids else "NamedThing", own, marker.symbol, ids, more), qualifiers

    def _fact(self, atom: Atom) -> str:
        fact = self._base.facts[atom.name]
        own = own_id("fact", f"{fact.id}.{atom.state}")
        more = {"description": fact.states[atom.state]}
        return self._node("NamedThing", own, f"{fact.name}: {atom.state}", [], more)

    def _ferroptosis(self) -> str:
        return self._node("BiologicalProcess", own_id("process", "ferroptosis"), "ferroptosis", [])

    def _drugs(self, rule: ContextRule | StrategyRule) -> list[str]:
        """The nodes of the drugs, and classes of drugs, that a rule is about; others are left out."""
        others = list(without_drug(rule.therapies, self._base))
        self._left_out += [
            LeftOut(rule.id, name, "not a drug, as the Biolink Model requires") for name in others
        ]
        drugs = [self._base.vocabulary.therapies[name] for name in rule.therapies if name not in others]
        return [self._substance("therapy", one.id, one.name, one.ids) for one in drugs]

    def _substance(self, kind: str, name: str, label: str, ids: Ids | None) -> str:
        more = {"description": f"Where sources disagree: {ids.note}"} if ids and ids.note else {}
        return self._node("ChemicalEntity", own_id(kind, name), label, _ids(ids, _CHEMICAL), more)

    def _disease(self, name: str) -> str | None:
        """The id of a disease, as a node; None for one without an id."""
        disease = self._base.vocabulary.diseases[name]
        ids = _ids(disease.ids, _DISEASE)
        return self._node("Disease", own_id("disease", name), disease.name, ids) if ids else None

    def _node(
        self, category: str, own: str, name: str, ids: list[str], more: dict[str, str] | None = None
    ) -> str:
        """The id of a node: the first that it has in a public database, else our own."""
        node = ids[0] if ids else own
        fields = {
            "id": node,
            "category": [f"biolink:{category}"],
            "name": name,
            "xref": [*ids[1:], own] if ids else [],
        }
        if node in self._nodes:  # a substance may be a therapy and an add-on
            known = self._nodes[node]
            known["xref"] = sorted({*known.get("xref", ()), *fields["xref"]})
        else:
            self._nodes[node] = _given({**fields, **(more or {}), "provided_by": [f"{PREFIX}:rule-base"]})
        return node

    def _edge(
        self,
        rule: MechanismRule | ContextRule | StrategyRule,
        category: str,
        subject: str,
        predicate: str,
        target: str,
        text: str,
        more: dict[str, str],
    ) -> None:
        base = self._base
        found = rule.evidence
        tumours = found.tumour_types
        words = [base.vocabulary.diseases[one].name for one in tumours]
        parts = (rule.id, subject, more.get("subject_state", ""), target)
        edge = {
            "id": own_id("edge", "|".join(part for part in parts if part)),
            "category": [f"biolink:{category}"],
            "subject": subject,
            "predicate": predicate,
            "object": target,
            "description": f"{LABEL}, not for treatment decisions. {text}",
            "publications": [publication(base.references[number]) for number in rule.references],
            "knowledge_level": "knowledge_assertion",
            "agent_type": "manual_agent",
            "primary_knowledge_source": f"{PREFIX}:rule-base",
            "disease_context_qualifier": self._disease(tumours[0]) if len(tumours) == 1 else None,
            "label": LABEL,
            "disclaimer": DISCLAIMER,
            "rule": rule.id,
            "rule_base": base.info.version,
            "pack": base.pack_of.get(rule.id),
            "references": [base.references[number].id for number in rule.references],
            "limits": rule.limits,
            "evidence_level": found.level,
            "civic_level": base.levels[found.level].civic_level,
            "model_systems": list(found.models),
            "tumour_types": words,
            **more,
        }
        self._edges.append(_given(edge))


def publication(reference: Reference) -> str:
    """Return a paper as a compact identifier: its PMID, else its DOI, else our own id of it."""
    if reference.pmid:
        return f"PMID:{reference.pmid}"
    return f"doi:{reference.doi}" if reference.doi else own_id("reference", str(reference.number))


def _ids(ids: Ids | None, databases: Iterable[str]) -> list[str]:
    """The ids in these databases, in their order."""
    given = dict(ids.given()) if ids else {}
    return [curie(name, given[name]) for name in databases if name in given]


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _lines(values: Iterable[dict[str, Any]]) -> str:
    return "".join(f"{safe_json(json.dumps(value, ensure_ascii=False))}\n" for value in values)


def _read_me(base: KnowledgeBase, found: BiolinkGraph, packs: str) -> str:
    own = ", ".join(f"`{name}`" for name in OWN_FIELDS)
    return f"""# Ferroptosis-inducing add-ons as a knowledge graph

{LABEL}. {DISCLAIMER} Every edge carries this label, the id of its rule and its publications.

Made by ferroptosis-recommender {VERSION} from rule base {base.info.version} (sha256 {base.sha256}). {packs}

`{NODES}` has {len(found.nodes)} nodes and `{EDGES}` {len(found.edges)} edges of the Biolink
Model, in the form of KGX. `{LEFT_OUT}` lists what was left out, and why.

`{PREFIX}:` is `urn:ferroptosis-recommender:`, the prefix of things that have no id in a public
database: markers that are not genes, states of the ferroptosis pathway, classes of drugs, formulations,
and the rule base itself. It is not registered.

Fields of an edge in addition to those of the model: {own}.
"""
