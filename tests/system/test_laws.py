"""What must hold for every profile."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.amounts import at_most
from support.generators import BASE, findings, profile_of, profiles, therapy_lists

from recommender import DISCLAIMER, LABEL, Profile, Recommender, Result
from recommender._text import indented_json
from recommender.evaluation.facts import read_facts
from recommender.knowledge.ranking_models import GROUPS
from recommender.knowledge.rule_models import StrategyRule
from recommender.schemas import schema
from recommender.states import axis_of
from recommender.views.screen import Screen
from recommender.views.table import table

RESULT_SCHEMA = jsonschema.Draft202012Validator(schema("result"))
PROFILE_SCHEMA = jsonschema.Draft202012Validator(schema("profile"))


def answer(recommender: Recommender, profile: dict[str, Any], *, brief: bool = False) -> Result:
    return recommender.recommend(Profile.parse(profile), brief=brief)


def without_places(result: Result) -> Any:
    """The result without what names the order of the input: its digest and its pointers."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: strip(inner)
                for key, inner in value.items()
                if key not in ("source", "sha256", "path", "because")
            }
        return [strip(inner) for inner in value] if isinstance(value, list) else value

    value = strip(result.to_dict())
    value["notices"].sort(key=lambda notice: (notice["code"], notice["message"]))
    return value


@given(profiles())
def test_the_engines_agree(both_engines: list[Recommender], profile: dict[str, Any]) -> None:
    answers = []
    for recommender in both_engines:
        value = answer(recommender, profile).to_dict()
        assert value.pop("engine")["name"] == recommender.engine.name
        answers.append(value)
    assert all(value == answers[0] for value in answers)


@given(profile=profiles(), more=findings(most=4))
def test_a_further_finding_never_removes_a_recommendation(
    recommender: Recommender, profile: dict[str, Any], more: dict[tuple[str, str], str]
) -> None:
    facts = read_facts(Profile.parse(profile), BASE)
    found = {(one.marker, axis_of(one.state)): one.state for one in facts.findings}
    wider = profile_of({**more, **found}, profile["therapies"], profile["resistant_to"])
    before = answer(recommender, profile, brief=True)
    after = answer(recommender, wider, brief=True)
    assert {one.id for one in before.recommendations} <= {one.id for one in after.recommendations}
    assert {one.id for one in before.context} <= {one.id for one in after.context}


@given(profile=profiles(), data=st.data())
def test_the_order_of_the_input_does_not_matter(
    recommender: Recommender, profile: dict[str, Any], data: st.DataObject
) -> None:
    shuffled = {
        **profile,
        "therapies": data.draw(st.permutations(profile["therapies"])),
        "resistant_to": data.draw(st.permutations(profile["resistant_to"])),
        "mutations": data.draw(st.permutations(profile["mutations"])),
        "markers": dict(data.draw(st.permutations(list(profile["markers"].items())))),
    }
    assert without_places(answer(recommender, profile)) == without_places(answer(recommender, shuffled))


@pytest.mark.once
@settings(max_examples=20)
@given(profiles(with_therapy=True))
def test_what_was_answered_before_does_not_matter(recommender: Recommender, profile: dict[str, Any]) -> None:
    """Suggestions are kept between answers."""
    fresh = Recommender(engine="plain")
    assert answer(recommender, profile).to_json() == answer(fresh, profile).to_json()


@given(profiles())
def test_every_output_carries_the_label(recommender: Recommender, profile: dict[str, Any]) -> None:
    result = answer(recommender, profile)
    value = json.loads(result.to_json())
    assert value["label"] == LABEL
    assert value["disclaimer"] == DISCLAIMER
    assert {one["evidence"]["label"] for one in value["recommendations"]} <= {"preclinical"}
    shown = table(result, Screen(80))
    assert shown.count(LABEL) == 2
    assert "not for treatment decisions" in shown


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_is_written_as_the_library_writes_it(value: Any) -> None:
    assert indented_json(value) == json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


@given(profiles(), st.booleans())
def test_input_and_output_follow_their_schemas(
    recommender: Recommender, profile: dict[str, Any], brief: bool
) -> None:
    PROFILE_SCHEMA.validate(profile)
    RESULT_SCHEMA.validate(json.loads(answer(recommender, profile, brief=brief).to_json()))


@given(profiles(with_therapy=True))
def test_nothing_as_good_in_every_dimension_ranks_lower(
    recommender: Recommender, profile: dict[str, Any]
) -> None:
    ranked = answer(recommender, profile, brief=True).recommendations
    assume(len(ranked) > 1)
    for one in ranked:
        for other in ranked:
            as_good = all(
                getattr(one.score_parts, name) >= getattr(other.score_parts, name)
                for name in vars(one.score_parts)
            )
            if as_good and one.group == other.group:
                assert one.rank <= other.rank
            if one.score == other.score and one.group == other.group:
                assert one.rank == other.rank
            if GROUPS.index(one.group) < GROUPS.index(other.group):
                assert one.rank < other.rank
            assert bool(one.held_back_because) == (one.group == "held-back")


@at_most(40)
@given(profiles(with_therapy=True))
def test_a_minimal_set_fires_its_strategy_and_no_part_of_it_does(
    recommender: Recommender, profile: dict[str, Any]
) -> None:
    result = answer(recommender, profile)
    assume(any(entry.minimal_sets for entry in result.undecided))
    for entry in result.undecided:
        for missing in entry.minimal_sets:
            for left_out in [None, *missing]:
                given = [one for one in missing if one is not left_out]
                fired = {
                    rule.id
                    for one in answer(recommender, with_findings(profile, given), brief=True).recommendations
                    for rule in one.rules
                }
                assert (entry.id in fired) == (left_out is None)


def with_findings(profile: dict[str, Any], missing: list[Any]) -> dict[str, Any]:
    """The profile with the first state of each missing marker added."""
    facts = read_facts(Profile.parse(profile), BASE)
    found = {(one.marker, axis_of(one.state)): one.state for one in facts.findings}
    added = [one for one in missing if one.marker != "resistant_to"]
    failed = [one.needs[0] for one in missing if one.marker == "resistant_to"]
    found |= {(one.marker, axis_of(one.needs[0])): one.needs[0] for one in added}
    return profile_of(found, profile["therapies"], [*profile["resistant_to"], *failed])


@pytest.fixture(scope="module")
def blocked_cases(recommender: Recommender) -> list[dict[str, Any]]:
    """Near misses of strategies that a finding blocks."""
    strategies = [rule for rule in BASE.content.rules if isinstance(rule, StrategyRule)]
    near = [case for rule in strategies for case in rule.examples.near_misses if "therapies" in case]
    return [case for case in near if answer(recommender, {"disease": "HCC", **case}).blocked]


@settings(max_examples=25)
@given(more=findings(most=4), data=st.data())
def test_what_blocks_a_strategy_keeps_it_blocked(
    recommender: Recommender,
    blocked_cases: list[dict[str, Any]],
    more: dict[tuple[str, str], str],
    data: st.DataObject,
) -> None:
    case = data.draw(st.sampled_from(blocked_cases))
    facts = read_facts(Profile.parse(case), BASE)
    found = {(one.marker, axis_of(one.state)): one.state for one in facts.findings}
    result = answer(recommender, profile_of({**more, **found}, case["therapies"], []))
    assert result.blocked
    entry = data.draw(st.sampled_from(result.blocked))
    assert entry.blocked_by
    for obstacle in entry.blocked_by:
        assert obstacle.measured not in obstacle.needs
        assert (obstacle.marker, obstacle.measured) in {(one.marker, one.state) for one in result.facts}


@given(found=findings(), therapies=therapy_lists)
def test_a_strategy_is_in_one_place_only(
    recommender: Recommender, found: dict[tuple[str, str], str], therapies: list[str]
) -> None:
    result = answer(recommender, profile_of(found, therapies, []))
    fired = {rule.id for one in result.recommendations for rule in one.rules}
    undecided = {one.id for one in result.undecided}
    blocked = {one.id for one in result.blocked}
    assert not fired & undecided
    assert not fired & blocked
    assert not undecided & blocked


@pytest.mark.parametrize("brief", [True, False])
def test_brief_leaves_lists_empty_and_never_missing(recommender: Recommender, brief: bool) -> None:
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"]})
    value = recommender.recommend(profile, brief=brief).to_dict()
    assert all((value[name] == []) is brief for name in ("undecided", "next_tests"))
    assert value["blocked"] == []
