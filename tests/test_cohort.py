"""Cohorts: the columnar answer is the answer of `recommend()`, and nothing is lost on the way."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from generators import BASE, profiles
from hypothesis import given
from hypothesis import strategies as st
from test_cli import run

from recommender import DISCLAIMER, LABEL, InputError, Profile, Recommender
from recommender._data import shipped
from recommender.facts import read_facts

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
import pyarrow.parquet as pq  # noqa: E402

from recommender.cohort.plan import Plan, hash_of  # noqa: E402
from recommender.cohort.ranked import Ranker  # noqa: E402
from recommender.cohort.summary import summarise  # noqa: E402
from recommender.importing import Options, import_profiles  # noqa: E402

EXAMPLES = ROOT / "docs" / "examples"
SLICE = ROOT.parent / "shared" / "data" / "tcga-lihc-slice"
PARTS = ("marker_match", "partner_match", "evidence", "actionability", "penalty")


@pytest.fixture(scope="module")
def ranker(recommender: Recommender) -> Ranker:
    return Ranker(Plan(recommender.base))


def expected(recommender: Recommender, profile: Profile, **asked: Any) -> list[dict[str, Any]]:
    result = recommender.recommend(profile, brief=True, **asked)
    return [
        {
            "profile_id": profile.id,
            "rank": one.rank,
            "recommendation_id": one.id,
            "add_on": one.add_on.name,
            "partner": one.partner,
            "score": one.score,
            **{name: getattr(one.score_parts, name) for name in PARTS},
            "extrapolated": one.extrapolated,
            "rules": [rule.id for rule in one.rules],
            "label": LABEL,
            "disclaimer": DISCLAIMER,
            "rule_base_sha256": hash_of(recommender.base),
        }
        for one in result.recommendations
    ]


def with_ids(values: list[dict[str, Any]]) -> list[Profile]:
    return [Profile.parse({**value, "id": f"p{at}"}) for at, value in enumerate(values)]


@given(st.lists(profiles(with_therapy=True), min_size=1, max_size=12))
def test_the_columnar_answer_is_that_of_recommend(
    recommender: Recommender, ranker: Ranker, values: list[dict[str, Any]]
) -> None:
    found = with_ids(values)
    rows, _ = ranker.rank_facts((one.id or "", read_facts(one, recommender.base)) for one in found)
    assert rows.to_pylist() == [row for one in found for row in expected(recommender, one)]


def as_table(values: list[dict[str, Any]]) -> Any:
    """Profiles as a wide table: a column for each marker, mutations and therapies as texts or lists."""
    names = sorted({name for value in values for name in value["markers"]})
    columns: dict[str, Any] = {
        "id": pa.array([f"p{at}" for at in range(len(values))]),
        "disease": pa.array([value["disease"] for value in values]),
        "therapies": pa.array([value["therapies"] for value in values], pa.list_(pa.string())),
        "resistant_to": pa.array(["; ".join(value["resistant_to"]) for value in values]),
        "mutations": pa.array(
            ["; ".join(f"{one['gene']} {one['state']}" for one in value["mutations"]) for value in values]
        ),
    }
    for name in names:
        column = pa.array([value["markers"].get(name) for value in values], pa.string())
        columns[name] = column.dictionary_encode() if len(name) % 2 else column
    return pa.RecordBatch.from_pydict(columns)


@given(st.lists(profiles(with_therapy=True), min_size=1, max_size=12))
def test_a_wide_table_is_read_as_its_profiles_are(
    recommender: Recommender, ranker: Ranker, values: list[dict[str, Any]]
) -> None:
    rows, encoded = ranker.rank_table(as_table(values))
    assert not encoded.rejects
    assert rows.to_pylist() == [row for one in with_ids(values) for row in expected(recommender, one)]


def test_more_than_one_strategy_behind_a_suggestion(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    text = (ROOT / "rules" / "strategies-tki.yaml").read_text()
    start = text.index("  - id: orlistat-against-fasn")
    end = text.index("\n  - id: ", start + 5)
    rule = (
        text[start:end].replace("orlistat-against-fasn", "orlistat-again").replace("FASN: high", "GPX4: high")
    )
    (pack / "more.yaml").write_text(f"rules:\n{rule}\n".replace("FASN", "GPX4"))
    own = Recommender(rules=[pack], engine="plain")
    ranker = Ranker(Plan(own.base))
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


@pytest.mark.parametrize("source", [EXAMPLES / "study", SLICE], ids=["example", "30 tumours"])
def test_a_study(recommender: Recommender, ranker: Ranker, source: Path) -> None:
    if not source.is_dir():
        pytest.skip("the study of 30 TCGA-LIHC tumours is not beside us")
    found = import_profiles(source, BASE, Options(therapies=("sorafenib",), assume_exome=True)).profiles
    rows, _ = ranker.rank_facts((one.id or "", read_facts(one, BASE)) for one in found)
    assert rows.to_pylist() == [row for one in found for row in expected(recommender, one)]


def test_other_diseases_are_ranked_when_asked(recommender: Recommender) -> None:
    found = with_ids([{"disease": "CHOL", "therapies": ["sorafenib"]}, {"therapies": ["sorafenib"]}])
    facts = [(one.id or "", read_facts(one, BASE)) for one in found]
    rows, encoded = Ranker(Plan(BASE)).rank_facts(facts)
    assert {row["profile_id"] for row in rows.to_pylist()} == {"p1"}
    assert encoded.notices["OUTSIDE_SCOPE"] == 1
    rows, _ = Ranker(Plan(BASE), any_disease=True, top=2).rank_facts(facts)
    every = [row for one in found for row in expected(recommender, one, any_disease=True)]
    assert rows.to_pylist() == [row for row in every if row["rank"] <= 2]


def test_rows_that_cannot_be_used_are_rejected_with_the_reason(ranker: Ranker) -> None:
    table = pa.RecordBatch.from_pydict(
        {
            "id": ["good", "", "state", "twice", "mutation", "score"],
            "therapies": ["sorafenib"] * 6,
            "CD274": ["high", "high", "hihg", "high", "", ""],
            "PD-L1": ["", "", "", "low", "", ""],
            "mutations": ["TP53 p.R249S", "", "", "", "TP53 wt", ""],
            "GSTZ1 z": ["-2.5", "", "", "", "", "much"],
            "GPX44": ["low"] * 6,
        }
    )
    rows, encoded = ranker.rank_table(table)
    assert {row["profile_id"] for row in rows.to_pylist()} == {"good"}
    assert [(one.row, one.id) for one in encoded.rejects] == [
        (1, ""),
        (2, "state"),
        (3, "twice"),
        (4, "mutation"),
        (5, "score"),
    ]
    reasons = " ".join(one.why for one in encoded.rejects)
    for text in (
        "no id",
        "Did you mean high?",
        "another state in another column",
        "no change of a protein",
        "no z-score",
    ):
        assert text in reasons
    assert encoded.notices["UNKNOWN_COLUMN"] == 1


def test_a_missing_entry_of_a_list_is_only_that(recommender: Recommender, ranker: Ranker) -> None:
    table = pa.RecordBatch.from_pydict(
        {"id": ["a"], "therapies": [["sorafenib", None]], "mutations": [["KEAP1", None]]}
    )
    rows, _ = ranker.rank_table(table)
    profile = Profile.parse({"id": "a", "therapies": ["sorafenib"], "mutations": ["KEAP1"]})
    assert rows.to_pylist() == expected(recommender, profile)


def test_z_scores_of_what_has_no_level(ranker: Ranker) -> None:
    table = pa.RecordBatch.from_pydict(
        {
            "id": ["a", "b", "c", "d"],
            "HBV z": [2.0, None, None, None],
            "GSTZ1 z": [0.0, float("inf"), float("nan"), 1.0],
        }
    )
    _, encoded = ranker.rank_table(table)
    assert [one.id for one in encoded.rejects] == ["a", "b"]
    with pytest.raises(InputError, match="can mean"):
        ranker.rank_table(pa.RecordBatch.from_pydict({"id": ["a"], "PDK1": ["high"]}))
    with pytest.raises(InputError, match="Did you mean sorafenib"):
        Ranker(Plan(BASE), therapies=("sorafenibb",))


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


def cohort(folder: Path, rows: int = 300, name: str = "cohort.parquet") -> Path:
    markers = ["high", "low", "normal", None]
    table = pa.table(
        {
            "id": [f"t{at}" for at in range(rows)],
            "disease": ["HCC" if at % 7 else "FLC" for at in range(rows)],
            "therapies": [["sorafenib"], ["lenvatinib"], [], ["SBRT"]][0:4] * (rows // 4)
            + [["sorafenib"]] * (rows % 4),
            "FASN": [markers[at % 4] for at in range(rows)],
            "HBV": ["positive" if at % 3 else "negative" for at in range(rows)],
            "GSTZ1 z": [at % 9 - 4.5 for at in range(rows)],
        }
    )
    path = folder / name
    pq.write_table(table, path)
    return path


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


def test_bad_rows_are_in_a_file_beside_and_the_exit_code_is_2(tmp_path: Path) -> None:
    source = tmp_path / "x.ndjson"
    source.write_text(
        '{"id": "a", "disease": "HCC", "therapies": ["sorafenib"]}\nnonsense\n{"id": "=b", "x": 1}\n'
    )
    done = run("cohort", source, "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    rejects = [json.loads(line) for line in (tmp_path / "out.rejects.ndjson").read_text().splitlines()]
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


def test_folders_of_parts_can_be_resumed(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        cohort(parts, 40, f"part-{number}.parquet")
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
    assert b"2 parts were there already" in done.stderr
    assert pq.read_table(out / "part-1.parquet").equals(whole)
    assert run("cohort", parts, "-o", out, "--resume", "--top", "1").returncode == 2, "other options"
    assert run("cohort", parts, "-o", tmp_path / "one.parquet").returncode == 0
    assert pq.read_table(tmp_path / "one.parquet").num_rows == 3 * whole.num_rows


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
        ("x.txt", b"id\n", "no kind of cohort"),
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


@pytest.mark.parametrize(
    ("package", "extra"), [("duckdb", "cohort"), ("pyspark", "spark"), ("matplotlib", "report")]
)
def test_a_missing_extra_is_named(tmp_path: Path, package: str, extra: str) -> None:
    code = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        f"u.find_spec = lambda name, *rest: None if name == {package!r} else find(name, *rest)\n"
        "sys.argv[0] = 'recommender'; import runpy; runpy.run_module('recommender', run_name='__main__')"
    )
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    if extra == "report":
        assert run("cohort", source, "-o", out).returncode == 0
        arguments = ["cohort", "summary", str(out), "--pictures", str(tmp_path / "pictures")]
    else:
        arguments = [
            "cohort",
            str(source),
            "-o",
            str(out),
            "--backend",
            "spark" if extra == "spark" else "local",
        ]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False)
    assert done.returncode == 2
    assert f"ferroptosis-recommender[{extra}]" in done.stderr.decode()


def test_the_package_works_without_the_extras() -> None:
    code = (
        "import sys\n"
        "for name in ('duckdb', 'pyarrow', 'numpy', 'sqlglot', 'pyspark', 'matplotlib'):\n"
        "    sys.modules[name] = None\n"
        "import recommender\n"
        "print(recommender.Recommender().recommend(recommender.Profile.parse({})).label)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == LABEL


# The summary


def test_the_numbers_of_a_summary(tmp_path: Path, recommender: Recommender) -> None:
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    assert run("cohort", source, "-o", out).returncode == 0
    rows = pq.read_table(out).to_pylist()
    found = summarise(out, recommender.base, cohort=source, by=("hepatitis B",))
    assert (found.rows, found.profiles) == (len(rows), len({row["profile_id"] for row in rows}))
    for one in found.strategies:
        having = {row["profile_id"] for row in rows if one.rule in row["rules"]}
        assert one.tumours == len(having)
        assert one.first == len(
            {row["profile_id"] for row in rows if one.rule in row["rules"] and row["rank"] == 1}
        )
    assert {one.rule for one in found.strategies} | set(found.silent) == {
        rule.id for rule in recommender.base.content.rules if rule.kind == "strategy"
    }
    for first, other, count in found.together:
        both = [{row["profile_id"] for row in rows if row["add_on"] == name} for name in (first, other)]
        assert count == len(both[0] & both[1])
    measured = {(one.marker, one.axis): (one.measured, one.tumours) for one in found.markers}
    assert measured["FASN", "level"] == (225, 300)
    assert measured["GSTZ1", "level"] == (300, 300)
    positive = {row["id"] for row in pq.read_table(source).to_pylist() if row["HBV"] == "positive"}
    for group in found.subgroups:
        if group.state == "positive":
            having = {row["profile_id"] for row in rows if row["add_on"] == group.add_on}
            assert (group.tumours, group.size) == (len(having & positive), len(positive))


def test_rule_coverage_is_that_of_the_engine(tmp_path: Path, recommender: Recommender) -> None:
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    run("cohort", source, "-o", out)
    fired = dict(summarise(out, recommender.base, cohort=source, by=()).rules)
    counts = dict.fromkeys(fired, 0)
    for row in pq.read_table(source).to_pylist():
        markers = {name: row[name] for name in ("FASN", "HBV") if row[name]}
        profile = Profile.parse(
            {
                "disease": "HCC",
                "therapies": row["therapies"],
                "markers": {**markers, "GSTZ1": {"z_score": row["GSTZ1 z"]}},
            }
        )
        mask = recommender.base.program.mask(read_facts(profile, BASE).sources(BASE))
        clauses = recommender.base.program.clauses
        for rule in {clauses[at].rule for at in recommender.engine.fire(mask)}:
            counts[rule] += 1
    assert fired == counts


def test_the_summary_in_every_format(tmp_path: Path) -> None:
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    run("cohort", source, "-o", out)
    more: list[str | Path] = ["--cohort", source, "--by", "HBV"]
    for width in ("80", "120"):
        done = run("cohort", "summary", out, *more, "--width", width)
        assert done.returncode == 0, done.stderr
        assert max(map(len, done.stdout.decode().splitlines())) <= int(width)
        assert LABEL in done.stdout.decode()
    value = json.loads(run("cohort", "summary", out, *more, "--format", "json").stdout)
    assert value["label"] == LABEL
    assert value["strategies"][0]["tumours"] > 0
    assert LABEL in run("cohort", "summary", out, *more, "--format", "markdown").stdout.decode()
    assert run("cohort", "summary", out, "--by", "HBV").returncode == 2
    assert b"Did you mean" in run("cohort", "summary", out, "--cohort", source, "--by", "FASNN").stderr
    assert run("cohort", "summary", source).returncode == 2


def test_pictures_and_a_page(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    source, out = cohort(tmp_path), tmp_path / "out.parquet"
    run("cohort", source, "-o", out)
    folder = tmp_path / "pictures"
    done = run("cohort", "summary", out, "--cohort", source, "--pictures", folder)
    assert done.returncode == 0, done.stderr
    assert sorted(one.name for one in folder.iterdir()) == [
        f"{name}.{kind}" for name in ("missing", "strategies", "together") for kind in ("png", "svg")
    ]
    for one in folder.glob("*.svg"):
        assert LABEL in one.read_text()
    page = run("cohort", "summary", out, "--cohort", source, "--format", "html").stdout.decode()
    assert page.count("<svg") == 3
    assert DISCLAIMER in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=['\"]?(?:https?:)?//", page), "nothing is fetched"


# Spark


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
        source = SLICE if SLICE.is_dir() else EXAMPLES / "study"
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
