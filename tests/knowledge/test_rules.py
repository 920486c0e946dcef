"""Every rule does what its own examples say, and the traps of the field are not stepped into."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError
from support.generators import BASE

from recommender import Profile, Recommender
from recommender._text import one_of
from recommender._validation import problems_of
from recommender.evaluation.facts import read_facts
from recommender.knowledge.models import ReadPart
from recommender.knowledge.rule_file import RuleFile
from recommender.knowledge.rule_models import RULE_KINDS, Rule

RULES = list(BASE.rules)


def fired(recommender: Recommender, example: dict[str, Any]) -> dict[str, list[int]]:
    facts = read_facts(Profile.parse(example), recommender.base, strict=True)
    clauses: dict[str, list[int]] = {}
    for position in recommender.engine.fire(recommender.base.program.mask(facts.sources(recommender.base))):
        clauses.setdefault(recommender.base.program.clauses[position].rule, []).append(position)
    return clauses


@pytest.mark.parametrize("rule", RULES)
def test_the_examples_of_a_rule_hold(both_engines: list[Recommender], rule: str) -> None:
    examples = BASE.rules[rule].examples
    assert examples.fires
    assert examples.near_misses
    for recommender in both_engines:
        for example in examples.fires:
            assert rule in fired(recommender, example), example
        for example in examples.near_misses:
            assert rule not in fired(recommender, example), example


@pytest.mark.parametrize("rule", [rule.id for rule in BASE.content.rules if rule.kind == "strategy"])
def test_a_strategy_is_never_shown_without_evidence_and_limits(rule: str, recommender: Recommender) -> None:
    shown = 0
    for example in BASE.rules[rule].examples.fires:
        for one in recommender.recommend(Profile.parse({"disease": "HCC", **example})).recommendations:
            assert one.limits
            assert one.references
            assert one.evidence.models
            shown += 1
    assert shown


def recommended(recommender: Recommender, **profile: Any) -> set[str]:
    result = recommender.recommend(Profile.parse({"disease": "HCC", **profile}))
    return {one.add_on.id for one in result.recommendations}


def derived(recommender: Recommender, **profile: Any) -> set[tuple[str, str]]:
    result = recommender.recommend(Profile.parse({"disease": "HCC", **profile}))
    return {(one.fact, one.state) for one in result.derived}


def context(recommender: Recommender, **profile: Any) -> set[str]:
    return {one.id for one in recommender.recommend(Profile.parse({"disease": "HCC", **profile})).context}


class TestTraps:
    def test_hbxip_is_a_host_gene_and_not_the_virus(self, recommender: Recommender) -> None:
        assert ("lipid-desaturation", "active") in derived(recommender, markers={"HBXIP": "high"})
        assert not derived(recommender, markers={"HBV": "positive"})
        facts = recommender.recommend(Profile.parse({"disease": "HCC", "markers": {"HBXIP": "high"}})).facts
        assert [one.marker for one in facts] == ["LAMTOR5"]

    def test_fsp1_is_aifm2_and_not_s100a4(self, recommender: Recommender) -> None:
        high = {"therapies": ["sorafenib"]}
        assert "fsp1-suppression" in recommended(recommender, **high, markers={"FSP1": "high"})
        assert "fsp1-suppression" not in recommended(recommender, **high, markers={"S100A4": "high"})

    def test_the_pclaf_isoform_is_not_the_gene(self, recommender: Recommender) -> None:
        assert derived(recommender, markers={"HBV": "positive", "PCLAF tv1": "high"})
        assert not derived(recommender, markers={"HBV": "positive", "PCLAF": "high"})

    def test_ferritin_heavy_and_light_chain_differ(self, recommender: Recommender) -> None:
        assert ("iron-availability", "restricted") in derived(recommender, markers={"FTH": "high"})
        assert not derived(recommender, markers={"FTL": "high"})

    def test_src_is_not_uri(self, recommender: Recommender) -> None:
        tumour = {
            "therapies": ["sorafenib"],
            "mutations": [{"gene": "TP53", "state": "wild-type"}],
        }
        assert "scd-inhibitor" in recommended(recommender, **tumour, markers={"URI": "high"})
        assert "scd-inhibitor" not in recommended(recommender, **tumour, markers={"SRC": "high"})

    def test_err_gamma_is_switched_off_not_on(self, recommender: Recommender) -> None:
        assert "dn200434" in recommended(recommender, therapies=["sorafenib"], resistant_to=["sorafenib"])
        assert "dn200434" not in recommended(recommender, therapies=["sorafenib"])

    def test_linc01134_high_is_resistance(self, recommender: Recommender) -> None:
        entry = "linc01134-high-resists-oxaliplatin"
        assert entry in context(recommender, therapies=["oxaliplatin"], markers={"LINC01134": "high"})
        assert BASE.rules[entry].effect == "resists"  # type: ignore[union-attr]

    def test_fzd10_belongs_to_lenvatinib(self, recommender: Recommender) -> None:
        high = {"markers": {"FZD10": "high"}}
        assert any("fzd10" in one for one in context(recommender, therapies=["lenvatinib"], **high))
        assert not any("fzd10" in one for one in context(recommender, therapies=["sorafenib"], **high))

    def test_orlistat_belongs_to_sorafenib_and_not_to_radiotherapy(self, recommender: Recommender) -> None:
        high = {"markers": {"FASN": "high"}}
        assert "orlistat" in recommended(recommender, therapies=["sorafenib"], **high)
        assert "orlistat" not in recommended(recommender, therapies=["radiotherapy"], **high)

    def test_names_that_do_not_exist_are_no_add_ons(self) -> None:
        names = " ".join(one.name.lower() for one in BASE.content.add_ons)
        for invented in ("caraglorubicin", "caraglinorubicin", "copper disulfide", "gimatecan", "linivanol"):
            assert invented not in names

    def test_evidence_from_other_tumours_is_extrapolated(self, recommender: Recommender) -> None:
        elsewhere = [
            rule
            for rule in BASE.content.rules
            if rule.kind == "strategy" and {61, 62, 63, 70} & set(rule.evidence.references)
        ]
        assert elsewhere
        for rule in elsewhere:
            profile = {"disease": "HCC", **rule.examples.fires[0]}
            result = recommender.recommend(Profile.parse(profile))
            mine = [one for one in result.recommendations if rule.id in {r.id for r in one.rules}]
            assert mine
            assert all(one.extrapolated for one in mine)

    def test_what_is_not_ferroptosis_is_never_ranked(self, recommender: Recommender) -> None:
        agents = {one.id for one in BASE.content.add_ons}
        assert not agents & {"celecoxib", "nutlin-3", "atra", "bufalin", "nanaomycin-a", "statin"}


def test_every_kind_of_rule_has_a_model_and_a_rule() -> None:
    union, _ = get_args(Rule)
    assert {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(union)} == {*RULE_KINDS}
    assert {rule.kind for rule in BASE.content.rules} == {*RULE_KINDS}


def test_a_rule_knows_its_references_and_therapies_whatever_its_kind() -> None:
    assert {rule.kind for rule in BASE.content.rules} == set(RULE_KINDS)
    for rule in BASE.content.rules:
        value = rule.model_dump()
        assert rule.references == value.get("evidence", value).get("references")
        assert rule.therapies == value.get("partner", value.get("therapy", ()))


def test_a_rule_without_a_kind_is_answered_with_all_kinds() -> None:
    with pytest.raises(ValidationError) as caught:
        RuleFile.model_validate({"rules": [{"id": "a-rule"}]})
    (problem,) = problems_of(caught.value, RuleFile, {"rules": [{"id": "a-rule"}]})
    assert problem.what == "kind is missing."
    assert problem.hint == f"It is {one_of(sorted(RULE_KINDS))}."


def test_all_references_are_there() -> None:
    assert sorted(BASE.references) == list(range(1, 105))
    assert all(one.doi or one.no_doi for one in BASE.references.values())


def test_audit_findings_are_numbered_without_a_gap() -> None:
    assert sorted(BASE.audit) == [f"F{number:02}" for number in range(1, len(BASE.audit) + 1)]


def test_the_two_statements_of_a_card_are_as_long_as_one_another() -> None:
    """Nobody should tell the right one by its length."""
    cards = [one.card for one in BASE.content.audit if one.card]
    assert len(cards) > 50
    for card in cards:
        assert len(card.paper) < 3 * len(card.review)
    longer = sum(len(card.paper) > len(card.review) for card in cards)
    assert len(cards) / 4 < longer < len(cards) * 3 / 4


def test_evidence_stays_preclinical() -> None:
    assert {level.civic_level for level in BASE.levels.values()} <= {"D", "E"}
    for rule in BASE.content.rules:
        if rule.kind in ("mechanism", "strategy", "context"):
            assert (rule.evidence.level == "title-only") == (rule.evidence.basis == "title"), rule.id


def test_mechanisms_conclude_a_fact_and_other_rules_none() -> None:
    concluding = {rule.kind: rule.conclusion is not None for rule in BASE.content.rules}
    assert concluding.pop("mechanism")
    assert len(concluding) == 4
    assert not any(concluding.values())


def test_no_rule_claims_that_more_was_read_than_its_references_say() -> None:
    parts, above = get_args(ReadPart), []
    for rule in BASE.content.rules:
        if rule.kind in ("mechanism", "strategy", "context"):
            read = [BASE.references[number].read for number in rule.evidence.references]
            least = min(parts.index(part) for part in read if part)
            above += [rule.id] if parts.index(rule.evidence.basis) < least else []
    assert above == []
