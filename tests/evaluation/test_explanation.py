"""What the names of an explanation mean."""

import pytest
from support.generators import BASE

from recommender import InputError, Profile, Recommender
from recommender.knowledge.suggestion_ids import SuggestionKey, parse_suggestion_id, suggestion_id

PROFILE = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})


def problem_of(recommender: Recommender, name: str) -> str:
    with pytest.raises(InputError) as caught:
        recommender.explain(PROFILE, name)
    return str(caught.value)


def test_the_id_of_a_recommendation_is_explained_by_its_strategies(recommender: Recommender) -> None:
    (node,) = recommender.explain(PROFILE, "orlistat-with-sorafenib")
    assert node.rule == "orlistat-against-fasn"
    assert node.truth == "met"


def test_an_unknown_partner_is_an_error_with_a_near_one(recommender: Recommender) -> None:
    found = problem_of(recommender, "orlistat-with-banana")
    assert "the therapy 'banana' is not known" in found
    assert "orlistat is for sorafenib." in found
    assert "Did you mean sorafenib" in problem_of(recommender, "orlistat-with-sorafenip")


def test_a_partner_that_no_strategy_is_for_is_an_error_that_says_so(recommender: Recommender) -> None:
    found = problem_of(recommender, "orlistat-with-radiotherapy")
    assert "no strategy adds orlistat to radiotherapy" in found
    assert "orlistat is for sorafenib." in found


def test_what_is_no_id_of_a_suggestion_is_an_unknown_name(recommender: Recommender) -> None:
    for name in ("banana-with-sorafenib", "orlistat-with", "orlistat-", "-with-sorafenib"):
        assert "there is no rule, add-on or derived fact" in problem_of(recommender, name)
    assert "there is no" not in problem_of(recommender, "orlistat-with-")


def test_every_id_of_a_suggestion_is_read_back() -> None:
    tried = 0
    for rule in BASE.strategies:
        for therapy in rule.therapies:
            assert parse_suggestion_id(suggestion_id(rule.add_on, therapy), BASE) == (rule.add_on, therapy)
            tried += 1
    assert tried > 20


def test_a_drug_of_the_class_that_a_strategy_is_for_is_a_partner() -> None:
    rule = next(rule for rule in BASE.strategies if "tki" in rule.therapies)
    key = parse_suggestion_id(suggestion_id(rule.add_on, "lenvatinib"), BASE)
    assert key == SuggestionKey(rule.add_on, "lenvatinib")


@pytest.mark.parametrize(
    "name",
    [
        "orlistat-with-Nexavar",
        "orlistat-with-SORAFENIB",
        "Orlistat-with-sorafenib",
        "ORLISTAT",
        "Orlistat-Against-FASN",
    ],
)
def test_other_names_and_cases_are_explained_as_the_id(recommender: Recommender, name: str) -> None:
    (node,) = recommender.explain(PROFILE, name)
    assert node.rule == "orlistat-against-fasn"
