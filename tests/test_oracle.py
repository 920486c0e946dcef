"""Every answer is the one that comes of reading the rules and docs/ranking.md in the plainest way."""

from typing import Any

import pytest
from generators import profiles
from hypothesis import given, settings
from oracle import ORDER, Oracle

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.facts import read_facts

CASES = sorted(shipped("profiles").glob("*.json"))


def told(recommender: Recommender, profile: Profile) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "extrapolated": one.extrapolated,
            "score": one.score,
            "parts": tuple(getattr(one.score_parts, name) for name in ORDER),
            "rules": [rule.id for rule in one.rules],
            "cautions": {caution.id for caution in one.cautions},
            "audit": {finding.id for finding in one.audit},
            "rank": one.rank,
            "holds": one.rank_acceptability,
            "first": one.first_acceptability,
        }
        for one in recommender.recommend(profile, any_disease=True).recommendations
    ]


@settings(max_examples=60)
@given(profiles(with_therapy=True))
def test_the_plain_engine(recommender: Recommender, value: dict[str, Any]) -> None:
    profile = Profile.parse(value)
    assert (
        told(recommender, profile) == Oracle(recommender.base, read_facts(profile, recommender.base)).answer()
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_teaching_case(both_engines: list[Recommender], case: Any) -> None:
    profile = Profile.read(case.read_bytes())
    for recommender in both_engines:
        facts = read_facts(profile, recommender.base)
        assert told(recommender, profile) == Oracle(recommender.base, facts).answer()
