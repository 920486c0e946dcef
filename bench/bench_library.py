"""Timed by pytest-benchmark; `run.py` reads the medians and puts them beside their bounds."""

import statistics
import time
from typing import Any

import pytest
from peers import engines, synthetic

from recommender import Profile, Recommender
from recommender.engine import durable_loads

RECOMMENDER = Recommender()
PROFILES = synthetic(RECOMMENDER, 300)
FIRE, MASKS = engines(RECOMMENDER, PROFILES)


@pytest.mark.parametrize("engine", FIRE)
def test_engine(benchmark: Any, engine: str) -> None:
    """All profiles through one engine."""
    fire = FIRE[engine]
    benchmark.extra_info["profiles"] = len(MASKS)
    benchmark.pedantic(lambda: [fire(mask) for mask in MASKS], rounds=15, warmup_rounds=1)


@pytest.mark.parametrize("engine", ["durable", "plain"] if durable_loads() else ["plain"])
@pytest.mark.parametrize("brief", [True, False], ids=["brief", "everything"])
def test_recommend(benchmark: Any, engine: Any, brief: bool) -> None:
    """`Recommender.recommend`: the median over the profiles of each one's best time."""
    recommender = Recommender(engine=engine)

    def best(index: int) -> float:
        runs = []
        for _ in range(4):
            start = time.perf_counter()
            recommender.recommend(PROFILES[index], brief=brief)
            runs.append(time.perf_counter() - start)
        return min(runs[1:])

    times = benchmark.pedantic(lambda: [best(index) for index in range(len(PROFILES))], rounds=1)
    benchmark.extra_info["median_ms"] = statistics.median(times) * 1e3


def test_next_tests(benchmark: Any) -> None:
    """Three markers known and all others that strategies ask for unknown, beside five therapies."""
    markers = {"FASN": "high", "GPX4": "high", "HBV": "positive"}
    therapies = ["sorafenib", "lenvatinib", "nivolumab", "FOLFOX", "SBRT"]
    profile = Profile.parse({"disease": "HCC", "therapies": therapies, "markers": markers})
    found = benchmark.pedantic(lambda: RECOMMENDER.next_tests(profile), rounds=5, warmup_rounds=1)
    benchmark.extra_info["markers"] = len(found)
