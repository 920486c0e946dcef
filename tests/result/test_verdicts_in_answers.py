"""What drug screens show about a rule, in answers: there for readers, without a part in the ranking."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.answering import answer

from recommender import Profile, Recommender, Result
from recommender._data import shipped
from recommender.knowledge.base import KnowledgeBase
from recommender.result.corroboration import CorroborationView

CASES = sorted(path for path in shipped("profiles").glob("*.*") if path.suffix in (".json", ".yaml"))
PUMPS = Profile(therapies=["sorafenib"], markers={"ABCB1": "high", "MT1G": "high"})


@pytest.fixture(scope="module")
def without() -> Recommender:
    """The shipped rules, without verdicts."""
    base = Recommender(engine="plain").base
    content = base.content.model_copy(update={"corroboration": (), "screen_tables": (), "screening": None})
    base = KnowledgeBase(content, sha256=base.sha256, origins=base.origins, shown=base.shown)
    return Recommender(base=base, engine="plain")


def shown(result: Result) -> dict[str, CorroborationView | None]:
    """The verdicts on the rules of an answer."""
    fired = {rule.id: rule.corroboration for one in result.recommendations for rule in one.rules}
    return fired | {one.id: one.corroboration for one in result.context}


def stripped(result: Result) -> Result:
    """The same answer without verdicts."""
    recommendations = tuple(
        replace(one, rules=tuple(replace(rule, corroboration=None) for rule in one.rules))
        for one in result.recommendations
    )
    context = tuple(replace(one, corroboration=None) for one in result.context)
    return replace(result, recommendations=recommendations, context=context)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_without_verdicts_all_else_stays(without: Recommender, case: Path) -> None:
    """No rank, score, group or sentence depends on a drug screen."""
    profile = Profile.read(case.read_bytes())
    bare = without.recommend(profile)
    assert not any(shown(bare).values())
    assert "corroboration" not in bare.to_json()
    assert bare == stripped(answer(profile))


def test_every_rule_of_an_answer_has_its_verdict(recommender: Recommender) -> None:
    verdicts = recommender.base.corroboration
    found = shown(answer(PUMPS))
    assert found["efflux-pumps-resist-sorafenib"]
    for rule, view in found.items():
        assert view
        assert (view.verdict, view.reason) == (verdicts[rule].verdict, verdicts[rule].reason)
        assert (view.figure is None) == (view.comparisons == 0) == (view.verdict == "not-testable")
    assert {view.verdict for view in found.values() if view} == {"contrary", "no-signal", "not-testable"}


def test_a_contrary_verdict_brings_the_figure_that_shows_it(recommender: Recommender) -> None:
    view = shown(answer(PUMPS))["efflux-pumps-resist-sorafenib"]
    best = recommender.base.corroboration["efflux-pumps-resist-sorafenib"].chief
    assert view
    assert view.figure
    assert best
    assert best.verdict == "contrary"
    own = vars(view.figure)
    assert own["interval"] == best.adjusted_interval
    assert all(own[name] == getattr(best, name) for name in own if name != "interval")


def test_brief_answers_leave_it_out(recommender: Recommender) -> None:
    assert "corroboration" not in recommender.recommend(PUMPS, brief=True).to_json()


def test_rules_of_before_groups_are_answered_without(recommender: Recommender) -> None:
    base = recommender.base
    assert base.content.ranking
    ranking = base.content.ranking.model_copy(update={"groups": {}})
    old = KnowledgeBase(
        base.content.model_copy(update={"ranking": ranking}), sha256=base.sha256, origins=base.origins
    )
    found = Recommender(base=old, engine="plain").recommend(PUMPS)
    assert found.schema_version == "1.0"
    assert "corroboration" not in found.to_json()


def test_the_json_has_the_fields_of_the_contract() -> None:
    value = json.loads(answer(PUMPS).to_json())
    found = [set(rule["corroboration"]) for one in value["recommendations"] for rule in one["rules"]]
    assert {"comparisons", "figure", "reason", "verdict"} in found
    assert all(one == found[0] for one in found)
