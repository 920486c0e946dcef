"""Cards, chips and the pathway in short: what a report shows of a result, and where."""

import json
from typing import Any

import pytest
from hypothesis import given
from support.generators import profiles
from support.places import ROOT

from recommender import Profile, Recommender
from recommender.reports.cards import Chip
from recommender.reports.case_report import Report, case_report

RECOMMENDER = Recommender(engine="plain")


def report_of(value: dict[str, Any]) -> Report:
    return case_report(RECOMMENDER, Profile.parse(value))


@pytest.fixture(scope="module")
def nrf2() -> Report:
    return report_of(json.loads((ROOT / "profiles" / "nrf2-active-sorafenib.json").read_text()))


@given(profiles())
def test_each_add_on_has_one_card_with_its_points(value: dict[str, Any]) -> None:
    found = report_of(value)
    cards = [card for group in found.groups for card in group.cards]
    assert [card.add_on for card in cards] == list(found.result.recommendations)
    assert len({card.anchor for card in cards}) == len(cards)
    for card in cards:
        assert sum(one.points for one in card.points) == pytest.approx(card.add_on.score)
        assert 1 <= card.step <= len(found.levels)
    marks = [mark for side in found.pathway[:3] for part in side for mark in part.marks]
    assert {mark.anchor for mark in marks} <= {card.anchor for card in cards}


def test_an_add_on_is_found_by_its_name(nrf2: Report) -> None:
    assert "orlistat" in {card.anchor for group in nrf2.groups for card in group.cards}
    two = report_of({"disease": "HCC", "therapies": ["sorafenib", "lenvatinib"], "markers": {"FASN": "high"}})
    names = [card.add_on.add_on.id for group in two.groups for card in group.cards]
    for group in two.groups:
        for card in group.cards:
            alone = names.count(card.add_on.add_on.id) == 1
            assert card.anchor == (card.add_on.add_on.id if alone else card.add_on.id)


def test_what_selects_comes_first_and_looks_so(nrf2: Report) -> None:
    assert nrf2.findings[0] == Chip("FASN high", "selects")
    assert nrf2.findings[-1].look == "measured"
    looks = {card.add_on.add_on.id: card.why for group in nrf2.groups for card in group.cards}
    assert looks["orlistat"] == Chip("FASN high", "selects")
    assert looks["nrf2-inhibition"] == Chip("NRF2 axis active", "implied")


def test_the_pathway_has_two_sides(nrf2: Report) -> None:
    short = nrf2.pathway
    assert not short.promote  # restricted iron protects
    named = [part.name for part in short.protect if part.state]
    assert named == ["NRF2 axis", "glutathione", "iron", "GPX4 defence"]
    assert short.ends == ("Lipid peroxides", "Ferroptosis")
    assert "FSP1 defence" in short.quiet


def test_disputed_claims_about_papers_of_the_answer_are_known(nrf2: Report) -> None:
    assert "sorafenib-said-to-suppress-nrf2" in nrf2.disputed_here
    assert "ugt-said-to-metabolise-sorafenib" not in nrf2.disputed_here
