"""Two rule bases or claim registers side by side."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.commands import run
from support.packs import pack_with
from support.places import ROOT

from recommender import Profile, Recommender
from recommender._errors import InputError
from recommender.curation.comparing.compared import compare_sides
from recommender.curation.comparing.relations import relate
from recommender.curation.comparing.sides import open_side
from recommender.knowledge.assertions import AssertedOf, Assertion

pytestmark = pytest.mark.once

REGISTER = """
claims:
  - {id: same, add_on: Xenical, therapy: Nexavar, direction: sensitises, references: [101]}
  - {id: contrary, finding: {LINC01134: positive}, therapy: Eloxatin, direction: sensitises, references: [64]}
  - {id: reversed, finding: {FGFR4: low}, therapy: Lenvima, direction: resists, references: ["10.1000/Other"]}
"""
RESISTS = Assertion(AssertedOf("finding", ("FASN high",)), "sorafenib", "resists", "p", tumours=("hcc",))


def compared(*arguments: str | Path) -> Any:
    done = run("rules", "compare", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def relations(a: Assertion, b: Assertion, recommender: Recommender) -> list[str]:
    return [one.relation for one in relate([a], [b], recommender.base.vocabulary)]


def test_the_same_rules_have_the_same_claims_and_answers() -> None:
    found = compared("shipped", "shipped")
    assert [name for name, count in found["counts"].items() if count] == ["same"]
    assert found["cases"] == []
    assert found["cases_answered"] == 18


@pytest.mark.parametrize(
    ("changes", "relation"),
    [
        ({}, ["same"]),
        ({"direction": "sensitises"}, ["contradict"]),
        ({"direction": "sensitises", "paper": "q"}, ["contradict"]),
        ({"direction": "sensitises", "therapy": "tki"}, ["contradict"]),
        ({"direction": "sensitises", "therapy": "cisplatin"}, ["read-differently"]),
        ({"direction": "sensitises", "subject": AssertedOf("finding", ("FASN low",))}, ["agree"]),
        ({"paper": "q"}, ["agree"]),
        ({"tumours": ("gastric-cancer",)}, ["read-differently"]),
        ({"therapy": "cisplatin", "paper": "q"}, ["only-in-a", "only-in-b"]),
    ],
)
def test_how_two_claims_relate(
    changes: dict[str, Any], relation: list[str], recommender: Recommender
) -> None:
    assert relations(RESISTS, RESISTS._replace(**changes), recommender) == relation


def test_opposite_states_of_a_derived_fact_contradict(recommender: Recommender) -> None:
    raised = RESISTS._replace(therapy="", direction="glutathione raised")
    assert relations(raised, raised._replace(direction="glutathione lowered"), recommender) == ["contradict"]
    assert relations(raised, raised._replace(direction="nrf2-axis active"), recommender) == [
        "read-differently"
    ]


def test_both_orders_find_the_same(tmp_path: Path) -> None:
    register = tmp_path / "own.yaml"
    register.write_text(REGISTER)
    one, other = compared("shipped", register)["counts"], compared(register, "shipped")["counts"]
    swapped = {"only-in-a": "only-in-b", "only-in-b": "only-in-a"}
    assert one == {swapped.get(name, name): count for name, count in other.items()}


def test_a_register_is_read_by_any_name(tmp_path: Path) -> None:
    register = tmp_path / "own.yaml"
    register.write_text(REGISTER)
    found = compared("shipped", register)
    by_rule = {one["b"][0]["rules"][0]: one["relation"] for one in found["claims"] if one["b"]}
    assert by_rule == {"same": "same", "contrary": "contradict", "reversed": "agree"}
    assert found["cases_answered"] == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Nexavar", "Nexavra", "own.yaml:3: claim same, therapy: the therapy 'Nexavra' is not known."),
        (
            "LINC01134",
            "LINC99999",
            "own.yaml:4: claim contrary, finding: the marker 'LINC99999' is not known.",
        ),
        ("[101]", "[9999]", "own.yaml:3: claim same, references: no reference has the number 9999."),
        ("add_on: Xenical, ", "", "own.yaml:3: claim same: it is about either an add_on or a finding."),
        ("claims:", "claim:", "own.yaml:2: claim: unknown field 'claim'. Did you mean claims?"),
    ],
)
def test_what_is_wrong_with_a_register_is_said_with_its_line(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    register = tmp_path / "own.yaml"
    register.write_text(REGISTER.replace(old, new, 1))
    done = run("rules", "compare", "shipped", register)
    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_a_name_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="neither a folder of rules nor a claim register"):
        open_side("nothing-here")


def test_a_pack_that_ranks_otherwise_is_shown_with_both_rankings(tmp_path: Path) -> None:
    a, b = open_side("shipped"), open_side(str(ROOT / "docs" / "example-pack"))
    profile = Profile.read((ROOT / "docs" / "example-pack" / "profile.json").read_bytes())
    found = compare_sides(a, b, [("example", profile)])
    (case,) = found.cases
    assert case.other_first
    assert case.left_out_by_a == ("RSL3 + sorafenib",)
    assert case.left_out_by_b == ()
    assert case.b.first == ("RSL3 + sorafenib",)


def test_a_whole_rule_base_is_not_laid_over_the_shipped_one() -> None:
    assert open_side(str(ROOT / "rules")).base.packs == ()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_fits_its_width(width: int, tmp_path: Path) -> None:
    register = tmp_path / "own.yaml"
    register.write_text(REGISTER)
    text = run("rules", "compare", "shipped", register, "--width", f"{width}").stdout.decode()
    assert max(map(len, text.splitlines())) <= width
    assert "Contradict (1)" in text


def test_markdown_has_every_entry_and_the_label(tmp_path: Path) -> None:
    pack = pack_with(tmp_path / "empty-pack", "references: []\n")
    text = run("rules", "compare", "shipped", pack, "--format", "markdown").stdout.decode()
    assert "**PRECLINICAL EVIDENCE.**" in text
    same = text.partition("## Same claim\n\n")[2]
    assert same.count("\n- ") + 1 == len(open_side("shipped").asserted)
