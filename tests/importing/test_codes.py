"""Codes of tables that nothing explains, and tables of another shape: never a finding."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.commands import run
from support.generators import BASE
from support.studies import imported

from recommender import InputError
from recommender.importing import import_profiles


@pytest.mark.parametrize("column", ["HBsAg", "HBV_VIRAL_STATUS", "anti-HCV", "cirrhosis", "HBV"])
@pytest.mark.parametrize(
    "codes", [("1", "2"), ("0", "1", "2"), ("1.0", "2.0"), ("1", "0", "9"), ("1", "-1"), ("1", " 2")]
)
def test_numbers_beside_a_code_are_not_read(tmp_path: Path, column: str, codes: tuple[str, ...]) -> None:
    rows = [f"t{at},sorafenib,{code}" for at, code in enumerate(codes)]
    source = tmp_path / "t.csv"
    source.write_text("\n".join([f"id,therapies,{column}", *rows, "p,sorafenib,positive", ""]))
    found = import_profiles(source, BASE)
    assert not found.problems or all("'positive'" in one.what for one in found.problems)
    for profile in found.profiles:
        assert not profile.markers or profile.id == "p"
    assert [one.code for one in found.notices].count("CODED_COLUMN") == 1


def test_codes_are_told_once_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,therapies,HBsAg\na,sorafenib,1\nb,sorafenib,2\nc,sorafenib,1\n")
    done = run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.csv")
    assert done.stderr.decode().count("CODED_COLUMN") == 1


def test_codes_of_a_parquet_file_are_not_read(tmp_path: Path) -> None:
    table = {"id": ["a", "b"], "therapies": ["sorafenib"] * 2, "HBsAg": [1, 2], "FASN": ["high", "high"]}
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    out = tmp_path / "out.parquet"
    done = run("cohort", tmp_path / "t.parquet", "-o", out)
    assert b"CODED_COLUMN" in done.stderr
    assert set(pq.read_table(out)["profile_id"].to_pylist()) == {"a", "b"}
    split = run(
        "cohort", "summary", out, "--cohort", tmp_path / "t.parquet", "--by", "HBV", "--format", "json"
    )
    assert json.loads(split.stdout)["subgroups"] == []


def test_one_and_nought_alone_are_found_and_not_found(tmp_path: Path) -> None:
    found = imported(tmp_path, "t.csv", "id,HBsAg\na,1\nb,0\n")
    assert [one.markers["HBV"][0].state for one in found.profiles] == ["positive", "negative"]


def test_codes_of_a_study_are_not_read(tmp_path: Path) -> None:
    meta = "cancer_study_identifier: s\ngenetic_alteration_type: CLINICAL\ndatatype: SAMPLE_ATTRIBUTES\n"
    (tmp_path / "meta_study.txt").write_text("cancer_study_identifier: s\ntype_of_cancer: hcc\nname: s\n")
    (tmp_path / "meta_clinical_sample.txt").write_text(f"{meta}data_filename: data_clinical_sample.txt\n")
    rows = "a\tpa\t1\nb\tpb\t2\nc\tpc\t1\n"
    (tmp_path / "data_clinical_sample.txt").write_text(f"SAMPLE_ID\tPATIENT_ID\tHBSAG\n{rows}")
    found = import_profiles(tmp_path, BASE)
    assert [one.id for one in found.profiles] == ["a", "b", "c"]
    assert not any(one.markers for one in found.profiles)
    assert [one.code for one in found.notices].count("CODED_COLUMN") == 1


TURNED = "gene,disease,S1,S2\nTP53,HCC,mut,WT\nFASN,HCC,high,low\nGPX4,HCC,NA,low\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TURNED, "a gene in each row"),
        (TURNED.replace("gene,", "id,"), "a gene in each row"),
        (
            TURNED.replace("gene,", "sample,").replace("HCC", "sorafenib").replace("disease", "therapy"),
            "a gene",
        ),
        ("id,gene,state,disease\ns,TP53,mut,HCC\ns,FASN,high,HCC\n", "a row for each finding"),
        ("sample,variable,value\ns,TP53,mut\ns,FASN,high\n", "a row for each finding"),
        ("id,gene,mutation\ns,TP53,p.R249S\n", "a row for each finding"),
    ],
)
def test_tables_of_another_shape_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        imported(tmp_path, "t.csv", text)
    with pytest.raises(InputError, match=said):
        imported(tmp_path, "t.csv.gz", gzip.compress(text.encode()))
    done = run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_tumours_with_short_names_are_not_genes(tmp_path: Path) -> None:
    rows = "".join(f"P{at},HCC,sorafenib\n" for at in range(1, 70))
    assert len(imported(tmp_path, "t.csv", f"id,disease,therapies\n{rows}").profiles) == 69


@pytest.mark.parametrize(
    "header", ["FASN,FASN.1,HBsAg,HBsAg.1", "FASN,FASN,HBsAg,HBsAg", "FASN...3,FASN...4,HBsAg...5,HBsAg...6"]
)
def test_a_column_that_is_there_twice_must_agree(tmp_path: Path, header: str) -> None:
    rows = "a,sorafenib,high,low,positive,negative\nb,sorafenib,high,high,negative,negative\n"
    found = imported(tmp_path, "t.csv", f"id,therapies,{header}\n{rows}")
    assert [sorted(one.markers) for one in found.profiles] == [[], ["FASN", "HBV"]]
    assert run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.csv").returncode == 0
