"""Figures and sentences of a cohort's summary: what a title states is what the figures show."""

from typing import Any

import pytest

pytest.importorskip("duckdb")

from recommender.cohort.measuring import MeasurementEffect
from recommender.cohort.summary import AddOnCount, Combination, Subgroup, Summary
from recommender.cohort.tumours import StateCount, StateSubgroup, SubgroupSize
from recommender.reports import cohort_titles as titles
from recommender.reports.cohort_figures import MAX_COLUMNS, MAX_SET_ROWS, cohort_figures
from recommender.reports.shares import share_of
from recommender.reports.told import Told


def summary(**more: Any) -> Summary:
    values: dict[str, Any] = {
        "rule_base": "1",
        "profiles": 8,
        "rows": 20,
        "groups": {"selected": 5, "unselected": 3},
        "add_ons": [
            AddOnCount("orlistat", 8, {"selected": 3, "unselected": 5}),
            AddOnCount("RSL3", 2, {"selected": 2}),
        ],
        "strategies": [],
        "together": [],
        "combinations": [
            Combination(["orlistat"], 3),
            Combination(["RSL3", "erastin"], 2),
        ],
        "silent": [],
        "tumours": 10,
        "unusable": 0,
        "nothing": {"no-therapy": 2, "outside-scope": 0, "no-strategy": 0},
        "markers": [],
        "rules": [],
        "states": [
            StateCount("iron", "raised", "iron raised", 4),
            StateCount("iron", "restricted", "iron restricted", 0),
        ],
        "measurements": [],
        "tried": 8,
        "subgroups": [],
        "state_subgroups": [],
        "sizes": [],
        "split_by": [],
        "derived_from": {},
    }
    return Summary(**values | more)


def effect(marker: str, first: int) -> MeasurementEffect:
    return MeasurementEffect(marker, "level", "assay", 8, first, 0, ["high"], ["RSL3"], 70.0)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (15, 50, 0.191, 0.438), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_those_of_wilson(part: int, whole: int, low: float, high: float) -> None:
    assert share_of(part, whole)[2:] == (low, high)


def test_every_tumour_is_in_one_group() -> None:
    found = cohort_figures(summary())
    assert [(name, share.part) for name, share in found.groups] == [
        ("selected", 5),
        ("unselected", 3),
        ("held-back", 0),
        ("nothing", 2),
    ]
    assert (
        titles.cohort_headline(found).title == "50% of tumours have an add-on selected by their own findings"
    )


def test_without_the_cohort_nothing_is_said_of_other_tumours() -> None:
    found = cohort_figures(summary(tumours=None, nothing={}, states=[]))
    assert "nothing" not in dict(found.groups)
    assert "not counted" in titles.cohort_headline(found).measure
    assert "computed from the cohort itself" in titles.limits_of(found)[-1]


def test_add_ons_of_the_very_same_tumours_are_one_set() -> None:
    found = cohort_figures(summary())
    assert [one.add_ons for one in found.sets] == [("orlistat",), ("RSL3", "erastin")]
    assert [(one.sets, one.tumours) for one in found.intersections] == [((0,), 3), ((1,), 2)]
    assert titles.together_told(found).title == "5 of 5 tumours have exactly one of 2 add-ons selected"


def test_what_an_upset_plot_leaves_out_is_counted() -> None:
    names = [f"add-on {at:02}" for at in range(16)]
    alone = [Combination([name], 20 - at) for at, name in enumerate(names)]
    several = [Combination(names[at : at + 2], 1) for at in range(15)]
    total = sum(one.tumours for one in (*alone, *several))
    found = cohort_figures(
        summary(tumours=total, groups={"selected": total}, combinations=[*alone, *several])
    )
    assert (len(found.sets), found.set_count) == (MAX_SET_ROWS, 16)
    assert len(found.intersections) == MAX_COLUMNS
    assert sum(one.tumours for one in found.intersections) + found.other_intersections == total
    assert found.one_set == total - 15
    assert f"{found.other_intersections} tumours have combinations" in titles.together_told(found).note


@pytest.mark.parametrize(
    ("firsts", "title"),
    [
        ([], "No single measurement could change what ranks first"),
        ([5, 2], "If one measurement can be added, M0 level decides most"),
        ([5, 5], "If one measurement can be added, M0 level or M1 level decides most"),
        ([5] * 4, "4 measurements could each change the first rank in 5 tumours"),
        ([5] * 30, "20+ measurements could each change the first rank in 5 tumours"),
    ],
)
def test_the_title_on_measurements(firsts: list[int], title: str) -> None:
    effects = [effect(f"M{at}", first) for at, first in enumerate(firsts)]
    assert titles.measurements_told(cohort_figures(summary(measurements=effects))).title == title


def test_a_sample_is_called_an_estimate() -> None:
    told = titles.measurements_told(cohort_figures(summary(tried=3, measurements=[effect("M", 2)])))
    assert told.note.startswith("Estimated from 3 of 8 tumours.")


def split(positive: int, negative: int, derived: list[str]) -> Told:
    sizes = [("HBV", "negative", 100), ("HBV", "positive", 100), ("HBV", "unknown", 7)]
    found = summary(
        split_by=["HBV"],
        sizes=[SubgroupSize(*one) for one in sizes],
        state_subgroups=[
            StateSubgroup("HBV", "negative", "iron", "raised", negative, 100),
            StateSubgroup("HBV", "positive", "iron", "raised", positive, 100),
        ],
        subgroups=[Subgroup("HBV", "positive", "RSL3", 50, 100, 40)],
        derived_from={"HBV": derived},
    )
    (one,) = cohort_figures(found).splits
    assert [share.part for share in one.add_ons[0].by] == [0, 40]
    return titles.split_told(one, one.states, "pathway state")


def test_subgroups_differ_where_intervals_are_apart() -> None:
    assert split(40, 10, []).title == "Iron raised: 40% of HBV positive tumours, 10% of HBV negative"
    assert split(12, 10, []).title == "No pathway state differs by HBV beyond the 95% intervals"
    assert "unknown in 7 tumours" in split(12, 10, []).note


def test_what_rules_derive_from_the_marker_itself_is_not_compared() -> None:
    told = split(40, 10, ["iron raised"])
    assert told.title == "Apart from what is derived from HBV (†), no pathway state differs by it"
    assert "not compared" in told.note


@pytest.mark.parametrize(
    ("name", "beginning"), [("orlistat", "Orlistat is"), ("xCT inhibition", "xCT inhibition is")]
)
def test_titles_begin_with_a_capital_but_keep_names(name: str, beginning: str) -> None:
    add_ons = [AddOnCount(name, 8, {"selected": 3, "unselected": 5})]
    assert titles.add_ons_told(cohort_figures(summary(add_ons=add_ons))).title.startswith(beginning)


def test_a_rule_base_without_groups_counts_what_is_ranked() -> None:
    add_ons = [AddOnCount("orlistat", 8, {"ranked": 8})]
    found = cohort_figures(summary(groups={"ranked": 8}, add_ons=add_ons))
    assert (found.best, found.selected.part) == ("ranked", 8)
    assert titles.cohort_headline(found).title == "80% of tumours have an add-on ranked"


def test_a_share_that_rounds_to_nothing_is_not_nothing() -> None:
    assert titles.percent(share_of(1, 1000)) == "<1%"
    assert titles.percent(share_of(0, 1000)) == "0%"
