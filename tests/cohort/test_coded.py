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
from recommender.cohort.encoding import Encoder
from recommender.cohort.plan import Plan

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
