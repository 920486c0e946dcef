"""The summary of a cohort: its numbers, its formats, its pictures."""

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest
from support.cohorts import cohort
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLE_PACK, EXAMPLES

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender.cohort.summary import Summary, summarise
from recommender.evaluation.facts import read_facts
from recommender.reports.cohort_figures import cohort_figures

# In one worker, which ranks and summarises one cohort for most of them.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("summary")]


class Ranked(NamedTuple):
    """A cohort, and its ranks in Parquet."""

    source: Path
    out: Path


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Ranked:
    """What most of the tests summarise: ranking takes longer than that."""
    folder = tmp_path_factory.mktemp("ranked")
    found = Ranked(cohort(folder), folder / "out.parquet")
    assert run("cohort", found.source, "-o", found.out).returncode == 0
    return found


@pytest.fixture(scope="module")
def of_parquet(ranked: Ranked, recommender: Recommender) -> Summary:
    """The summary of those ranks by a finding."""
    return summarise(ranked.out, recommender.base, cohort=ranked.source, by=("HBV",))


def test_the_numbers_of_a_summary(ranked: Ranked, recommender: Recommender) -> None:
    source, out = ranked
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


@pytest.mark.parametrize("name", ["out.csv", "out.ndjson", "out.jsonl", "parts"])
def test_the_summary_is_the_same_of_every_format(
    tmp_path: Path, ranked: Ranked, of_parquet: Summary, recommender: Recommender, name: str
) -> None:
    out = tmp_path / name
    assert run("cohort", ranked.source, "-o", out).returncode == 0
    found = summarise(out, recommender.base, cohort=ranked.source, by=("HBV",))
    assert found == of_parquet
    assert found.profiles


@pytest.mark.parametrize("name", ["out.csv", "out.ndjson", "out.parquet"])
def test_the_summary_of_a_cohort_without_any_rank(
    tmp_path: Path, name: str, recommender: Recommender
) -> None:
    (tmp_path / "a.csv").write_text("id,FASN\na,high\n")
    assert run("cohort", tmp_path / "a.csv", "-o", tmp_path / name).returncode == 0
    assert summarise(tmp_path / name, recommender.base, cohort=None, by=()).profiles == 0


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_ids_that_look_like_formulas_find_their_tumours_again(
    tmp_path: Path, ending: str, recommender: Recommender
) -> None:
    lines = "".join(
        f"{name},HCC,sorafenib,high,positive\n" for name in ("=1+1", " -a", "@b", "plain", "a b", "'q")
    )
    (tmp_path / "a.csv").write_text(f"id,disease,therapies,FASN,HBV\n{lines}")
    out = tmp_path / f"out.{ending}"
    assert run("cohort", tmp_path / "a.csv", "-o", out).returncode == 0
    found = summarise(out, recommender.base, cohort=tmp_path / "a.csv", by=("HBV",))
    assert {(one.tumours, one.size) for one in found.subgroups} == {(6, 6)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"id,FASN\na,high\n"),
        ("a.csv", b""),
        ("a.csv", b"\xff\x00"),
        ("a.ndjson", b"{broken"),
        ("a.ndjson", b'{"rank": "x"}\n'),
        ("a.ndjson", b'{"rank": 1}\n'),
        ("a.parquet", b"PAR1PAR1"),
        ("a.txt", b"x"),
        ("a.rejects", b"x"),
    ],
)
def test_what_is_not_a_ranked_cohort(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("cohort", "summary", tmp_path / name)
    assert done.returncode == 2
    assert b"not a ranked cohort" in done.stderr
    assert len(done.stderr) < 1000


def test_what_is_no_ranked_cohort_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,FASN\na,high\n")
    (tmp_path / "none").mkdir()
    table, study, nothing, folder = (
        run("cohort", "summary", path).stderr.decode()
        for path in (tmp_path / "a.csv", EXAMPLES / "study", tmp_path / "b.csv", tmp_path / "none")
    )
    assert "it lacks one of the columns profile_id" in table
    assert "it is the folder of a study" in study
    assert "no such file or folder" in nothing
    assert "has no _SUCCESS" in folder
    for said in (table, study, folder):
        assert "Use: recommender cohort INPUT -o OUT" in said


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_what_was_packed_later_is_read(tmp_path: Path, ending: str, recommender: Recommender) -> None:
    source, out = cohort(tmp_path), tmp_path / f"out.{ending}"
    run("cohort", source, "-o", out)
    packed = tmp_path / f"packed.{ending}.gz"
    packed.write_bytes(gzip.compress(out.read_bytes(), mtime=0))
    read = [summarise(path, recommender.base, cohort=None, by=()) for path in (out, packed)]
    assert read[0] == read[1]
    assert read[0].rows


def test_rule_coverage_is_that_of_the_engine(ranked: Ranked, recommender: Recommender) -> None:
    source, out = ranked
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


def test_the_summary_in_every_format(ranked: Ranked) -> None:
    source, out = ranked
    more: list[str | Path] = ["--cohort", source, "--by", "HBV"]
    for width in ("80", "120"):
        done = run("cohort", "summary", out, *more, "--width", width)
        assert done.returncode == 0, done.stderr
        assert max(map(len, done.stdout.decode().splitlines())) <= int(width)
        assert LABEL in done.stdout.decode()
    value = json.loads(run("cohort", "summary", out, *more, "--format", "json").stdout)
    assert value["label"] == LABEL
    assert value["strategies"][0]["tumours"] > 0
    markdown = run("cohort", "summary", out, *more, "--format", "markdown").stdout.decode()
    assert markdown.count(LABEL) == markdown.count("\n# ") + 1
    assert run("cohort", "summary", out, "--by", "HBV").returncode == 2
    assert b"Did you mean" in run("cohort", "summary", out, "--cohort", source, "--by", "FASNN").stderr
    assert run("cohort", "summary", source).returncode == 2


def test_pictures_and_a_page(tmp_path: Path, ranked: Ranked) -> None:
    pytest.importorskip("matplotlib")
    source, out = ranked
    folder = tmp_path / "pictures"
    asked: list[str | Path] = [out, "--cohort", source, "--by", "HBV"]
    done = run("cohort", "summary", *asked, "--pictures", folder)
    assert done.returncode == 0, done.stderr
    plots = {"add-ons", "states", "measurements", "together", "add-ons-by-hbv", "states-by-hbv"}
    assert {one.name for one in folder.iterdir()} == {
        f"{name}.{kind}" for name in plots for kind in ("png", "svg")
    }
    for one in folder.glob("*.svg"):
        assert LABEL in one.read_text()
        assert "…" not in one.read_text(), "names are whole"
    page = run("cohort", "summary", *asked, "--format", "html").stdout.decode()
    assert page.count("<svg") == len(plots) - 1, "measurements are a table of the page"
    assert page.count(DISCLAIMER) == 3, "on the screen, in print and at the end"
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=['\"]?(?:https?:)?//|@import|url\((?!#|data:)", page), (
        "nothing is fetched"
    )
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)
    assert "#0b4f86" not in page.partition("</style>")[2], "plots take their colours from the page"


def test_the_page_without_the_cohort_itself(ranked: Ranked) -> None:
    pytest.importorskip("matplotlib")
    out = ranked.out
    page = run("cohort", "summary", out, "--format", "html").stdout.decode()
    assert "the others were not counted" in page
    assert "computed from the cohort itself" in page
    assert 'id="measurements"' not in page


def test_ticks_that_count_tumours_are_whole_numbers(tmp_path: Path, recommender: Recommender) -> None:
    pytest.importorskip("matplotlib")
    from recommender.views.plots import plots_of
    from recommender.views.sheets import draw

    (tmp_path / "a.csv").write_text("id,therapies,FASN\na,sorafenib,high\n")
    run("cohort", tmp_path / "a.csv", "-o", tmp_path / "out.csv")
    found = summarise(tmp_path / "out.csv", recommender.base, cohort=tmp_path / "a.csv", by=("FASN",))
    plots = plots_of(cohort_figures(found))
    assert {"add-ons", "measurements"} <= plots.keys()
    for name, picture in draw(plots).items():
        if name.endswith(".svg") and "by" not in name:
            ticks = re.findall(r">\s*(\d+(?:\.\d+)?)\s*</text>", picture.decode())
            assert all(tick.isdigit() for tick in ticks)


def test_a_section_of_multiqc(ranked: Ranked) -> None:
    source, out = ranked
    done = run("cohort", "summary", out, "--cohort", source, "--format", "multiqc")
    value = json.loads(done.stdout)
    assert (value["plot_type"], value["id"]) == ("bargraph", "ferroptosis_recommender_cohort")
    assert LABEL in value["description"]
    assert LABEL in value["pconfig"]["title"]
    names = [one["name"] for one in value["pconfig"]["data_labels"]]
    assert names == ["Add-ons", "Tumours", "Pathway states", "Measurements"]
    assert len(value["data"]) == len(value["categories"]) == len(names)
    for data, categories in zip(value["data"], value["categories"], strict=True):
        for bar in data.values():
            assert bar.keys() <= categories.keys()
            assert all(isinstance(count, int) and count >= 0 for count in bar.values())
    assert sum(value["data"][1]["all tumours"].values()) == 300
    assert list(value["categories"][0]) == ["selected", "unselected", "held-back"]


def test_what_is_behind_a_semicolon_is_no_formula(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(EXAMPLE_PACK, tmp_path / "p;=1"))
    source = tmp_path / "in.csv"
    source.write_text('id,disease,therapy,KIF23\n"a;=1+1",HCC,sorafenib,high\n"b; ""@x",HCC,sorafenib,high\n')
    base = Recommender(rules=[pack], engine="plain").base
    found = []
    for name in ("out.csv", "out.parquet"):
        assert run("cohort", source, "-o", tmp_path / name, "--rules", pack).returncode == 0
        found.append(summarise(tmp_path / name, base, cohort=None, by=()))
    assert found[0] == found[1]
    assert found[0].profiles == 2
    text = (tmp_path / "out.csv").read_text()
    assert '"a;\'=1+1"' in text
    assert not re.search(r';[\s"]*[=+\-@|%]', text)
