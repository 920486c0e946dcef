"""Every answer is the one that comes of reading the rules and docs/ranking.md in the plainest way."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from support.amounts import at_most
from support.generators import BASE, profiles
from support.oracle import ORDER, Oracle, dot

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.engine.plain import PlainEngine
from recommender.evaluation.facts import read_facts
from recommender.evaluation.proof import Proofs
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.rule_models import Rule, StrategyRule
from recommender.ranking.suggestions import Suggester

CASES = sorted(shipped("profiles").glob("*.json"))


def told(recommender: Recommender, profile: Profile) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "group": one.group,
            "held_back": [held.reason for held in one.held_back_because or ()],
            "extrapolated": one.extrapolated,
            "score": one.score,
            "parts": tuple(getattr(one.score_parts, name) for name in ORDER),
            "reasons": tuple(getattr(one.score_reasons, name) for name in ORDER),
            "rules": [rule.id for rule in one.rules],
            "cautions": {caution.id for caution in one.cautions},
            "audit": {finding.id for finding in one.audit},
            "rank": one.rank,
            "holds": one.rank_acceptability,
            "first": one.first_acceptability,
        }
        for one in recommender.recommend(profile, any_disease=True).recommendations
    ]


@at_most(60)
@given(profiles(with_therapy=True))
def test_the_plain_engine(recommender: Recommender, value: dict[str, Any]) -> None:
    profile = Profile.parse(value)
    facts = read_facts(profile, recommender.base)
    oracle = Oracle(recommender.base, facts)
    assert told(recommender, profile) == oracle.answer()
    warned = recommender.recommend(profile, brief=True).therapy_cautions or ()
    assert {one.id: set(one.therapies) for one in warned} == oracle.therapy_cautions()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_teaching_case(both_engines: list[Recommender], case: Any) -> None:
    profile = Profile.read(case.read_bytes())
    for recommender in both_engines:
        facts = read_facts(profile, recommender.base)
        assert told(recommender, profile) == Oracle(recommender.base, facts).answer()


def with_rules(rules: Iterable[Rule]) -> KnowledgeBase:
    """The shipped rule base with other rules."""
    return KnowledgeBase(BASE.content.model_copy(update={"rules": tuple(rules)}), sha256="", origins={})


FEW = ("orlistat", "rsl3", "disulfiram-copper")
CROWDED = with_rules(
    rule.model_copy(update={"add_on": FEW[at % len(FEW)]}) if isinstance(rule, StrategyRule) else rule
    for at, rule in enumerate(BASE.content.rules)
)
"""Few add-ons, so that many strategies stand behind each."""


@at_most(60)
@given(profiles(with_therapy=True))
def test_many_strategies_behind_one_add_on(value: dict[str, Any]) -> None:
    facts = read_facts(Profile.parse(value), CROWDED)
    program = CROWDED.program
    fired = PlainEngine(program).fire(program.mask(facts.sources(CROWDED)))
    found = [
        {
            "id": one.id,
            "group": one.group,
            "held_back": [held.reason for held in one.held_back],
            "extrapolated": one.extrapolated,
            "score": one.scored.score,
            "parts": one.scored.parts,
            "reasons": one.scored.reasons,
            "rules": [rule.id for rule in one.rules],
            "cautions": {caution.id for caution in one.cautions},
            "audit": {finding.id for finding in one.audit},
            "rank": place.rank,
            "holds": place.acceptability,
            "first": place.first,
        }
        for one, place in Suggester(CROWDED).suggest(facts, Proofs(CROWDED, facts, fired))
    ]
    assert found == Oracle(CROWDED, facts).answer()


@pytest.mark.parametrize(
    "rule", [one for one in BASE.content.rules if isinstance(one, StrategyRule)], ids=lambda rule: rule.id
)
def test_no_finding_can_call_for_a_strategy_more_than_at_its_best(rule: StrategyRule) -> None:
    asked = {key for condition in rule.when for key in condition} - {"resistant_to"}
    assert rule.therapy
    for therapy in rule.therapy:
        facts = read_facts(Profile.parse({"therapies": [therapy]}), BASE)
        oracle = Oracle(BASE, facts)
        merits = list(oracle.parts(rule, therapy))
        merits[0], _ = oracle.step("marker_match", "required" if asked else "called-for")
        merits[4] = max(-100, sum(oracle.step("penalty", name)[0] for name in oracle.doubts(rule)))
        weights = [BASE.ranking.dimensions[name].weight for name in ORDER]
        always = oracle.elsewhere(rule) or rule.by_review_only or rule.ferroptosis != "shown"
        expected = (2 if always else 0, -dot(weights, merits))
        assert Suggester(BASE).at_best(rule, facts) == expected
