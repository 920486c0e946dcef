"""The teaching cases answer as is written beside them, and look as they did.

Run with UPDATE_EXPECTED=1 to write the expected answers anew; then read the difference.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support.places import DATA

from recommender import Profile, Recommender, Result
from recommender._data import shipped
from recommender.views.screen import Screen
from recommender.views.table import table

CASES = sorted(path for path in shipped("profiles").glob("*.*") if path.suffix in (".json", ".yaml"))

TABLES = DATA / "tables"
UPDATE = bool(os.environ.get("UPDATE_EXPECTED"))


def summary(result: Result) -> dict[str, Any]:
    """What a case is expected to answer."""
    return {
        "recommendations": [
            {"rank": one.rank, "id": one.id, "score": one.score, "group": one.group}
            for one in result.recommendations
        ],
        "held_back": {
            one.id: [held.reason for held in one.held_back_because]
            for one in result.recommendations
            if one.held_back_because
        },
        "undecided_context": [one.id for one in result.undecided_context or ()],
        "derived": sorted({f"{one.fact}: {one.state}" for one in result.derived}),
        "context": [one.id for one in result.context],
        "disputed": [one.id for one in result.disputed],
        "undecided": [one.id for one in result.undecided],
        "blocked": [one.id for one in result.blocked],
        "therapy_cautions": [one.id for one in result.therapy_cautions or ()],
        "cautions": sorted({caution.id for one in result.recommendations for caution in one.cautions}),
        "notices": [one.code for one in result.notices],
    }


def test_there_are_cases_for_every_class_of_therapy() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_case_answers_as_expected(both_engines: list[Recommender], case: Path) -> None:
    expected = case.parent / "expected" / f"{case.stem}.json"
    profile = Profile.read(case.read_bytes())
    for recommender in both_engines:
        found = summary(recommender.recommend(profile, strict=True))
        if UPDATE:
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(json.dumps(found, indent=2) + "\n")
        assert found == json.loads(expected.read_text())


@pytest.mark.parametrize(
    "name", ["nrf2-active-sorafenib", "uri-high-p53-mutated-sorafenib", "mdsc-high-nivolumab"]
)
def test_the_table_looks_as_it_did(recommender: Recommender, name: str) -> None:
    (case,) = [path for path in CASES if path.stem == name]
    shown = table(recommender.recommend(Profile.read(case.read_bytes())), Screen(100))
    base = recommender.base
    stable = shown.replace(base.sha256[:12], "<digest>").replace(
        f"plain {recommender.engine.version}", "<engine>"
    )
    golden = TABLES / f"{name}.txt"
    if UPDATE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(stable)
    assert stable == golden.read_text()
