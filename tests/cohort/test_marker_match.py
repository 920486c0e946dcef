"""The order of the steps of the marker match has one home, which both evaluators follow."""

from typing import Any

import pytest
from support.cohorts import expected, with_ids
from support.generators import BASE

from recommender import Recommender
from recommender.cohort.plan import Plan
from recommender.cohort.ranked import BatchRanker
from recommender.evaluation.facts import read_facts
from recommender.ranking import marker_match

TUMOURS = [
    {"disease": "HCC", "therapies": ["sorafenib", "SBRT"], **example}
    for rule in BASE.content.rules
    if rule.kind in ("strategy", "mechanism")
    for example in (*rule.examples.fires, *rule.examples.near_misses)
]
TUMOURS += [{**tumour, "resistant_to": ["sorafenib"]} for tumour in TUMOURS]


def ranked() -> list[dict[str, Any]]:
    """What `recommend` answers, which the cohort has to answer too."""
    one_by_one = Recommender(engine="plain")
    found = with_ids(TUMOURS)
    rows, _ = BatchRanker(Plan(BASE)).rank_facts((one.id or "", read_facts(one, BASE)) for one in found)
    answered = [row for one in found for row in expected(one_by_one, one)]
    assert rows.to_pylist() == answered
    assert len(answered) > len(TUMOURS)
    return answered


@pytest.mark.parametrize("first", ["called-for", "fires-by-history", "can-be-called-for"])
def test_both_evaluators_follow_a_changed_order(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = ranked()
    changed = sorted(marker_match.PRECEDENCE, key=lambda step: step.condition != first)
    monkeypatch.setattr(marker_match, "PRECEDENCE", tuple(changed))
    assert ranked() != shipped


def test_every_step_is_taken_by_some_tumour_and_the_ranking_has_no_other() -> None:
    steps = [step for step, _ in marker_match.PRECEDENCE]
    assert {*steps} == {*BASE.ranking.dimensions["marker_match"].steps}
    points = {step: BASE.ranking.dimensions["marker_match"].steps[step].points for step in steps}
    assert {row["marker_match"] for row in ranked()} == {*points.values()}
    assert marker_match.PRECEDENCE[-1].condition == "always"
