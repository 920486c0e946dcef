"""Tables in memory are ranked as files are."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.cohorts import cohort, rejects_of
from support.commands import run

from recommender import InputError, Recommender
from recommender.cohort import recommend_table, sources
from recommender.cohort.ranked import SCHEMA

pytestmark = pytest.mark.once


@pytest.mark.parametrize("rows", [10_000, 37])
def test_a_table_is_ranked_as_its_file(
    rows: int, tmp_path: Path, recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.cohort.tables.ROWS", rows)
    monkeypatch.setattr(sources, "ROWS", rows)
    table = pq.read_table(cohort(tmp_path, 100))
    again = table.slice(3, 2)
    wrong = table.slice(5, 1).set_column(0, table.schema.names[0], pa.array(["new"]))
    wrong = wrong.set_column(wrong.schema.names.index("FASN"), "FASN", pa.array(["rather high"]))
    table = pa.concat_tables([table, again, wrong], promote_options="permissive")
    source, out = tmp_path / "more.parquet", tmp_path / "out.parquet"
    pq.write_table(table, source)
    assert run("cohort", source, "-o", out, "--top", "3", "--therapy", "lenvatinib").returncode == 2
    found = recommend_table(table, recommender, therapies=["lenvatinib"], top=3)
    assert found.ranked.schema == SCHEMA
    assert found.ranked.num_rows > 50
    assert found.ranked.to_pylist() == pq.read_table(out).to_pylist()
    kept = [{name: one[name] for name in ("row", "profile_id", "why")} for one in rejects_of(out)]
    assert found.unusable.to_pylist() == kept
    assert [one["row"] for one in kept] == [101, 102, 103]


def test_a_data_frame_is_a_table(recommender: Recommender) -> None:
    pandas = pytest.importorskip("pandas")
    columns = {"id": ["A"], "therapies": ["sorafenib"], "FASN": ["high"]}
    found = recommend_table(pandas.DataFrame(columns), recommender)
    assert found.ranked.equals(recommend_table(pa.table(columns), recommender).ranked)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([{"id": "A"}], "a cohort is a table of Arrow or a data frame, not a list."),
        (pa.table({"id": pa.array([], pa.string())}), "it holds no profile"),
        (pa.table({"FASN": ["high"]}), "there is no column id"),
    ],
)
def test_what_is_no_cohort_is_an_error_of_the_input(
    table: object, said: str, recommender: Recommender
) -> None:
    with pytest.raises(InputError, match=said):
        recommend_table(table, recommender)


def test_without_the_extra_the_error_names_it(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for name in [name for name in sys.modules if name.startswith("recommender.cohort.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(InputError, match="extra `cohort`"):
        recommend_table(pa.table({"id": ["A"]}), recommender)
