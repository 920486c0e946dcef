"""Groups are data: which steps and cautions lead where, and rule bases without them."""

from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError
from support.cohorts import expected, with_ids
from support.generators import BASE, profiles

from recommender import Profile, Recommender
from recommender.cohort.plan import Plan
from recommender.cohort.ranked import BatchRanker
from recommender.evaluation.facts import read_facts
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.ranking_models import Ranking
from recommender.ranking.grouping import Grouping


def changed(**update: Any) -> KnowledgeBase:
    return KnowledgeBase(BASE.content.model_copy(update=update), sha256="", origins={})


def with_rule(name: str, **update: Any) -> KnowledgeBase:
    rules = (one.model_copy(update=update) if one.id == name else one for one in BASE.content.rules)
    return changed(rules=tuple(rules))


def standing(base: KnowledgeBase, add_on: str, **profile: Any) -> tuple[str | None, list[str]]:
    result = Recommender(base=base, engine="plain").recommend(Profile.parse({"disease": "HCC", **profile}))
    (one,) = [one for one in result.recommendations if one.add_on.id == add_on]
    return one.group, [held.reason for held in one.held_back_because or ()]


def test_a_finding_selects_or_speaks_against() -> None:
    def orlistat(**markers: str) -> tuple[str | None, list[str]]:
        return standing(BASE, "orlistat", therapies=["sorafenib"], markers=markers)

    assert orlistat(FASN="high") == ("selected", [])
    assert orlistat() == ("unselected", [])
    assert orlistat(FASN="normal") == ("held-back", ["spoken-against"])


def test_a_lost_target_and_a_contraindication_hold_back() -> None:
    lost = {"GSTZ1": "low", "GPX4": "low"}
    assert standing(BASE, "rsl3", therapies=["sorafenib"], markers=lost) == ("held-back", ["target-lost"])
    group, reasons = standing(BASE, "leflunomide", therapies=["oxaliplatin"])
    assert (group, "contraindicated" in reasons) == ("held-back", True)


def test_a_caution_may_say_that_findings_speak_against() -> None:
    base = with_rule("gpx4-inhibition-where-gpx4-is-lost", holds_back="spoken-against")
    lost = {"GSTZ1": "low", "GPX4": "low"}
    assert standing(base, "rsl3", therapies=["sorafenib"], markers=lost)[1] == ["spoken-against"]


def test_a_step_that_holds_back_leads_to_the_last_group() -> None:
    grouping = Grouping(BASE)
    assert {grouping.group(grouping.tier_of_step(step)) for step in grouping.reason_of_step} == {"held-back"}


@pytest.mark.parametrize("claim", ["agent", "partner", "tumour"])
def test_what_rests_on_the_review_alone_is_held_back(claim: str) -> None:
    base = with_rule("rsl3-in-gstz1-low", by_review_only=(claim,))
    assert standing(base, "rsl3", therapies=["sorafenib"], markers={"GSTZ1": "low"})[1] == ["review-only"]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (("selected",), "selected is missing"),
        (("held-back", "reasons", "target-lost"), "held-back alone has the reasons"),
        (("unselected", "steps"), "is named 0 times"),
    ],
)
def test_every_step_and_reason_has_one_place(place: tuple[str, ...], why: str) -> None:
    value = BASE.ranking.model_dump(mode="json")
    inner = value["groups"]
    for name in place[:-1]:
        inner = inner[name]
    del inner[place[-1]]
    with pytest.raises(ValidationError, match=why):
        Ranking.model_validate(value)


UNGROUPED = changed(ranking=BASE.ranking.model_copy(update={"groups": {}}))


@pytest.mark.once
@settings(max_examples=15)
@given(profiles(with_therapy=True))
def test_without_groups_answers_are_of_1_0_and_the_cohort_agrees(value: dict[str, Any]) -> None:
    (profile,) = with_ids([value])
    one_by_one = Recommender(base=UNGROUPED, engine="plain")
    result = one_by_one.recommend(profile)
    plain = result.to_dict()
    assert plain["schema_version"] == "1.0"
    assert not {"groups", "undecided_context"} & plain.keys()
    for one in plain["recommendations"]:
        assert not {"group", "held_back_because", "selection"} & one.keys()
    tiers = [one.extrapolated for one in result.recommendations]
    assert tiers == sorted(tiers)
    rows, _ = BatchRanker(Plan(UNGROUPED)).rank_facts([(profile.id or "", read_facts(profile, UNGROUPED))])
    assert rows.to_pylist() == expected(one_by_one, profile)


@given(profiles(with_therapy=True))
def test_an_undecided_context_is_what_its_missing_findings_would_complete(
    recommender: Recommender, value: dict[str, Any]
) -> None:
    result = recommender.recommend(Profile.parse(value))
    fired = {one.id for one in result.context}
    for one in result.undecided_context or ():
        assert one.id not in fired
        assert one.met
        assert one.missing
        measured = {match.marker: match.state for match in one.met if match.marker != "resistant_to"}
        assert measured.items() <= {(fact.marker, fact.state) for fact in result.facts}
    assert not recommender.recommend(Profile.parse(value), brief=True).undecided_context
