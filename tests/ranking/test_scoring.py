"""Scores, ranks and how often they hold, against hand-made cases and brute force."""

import random

from hypothesis import given
from hypothesis import strategies as st
from support.amounts import at_most

from recommender import Profile, Recommender
from recommender.knowledge.ranking_models import DIMENSIONS
from recommender.ranking.acceptability import Acceptability, weightings
from recommender.ranking.scoring import Ranker


def test_the_score_is_the_published_weighted_sum(recommender: Recommender) -> None:
    weights = {name: one.weight for name, one in recommender.base.ranking.dimensions.items()}
    result = recommender.recommend(
        Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"GSTZ1": "low"}})
    )
    assert len(result.recommendations) > 4
    for one in result.recommendations:
        parts = vars(one.score_parts)
        assert one.score == sum(weights[name] * parts[name] for name in DIMENSIONS) / 100
        assert all(vars(one.score_reasons).values())


def test_the_four_merits_weigh_one_hundred(recommender: Recommender) -> None:
    weights = {name: one.weight for name, one in recommender.base.ranking.dimensions.items()}
    assert sum(weight for name, weight in weights.items() if name != "penalty") == 100


def test_a_worked_example(recommender: Recommender) -> None:
    """Orlistat with sorafenib where FASN is high, by hand from rules/ranking.yaml."""
    result = recommender.recommend(
        Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    )
    first = result.recommendations[0]
    assert first.add_on.id == "orlistat"
    assert vars(first.score_parts) == {
        "marker_match": 70,
        "partner_match": 100,
        "evidence": 60,
        "actionability": 30,
        "penalty": -40,
    }
    assert first.score == (35 * 70 + 20 * 100 + 30 * 60 + 15 * 30 - 20 * 40) / 100


def test_how_the_findings_call_for_an_add_on(recommender: Recommender) -> None:
    def match(add_on: str, **markers: str) -> int:
        profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": markers})
        result = recommender.recommend(profile)
        return {one.add_on.id: one.score_parts.marker_match for one in result.recommendations}[add_on]

    assert match("iron-transferrin-sorafenib-nanovesicle", TFRC="high") == 70
    assert match("camptothecin", SQSTM1="high") == 55
    assert match("camptothecin") == 25
    against = {
        "NFE2L2": "low",
        "p-NRF2": "normal",
        "SQSTM1": "low",
        "KEAP1": "high",
        "GSTZ1": "high",
        "NQO1": "normal",
        "HMOX1": "normal",
    }
    assert match("camptothecin", **against) == 25, "genes may still be altered"


def test_what_speaks_against_an_add_on(recommender: Recommender) -> None:
    profile = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "low"}}
    result = recommender.recommend(Profile.parse(profile))
    (orlistat,) = [one for one in result.recommendations if one.add_on.id == "orlistat"]
    assert orlistat.score_parts.marker_match == 0


def test_how_near_the_partner_is(recommender: Recommender) -> None:
    def match(therapy: str, add_on: str, **more: object) -> int:
        result = recommender.recommend(Profile.parse({"disease": "HCC", "therapies": [therapy], **more}))
        return {one.add_on.id: one.score_parts.partner_match for one in result.recommendations}[add_on]

    uri = {"markers": {"URI1": "high"}, "mutations": [{"gene": "TP53", "state": "wild-type"}]}
    assert match("sorafenib", "orlistat") == 100
    assert match("regorafenib", "scd-inhibitor", **uri) == 40
    assert match("sorafenib", "scd-inhibitor", **uri) == 100
    assert match("sorafenib", "disulfiram-copper") == 10


def test_weightings_lie_on_the_simplex_and_are_fixed() -> None:
    drawn = weightings(5, 500, 7)
    assert all(sum(one) == 1 << 20 and min(one) >= 0 for one in drawn)
    assert drawn == weightings(5, 500, 7)
    means = [sum(one[index] for one in drawn) / 500 / (1 << 20) for index in range(5)]
    assert all(abs(mean - 0.2) < 0.03 for mean in means)


parts = st.tuples(*[st.integers(-100, 100)] * 3)


@given(st.lists(parts, min_size=1, max_size=9))
def test_acceptability_counts_ranks_as_a_plain_count_does(items: list[tuple[int, ...]]) -> None:
    drawn = weightings(3, 100, 1)
    totals = [[sum(w * p for w, p in zip(weights, item, strict=True)) for item in items] for weights in drawn]
    assert items
    for rank in range(1, len(items) + 1):
        expected = [
            sum(1 + sum(other > row[index] for other in row) == rank for row in totals) / 100
            for index in range(len(items))
        ]
        assert Acceptability(3, 100, 1).of_ranks(items, [rank] * len(items)) == expected


@at_most(50)
@given(st.lists(parts, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_acceptability_does_not_depend_on_the_order(
    items: list[tuple[int, ...]], source: random.Random
) -> None:
    counts = Acceptability(3, 100, 1)
    before = dict(zip(items, counts.of_ranks(items, [1] * len(items)), strict=True))
    source.shuffle(items)
    assert dict(zip(items, counts.of_ranks(items, [1] * len(items)), strict=True)) == before


def test_one_item_alone_is_always_first() -> None:
    assert Acceptability(3, 100, 1).of_ranks([(1, 2, 3)], [1]) == [1.0]


def test_extrapolated_items_stand_after_all_others(recommender: Recommender) -> None:
    ranker = Ranker(recommender.base.ranking)
    low = ranker.score(dict.fromkeys(DIMENSIONS, (0, "")))
    high = ranker.score(dict.fromkeys(DIMENSIONS, (100, "")))
    places = ranker.places([(high, True), (low, False), (low, False), (high, True)])
    assert [place.rank for place in places] == [3, 1, 1, 3]
    assert [place.acceptability for place in places] == [1.0, 1.0, 1.0, 1.0]


def test_a_failed_therapy_is_not_a_marker(recommender: Recommender) -> None:
    def parts(**markers: str) -> int:
        given = {"therapies": ["sorafenib"], "resistant_to": ["sorafenib"], "markers": markers}
        result = recommender.recommend(Profile.parse({"disease": "HCC", **given}))
        return {one.add_on.id: one.score_parts.marker_match for one in result.recommendations}["dn200434"]

    assert parts() == 40
    assert parts(ESRRG="high") == 70
    assert parts(ESRRG="low") == 0


def test_a_contraindication_weighs_more_than_a_note(recommender: Recommender) -> None:
    def penalty(therapy: str, add_on: str) -> int:
        result = recommender.recommend(Profile.parse({"disease": "HCC", "therapies": [therapy]}))
        return {one.add_on.id: one.score_parts.penalty for one in result.recommendations}[add_on]

    assert penalty("oxaliplatin", "leflunomide") <= -80
    assert penalty("sorafenib", "camptothecin") == -40, "audit findings and notes cost nothing, a limit does"
