"""The rules as a graph of the Biolink Model, checked against a schema made from that model."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.commands import run
from support.generators import BASE
from support.packs import pack_with
from support.places import DATA, EXAMPLE_PACK

from recommender import LABEL
from recommender.exporting.kgx import (
    EDGES,
    LEFT_OUT,
    NODES,
    OWN_FIELDS,
    READ_ME,
    BiolinkGraph,
    biolink_graph,
    kgx,
    publication,
)
from recommender.knowledge.ids import curie

pytestmark = pytest.mark.once

SCHEMA = json.loads((DATA / "schemas" / "biolink-4.4.6.schema.json").read_text())
Values = dict[str, Any]


@pytest.fixture(scope="module")
def made() -> BiolinkGraph:
    return biolink_graph(BASE)


def validator(category: str) -> jsonschema.Draft202012Validator:
    schema = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{category.removeprefix('biolink:')}"}
    return jsonschema.Draft202012Validator(schema)


def test_every_node_and_edge_is_valid(made: BiolinkGraph) -> None:
    for value in (*made.nodes, *made.edges):
        (category,) = value["category"]
        model = {name: field for name, field in value.items() if name not in OWN_FIELDS}
        assert [fault.message for fault in validator(category).iter_errors(model)] == [], value["id"]
    broken = {**made.nodes[0], "unknown_field": 1}
    assert list(validator(made.nodes[0]["category"][0]).iter_errors(broken))


def test_ids_are_unique_and_both_ends_of_an_edge_are_nodes(made: BiolinkGraph) -> None:
    nodes = [node["id"] for node in made.nodes]
    edges = [edge["id"] for edge in made.edges]
    assert len(set(nodes)) == len(nodes)
    assert len(set(edges)) == len(edges)
    assert {edge[end] for edge in made.edges for end in ("subject", "object")} <= set(nodes)
    assert {edge.get("disease_context_qualifier", nodes[0]) for edge in made.edges} <= set(nodes)


def test_every_edge_leads_back_to_a_rule_and_a_reference(made: BiolinkGraph) -> None:
    assert made.edges
    for edge in made.edges:
        rule = BASE.rules[edge["rule"]]
        assert edge["references"] == [f"review:{number}" for number in rule.references] != []
        assert edge["publications"] == [publication(BASE.references[number]) for number in rule.references]
        assert edge.get("limits", "") == rule.limits


def test_every_edge_carries_the_label_and_its_provenance(made: BiolinkGraph) -> None:
    assert made.edges
    for edge in made.edges:
        assert edge["label"] == LABEL
        assert edge["description"].startswith(f"{LABEL}, not for treatment decisions.")
        assert (edge["knowledge_level"], edge["agent_type"]) == ("knowledge_assertion", "manual_agent")
        assert edge["primary_knowledge_source"] == "ferrec:rule-base"


def test_every_rule_is_an_edge_or_left_out_with_a_reason(made: BiolinkGraph) -> None:
    edges = {edge["rule"] for edge in made.edges}
    assert edges | {one.rule for one in made.left_out} == set(BASE.rules)
    assert all(one.reason for one in made.left_out)


def test_what_is_disputed_or_reported_by_the_review_only_is_no_edge(made: BiolinkGraph) -> None:
    assert made.edges
    for edge in made.edges:
        rule = BASE.rules[edge["rule"]]
        assert rule.kind in ("mechanism", "context", "strategy")
        if rule.kind == "strategy":
            assert "agent" not in rule.by_review_only
            if edge["predicate"] == "biolink:increases_sensitivity_to":
                assert "partner" not in rule.by_review_only
            else:
                assert rule.ferroptosis == "shown"


def test_ids_are_those_of_the_vocabulary(made: BiolinkGraph) -> None:
    assert made.nodes
    content = BASE.content
    records: list[Any] = [*content.therapies, *content.add_ons, *content.markers, *content.diseases]
    known = {curie(name, written) for one in records if one.ids for name, written in one.ids.given()}
    for node in made.nodes:
        for name in (node["id"], *node.get("xref", ())):
            assert name in known or name.startswith("ferrec:")


def test_direction_and_state_are_those_of_the_rule(made: BiolinkGraph) -> None:
    of_rule: dict[str, list[Values]] = {}
    for edge in made.edges:
        of_rule.setdefault(edge["rule"], []).append(edge)
    (high,) = of_rule["mt1g-high-resists-sorafenib"]
    assert high["predicate"] == "biolink:associated_with_resistance_to"
    assert (high["subject_aspect_qualifier"], high["subject_direction_qualifier"]) == (
        "abundance",
        "increased",
    )
    low, deleted = sorted(
        of_rule["gstz1-low-resists-sorafenib"], key=lambda edge: -len(edge["subject_state"])
    )[::-1]
    assert (low["subject_direction_qualifier"], low["subject_state"]) == ("decreased", "low")
    assert deleted["subject_form_or_variant_qualifier"] == "loss_of_function_variant_form"
    assert "subject_direction_qualifier" not in deleted
    for edge in made.edges:
        expected = {"high": "increased", "low": "decreased"}.get(edge.get("subject_state", ""))
        assert edge.get("subject_direction_qualifier") == expected
        rule = BASE.rules[edge["rule"]]
        if rule.kind == "context":
            assert edge["predicate"].endswith(
                {"resists": "resistance_to", "sensitises": "sensitivity_to"}[rule.effect]
            )


def test_no_finding_gets_the_effect_of_another_agent(made: BiolinkGraph) -> None:
    with_agent = {rule.id for rule in BASE.content.rules if rule.kind == "context" and rule.agent}
    assert "nanaomycin-sensitises-sorafenib" in with_agent
    assert not with_agent & {edge["rule"] for edge in made.edges}
    claims: dict[tuple[str, str, str], set[str]] = {}
    for edge in made.edges:
        if edge["predicate"].startswith("biolink:associated_with_"):
            key = (edge["subject"], edge["subject_state"], edge["object"])
            claims.setdefault(key, set()).add(edge["predicate"])
    assert [key for key, found in claims.items() if len(found) > 1] == []


def test_several_findings_together_are_no_edge_of_one(made: BiolinkGraph) -> None:
    rule = "hypoxia-yap-resists-sorafenib"
    assert rule not in {edge["rule"] for edge in made.edges}
    assert [one.part for one in made.left_out if one.rule == rule] == ["YAP1 high and hypoxia present"]


def test_an_edge_in_full(made: BiolinkGraph) -> None:
    (edge,) = (edge for edge in made.edges if edge["rule"] == "orlistat-against-fasn")
    assert edge == {
        "id": "ferrec:edge.orlistat-against-fasn%7CCHEBI%3A94686%7CCHEBI%3A50924",
        "category": ["biolink:ChemicalEntityToChemicalEntityAssociation"],
        "subject": "CHEBI:94686",
        "predicate": "biolink:increases_sensitivity_to",
        "object": "CHEBI:50924",
        "description": (
            "PRECLINICAL EVIDENCE, not for treatment decisions. Orlistat + sorafenib where FASN is high or "
            "sorafenib failed. " + BASE.rules["orlistat-against-fasn"].mechanism  # type: ignore[union-attr]
        ),
        "publications": [publication(BASE.references[101])],
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        "primary_knowledge_source": "ferrec:rule-base",
        "disease_context_qualifier": "MONDO:0007256",
        "label": LABEL,
        "disclaimer": edge["disclaimer"],
        "rule": "orlistat-against-fasn",
        "rule_base": BASE.info.version,
        "references": ["review:101"],
        "limits": BASE.rules["orlistat-against-fasn"].limits,
        "evidence_level": "xenograft",
        "civic_level": "D",
        "model_systems": ["sorafenib-resistant HCC cells", "combination in animals", "combination index"],
        "tumour_types": ["hepatocellular carcinoma"],
        "ferroptosis": "shown",
        "conditions": "(FASN high; or resistant to sorafenib)",
    }


def test_the_command_writes_a_folder_with_the_packs(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    assert run("export", "kgx", "-o", folder).returncode == 0
    assert {file.name: file.read_text() for file in folder.iterdir()} == kgx(BASE)
    assert {file.name for file in folder.iterdir()} == {NODES, EDGES, LEFT_OUT, READ_ME}
    assert run("export", "kgx", "--rules", EXAMPLE_PACK, "-o", folder).returncode == 0
    assert re.search(
        r"PRECLINICAL EVIDENCE.*With rules of the pack", (folder / READ_ME).read_text(), re.DOTALL
    )
    lines = (folder / EDGES).read_text().splitlines()
    assert {json.loads(line).get("pack") for line in lines} == {None, "example-pack"}
    (cited,) = {tuple(edge["references"]) for edge in map(json.loads, lines) if edge.get("pack")}
    assert cited == ("example-pack:900",), "the review has no paper 900"


def test_a_name_of_a_pack_cannot_break_an_id_or_a_line(tmp_path: Path) -> None:
    pack = pack_with(
        tmp_path / "pack",
        'markers:\n  - {symbol: "X|\\"Y\\" {z}", kind: element, name: "a\\"b"}\n'
        "rules:\n  - id: odd-name-resists\n    kind: context\n    title: An odd name\n    since: 1.0.0\n"
        '    therapy: [sorafenib]\n    when: [{"X|\\"Y\\" {z}": high}]\n    effect: resists\n'
        "    text: Nothing is known of it.\n    mechanism: Nothing is known of it.\n"
        "    evidence:\n      {references: [1], level: cells, models: [cells], \n"
        "       tumour_types: [hcc], basis: abstract}\n"
        "    examples:\n      fires: [{therapies: [sorafenib], markers: {'X|\"Y\" {z}': high}}]\n"
        "      near_misses: [{therapies: [sorafenib]}]\n",
    )
    done = run("export", "kgx", "--rules", pack, "-o", tmp_path / "graph")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "graph" / EDGES).read_text().splitlines()
    (edge,) = (edge for edge in map(json.loads, lines) if edge["rule"] == "odd-name-resists")
    assert edge["subject"] == "ferrec:marker.X%7C%22Y%22%20%7Bz%7D"
    assert edge["pack"] == "pack"
