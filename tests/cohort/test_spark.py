"""Cohorts on Spark: the same answer."""

import json
import shutil
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from support.cohorts import cohort, expected
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLES

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.importing import Options, import_profiles

pytestmark = pytest.mark.once


PLACE = itemgetter("profile_id", "rank", "recommendation_id")


@pytest.fixture(scope="module")
def spark() -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: the same answer on Spark was NOT tested")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: the same answer on Spark was NOT tested")


def in_order(path: Path) -> list[dict[str, Any]]:
    """The rows of an answer in an order that no engine decides."""
    return sorted(pq.read_table(path).to_pylist(), key=PLACE)


def every(recommender: Recommender, found: Iterable[Profile]) -> list[dict[str, Any]]:
    """What the library answers to all, were they given Nexavar as well."""
    given = [one.model_copy(update={"therapies": (*one.therapies, "Nexavar")}) for one in found]
    return sorted((row for one in given for row in expected(recommender, one)), key=PLACE)


@pytest.mark.usefixtures("spark")
def test_spark_gives_the_same_answer(tmp_path: Path, recommender: Recommender) -> None:
    source = cohort(tmp_path, 2_000)
    local, on_spark = tmp_path / "local.parquet", tmp_path / "spark"
    assert run("cohort", source, "-o", local, "--therapy", "Nexavar").returncode == 0
    done = run(
        "cohort",
        source,
        "-o",
        on_spark,
        "--backend",
        "spark",
        "--spark-master",
        "local[2]",
        "--therapy",
        "Nexavar",
    )
    assert done.returncode == 0, done.stderr

    assert in_order(on_spark) == in_order(local)
    assert (on_spark / "_SUCCESS").exists()
    assert run("cohort", "summary", on_spark, "--format", "json").returncode == 0


@pytest.mark.usefixtures("spark")
def test_spark_answers_a_study_as_recommend_does(tmp_path: Path, recommender: Recommender) -> None:
    source, out = EXAMPLES / "study", tmp_path / "out"
    found = import_profiles(source, BASE, Options()).profiles
    done = run("cohort", source, "-o", out, "--backend", "spark", "--therapy", "Nexavar")
    assert done.returncode == 0, done.stderr
    assert in_order(out) == every(recommender, found)


@pytest.mark.usefixtures("spark")
def test_spark_answers_profiles_and_tells_lines_that_it_cannot_use(
    tmp_path: Path, recommender: Recommender
) -> None:
    source, out = tmp_path / "cases.ndjson", tmp_path / "out"
    found = [Profile.read(path.read_bytes()) for path in sorted(shipped("profiles").glob("*.json"))]
    source.write_text("".join(f"{one.canonical()}\n" for one in found) + "nonsense\n")
    asked: list[str | Path] = ["cohort", source, "-o", out, "--backend", "spark", "--therapy", "Nexavar"]
    done = run(*asked, "--spark-master", "local[1]")
    assert done.returncode == 2, done.stderr
    (reject,) = [json.loads(line) for line in (tmp_path / "out.rejects.ndjson").read_text().splitlines()]
    assert "not JSON" in reject["why"]
    assert in_order(out) == every(recommender, found)
    assert run(*asked).returncode == 2, "it is there"
