"""Rules as drafts of evidence items for CIViC."""

import json
from pathlib import Path

import pytest
from support.commands import run
from support.generators import BASE
from support.packs import pack_with
from support.places import EXAMPLE_PACK

from recommender import LABEL
from recommender.exporting.civic import Package, civic, package
from recommender.knowledge.rule_models import ContextRule, StrategyRule

pytestmark = pytest.mark.once

PACK = """
references:
  - {number: 900, type: article-journal, title: One, authors: [A B], journal: J, year: 2020, no_doi: x,
     pmid: "900"}
  - {number: 901, type: article-journal, title: Two, authors: [A B], journal: J, year: 2020, no_doi: x}
  - {number: 902, type: article-journal, title: Three, authors: [A B], journal: J, year: 2020,
     pmid: "902", no_doi: x, literature_state: {state: retracted, checked: "2026-11-28"}}
rules:
  - id: pack-context
    kind: context
    title: A context of a pack
    since: 1.0.0
    therapy: [sorafenib, radiotherapy]
    when: [{KEAP1: [mutated, normal]}, {TP53: wild-type}]
    effect: resists
    text: A sentence in our own words.
    mechanism: Another sentence in our own words.
    evidence:
      {references: [900, 901, 902], level: cells, models: [cells], tumour_types: [hcc], basis: abstract}
    limits: Cells only.
    examples:
      fires: [{therapies: [sorafenib], markers: {TP53: wild-type, KEAP1: mutated}}]
      near_misses: [{therapies: [sorafenib]}]
"""


@pytest.fixture(scope="module")
def made() -> Package:
    return package(BASE)


def test_every_rule_is_an_item_or_left_out_with_a_reason(made: Package) -> None:
    items = {item["rule"] for item in made.items}
    assert items
    assert items | {one.rule for one in made.left_out} == set(BASE.rules)
    assert all(one.reason for one in made.left_out)


def test_every_item_has_what_civic_asks_for(made: Package) -> None:
    assert made.items
    for item in made.items:
        assert item["label"] == LABEL
        assert item["molecular_profile"]
        assert item["disease"]["doid"].startswith("DOID:")
        assert item["therapies"]
        assert item["evidence_type"] == "Predictive"
        assert item["evidence_direction"] == "Supports"
        assert item["evidence_level"] in ("D", "E")
        assert item["evidence_rating"] is None
        assert (item["therapy_interaction_type"] == "Combination") == (len(item["therapies"]) > 1)
        assert item["to_check"]


def test_every_item_leads_back_to_a_rule_and_a_paper(made: Package) -> None:
    assert made.items
    for item in made.items:
        rule = BASE.rules[item["rule"]]
        number = int(item["source"]["reference"].removeprefix("review:"))
        assert number in rule.references
        assert item["source"]["pmid"] == BASE.references[number].pmid
        assert item["limits"] == rule.limits
        assert rule.kind in ("context", "strategy")


def test_no_disputed_claim_and_no_effect_of_another_agent_is_an_item(made: Package) -> None:
    assert made.items
    for item in made.items:
        rule = BASE.rules[item["rule"]]
        if isinstance(rule, ContextRule):
            assert not rule.agent
            assert (
                item["significance"]
                == {"resists": "Resistance", "sensitises": "Sensitivity/Response"}[rule.effect]
            )
        else:
            assert isinstance(rule, StrategyRule)
            assert not rule.by_review_only
            assert item["therapies"][1]["name"] in rule.evidence.partners_tested


def test_ids_are_those_of_the_vocabulary(made: Package) -> None:
    assert made.items
    markers = BASE.vocabulary.markers
    content = BASE.content
    known = {one.name: dict(one.ids.given()) for one in content.add_ons if one.ids}
    known |= {one.name: dict(one.ids.given()) for one in content.therapies if one.ids}
    for item in made.items:
        for feature in item["features"]:
            ids = markers[feature["symbol"]].ids
            assert ids is not None
            assert feature == {"symbol": feature["symbol"], **dict(ids.given())}
        assert all(drug["ids"] == known.get(drug["name"], {}) for drug in item["therapies"])


def test_an_item_in_full_and_what_is_left_out_of_its_rule(tmp_path: Path) -> None:
    done = run("export", "civic", "--rules", pack_with(tmp_path / "pack", PACK))
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    (item,) = [one for one in value["evidence_items"] if one["rule"] == "pack-context"]
    assert value["packs"].startswith("With rules of the pack pack ")
    keap1, p53 = (BASE.vocabulary.markers[name].ids for name in ("KEAP1", "TP53"))
    assert keap1 is not None
    assert p53 is not None
    sorafenib = BASE.vocabulary.therapies["sorafenib"].ids
    assert sorafenib is not None
    assert item == {
        "label": LABEL,
        "rule": "pack-context",
        "pack": "pack",
        "conditions": "KEAP1 mutated or normal; and TP53 wild-type",
        "molecular_profile": "KEAP1 Mutation AND TP53 Wildtype",
        "features": [
            {"symbol": "KEAP1", **dict(keap1.given())},
            {"symbol": "TP53", **dict(p53.given())},
        ],
        "variant_origin": "Somatic",
        "disease": {"name": "hepatocellular carcinoma", "doid": "DOID:684", "oncotree": "HCC"},
        "therapies": [{"name": "sorafenib", "ids": dict(sorafenib.given())}],
        "therapy_interaction_type": None,
        "evidence_type": "Predictive",
        "evidence_direction": "Supports",
        "significance": "Resistance",
        "evidence_level": "D",
        "evidence_rating": None,
        "source": {
            "type": "PubMed",
            "pmid": "900",
            "doi": None,
            "citation": "A B. J. 2020.",
            "reference": "pack:900",
        },
        "description": "A sentence in our own words. Another sentence in our own words. Models: cells.",
        "limits": "Cells only.",
        "source_read": "abstract only",
        "to_check": item["to_check"],
    }
    assert any("several papers" in text for text in item["to_check"])
    left_out = {one["part"]: one["reason"] for one in value["left_out"] if one["rule"] == "pack-context"}
    assert left_out == {
        "pack:901": "no PMID, by which CIViC names a source",
        "pack:902": "the paper was retracted",
        "KEAP1 normal and TP53 wild-type": "not of genes in a state that is a variant in CIViC",
        "radiotherapy": "not a drug",
    }


def test_a_retracted_paper_is_behind_no_edge_of_the_graph(tmp_path: Path) -> None:
    pack = pack_with(tmp_path / "pack", PACK)
    assert run("export", "kgx", "--rules", pack, "-o", tmp_path / "graph").returncode == 0
    assert "pack-context" not in (tmp_path / "graph" / "ferroptosis_edges.jsonl").read_text()
    assert "the paper was retracted" in (tmp_path / "graph" / "left_out.jsonl").read_text()


def test_the_command_writes_it_with_the_label(tmp_path: Path) -> None:
    file = tmp_path / "civic.json"
    assert run("export", "civic", "-o", file).returncode == 0
    assert file.read_text() == civic(BASE)
    value = json.loads(file.read_text())
    assert value["label"] == LABEL
    assert "not for treatment decisions" in value["disclaimer"]
    assert run("export", "civic", "--rules", EXAMPLE_PACK, "-o", file).returncode == 0
    assert "With rules of the pack example-pack" in json.loads(file.read_text())["packs"]
