"""Cautions: with a partner, with conditions, always, and as rule base 2026.11.0 wrote them."""

from pathlib import Path

import pyarrow as pa
import pytest
from support.archive import ARCHIVE, unpacked

from recommender import Profile, Recommender, RuleBaseError
from recommender.cohort.plan import Plan
from recommender.cohort.ranked import BatchRanker
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
SHARPENED = """\
sources:
  - id: url:https://example.org/label
    type: label
    title: Made-up label
    publisher: Made up
    year: 2026
    url: https://example.org/label
    looked_up: "2026-11-28"
rules:
  - id: local-general
    kind: caution
    title: Made up
    since: "1"
    partner: [sorafenib]
    applies_to: {add_ons: [orlistat, duxap8-silencing]}
    text: Made up for a test.
    sources: ["url:https://example.org/label"]
    examples: {fires: [{therapies: [sorafenib]}], near_misses: [{}]}
  - id: local-sharper
    kind: caution
    title: Made up
    since: "1"
    when: [{hypoxia: present}]
    sharpens: [local-general]
    applies_to: {add_ons: [orlistat]}
    grade: contraindication
    flag: made up
    text: Made up for a test.
    references: [101]
    examples: {fires: [{markers: {hypoxia: present}}], near_misses: [{}]}
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
    assert len(roots) == 10
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


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("sharpens: [local-general]", "sharpens: [local-generl]", "Did you mean local-general"),
        ("grade: contraindication", "grade: note", "has a heavier grade"),
        (
            'sources: ["url:https://example.org/label"]',
            'sources: ["doi:10.1000/none"]',
            "source 'doi:10.1000",
        ),
        ("url: https://example.org/label", "url: somewhere", "url"),
    ],
)
def test_a_sharper_caution_and_its_sources_are_checked(pack: Path, old: str, new: str, fault: str) -> None:
    (pack / "rules.yaml").write_text(SHARPENED.replace(old, new))
    with pytest.raises(RuleBaseError) as caught:
        Recommender(rules=[pack], engine="plain")
    assert fault in str(caught.value)


@pytest.mark.parametrize("hypoxia", [None, "absent", "present"])
def test_a_condition_sharpens_a_caution(pack: Path, hypoxia: str | None) -> None:
    (pack / "rules.yaml").write_text(SHARPENED)
    recommender = Recommender(rules=[pack], engine="plain")
    markers = {"DUXAP8": "high"} | ({"hypoxia": hypoxia} if hypoxia else {})
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": markers})
    found = {one.add_on.id: one for one in recommender.recommend(profile).recommendations}
    local = {
        name: {caution.id: caution for caution in one.cautions if caution.id.startswith("local-")}
        for name, one in found.items()
    }
    expected = "local-sharper" if hypoxia == "present" else "local-general"
    assert set(local["orlistat"]) == {expected}
    assert set(local["duxap8-silencing"]) == {"local-general"}
    shown = local["orlistat"][expected]
    if hypoxia == "present":
        assert (shown.grade, shown.flag, shown.sources) == ("contraindication", "made up", ("review:101",))
    else:
        assert (shown.grade, shown.flag) == ("limit", "")
        assert shown.sources == ("url:https://example.org/label",)
    (source,) = [
        one for one in found["duxap8-silencing"].references if one.id == "url:https://example.org/label"
    ]
    assert source.number is None
    assert "looked up 2026-11-28" in source.citation
    batch = pa.table({"id": ["one"], "disease": ["HCC"], "therapies": [["sorafenib"]]})
    for name, state in markers.items():
        batch = batch.append_column(name, pa.array([state]))
    ranker = BatchRanker(Plan(recommender.base))
    rows, _ = ranker.rank_table(batch.combine_chunks().to_batches()[0])
    penalties = {row["recommendation_id"]: row["penalty"] for row in rows.to_pylist()}
    assert penalties == {one.id: one.score_parts.penalty for one in found.values()}


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
    kept = [rule for rule in old.content.rules if isinstance(rule, CautionRule)]
    assert len(kept) == 18
    before, now = (
        {rule.id: {frozenset(map(str, way)) for way in rule.ways} for rule in base.compiled_rules}
        for base in (old, recommender.base)
    )
    assert sum(rule.always for rule in kept) == 0, "they list the classes instead"
    for rule in kept:
        if rule.id == UNCONDITIONAL:
            assert before[rule.id] <= now[rule.id]
            continue
        assert before[rule.id] == now[rule.id], rule.id


def test_a_licensed_add_on_without_a_label_says_so(recommender: Recommender, pack: Path) -> None:
    profile = Profile.parse({"disease": "HCC", "therapies": ["made-up cells"]})
    text = (
        NINTH_ROOT.replace("add_on: rsl3", "add_on: local-drug")
        + """\
add_ons:
  - {id: local-drug, name: a made-up drug, type: drug, status: approved-for-other-use}
"""
    )
    (pack / "rules.yaml").write_text(text)
    made = Recommender(rules=[pack], engine="plain").recommend(profile)
    (notice,) = [one for one in made.notices if one.code == "SAFETY_LABEL_NOT_CHECKED"]
    assert "a made-up drug" in notice.message
    sorafenib = Profile.parse({"disease": "HCC", "therapies": ["sorafenib", "oxaliplatin", "cisplatin"]})
    codes = {one.code for one in recommender.recommend(sorafenib).notices}
    assert "SAFETY_LABEL_NOT_CHECKED" not in codes


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ("when: [{pregnancy: present}]", "names none"),
        ("partner: [sorafenib]; holds_back: target-lost", "weighs on no add-on"),
        ("partner: [sorafenib]; sharpens: [tool-compound]", "only one of it and tool-compound"),
    ],
)
def test_a_faulty_caution_on_a_therapy_is_reported(pack: Path, fields: str, fault: str) -> None:
    with pytest.raises(RuleBaseError) as caught:
        with_caution(pack, f"concerns: therapy; {fields}")
    assert any(fault in str(problem) for problem in caught.value.problems)


def test_a_caution_on_a_therapy_changes_no_rank_and_no_score(recommender: Recommender) -> None:
    plain = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
    warned = {**plain, "markers": {"FASN": "high", "QT prolongation": "present"}}
    before, after = (recommender.recommend(Profile.parse(one)) for one in (plain, warned))
    assert [one.id for one in before.therapy_cautions or ()] == ["not-every-line-dies-by-ferroptosis"]
    chief, general = after.therapy_cautions or ()
    assert (chief.id, chief.grade) == ("kinase-inhibitor-in-qt-prolongation", "limit")
    assert [(one.marker, one.source) for one in chief.matched] == [
        ("QT prolongation", "/markers/QT prolongation")
    ]
    assert general.sources == ("review:84", "doi:10.1038/s41419-021-03998-w")
    ranks = [
        [(one.rank, one.id, one.score, one.group) for one in got.recommendations] for got in (before, after)
    ]
    assert ranks[0] == ranks[1]
    on_add_ons = {caution.id for one in after.recommendations for caution in one.cautions}
    assert not on_add_ons & {chief.id, general.id}


def test_a_sharper_caution_replaces_the_general_one_for_its_therapy_only(recommender: Recommender) -> None:
    value = {
        "disease": "HCC",
        "therapies": ["sorafenib", "lenvatinib"],
        "markers": {"Child-Pugh B": "present"},
    }
    found = {
        one.id: one.therapies for one in recommender.recommend(Profile.parse(value)).therapy_cautions or ()
    }
    assert found == {
        "sorafenib-in-child-pugh-b": ("sorafenib",),
        "systemic-therapy-in-impaired-liver-function": ("lenvatinib",),
        "not-every-line-dies-by-ferroptosis": ("sorafenib",),
    }


def test_what_predicts_a_response_is_left_out_once_the_therapy_has_failed(recommender: Recommender) -> None:
    value = {"disease": "HCC", "therapies": ["lenvatinib"], "markers": {"FGFR4": "high"}}
    for failed, expected in (([], 1), (["sorafenib"], 1), (["lenvatinib"], 0)):
        result = recommender.recommend(Profile.parse({**value, "resistant_to": failed}))
        assert [one.id for one in result.context].count("fgfr4-high-favours-lenvatinib") == expected
