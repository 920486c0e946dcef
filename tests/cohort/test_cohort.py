"""Cohorts: the columnar answer is that of recommend(), in every format."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cohorts import as_table, cohort, expected, rejects_of, with_ids
from support.commands import run
from support.generators import BASE, profiles
from support.packs import pack_with
from support.places import EXAMPLES, ROOT
from support.studies import STUDIES, Study, tabs

from recommender import LABEL, InputError, Profile, Recommender
from recommender.cohort.plan import Layout, Plan
from recommender.cohort.ranked import BatchRanker
from recommender.evaluation.facts import read_facts
from recommender.importing import ImportOptions, import_profiles
from recommender.options import Options


@pytest.fixture(scope="module")
def ranker(recommender: Recommender) -> BatchRanker:
    return BatchRanker(Plan(recommender.base))


@given(st.lists(profiles(with_therapy=True), min_size=1, max_size=12))
def test_the_columnar_answer_is_that_of_recommend(
    recommender: Recommender, ranker: BatchRanker, values: list[dict[str, Any]]
) -> None:
    found = with_ids(values)
    rows, _ = ranker.rank_facts((one.id or "", read_facts(one, recommender.base)) for one in found)
    assert rows.to_pylist() == [row for one in found for row in expected(recommender, one)]


@pytest.mark.once  # the columnar answer above is tried on each interpreter
@given(st.lists(profiles(with_therapy=True), min_size=1, max_size=12))
def test_a_wide_table_is_read_as_its_profiles_are(
    recommender: Recommender, ranker: BatchRanker, values: list[dict[str, Any]]
) -> None:
    rows, encoded = ranker.rank_table(as_table(values))
    assert not encoded.rejects
    assert rows.to_pylist() == [row for one in with_ids(values) for row in expected(recommender, one)]


def test_more_than_one_strategy_behind_a_suggestion(tmp_path: Path) -> None:
    text = (ROOT / "rules" / "strategies-tki.yaml").read_text()
    start = text.index("  - id: orlistat-against-fasn")
    end = text.index("\n  - id: ", start + 5)
    rule = (
        text[start:end].replace("orlistat-against-fasn", "orlistat-again").replace("FASN: high", "GPX4: high")
    )
    pack = pack_with(tmp_path / "pack", f"rules:\n{rule}\n".replace("FASN", "GPX4"))
    own = Recommender(rules=[pack], engine="plain")
    ranker = BatchRanker(Plan(own.base))
    values = [
        {"disease": "HCC", "therapies": ["sorafenib"], "markers": markers}
        for markers in [
            {},
            {"FASN": "high"},
            {"GPX4": "high"},
            {"FASN": "high", "GPX4": "high"},
            {"FASN": "low"},
        ]
    ]
    found = with_ids(values)
    rows, _ = ranker.rank_facts((one.id or "", read_facts(one, own.base)) for one in found)
    assert rows.to_pylist() == [row for one in found for row in expected(own, one)]
    assert any(len(row["rules"]) == 2 for row in rows.to_pylist())


@pytest.mark.parametrize("source", STUDIES, ids=lambda source: source.name)
def test_a_study(recommender: Recommender, ranker: BatchRanker, source: Path) -> None:
    found = import_profiles(source, BASE, ImportOptions(therapies=("sorafenib",), assume_exome=True)).profiles
    rows, _ = ranker.rank_facts((one.id or "", read_facts(one, BASE)) for one in found)
    assert rows.to_pylist() == [row for one in found for row in expected(recommender, one)]


def test_other_diseases_are_ranked_when_asked(recommender: Recommender) -> None:
    found = with_ids([{"disease": "CHOL", "therapies": ["sorafenib"]}, {"therapies": ["sorafenib"]}])
    facts = [(one.id or "", read_facts(one, BASE)) for one in found]
    rows, encoded = BatchRanker(Plan(BASE)).rank_facts(facts)
    assert {row["profile_id"] for row in rows.to_pylist()} == {"p1"}
    assert encoded.notices["OUTSIDE_SCOPE"] == 1
    rows, _ = BatchRanker(Plan(BASE), Options(any_disease=True, top=2)).rank_facts(facts)
    every = [row for one in found for row in expected(recommender, one, any_disease=True)]
    assert rows.to_pylist() == [row for row in every if row["rank"] <= 2]


def test_rows_that_cannot_be_used_are_rejected_with_the_reason(ranker: BatchRanker) -> None:
    table = pa.RecordBatch.from_pydict(
        {
            "id": ["good", "", "state", "NA", "mutation", "score"],
            "therapies": ["sorafenib"] * 6,
            "CD274": ["high", "high", "hihg", "high", "", ""],
            "mutations": ["TP53 p.R249S", "", "", "", "TP53 unclear", ""],
            "GSTZ1 z": ["-2.5", "", "", "", "", "much"],
            "GPX44": ["low"] * 6,
        }
    )
    rows, encoded = ranker.rank_table(table)
    assert {row["profile_id"] for row in rows.to_pylist()} == {"good"}
    assert [(one.row, one.id) for one in encoded.rejects] == [
        (1, ""),
        (2, "state"),
        (3, "NA"),
        (4, "mutation"),
        (5, "score"),
    ]
    reasons = " ".join(one.why for one in encoded.rejects)
    for text in (
        "no id",
        "Did you mean high?",
        "TP53 cannot be 'unclear'",
        "no z-score",
    ):
        assert text in reasons
    (told,) = encoded.told
    assert told.startswith("UNKNOWN_COLUMN: the column GPX44 is neither a field nor a marker")


def test_columns_that_contradict_each_other_leave_the_marker_unknown(ranker: BatchRanker) -> None:
    columns = {"id": ["a", "b"], "therapies": ["sorafenib"] * 2, "CD274": ["high", "low"]}
    alone = {**columns, "PD-L1": ["", ""], "hgnc:17635": ["", ""]}
    table = pa.RecordBatch.from_pydict({**columns, "PD-L1": ["low", "low"], "hgnc:17635": ["high", ""]})
    _, encoded = ranker.rank_table(table)
    assert encoded.notices["CONTRADICTION"] == 1
    name = ranker.encoder._layout.finding["CD274", "level"]
    assert encoded.batch.column(name).to_pylist() == [0, Layout.code("low")]
    _, encoded = ranker.rank_table(pa.RecordBatch.from_pydict(alone))
    assert encoded.batch.column(name).to_pylist() == [Layout.code("high"), Layout.code("low")]


def test_a_missing_entry_of_a_list_is_only_that(recommender: Recommender, ranker: BatchRanker) -> None:
    table = pa.RecordBatch.from_pydict(
        {"id": ["a"], "therapies": [["sorafenib", None]], "mutations": [["KEAP1", None]]}
    )
    rows, _ = ranker.rank_table(table)
    profile = Profile.parse({"id": "a", "therapies": ["sorafenib"], "mutations": ["KEAP1"]})
    assert rows.to_pylist() == expected(recommender, profile)


def test_z_scores_of_what_has_no_level(ranker: BatchRanker) -> None:
    table = pa.RecordBatch.from_pydict(
        {
            "id": ["a", "b", "c", "d"],
            "HBV z": [2.0, None, None, None],
            "GSTZ1 z": [0.0, float("inf"), float("nan"), 1.0],
        }
    )
    _, encoded = ranker.rank_table(table)
    assert [one.id for one in encoded.rejects] == ["a", "b"]
    _, encoded = ranker.rank_table(pa.RecordBatch.from_pydict({"id": ["a"], "PDK1": ["high"]}))
    assert "AMBIGUOUS_ALIAS: PDK1 can mean" in encoded.told[0]
    with pytest.raises(InputError, match="Did you mean sorafenib"):
        BatchRanker(Plan(BASE), therapies=("sorafenibb",))


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "x.rejects.ndjson"
    source.write_text('{"id": "a", "disease": "HCC", "therapies": ["sorafenib"]}\n')
    for output in (source, tmp_path / "x.parquet"):
        done = run("cohort", source, "-o", output)
        assert done.returncode == 2
        assert b"would be lost" in done.stderr
    assert source.read_text()


def test_parts_of_one_name_and_no_rows_at_all(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "a.csv").write_text("id ,therapies\n007,sorafenib\n")
    (parts / "a.ndjson").write_text('{"id": "b", "therapies": ["sorafenib"]}\n')
    (parts / "zero.CSV").write_text("id,therapies\n")
    assert run("cohort", parts, "-o", tmp_path / "out").returncode == 0
    assert len(list((tmp_path / "out").glob("*.parquet"))) == 3
    found = pq.read_table(tmp_path / "out" / "a.csv.parquet")["profile_id"].to_pylist()
    assert set(found) == {"007"}
    assert pq.read_table(tmp_path / "out" / "zero.parquet").num_rows == 0


@pytest.mark.once
def test_every_input_and_output_format_gives_the_same(tmp_path: Path, recommender: Recommender) -> None:
    source = cohort(tmp_path)
    table = pq.read_table(source).to_pylist()
    lines = []
    for row in table:
        score = row.pop("GSTZ1 z")
        lines.append(
            {
                "id": row["id"],
                "disease": row["disease"],
                "therapies": row["therapies"],
                "markers": {
                    **{name: row[name] for name in ("FASN", "HBV") if row[name]},
                    "GSTZ1": {"z_score": score},
                },
            }
        )
        row["GSTZ1 z"] = score
    ndjson, text = tmp_path / "cohort.ndjson", tmp_path / "cohort.csv"
    ndjson.write_text("".join(json.dumps(one) + "\n" for one in lines))
    text.write_text(  # one line a tumour
        "id,disease,therapies,FASN,HBV,GSTZ1 z\n"
        + "".join(
            ",".join(
                [
                    row["id"],
                    row["disease"],
                    "; ".join(row["therapies"]),
                    row["FASN"] or "",
                    row["HBV"],
                    f"{row['GSTZ1 z']}\n",
                ]
            )
            for row in table
        )
    )
    every = [row for one in lines for row in expected(recommender, Profile.parse(one))]
    for given_ in (source, ndjson, text):
        out = tmp_path / f"{given_.suffix[1:]}.parquet"
        done = run("cohort", given_, "-o", out)
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
        assert LABEL in done.stderr.decode()
        assert pq.read_table(out).to_pylist() == every
    assert run("cohort", source, "-o", tmp_path / "out.ndjson").returncode == 0
    assert [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()] == every
    assert run("cohort", source, "-o", tmp_path / "out.csv", "--top", "1").returncode == 0
    rows = (tmp_path / "out.csv").read_text().splitlines()
    assert len(rows) == 1 + sum(row["rank"] == 1 for row in every)
    assert all(LABEL in row for row in rows[1:])


@pytest.mark.once
def test_bad_rows_are_in_a_file_beside_and_the_exit_code_is_2(tmp_path: Path) -> None:
    source = tmp_path / "x.ndjson"
    source.write_text(
        '{"id": "a", "disease": "HCC", "therapies": ["sorafenib"]}\nnonsense\n{"id": "=b", "x": 1}\n'
    )
    done = run("cohort", source, "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    rejects = rejects_of(tmp_path / "out.parquet")
    assert [one["row"] for one in rejects] == [2, 3]
    assert all(one["label"] == LABEL and one["why"] and one["part"] == "x.ndjson" for one in rejects)
    assert "\na," in (tmp_path / "out.csv").read_text().replace('"', "")
    source.write_text('{"id": "a", "disease": "HCC", "therapies": ["sorafenib"]}\n')
    assert run("cohort", source, "-o", tmp_path / "out.csv").returncode == 0
    assert not (tmp_path / "out.rejects.ndjson").exists()


def test_a_therapy_for_all(tmp_path: Path) -> None:
    done = run("cohort", EXAMPLES / "study", "-o", tmp_path / "out.parquet", "--therapy", "Nexavar")
    assert done.returncode == 0
    assert len(set(pq.read_table(tmp_path / "out.parquet")["profile_id"].to_pylist())) == 3


@pytest.mark.once
def test_folders_of_parts_can_be_resumed(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        cohort(parts, 40, f"part-{number}.parquet", first=number * 40)
    out = tmp_path / "out"
    assert run("cohort", parts, "-o", out).returncode == 0
    assert sorted(one.name for one in out.glob("[!_]*")) == [
        "part-0.parquet",
        "part-1.parquet",
        "part-2.parquet",
    ]
    assert (out / "_SUCCESS").exists()
    whole = pq.read_table(out / "part-1.parquet")
    assert run("cohort", parts, "-o", out).returncode == 2, "the folder is not empty"
    (out / "part-1.parquet").unlink()
    (out / "_SUCCESS").unlink()
    assert b"not complete" in run("cohort", "summary", out).stderr
    done = run("cohort", parts, "-o", out, "--resume")
    assert done.returncode == 0
    assert b"2 parts kept from before" in done.stderr
    assert pq.read_table(out / "part-1.parquet").equals(whole)
    assert run("cohort", parts, "-o", tmp_path / "one.parquet").returncode == 0
    assert pq.read_table(tmp_path / "one.parquet").num_rows == 3 * whole.num_rows


@pytest.mark.once
def test_a_killed_run_leaves_nothing_that_looks_finished(tmp_path: Path) -> None:
    source = cohort(tmp_path, 400_000)
    out = tmp_path / "out.parquet"
    with subprocess.Popen(
        [sys.executable, "-m", "recommender", "cohort", str(source), "-o", str(out)],
        stderr=subprocess.DEVNULL,
    ) as process:
        end = time.monotonic() + 30
        while not list(tmp_path.glob(".out.parquet.*")) and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.parquet", b"not parquet", "no Parquet file"),
        ("x.csv", b"FASN\nhigh\n", "there is no column id"),
        ("x.txt", b"id\n", "ends in '.txt'"),
        ("x.csv", b'id,FASN\n"a,high\n', "cannot be read"),
    ],
)
def test_inputs_that_cannot_be_read_are_told(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("cohort", tmp_path / name, "-o", tmp_path / "out.parquet")
    assert done.returncode == 2, done.stderr
    assert told in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_odd_outputs_are_refused(tmp_path: Path) -> None:
    source = cohort(tmp_path)
    for output in (tmp_path / "out.xlsx", tmp_path / "absent" / "out.parquet"):
        done = run("cohort", source, "-o", output)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


def test_the_package_works_without_the_extras() -> None:
    code = (
        "import sys\n"
        "for name in ('duckdb', 'pyarrow', 'numpy', 'pyspark', 'matplotlib'):\n"
        "    sys.modules[name] = None\n"
        "import recommender\n"
        "print(recommender.Recommender().recommend(recommender.Profile.parse({})).label)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == LABEL


def test_a_study_is_ranked_whatever_its_genes_cannot_be(tmp_path: Path) -> None:
    study = Study(tmp_path / "study")
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "MIR145|2|2", "URI1|2|2"))
    done = run("cohort", study.folder, "--therapy", "sorafenib", "-o", tmp_path / "out.csv")
    assert done.returncode == 0, done.stderr
    ids = {line.partition(",")[0] for line in (tmp_path / "out.csv").read_text().splitlines()}
    assert {'"P-01-T"', '"P-02-T"'} <= ids
