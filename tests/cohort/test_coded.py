"""Codes of a column of a status hold for every row of an input, however it is read."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.commands import run
from support.generators import BASE

from recommender.cohort import coded, sources
from recommender.cohort import run as run_module
from recommender.cohort.encoding import Encoder
from recommender.cohort.plan import Plan
from recommender.options import Options

PLAN = Plan(BASE)


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet", "parts"])
def test_a_code_in_a_later_batch_holds_for_the_rows_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for module in (sources, coded):
        monkeypatch.setattr(module, "ROWS", 15)
        monkeypatch.setattr(module, "BLOCK", 400)
    names = [f"t{at:04}" for at in range(30)]
    columns = {
        "id": names,
        "therapies": ["sorafenib"] * 30,
        "FASN": ["high"] * 30,
        "HBsAg": ["1"] * 29 + ["2"],
        "HCV": ["1", "0"] * 15,
    }
    source = tmp_path / ("parts" if kind == "parts" else f"t.{kind}")
    table = pa.table(columns)
    if kind == "parts":
        source.mkdir()
        pq.write_table(table[:15], source / "a.parquet")
        pq.write_table(table[15:], source / "b.parquet")
    elif kind == "parquet":
        pq.write_table(table, source)
    else:
        text = "\n".join(
            [",".join(columns), *map(",".join, zip(*columns.values(), strict=True)), ""]
        ).encode()
        source.write_bytes(gzip.compress(text) if kind == "csv.gz" else text)
    parts = sources.parts_of(source)
    found = coded.coded_columns(parts, BASE)
    assert found == {"HBsAg": "2"}
    encoder = Encoder(BASE, PLAN.layout)
    for part in parts:
        for batch in sources.batches(part, BASE, found):
            made = encoder.from_table(batch)
            assert not np.any(made.batch.column(PLAN.layout.finding["HBV", "test"]))
            assert len([one for one in made.told if one.startswith("CODED_COLUMN")]) == 1
    done = run("cohort", source, "-o", tmp_path / ("out" if kind == "parts" else "out.csv"))
    assert done.stderr.count(b"CODED_COLUMN") == 1


def test_an_input_that_is_read_again_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "ROWS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    table = pa.table({"id": list("abcdefghij"), "therapies": ["sorafenib"] * 10, "HBsAg": ["1"] * 9 + ["2"]})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=7)
    steps: list[int] = []
    parts = sources.parts_of(tmp_path / "t.parquet")
    tally = run_module.rank_file(parts, tmp_path / "out.csv", BASE, Options(), step=steps.append)
    assert tally.profiles == sum(steps) == 10
    assert min(steps) < 0
    assert len([one for one in tally.told if one.startswith("CODED_COLUMN")]) == 1


def test_a_word_of_parquet_that_no_row_has_is_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROWS", 4)
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1, 1, None, 0] * 2, pa.int32()), ["1", "0", "2"])
    table = pa.table({"id": list("abcdefghij"), "therapies": ["sorafenib"] * 10, "HBsAg": words})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=7)
    (part,) = sources.parts_of(tmp_path / "t.parquet")
    read = list(sources.batches(part, BASE))
    assert [len(one) for one in read if isinstance(one, pa.RecordBatch)] == [4, 4, 2]
    encoded = [Encoder(BASE, PLAN.layout).from_table(one) for one in read]
    states = [state for one in encoded for state in one.batch.column(PLAN.layout.finding["HBV", "test"])]
    code = PLAN.layout.code
    expected = [code("positive"), code("negative"), code("negative"), 0, code("positive")] * 2
    assert [state.as_py() for state in states] == expected
    assert not any(one.told for one in encoded)
