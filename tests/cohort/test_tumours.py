"""What the tumours of a cohort report: how many have something selected, and which state of the pathway."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.cohorts import cohort
from support.commands import run

from recommender import Profile, Recommender
from recommender.cohort.summary import summarise
from recommender.knowledge.ranking_models import GROUPS

pytestmark = pytest.mark.once


def test_every_tumour_is_counted_once(tmp_path: Path, recommender: Recommender) -> None:
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    assert run("cohort", source, "-o", out).returncode == 0
    found = summarise(out, recommender.base, cohort=source, by=("HBV",))
    assert found.tumours == 300 == sum(found.groups.values()) + sum(found.nothing.values())
    best: dict[str, int] = {}
    by_add_on: dict[tuple[str, str], int] = {}
    for row in pq.read_table(out).to_pylist():
        tier = GROUPS.index(row["group"])
        best[row["profile_id"]] = min(tier, best.get(row["profile_id"], tier))
        key = row["profile_id"], row["add_on"]
        by_add_on[key] = min(tier, by_add_on.get(key, tier))
    for at, name in enumerate(GROUPS):
        assert found.groups.get(name, 0) == list(best.values()).count(at)
        for one in found.add_ons:
            tiers = [tier for (_, add_on), tier in by_add_on.items() if add_on == one.add_on]
            assert one.groups.get(name, 0) == tiers.count(at)
            assert one.tumours == len(tiers)
    assert sum(one.tumours for one in found.combinations) == found.groups["selected"]
    rows = pq.read_table(source).to_pylist()
    assert found.nothing["no-therapy"] == sum(not row["therapies"] for row in rows)
    assert found.nothing["outside-scope"] == sum(
        row["disease"] == "FLC" and bool(row["therapies"]) for row in rows
    )
    assert {(one.state, one.tumours) for one in found.sizes} == {
        ("positive", 200),
        ("negative", 100),
        ("unknown", 0),
    }


def test_states_of_the_pathway_are_those_of_the_library(tmp_path: Path, recommender: Recommender) -> None:
    source, out = cohort(tmp_path, 60), tmp_path / "out.parquet"
    assert run("cohort", source, "-o", out).returncode == 0
    found = summarise(out, recommender.base, cohort=source, by=("HBV",))
    counts = {(one.fact, one.state): 0 for one in found.states}
    positive = dict(counts)
    for row in pq.read_table(source).to_pylist():
        markers = {name: row[name] for name in ("FASN", "HBV") if row[name]}
        markers["GSTZ1"] = {"z_score": row["GSTZ1 z"]}
        profile = Profile.parse({"disease": "HCC", "therapies": row["therapies"], "markers": markers})
        for one in recommender.recommend(profile).derived:
            counts[one.fact, one.state] += 1
            positive[one.fact, one.state] += row["HBV"] == "positive"
    assert {(one.fact, one.state): one.tumours for one in found.states} == counts
    assert any(counts.values())
    for group in found.state_subgroups:
        if group.state == "positive":
            assert group.tumours == positive[group.fact, group.value]


def test_a_tumour_that_is_there_twice_is_counted_once(tmp_path: Path, recommender: Recommender) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "id,disease,therapies,FASN\na,HCC,sorafenib,high\na,HCC,sorafenib,low\n,HCC,sorafenib,high\n"
        "b,HCC,sorafenib,nonsense\nc,HCC,,high\n"
    )
    assert run("cohort", source, "-o", out).returncode == 2
    found = summarise(out, recommender.base, cohort=source, by=())
    assert (found.tumours, found.profiles, found.unusable) == (2, 1, 3)
    assert found.nothing == {"no-therapy": 1, "outside-scope": 0, "no-strategy": 0}


def test_other_diseases_count_as_they_were_ranked(tmp_path: Path, recommender: Recommender) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,disease,therapies,FASN\na,melanoma,sorafenib,high\n")
    assert run("cohort", source, "-o", out, "--any-disease").returncode == 0
    found = summarise(out, recommender.base, cohort=source, by=(), any_disease=True)
    assert (found.tried, found.nothing["outside-scope"]) == (1, 0)


def test_another_cohort_than_the_ranked_one_is_refused(tmp_path: Path) -> None:
    source, other, out = tmp_path / "in.csv", tmp_path / "other.csv", tmp_path / "out.csv"
    source.write_text("id,disease,therapies,FASN\na,HCC,sorafenib,high\n")
    other.write_text("id,disease,therapies,FASN\nz,HCC,sorafenib,high\na,HCC,sorafenib,high\n")
    source.write_text(f"{source.read_text()}b,HCC,sorafenib,high\n")
    assert run("cohort", source, "-o", out).returncode == 0
    done = run("cohort", "summary", out, "--cohort", other)
    assert done.returncode == 2
    assert b"1 of the 2 tumours that were ranked" in done.stderr
