"""Cautions: with a partner, with conditions, always, and as rule base 2026.11.0 wrote them."""

from pathlib import Path

import pytest
from support.archive import ARCHIVE, unpacked

from recommender import Profile, Recommender, RuleBaseError
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import load
from recommender.knowledge.rule_models import CautionRule

NINTH_ROOT = """\
therapies:
  - {id: cell-therapy, name: cell therapy, kind: modality}
  - {id: made-up-cells, name: made-up cells, kind: drug, parents: [cell-therapy]}
rules:
  - id: local-rsl3-with-cells
    kind: strategy
    title: Made up
    since: "1"
    therapy: [cell-therapy]
    add_on: rsl3
    effect: sensitises
    ferroptosis: shown
    mechanism: Made up for a test.
    evidence: {references: [101], level: cells, models: [cells], tumour_types: [hcc], basis: abstract}
    limits: Made up for a test.
    examples: {fires: [{therapies: [made-up-cells]}], near_misses: [{}]}
"""
CAUTION = """\
rules:
  - id: local-caution
    kind: caution
    title: Made up
    since: "1"
    FIELDS
    applies_to: {}
    text: Made up for a test.
    examples: {fires: [{therapies: [sorafenib]}], near_misses: [{}]}
"""
UNCONDITIONAL = "tool-compound"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "our-pack"
    folder.mkdir()
    return folder


def with_caution(pack: Path, fields: str) -> KnowledgeBase:
    (pack / "rules.yaml").write_text(CAUTION.replace("FIELDS", fields.replace("; ", "\n    ")))
    return Recommender(rules=[pack], engine="plain").base


def test_an_unconditional_caution_applies_to_a_therapy_class_of_a_pack(
    pack: Path, both_engines: list[Recommender]
) -> None:
    (pack / "rules.yaml").write_text(NINTH_ROOT)
    profile = Profile.parse({"disease": "HCC", "therapies": ["made-up cells"]})
    for engine in {one.engine.name for one in both_engines}:
        made = Recommender(rules=[pack], engine="plain" if engine == "plain" else "durable")
        (rsl3,) = made.recommend(profile).recommendations
        assert UNCONDITIONAL in {caution.id for caution in rsl3.cautions}
        assert UNCONDITIONAL in {firing.rule for firing in made.fired(profile)}


def test_it_fires_with_every_root_of_the_tree_and_not_without_a_therapy(recommender: Recommender) -> None:
    base = recommender.base
    rule = base.rules[UNCONDITIONAL]
    assert isinstance(rule, CautionRule)
    assert (rule.always, rule.when, rule.partner) == (True, (), ())
    roots = {therapy.id for therapy in base.content.therapies if not therapy.parents}
    assert len(roots) == 8
    assert set(base.therapies_of(rule)) == roots
    for given in [*({"therapies": [root]} for root in sorted(roots)), {}]:
        fired = {one.rule for one in recommender.fired(Profile.parse({"disease": "HCC", **given}))}
        assert (UNCONDITIONAL in fired) == bool(given)
        (tree,) = recommender.explain(Profile.parse({"disease": "HCC", **given}), UNCONDITIONAL)
        assert tree.truth == ("met" if given else "contradicted")
        assert [child.text for child in tree.children] == ["always, with any therapy"]


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ("grade: note", "rules.yaml:2: ", "Write always: true"),
        ("always: false", "rules.yaml:2: ", "Write always: true"),
        ("always: true; partner: [sorafenib]", "rules.yaml:6: ", "neither when nor partner"),
        ("always: true; when: [{FASN: high}]", "rules.yaml:6: ", "neither when nor partner"),
        ("partner: [sorafenb]", "rules.yaml:6: ", "Did you mean sorafenib"),
        (
            "partner: [sorafenib]; therapy: [sorafenib]",
            "rules.yaml:7: rule local-caution, therapy: ",
            "former name of partner",
        ),
        ("partners: [sorafenib]", "rules.yaml:6: ", "Did you mean partner?"),
        ("therapi: [sorafenib]", "rules.yaml:6: ", "unknown field 'therapi'"),
        ("always: maybe", "rules.yaml:6: ", "maybe"),
    ],
)
def test_a_faulty_caution_is_reported_with_its_line(pack: Path, fields: str, where: str, fault: str) -> None:
    with pytest.raises(RuleBaseError) as caught:
        with_caution(pack, fields)
    reported = [str(problem) for problem in caught.value.problems]
    assert any(where in one and fault in one for one in reported), reported


def test_the_former_name_of_partner_is_read(pack: Path) -> None:
    old = with_caution(pack, "therapy: [sorafenib]")
    new = with_caution(pack, "partner: [sorafenib]")
    assert old.content == new.content
    assert old.rules["local-caution"].therapies == ("sorafenib",)


def test_cautions_of_the_first_release_are_read_and_fire_as_before(
    recommender: Recommender, tmp_path: Path
) -> None:
    old = load([unpacked(ARCHIVE / "1.0.0", tmp_path)])
    assert old.info.version == "2026.11.0"
    kept = {clause.rule: set[frozenset[str]]() for clause in recommender.base.program.clauses}
    for base in (old, recommender.base):
        ways = {rule.id: {frozenset(map(str, way)) for way in rule.ways} for rule in base.compiled_rules}
        cautions = [rule.id for rule in base.content.rules if isinstance(rule, CautionRule)]
        assert len(cautions) == 18
        for rule in cautions:
            kept[rule] = kept[rule] or ways[rule]
            assert ways[rule] == kept[rule], rule
