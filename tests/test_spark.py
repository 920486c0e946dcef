"""Cohorts on Spark: the same answer."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cohorts import cohort, expected
from generators import BASE
from studies import EXAMPLES
from test_cli import run

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.importing import Options, import_profiles


@pytest.fixture(scope="module")
def spark() -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: the same answer on Spark was NOT tested")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: the same answer on Spark was NOT tested")


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

    def rows(path: Path) -> list[dict[str, Any]]:
        return sorted(
            pq.read_table(path).to_pylist(),
            key=lambda row: (row["profile_id"], row["rank"], row["recommendation_id"]),
        )

    assert rows(on_spark) == rows(local)
    assert (on_spark / "_SUCCESS").exists()
    assert run("cohort", "summary", on_spark, "--format", "json").returncode == 0


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("which", ["cases", "study"])
def test_spark_answers_profiles_as_recommend_does(
    tmp_path: Path, recommender: Recommender, which: str
) -> None:
    if which == "study":
        source = EXAMPLES / "study"
        found = list(import_profiles(source, BASE, Options()).profiles)
        found = [one.model_copy(update={"therapies": (*one.therapies, "Nexavar")}) for one in found]
    else:
        found = [Profile.read(path.read_bytes()) for path in sorted(shipped("profiles").glob("*.json"))]
        found = [one.model_copy(update={"therapies": (*one.therapies, "Nexavar")}) for one in found]
        source = tmp_path / "cases.ndjson"
        source.write_text("".join(f"{one.canonical()}\n" for one in found))
    done = run("cohort", source, "-o", tmp_path / "out", "--backend", "spark", "--therapy", "Nexavar")
    assert done.returncode == 0, done.stderr
    every = [row for one in found for row in expected(recommender, one)]
    rows = pq.read_table(tmp_path / "out").to_pylist()
    key = lambda row: (row["profile_id"], row["rank"], row["recommendation_id"])  # noqa: E731
    assert sorted(rows, key=key) == sorted(every, key=key)


@pytest.mark.usefixtures("spark")
def test_spark_tells_rows_that_it_cannot_use(tmp_path: Path) -> None:
    source = tmp_path / "x.ndjson"
    good = '{"id": "a", "disease": "HCC", "therapies": ["sorafenib"]}\n'
    source.write_text(good + "nonsense\n")
    done = run("cohort", source, "-o", tmp_path / "out", "--backend", "spark", "--spark-master", "local[1]")
    assert done.returncode == 2, done.stderr
    (reject,) = [json.loads(line) for line in (tmp_path / "out.rejects.ndjson").read_text().splitlines()]
    assert "not JSON" in reject["why"]
    assert set(pq.read_table(tmp_path / "out")["profile_id"].to_pylist()) == {"a"}
    assert run("cohort", source, "-o", tmp_path / "out", "--backend", "spark").returncode == 2, "it is there"
