"""Cohorts on Spark: the same answer."""

import shutil
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest
from support.cohorts import cohort, expected, rejects_of
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLES

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.importing import ImportOptions, import_profiles

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("spark")]


PLACE = itemgetter("profile_id", "rank", "recommendation_id")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One session for all tests, for it takes long to start."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: the same answer on Spark was NOT tested")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: the same answer on Spark was NOT tested")
    from recommender.cohort.spark import _session

    made = _session("local[2]")
    yield made
    made.stop()


@pytest.fixture
def spark(session: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What a run gets instead of a session of its own: settings of its own, which it may end."""
    from recommender.cohort import spark

    own = session.newSession()
    begin, stop = Mock(return_value=own), Mock()
    own.conf.set("spark.sql.shuffle.partitions", "2")
    monkeypatch.setattr(own, "stop", stop)
    monkeypatch.setattr(spark, "_session", begin)
    yield own
    assert stop.call_count == begin.call_count, "a run ends its session"


def in_order(path: Path) -> list[dict[str, Any]]:
    """The rows of an answer in an order that no engine decides."""
    return sorted(pq.read_table(path).to_pylist(), key=PLACE)


def every(recommender: Recommender, found: Iterable[Profile]) -> list[dict[str, Any]]:
    """What the library answers to all, were they given Nexavar as well."""
    given = [one.model_copy(update={"therapies": (*one.therapies, "Nexavar")}) for one in found]
    return sorted((row for one in given for row in expected(recommender, one)), key=PLACE)


@pytest.mark.usefixtures("spark")
def test_spark_gives_the_same_answer(tmp_path: Path, recommender: Recommender) -> None:
    source = cohort(tmp_path, 300)
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
    found = import_profiles(source, BASE, ImportOptions()).profiles
    done = run("cohort", source, "-o", out, "--backend", "spark", "--therapy", "Nexavar")
    assert done.returncode == 0, done.stderr
    assert in_order(out) == every(recommender, found)


def on_both(source: Path, folder: Path) -> tuple[Path, Path]:
    """A cohort with rows that cannot be used, ranked by both backends into folders in `folder`."""
    local, on_spark = folder / "local", folder / "spark"
    told = []
    for output, backend in ((local, "local"), (on_spark, "spark")):
        done = run("cohort", source, "-o", output, "--backend", backend, "--spark-master", "local[2]")
        assert done.returncode == 2, done.stderr
        told.append(done.stderr.decode().splitlines()[-1])
    assert told[0] == told[1]
    return local, on_spark


@pytest.mark.usefixtures("few_rules")
def test_lines_without_an_id_and_rejects_have_their_numbers(tmp_path: Path, spark: Any) -> None:
    spark.conf.set("spark.sql.files.maxPartitionBytes", "1500")
    spark.conf.set("spark.sql.files.openCostInBytes", "0")
    parts = tmp_path / "parts of it"
    parts.mkdir()
    line = '{"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}'
    every = [line if at % 5 else ["", "nonsense", '{"x": 1}', "  \r"][at // 5 % 4] for at in range(120)]
    (parts / "a.ndjson").write_text("\n".join(every), newline="")
    (parts / "b.ndjson").write_text("\ufeff" + "\n".join(every[1:7]) + "\n", newline="")
    local, on_spark = on_both(parts, tmp_path)
    ranked = [row for part in sorted(local.glob("*.parquet")) for row in in_order(part)]
    assert in_order(on_spark) == sorted(ranked, key=PLACE)
    assert {row["profile_id"] for row in ranked} >= {f"line {at + 1}" for at in range(120) if at % 5}
    kept = rejects_of(local)
    assert rejects_of(on_spark) == kept
    assert [(one["part"], one["row"]) for one in kept][:2] == [("a.ndjson", 6), ("a.ndjson", 11)]


@pytest.mark.usefixtures("spark", "few_rules")
def test_rows_of_a_table_that_cannot_be_used_have_their_numbers(tmp_path: Path) -> None:
    source = tmp_path / "tumours.csv"
    rows = [f"t{at},sorafenib,{'hihg' if at % 7 == 3 else 'high'}" for at in range(50)]
    rows[20] = ",sorafenib,high"
    source.write_text("\n".join(["id,therapies,FASN", *rows]) + "\n")
    local, on_spark = on_both(source, tmp_path)
    assert in_order(on_spark) == in_order(local / "tumours.parquet")
    kept = rejects_of(local)
    assert rejects_of(on_spark) == kept
    assert (kept[0]["row"], kept[0]["profile_id"], kept[0]["part"]) == (4, "t3", "tumours.csv")
    assert [one["profile_id"] for one in kept if "no id" in one["why"]] == [""]


@pytest.mark.usefixtures("spark", "few_rules")
def test_a_last_row_that_may_be_cut_off_is_found_in_each_part(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "a.csv").write_text("id,therapies,FASN z\na,sorafenib,2\nb,sorafenib,2")
    (parts / "b.csv").write_text("id,therapies,FASN z\nc,sorafenib,2\nd,sorafenib,2\n")
    local, on_spark = on_both(parts, tmp_path)
    kept = rejects_of(local)
    assert rejects_of(on_spark) == kept
    assert [(one["part"], one["row"], one["profile_id"]) for one in kept] == [("a.csv", 2, "b")]
    assert "FASN z may be cut off" in kept[0]["why"]


@pytest.mark.usefixtures("spark", "few_rules")
def test_a_line_that_is_not_text_is_left_out_as_by_the_local_backend(tmp_path: Path) -> None:
    source = tmp_path / "tumours.ndjson"
    line = '{"id": "%s", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}'
    lines = [(line % name).encode() for name in ("a", "b", "c")]
    source.write_bytes(b"\n".join((*lines[:2], lines[2].replace(b"sorafenib", b"sorafenib \xe9"))))
    local, on_spark = on_both(source, tmp_path)
    kept = rejects_of(local)
    assert rejects_of(on_spark) == kept
    assert [one["row"] for one in kept] == [3]
    assert in_order(on_spark) == in_order(local / "tumours.parquet")


@pytest.mark.usefixtures("spark", "few_rules")
def test_spark_reads_quotes_as_the_local_backend_does(tmp_path: Path) -> None:
    read = {
        '"a ""quoted"" id"': 'a "quoted" id',
        '"b; with a sign"': "b; with a sign",
        '"c\nin two lines"': "c\nin two lines",
        '"d\\"': "d\\",
        "e\\": "e\\",
        '" f"': "f",
        'g"h': 'g"h',
        "'k'": "'k'",
    }
    ids = (*read, '"NA"')
    source = tmp_path / "tumours.csv"
    source.write_text("\n".join(["id;therapies;FASN z;note", *(f'{one};sorafenib;"2,5";""' for one in ids)]))
    local, on_spark = on_both(source, tmp_path)
    assert in_order(on_spark) == in_order(local / "tumours.parquet")
    assert {row["profile_id"] for row in in_order(on_spark)} == set(read.values())
    assert rejects_of(on_spark) == rejects_of(local)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("FASN,id,therapies\nhigh,b,sorafenib\n", b"its header is not that of a.csv"),
        ("id;therapies;FASN\nb;sorafenib;high\n", b"its header is not that of a.csv"),
        ("# of 2026\nid,therapies,FASN\nb,sorafenib,high\n", b"the header is not in its first line"),
    ],
)
def test_spark_refuses_parts_that_it_would_mix_up(tmp_path: Path, other: str, why: bytes) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: what Spark would mix up was NOT tested")
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "a.csv").write_text("id,therapies,FASN\na,sorafenib,high\n")
    (parts / "b.csv").write_text(other)
    done = run("cohort", parts, "-o", tmp_path / "out", "--backend", "spark")
    assert done.returncode == 2
    assert why in done.stderr


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
    (reject,) = rejects_of(out)
    assert "not JSON" in reject["why"]
    assert in_order(out) == every(recommender, found)
    assert run(*asked).returncode == 2, "it is there"


@pytest.mark.usefixtures("spark", "few_rules")
def test_spark_refuses_what_it_would_read_otherwise(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,therapies\na,sorafenib\nNA,\nNA,\n a,sorafenib\n")
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    (tmp_path / "u.csv").write_text("id,therapies\na,sorafenib\nb,sorafenib,high\n")
    (tmp_path / "v.csv").write_text("id,therapies\na,sorafenib\nb\n")
    (tmp_path / "w.csv").write_text('id,therapies\na,sorafenib\n"b,sorafenib\n')
    for name, why in (
        ("t.csv", b"the id 'a' is in several rows"),
        ("t.xlsx", b"does not read workbooks"),
        ("u.csv", b"more or fewer cells"),
        ("v.csv", b"more or fewer cells"),
        ("w.csv", b"more or fewer cells"),
    ):
        done = run("cohort", tmp_path / name, "-o", tmp_path / "out", "--backend", "spark")
        assert done.returncode == 2
        assert why in done.stderr
        assert not (tmp_path / "out").exists()
