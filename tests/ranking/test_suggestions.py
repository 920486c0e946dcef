"""Which cautions are put on what, who may be first, and what excludes what: at the edges."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import assume, given
from support.generators import BASE, profiles

from recommender import Profile
from recommender.engine.atoms import Atom, consistent
from recommender.engine.plain import PlainEngine
from recommender.evaluation.facts import read_facts
from recommender.evaluation.proof import Proofs
from recommender.knowledge.ranking_models import DIMENSIONS, Ranking
from recommender.knowledge.rule_models import AppliesTo, CautionRule
from recommender.ranking import marker_match
from recommender.ranking.acceptability import Acceptability
from recommender.ranking.scoring import Ranker, Scored
from recommender.ranking.suggestions import Suggester, applies

CAUTION = next(rule for rule in BASE.content.rules if isinstance(rule, CautionRule))
ADD_ON = BASE.add_ons["rsl3"]


def caution(*, partner: tuple[str, ...] = (), **where: tuple[str, ...]) -> CautionRule:
    return CAUTION.model_copy(
        update={"always": False, "partner": partner, "applies_to": AppliesTo.model_validate(where)}
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (caution(), True),
        (caution(partner=("sorafenib",)), True),
        (caution(partner=("tki",)), True),
        (caution(partner=("lenvatinib",)), False),
        (caution(add_ons=("rsl3",)), True),
        (caution(add_ons=("orlistat",)), False),
        (caution(targets=("GPX4", "SCD")), True),
        (caution(targets=("SCD",)), False),
        (caution(statuses=("tool-compound",)), True),
        (caution(statuses=("abandoned",)), False),
        (caution(types=("drug",)), True),
        (caution(types=("target",)), False),
        (caution(targets=("GPX4",), types=("target",)), False),
        (caution(partner=("lenvatinib",), add_ons=("rsl3",)), False),
    ],
)
def test_a_caution_is_put_on_what_fits_every_field(rule: CautionRule, expected: bool) -> None:
    assert applies(rule, ADD_ON, "sorafenib", BASE) is expected


def scored(*parts: int) -> Scored:
    return Ranker(BASE.ranking).score(
        {name: (part, "") for name, part in zip(DIMENSIONS, parts, strict=True)}
    )


UNGROUPED = BASE.ranking.model_copy(update={"groups": {}})


@pytest.mark.parametrize(("ranking", "first"), [(BASE.ranking, 1.0), (UNGROUPED, 0.0)])
def test_a_tier_stands_behind_the_one_before_and_is_led_by_its_own_first(
    ranking: Ranking, first: float
) -> None:
    """Without groups nothing of the second tier, which is for other tumours, is ever first."""
    best, worse = scored(100, 100, 100, 100, 0), scored(10, 10, 10, 10, 0)
    places = Ranker(ranking).places([(best, 1), (worse, 0), (worse, 1)])
    assert [place.rank for place in places] == [2, 1, 3]
    assert [place.first for place in places] == [first, 1.0, 0.0]
    assert [place.acceptability for place in places] == [1.0, 1.0, 1.0]
    assert [(place.leads, place.among) for place in places] == [(True, 2), (True, 1), (False, 2)]
    alone = Ranker(ranking).places([(best, 1), (worse, 1)])
    assert [(place.rank, place.first) for place in alone] == [(1, 1.0), (2, 0.0)]


def test_equal_scores_share_a_rank_and_the_next_is_counted_on() -> None:
    good, poor = scored(60, 60, 60, 60, 0), scored(10, 10, 10, 10, 0)
    places = Ranker(BASE.ranking).places([(poor, False), (good, False), (good, False)])
    assert [place.rank for place in places] == [3, 1, 1]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("high", "low"), False),
        (("high", "positive"), True),
        (("mutated", "wild-type"), False),
        (("high",), True),
    ],
)
def test_states_on_one_axis_exclude_one_another(states: tuple[str, ...], expected: bool) -> None:
    assert consistent(frozenset(Atom("marker", "TP53", state) for state in states)) is expected


def test_therapies_exclude_nothing() -> None:
    assert consistent(frozenset([Atom("therapy", "sorafenib"), Atom("therapy", "lenvatinib")]))
    assert consistent(frozenset([Atom("marker", "TP53", "high"), Atom("marker", "KEAP1", "low")]))


def test_shares_are_told_to_four_places() -> None:
    found = Acceptability(2, 300, 1).of_ranks([(2, 1), (1, 2)], [1, 1])
    assert found == [round(share, 4) for share in found]
    assert found != [round(share, 3) for share in found]


@given(profiles(with_therapy=True))
def test_cautions_that_findings_could_put_on_are_those_that_would_weigh_more(value: dict[str, Any]) -> None:
    facts = read_facts(Profile.parse(value), BASE)
    fired = PlainEngine(BASE.program).fire(BASE.program.mask(facts.sources(BASE)))
    suggester = Suggester(BASE)
    every = [rule for rule in BASE.cautions if rule.when]
    scored = suggester.scored(facts, Proofs(BASE, facts, fired))
    assume(scored)
    for one in scored:
        there = tuple(rule.id for rule in one.cautions)
        could = {rule.id for rule in suggester.cautions_for(one.add_on.id, one.partner, there)}
        assert could == {
            rule.id
            for rule in every
            if rule not in one.cautions
            and applies(rule, one.add_on, one.partner, BASE)
            and gravity([rule, *(on for on in one.cautions if on.id not in rule.sharpens)])
            != gravity(one.cautions)
        }


def gravity(cautions: Iterable[CautionRule]) -> tuple[int, set[str]]:
    """The points of the gravest caution, and the reasons to hold back."""
    steps = BASE.ranking.dimensions["penalty"].steps
    held = BASE.ranking.groups["held-back"].reasons
    reasons = {
        one.holds_back or next((name for name, why in held.items() if one.grade in why.grades), "")
        for one in cautions
    }
    return min((steps[f"caution-{one.grade}"].points for one in cautions), default=0), reasons - {""}


def test_the_bound_of_a_strategy_counts_every_step_that_it_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {step for step, _ in marker_match.PRECEDENCE}
    assert set(marker_match.possible_steps(requires_findings=True)) == steps
    assert steps - set(marker_match.possible_steps(requires_findings=False)) == {
        "required",
        "required-derived",
    }
    rule = next(rule for rule in BASE.strategies if not rule.when)
    facts = read_facts(Profile.parse({"therapies": list(rule.therapy)}), BASE)
    before = Suggester(BASE).at_best(rule, facts)
    new = marker_match.MarkerStep("required", "called-for")
    monkeypatch.setattr(marker_match, "PRECEDENCE", (new, *marker_match.PRECEDENCE))
    assert Suggester(BASE).at_best(rule, facts) < before
