"""Which measurements could decide most in a cohort: the library, asked one tumour at a time, agrees."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.commands import run

from recommender import Profile, Recommender
from recommender.cohort import measuring
from recommender.cohort.summary import Summary, summarise

pytestmark = pytest.mark.once

TUMOURS: list[dict[str, Any]] = [
    {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"GSTZ1": "normal"}},
    {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"GSTZ1": "normal"}},
    {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high", "Child-Pugh B": "present"}},
    {"disease": "HCC", "therapies": ["lenvatinib"], "markers": {"GSTZ1": "low", "MT1G": "high"}},
    {"disease": "HCC", "therapies": [], "markers": {"GSTZ1": "low"}},
]


def summary_of(folder: Path, recommender: Recommender, tumours: list[dict[str, Any]]) -> Summary:
    names = sorted({name for one in tumours for name in one["markers"]})
    table = pa.table(
        {
            "id": [f"t{at}" for at in range(len(tumours))],
            "disease": [one["disease"] for one in tumours],
            "therapies": [";".join(one["therapies"]) for one in tumours],
            **{name: [one["markers"].get(name) for one in tumours] for name in names},
        }
    )
    source, out = folder / "in.parquet", folder / "out.parquet"
    pq.write_table(table, source)
    assert run("cohort", source, "-o", out).returncode == 0
    return summarise(out, recommender.base, cohort=source, by=())


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory, recommender: Recommender) -> Summary:
    """That of the tumours above."""
    return summary_of(tmp_path_factory.mktemp("measured"), recommender, TUMOURS)


def standing(recommender: Recommender, tumour: dict[str, Any], **more: str) -> tuple[set[str], set[str]]:
    profile = Profile.parse({**tumour, "markers": {**tumour["markers"], **more}})
    ranked = recommender.recommend(profile, brief=True).recommendations
    first = {one.id for one in ranked if one.rank == 1}
    return first, {one.id for one in ranked if one.group == "selected"}


@pytest.mark.parametrize("marker", ["GSTZ1", "FASN", "MT1G"])
def test_a_measurement_counts_the_tumours_that_it_could_change(
    summary: Summary, recommender: Recommender, marker: str
) -> None:
    (found,) = [one for one in summary.measurements if (one.marker, one.axis) == (marker, "level")]
    missing = [one for one in TUMOURS if one["therapies"] and marker not in one["markers"]]
    first = selects = 0
    results: set[str] = set()
    for tumour in missing:
        led, selected = standing(recommender, tumour)
        after = {
            state: standing(recommender, tumour, **{marker: state}) for state in ("high", "normal", "low")
        }
        results |= {state for state, (leads, _) in after.items() if leads != led}
        first += any(leads != led for leads, _ in after.values())
        selects += any(chosen - selected for _, chosen in after.values())
    assert (found.missing, found.first, found.selects) == (len(missing), first, selects)
    assert set(found.results) == results


def test_a_class_of_child_and_pugh_is_known_where_another_is(summary: Summary) -> None:
    assert summary.tried == 4
    for one in summary.measurements:
        if one.marker in ("Child-Pugh A", "Child-Pugh C"):
            assert one.missing == 3


def test_of_many_tumours_some_are_tried(
    tmp_path: Path, recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "MAX_TUMOURS", 3)
    monkeypatch.setattr(measuring, "_CHUNK", 100)
    found = summary_of(tmp_path, recommender, TUMOURS * 3)
    assert found.tried == 3
    assert all(one.first <= one.missing <= 3 for one in found.measurements)


def test_nothing_is_tried_where_no_tumour_can_be_ranked(tmp_path: Path, recommender: Recommender) -> None:
    found = summary_of(tmp_path, recommender, TUMOURS[-1:])
    assert (found.tried, found.measurements) == (0, [])
    assert found.nothing == {"no-therapy": 1, "outside-scope": 0, "no-strategy": 0}
