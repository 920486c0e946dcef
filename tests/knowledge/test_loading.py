"""Rule files: every fault is found, at its line, and all faults at once."""

import shutil
from pathlib import Path

import pytest
from support.packs import pack_with

from recommender import Profile, Recommender, RuleBaseError
from recommender.knowledge.loading import load

RULE = """\
rules:
  - id: my-strategy
    kind: strategy
    title: A strategy of ours
    since: "1"
    therapy: [sorafenib]
    when:
      - FASN: high
    add_on: orlistat
    effect: sensitises
    ferroptosis: shown
    mechanism: A mechanism in one sentence.
    evidence:
      references: [101]
      level: cells
      models: [cells of ours]
      tumour_types: [hcc]
      basis: abstract
    limits: None that we know of.
    examples:
      fires: [{therapies: [sorafenib], markers: {FASN: high}}]
      near_misses: [{therapies: [sorafenib]}]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return pack_with(tmp_path / "our-pack", RULE, "rules.yaml")


def faults(pack: Path) -> list[str]:
    with pytest.raises(RuleBaseError) as caught:
        Recommender(rules=[pack], engine="plain")
    return [str(problem) for problem in caught.value.problems]


def change(pack: Path, old: str, new: str) -> None:
    file = pack / "rules.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_a_pack_lies_over_the_shipped_rules(pack: Path) -> None:
    recommender = Recommender(rules=[pack], engine="plain")
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    result = recommender.recommend(profile)
    (orlistat,) = [one for one in result.recommendations if one.add_on.id == "orlistat"]
    assert {rule.id: rule.pack for rule in orlistat.rules} == {
        "my-strategy": "our-pack",
        "orlistat-against-fasn": None,
    }
    assert [one.name for one in result.rule_base.packs] == ["our-pack"]
    assert recommender.base.origins["my-strategy"] == "our-pack/rules.yaml:2"


def test_a_disputed_claim_of_a_pack_says_so(pack: Path) -> None:
    (pack / "rules.yaml").write_text("""\
rules:
  - id: my-doubt
    kind: disputed
    title: A claim
    since: 2026.11.0
    when:
      - FASN: high
    claim: A claim that is doubted.
    why: The work says something else.
    references: [101]
    audit: [F05]
    examples:
      fires: [{therapies: [sorafenib], markers: {FASN: high}}]
      near_misses: [{therapies: [sorafenib]}]
""")
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    result = Recommender(rules=[pack], engine="plain").recommend(profile)
    assert [one.pack for one in result.disputed if one.id == "my-doubt"] == ["our-pack"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "FASN: high",
            "FASNN: high",
            ["our-pack/rules.yaml:8: rule my-strategy, when: ", "FASNN", "Did you mean FASN"],
        ),
        ("- FASN: high", "- xCT: high", ["our-pack/rules.yaml:8", "Write SLC7A11"]),
        ("FASN: high\n", "FASN: hihg\n", ["our-pack/rules.yaml:8", "cannot be 'hihg'", "Allowed: "]),
        ("FASN: high\n", "nrf2-axis: on\n", ["our-pack/rules.yaml:8", "nrf2-axis", "'on'"]),
        ("- FASN: high", "- FASN: high\n        SCD: high", ["our-pack/rules.yaml:8", "exactly one key"]),
        ("- FASN: high", "- not: {FASN: high}", ["our-pack/rules.yaml:8", "there is no not"]),
        ("- FASN: high", "- HBV: present", ["our-pack/rules.yaml:8", "Allowed: positive or negative."]),
        ("- FASN: high", "- any_of: FASN", ["our-pack/rules.yaml:8", "needs a list"]),
        (
            "add_on: orlistat",
            "add_on: orlistatt",
            ["our-pack/rules.yaml:9: rule my-strategy, add_on: ", "Did you mean orlistat?"],
        ),
        (
            "effect: sensitises",
            "effect: sensitizes",
            ["our-pack/rules.yaml:10: rule my-strategy, effect: ", "Did you mean sensitises?"],
        ),
        (
            "references: [101]",
            "references: [101, 999]",
            ["our-pack/rules.yaml:14: rule my-strategy, evidence.references: ", "has the number 999"],
        ),
        ("level: cells", "level: cell", ["our-pack/rules.yaml:15", "Did you mean cells?"]),
        ("tumour_types: [hcc]", "tumour_types: [hc]", ["our-pack/rules.yaml:17", "disease 'hc'"]),
        ("therapy: [sorafenib]\n    when", "therapy: [sorafenb]\n    when", ["rules.yaml:6", "sorafenib"]),
        ("    limits:", "    limit:", ["our-pack/rules.yaml:19", "unknown field 'limit'", "limits"]),
        (
            "    title: A strategy of ours\n",
            "",
            ["our-pack/rules.yaml:2: rule my-strategy, title: it is missing."],
        ),
        (
            "kind: strategy",
            "kind: stratgy",
            ["our-pack/rules.yaml:3: rule my-strategy, kind: ", "Did you mean strategy?"],
        ),
        (
            "id: my-strategy",
            "id: orlistat-against-fasn",
            ["our-pack/rules.yaml:2: rule orlistat-against-fasn: ", "is taken: see strategies-tki.yaml:"],
        ),
        ("id: my-strategy", "id: 3", ["our-pack/rules.yaml:2: the 1st rule, id: ", "text is expected"]),
        (
            "  - id: my-strategy\n    kind",
            "  - kind",
            ["our-pack/rules.yaml:2: the 1st rule, id: it is missing."],
        ),
        (
            "models: [cells of ours]",
            "models: [cells of ours, 3]",
            ["our-pack/rules.yaml:16: rule my-strategy, evidence.models, the 2nd: ", "text is expected"],
        ),
        ("rules:", "rules: &x", ["our-pack/rules.yaml:", "anchors"]),
        ("title: A", "title: [A", ["our-pack/rules.yaml:"]),
    ],
)
def test_a_fault_is_told_with_its_line(pack: Path, old: str, new: str, expected: list[str]) -> None:
    change(pack, old, new)
    told = faults(pack)
    assert any(all(word in fault for word in expected) for fault in told), told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("therapy: [sorafenib]\n", "therapy: [{}]\n"),
        ("references: [101]", "references: [{}]"),
        ("models: [cells of ours]", "models: [{}]"),
        ("tumour_types: [hcc]", "tumour_types: [{}]"),
    ],
)
def test_a_wrong_item_is_one_fault(pack: Path, old: str, new: str) -> None:
    change(pack, old, new)
    (fault,) = faults(pack)
    assert "the 1st: " in fault
    assert fault.endswith("an object was given.")


def test_an_empty_list_is_too_short(pack: Path) -> None:
    change(pack, "references: [101]", "references: []")
    (fault,) = faults(pack)
    assert "evidence.references: tuple should have at least 1 item" in fault


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ("markers: [{symbol: X1, kind: gene, name: x, ncbi_gene: 0}]", "x.yaml:1: marker X1, ncbi_gene: "),
        ("markers: [{symbol: X1, kind: gen, name: x}]", "x.yaml:1: marker X1, kind: the marker kind 'gen'"),
        (
            "therapies: [{id: y, name: y, kind: drug, parents: [z]}]",
            "x.yaml:1: therapy y, parents: the therapy 'z'",
        ),
        ("references: [{number: 900, type: article-journal}]", "x.yaml:1: reference 900, title: "),
        ("references: [{number: 0}]", "x.yaml:1: the 1st reference, number: "),
        ("references:\n  - {number: nine}", "x.yaml:2: the 1st reference, number: "),
        ("add_ons: [{id: z, name: z, type: pill, status: abandoned}]", "x.yaml:1: add-on z, type: 'pill'"),
        ("evidence_levels: [{id: guess, points: 200}]", "x.yaml:1: evidence level guess, points: "),
        ("diseases: [3]", "x.yaml:1: the 1st disease: an object is expected"),
        ("claims:\n  - id: a\n  - 3", "x.yaml:3: the 2nd claim: an object is expected"),
        ("ranking: 3", "x.yaml:1: ranking: an object is expected"),
        ("[]", "x.yaml:1: the file: an object is expected"),
    ],
)
def test_a_fault_names_its_record(pack: Path, records: str, expected: str) -> None:
    (pack / "x.yaml").write_text(records)
    assert any(f"our-pack/{expected}" in fault for fault in faults(pack)), faults(pack)


def test_all_faults_at_once(pack: Path) -> None:
    change(pack, "FASN: high\n", "FASNN: high\n")
    change(pack, "add_on: orlistat", "add_on: nothing-known")
    change(pack, "references: [101]", "references: [999]")
    (pack / "more.yaml").write_text("therapies:\n  - id: x\n    name: Nexavar\n    kind: drug\n")
    told = "\n".join(faults(pack))
    for word in ("FASNN", "nothing-known", "999", "Nexavar"):
        assert word in told


def test_a_rule_without_conditions_is_refused(pack: Path) -> None:
    (pack / "rules.yaml").write_text(
        RULE.replace("kind: strategy", "kind: context")
        .replace("    therapy: [sorafenib]\n", "")
        .replace("    when:\n      - FASN: high\n    add_on: orlistat\n", "")
        .replace(
            "effect: sensitises\n    ferroptosis: shown", "effect: resists\n    text: Something is said."
        )
    )
    assert any("always fire" in fault for fault in faults(pack))


def test_rules_in_a_circle_are_refused(pack: Path) -> None:
    mechanism = """\
  - id: circle-{0}
    kind: mechanism
    title: {0} from {1}
    since: "1"
    when:
      - {1}: active
    concludes: {{{0}: active}}
    mechanism: A mechanism in one sentence.
    evidence: {{references: [1], level: cells, models: [cells], tumour_types: [hcc], basis: abstract}}
    examples: {{fires: [{{}}], near_misses: [{{}}]}}
"""
    (pack / "rules.yaml").write_text(
        "rules:\n"
        + mechanism.format("fsp1-defence", "gpx4-defence")
        + mechanism.format("gpx4-defence", "fsp1-defence")
    )
    assert any("in a circle" in fault and "rules.yaml:" in fault for fault in faults(pack))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"rules: 3", "a list is expected"),
        (b"- 1", "object"),
        (b"x: 1", "unknown field"),
    ],
)
def test_files_that_are_no_rule_files(pack: Path, content: bytes, expected: str) -> None:
    (pack / "rules.yaml").write_bytes(content)
    assert any(expected in fault for fault in faults(pack))


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(RuleBaseError, match="no such folder"):
        Recommender(rules=[tmp_path / "nowhere"])
    with pytest.raises(RuleBaseError, match="no rule files"):
        Recommender(rules=[tmp_path])


def test_an_empty_file_is_no_fault(pack: Path) -> None:
    (pack / "empty.yaml").write_text("# nothing yet\n")
    assert Recommender(rules=[pack], engine="plain")


def test_line_ends_do_not_change_the_digest(tmp_path: Path, recommender: Recommender) -> None:
    from recommender._data import shipped

    copy = tmp_path / "rules"
    shutil.copytree(shipped("rules"), copy)
    for file in copy.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load([copy], use_cache=False).sha256 == recommender.base.sha256


def test_findings_that_support_a_strategy_in_too_many_ways_are_refused(pack: Path) -> None:
    base = Recommender(engine="plain").base
    facts = [fact for fact in base.facts.values() if len(fact.states) > 1][:12]
    asked = "".join(f"      - {fact.id}: [{', '.join(fact.states)}]\n" for fact in facts)
    change(pack, "    add_on: orlistat", f"    called_for_by:\n{asked}    add_on: orlistat")
    assert any("rules.yaml:9" in fault and "256" in fault for fault in faults(pack))
