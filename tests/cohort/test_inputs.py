"""What a cohort is read from, ids that are there twice, and what stderr says of rows that are left out."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cohorts import rejects_of
from support.commands import run

from recommender import Recommender
from recommender.cohort import seen as seen_module
from recommender.cohort.seen import Seen
from recommender.cohort.sources import ROWS, Part, batches

pytestmark = pytest.mark.usefixtures("few_rules")

TEXT = "id,disease,therapies,FASN,GPX4 z\na,HCC,sorafenib,high,-2.5\nb,HCC,sorafenib,low,NA\n"


def ranked(source: Path, **options: Any) -> tuple[list[dict[str, Any]], str]:
    out = source.parent / "ranked.parquet"
    done = run("cohort", source, "-o", out)
    assert done.returncode == options.get("code", 0), done.stderr
    return pq.read_table(out).to_pylist(), done.stderr.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("t.csv", TEXT.encode("utf-16")),
        ("t.csv", TEXT.encode("utf-8-sig")),
        ("t.csv", TEXT.replace(",", ";").encode()),
        ("t.csv", b"sep=;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n").encode()),
        ("t.csv", b"# a comment\n\n" + TEXT.encode()),
        ("t.tsv", TEXT.replace(",", "\t").encode()),
        ("t.tsv.gz", gzip.compress(TEXT.replace(",", "\t").encode("utf-16"), mtime=0)),
        ("t.tsv", TEXT.replace(",", "\t").replace("-2.5", "-2,5").encode()),
    ],
)
def test_a_text_table_is_the_same_however_it_is_saved(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "plain.csv").write_text(TEXT)
    expected, _ = ranked(tmp_path / "plain.csv")
    assert {row["profile_id"] for row in expected} == {"a", "b"}
    (tmp_path / name).write_bytes(data)
    found, _ = ranked(tmp_path / name)
    assert found == expected


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("therapies,FASN", "sorafenib,high"),
        ("therapies,FASN", "sorafenib,h"),
        ("therapies,TP53", "sorafenib,p.R249"),
        ("therapies,FASN z", "sorafenib,2"),
        ("therapies,FASN z", "sorafenib,0.25"),
        ("FASN,therapies", "high,soraf"),
        ("FASN,therapies,mutations", "high,sorafenib,KEAP1 p.R"),
        ("therapies,FASN,remark", "sorafenib,high,so"),
        ("therapies,FASN", 'sorafenib,"high"'),
    ],
)
def test_a_last_cell_that_may_be_cut_off_counts_as_in_an_import(
    tmp_path: Path, columns: str, row: str
) -> None:
    source, out = tmp_path / "t.csv", tmp_path / "out.parquet"
    source.write_text(f"id,{columns}\na,{row}\nb,{row}", encoding="utf-8")
    imported = run("profile", "import", source, "-o", tmp_path / "profiles")
    run("cohort", source, "-o", out)
    beside = out.with_name("out.rejects.ndjson")
    rejected = {one["profile_id"]: one["why"] for one in rejects_of(out)} if beside.exists() else {}
    said = " ".join(imported.stderr.decode().split())
    assert ("may be cut off" in rejected.get("b", "")) == ("may be cut off" in said)
    assert "may be cut off" not in rejected.get("a", "")
    source.write_text(f"id,{columns}\na,{row}\nb,{row}\n", encoding="utf-8")
    run("cohort", source, "-o", out)
    assert not beside.exists() or b"may be cut off" not in beside.read_bytes()


def test_profiles_may_be_packed_or_in_utf_16(tmp_path: Path) -> None:
    lines = "".join(
        json.dumps({"id": name, "disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
        + "\n"
        for name in "ab"
    )
    (tmp_path / "plain.ndjson").write_text(lines)
    expected, _ = ranked(tmp_path / "plain.ndjson")
    for name, data in {
        "a.ndjson.gz": gzip.compress(lines.encode(), mtime=0),
        "b.ndjson": lines.encode("utf-16"),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert ranked(tmp_path / name)[0] == expected


def test_a_workbook_is_ranked_as_its_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    book.active.title = "Tumours"
    for row in (
        ["id", "disease", "therapies", "FASN", "GPX4 z"],
        ["a", "HCC", "sorafenib", "high", -2.5],
        [],
    ):
        book.active.append(row)
    book.active.append(["b", "HCC", "sorafenib", "low", None])
    book.create_sheet("Legend").append(["what"])
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "plain.csv").write_text(TEXT)
    found, told = ranked(tmp_path / "t.xlsx")
    assert found == ranked(tmp_path / "plain.csv")[0]
    assert "SEVERAL_SHEETS t.xlsx: the sheet 'Tumours' is read, and not: Legend." in told


@pytest.mark.parametrize(
    "data", [gzip.compress(TEXT.encode() * 1000, mtime=0)[:-30], TEXT.encode("utf-16")[:-1]]
)
def test_a_damaged_file_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    done = run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.parquet")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(
    "row", [b"b,HCC,sorafenib,low,caf\xe9", b"b,HCC,sorafenib,low,caf\xe9,extra", b"\x1b\xff" * 9]
)
def test_a_line_in_another_encoding_is_told_and_not_shown(tmp_path: Path, row: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(TEXT.encode() + row + b"\n")
    done = run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.parquet")
    assert done.returncode == 2
    assert b"it is not text in UTF-8. Save it as UTF-8; in Excel: CSV UTF-8." in b" ".join(
        done.stderr.split()
    )
    assert f"line {TEXT.count(chr(10)) + 1}".encode() in done.stderr
    assert not any(word in done.stderr for word in (b"Traceback", b"caf", b"\x1b"))


def test_an_id_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        f"{TEXT} a ,HCC,sorafenib,low,\n,HCC,sorafenib,low,\nNA,HCC,sorafenib,low,\n"
    )
    found, told = ranked(tmp_path / "t.csv", code=2)
    rejects = rejects_of(tmp_path / "ranked.parquet")
    assert [(one["row"], one["profile_id"]) for one in rejects] == [(3, "a"), (4, ""), (5, "NA")]
    assert "the id 'a' is in a row above already" in rejects[0]["why"]
    assert "5 profiles" in told
    assert "3 profiles cannot be used" in told
    assert "  2: the row has no id\n  1: the id '…' is in a row above already" in told
    (tmp_path / "once.csv").write_text(TEXT)
    assert found == ranked(tmp_path / "once.csv")[0]


def test_an_id_in_another_part_or_batch_is_refused_too(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    many = 70_000
    table = pa.table(
        {"id": [f"t{at}" for at in range(many)] + ["t5"], "therapies": ["sorafenib"] * (many + 1)}
    )
    pq.write_table(table, parts / "a.parquet")
    (parts / "b.ndjson").write_text('{"id": "t7"}\n{"note": "no id"}\n{"id": "new"}\n{"id": "new"}\n')
    (parts / "c.ndjson").write_text('{"note": "no id"}\n')
    done = run("cohort", parts, "-o", tmp_path / "out")
    assert done.returncode == 2
    rejects = rejects_of(tmp_path / "out")
    assert [(one["part"], one["row"], one["profile_id"]) for one in rejects] == [
        ("a.parquet", many + 1, "t5"),
        ("b.ndjson", 1, "t7"),
        ("b.ndjson", 4, "new"),
    ]
    (tmp_path / "out" / "b.parquet").unlink()
    (tmp_path / "out" / "_SUCCESS").unlink()
    again = run("cohort", parts, "-o", tmp_path / "out", "--resume")
    assert b"3 profiles cannot be used" in again.stderr, "the ids of parts that are there count as well"
    assert again.returncode == 2
    assert rejects_of(tmp_path / "out") == rejects
    assert not list((tmp_path / "out").glob("*.ndjson")), "a folder of Parquet holds nothing else"


def test_rejects_and_tumours_without_a_strategy_are_summed_up(tmp_path: Path) -> None:
    rows = [f"t{at},HCC,sorafenib,{word}" for at, word in enumerate(["x1", "x2", "NA", "high", "3+"])]
    rows += [
        "len,HCC,lenvatinib,",
        "scope,CHOL,sorafenib,high",
        "alone,HCC,,high",
        "long,HCC,sorafenib,high,,",
    ]
    (tmp_path / "t.csv").write_text("\n".join(["id,disease,therapies,FASN", *rows]) + "\n")
    _, told = ranked(tmp_path / "t.csv", code=2)
    assert "NO_STRATEGY: 1 profile ranked without any strategy\n" in told
    assert "NO_THERAPY: 1 profile not ranked, because no therapy is given\n" in told
    assert "OUTSIDE_SCOPE: 1 profile not ranked, because the disease is out of scope\n" in told
    assert "4 profiles cannot be used" in told
    assert "  2: FASN: FASN cannot be '…'\n" in told
    assert "  1: the row '…' has 6 cells, and the header 4\n" in told


def test_a_parquet_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    source = tmp_path / "t.parquet"
    schema = pa.schema([("id", pa.string()), ("therapies", pa.string())])
    with pq.ParquetWriter(source, schema, compression="NONE", use_dictionary=False) as file:
        for _ in range(6):
            ids = np.random.default_rng(0).permutation(ROWS).astype("U").tolist()
            file.write_table(pa.table([[f"{one:0>80}" for one in ids], ["sorafenib"] * ROWS], schema))
    before = pa.total_allocated_bytes()
    held = [
        pa.total_allocated_bytes() - before
        for _ in batches(Part(source, "parquet"), Recommender(engine="plain").base)
    ]
    assert len(held) == 6
    assert max(held) < source.stat().st_size / 2


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=8), st.sampled_from([3, 1000]))
def test_a_key_is_new_once(batches: list[list[int]], in_memory: int) -> None:
    assume(any(batches))
    before: set[int] = set()
    seen_module.MAX_IN_MEMORY, kept = in_memory, seen_module.MAX_IN_MEMORY
    try:
        with Seen() as seen:
            for batch in batches:
                again = set(seen.again(np.array(batch, np.uint64)).tolist())
                for at, key in enumerate(batch):
                    assert (at in again) == (key in before)
                    before.add(key)
    finally:
        seen_module.MAX_IN_MEMORY = kept


@pytest.mark.parametrize("block", [None, 200])
def test_uneven_rows_are_all_rejected_and_every_reject_has_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int | None
) -> None:
    if block is not None:
        monkeypatch.setattr("recommender.cohort.sources.BLOCK", block)
    rows = [f"t{at},HCC,sorafenib,high" for at in range(60)]
    wrong = {
        3: "short,HCC",
        4: "alone",
        17: "long,HCC,sorafenib,high,more",
        40: "u,HCC,sorafenib,nonsense",
        59: "v",
    }
    rows = [wrong.get(at, row) for at, row in enumerate(rows)]
    (tmp_path / "t.csv").write_text(
        "\n".join(["# made by hand", "", "id,disease,therapies,FASN", *rows]) + "\n"
    )
    found, told = ranked(tmp_path / "t.csv", code=2)
    rejects = rejects_of(tmp_path / "ranked.parquet")
    assert sorted(one["row"] for one in rejects) == [at + 1 for at in sorted(wrong)]
    assert {row["profile_id"] for row in found} == {f"t{at}" for at in range(60) if at not in wrong}
    assert "5 profiles cannot be used" in told
    assert "60 profiles, " in told


def test_an_output_inside_the_input_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "a.csv").write_bytes(b"\xff\xfe\xfd")
    for output in (parts / "out.csv", parts / "out", parts, parts / "in" / ".." / "out.parquet"):
        done = run("cohort", parts, "-o", output)
        assert done.returncode == 2
        assert b"it is the folder that is read, or lies in it" in done.stderr
    assert [path.name for path in parts.iterdir()] == ["a.csv"]


def test_resume_is_not_ignored_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT)
    done = run("cohort", tmp_path / "a.csv", "-o", tmp_path / "out.csv", "--resume")
    assert done.returncode == 2
    assert b"--resume" in done.stderr


@pytest.mark.parametrize(("name", "text"), [("e.ndjson", ""), ("e.ndjson", "\n\n"), ("e.csv", "id,FASN\n")])
@pytest.mark.parametrize("output", ["out.csv", "out"])
def test_a_cohort_without_any_profile_is_an_error(tmp_path: Path, name: str, text: str, output: str) -> None:
    (tmp_path / name).write_text(text)
    done = run("cohort", tmp_path / name, "-o", tmp_path / output)
    assert done.returncode == 2
    assert b"it holds no profile" in done.stderr
    assert not (tmp_path / "out.csv").exists()
    assert not (tmp_path / "out" / "_SUCCESS").exists()


def test_a_sheet_is_chosen_by_its_name(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    for number, name in enumerate(("one", "two")):
        sheet = book.active if not number else book.create_sheet(name)
        sheet.append(["id", "therapies", "FASN"])
        sheet.append([name, "sorafenib", "high"])
    source, out = tmp_path / "a.xlsx", tmp_path / "out.parquet"
    book.save(source)
    first = run("cohort", source, "-o", out)
    assert b"Choose with --sheet." in first.stderr
    assert set(pq.read_table(out)["profile_id"].to_pylist()) == {"one"}
    assert run("cohort", source, "-o", out, "--sheet", "two").returncode == 0
    assert set(pq.read_table(out)["profile_id"].to_pylist()) == {"two"}
    summary: list[str | Path] = [
        "cohort",
        "summary",
        out,
        "--cohort",
        source,
        "--by",
        "FASN",
        "--format",
        "json",
    ]
    assert run(*summary).returncode == 2, "the first sheet lacks a tumour that was ranked"
    groups = json.loads(run(*summary, "--sheet", "two").stdout)["subgroups"]
    assert {one["size"] for one in groups} == {1}
    (tmp_path / "a.csv").write_text(TEXT)
    done = run("cohort", tmp_path / "a.csv", "-o", out, "--sheet", "two")
    assert done.returncode == 2
    assert b"--sheet: a.csv is not a workbook" in done.stderr


def test_a_folder_is_ranked_anew_for_another_sheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    book.active.append(["id", "therapies", "FASN"])
    book.active.append(["a", "sorafenib", "high"])
    book.copy_worksheet(book.active).title = "two"
    book.save(tmp_path / "a.xlsx")
    arguments: list[str | Path] = ["cohort", tmp_path / "a.xlsx", "-o", tmp_path / "out"]
    assert run(*arguments).returncode == 0
    done = run(*arguments, "--resume", "--sheet", "two")
    assert b"another sheet was read" in done.stderr


@pytest.mark.xdist_group("spark")
def test_spark_refuses_a_table_that_is_not_text_as_the_local_backend_does(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    source = tmp_path / "t.csv"
    source.write_bytes(b"id,therapies,FASN\na,sorafenib,high\nb,sorafenib \xff,low\n")
    said = set()
    for backend in ("local", "spark"):
        done = run("cohort", source, "-o", tmp_path / backend, "--backend", backend)
        assert done.returncode == 2
        said.add(done.stderr)
    assert len(said) == 1
    assert b"line 3: it is not text in UTF-8" in said.pop()
