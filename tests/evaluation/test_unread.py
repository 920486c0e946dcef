"""Findings that the vocabulary knows and no rule reads."""

from typing import Any

from support.generators import BASE

from recommender import Profile, Recommender
from recommender.evaluation.facts import read_facts
from recommender.evaluation.unread import MARKER_NOT_READ, MAX_NAMED, unread


def notices(**profile: Any) -> list[tuple[str, str]]:
    facts = read_facts(Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], **profile}), BASE)
    return [(one.path, one.message) for one in unread(facts, BASE)]


def test_what_to_measure_instead_is_named() -> None:
    assert notices(mutations=["NFE2L2"]) == [
        (
            "/mutations/0",
            "NFE2L2 mutated is known, but no rule reads it. Measure instead: NRF2 level or NQO1 level.",
        )
    ]


def test_a_marker_is_read_on_the_axis_of_a_rule_in_every_state() -> None:
    assert notices(markers={"FASN": "high", "NFE2L2": "low"}) == []
    assert notices(markers={"FASN": "normal"}) == []


def test_the_others_share_one_notice() -> None:
    spare = [name for name, one in BASE.vocabulary.markers.items() if one.kind == "gene" and not one.instead]
    spare = [name for name in spare if (name, "sequence") not in BASE.read][: MAX_NAMED + 3]
    ((path, message),) = notices(mutations=spare)
    assert path == ""
    assert message.count(" mutated") == MAX_NAMED
    assert message.endswith(" and 3 more.")


def test_an_answer_has_the_notice(recommender: Recommender) -> None:
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["NFE2L2"]})
    codes = [one.code for one in recommender.recommend(profile, brief=True).notices]
    assert codes.count(MARKER_NOT_READ) == 1


def test_a_finding_that_excludes_one_that_is_read_is_no_unread_one() -> None:
    assert notices(markers={"Child-Pugh A": "present"}) == []
    ((_, message),) = notices(markers={"Child-Pugh A": "absent"})
    assert "Child-Pugh A absent" in message
