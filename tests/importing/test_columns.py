"""Columns of one field twice, of proteins of the tumour or of blood, and words of two meanings."""

from pathlib import Path

import pytest
from support.commands import run
from support.studies import MAF_HEADER, Study, codes, genes, maf, measured, sample, sheet, tabs

from recommender import InputError, Profile, Recommender


@pytest.mark.parametrize(
    "header",
    [
        "id,therapies,therapies.1",
        "id,therapies,therapies",
        "id,Treatment,treatment...3",
        "id,mutations,mutations.1",
        "id,resistant_to,resistant_to",
        "id,id.1,therapies",
    ],
)
def test_a_field_that_is_there_twice_is_refused(tmp_path: Path, header: str) -> None:
    text = f"{header}\na,sorafenib,lenvatinib\n"
    with pytest.raises(InputError, match="have one name"):
        sheet(tmp_path, text)
    done = run("cohort", tmp_path / "sheet.csv", "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert b"have one name" in done.stderr


@pytest.mark.parametrize("header", ["disease,disease.1", "disease,disease", "disease...2,disease...3"])
@pytest.mark.parametrize(("second", "disease"), [("FLC", "HCC or FLC"), ("HCC", "HCC"), ("", "HCC")])
def test_copies_of_the_disease_must_agree(tmp_path: Path, header: str, second: str, disease: str) -> None:
    found = sheet(tmp_path, f"id,therapies,{header},FASN\na,sorafenib,HCC,{second},high\n")
    assert found.profiles[0].disease == disease
    assert ("CONTRADICTION" in codes(found)) == (second == "FLC")
    assert "UNKNOWN_COLUMN" not in codes(found)


@pytest.mark.parametrize("second", ["FLC", "HCC", ""])
def test_a_cohort_is_ranked_where_copies_of_the_disease_agree(tmp_path: Path, second: str) -> None:
    (tmp_path / "sheet.csv").write_text(f"id,therapies,disease,disease,FASN\na,sorafenib,HCC,{second},high\n")
    done = run("cohort", tmp_path / "sheet.csv", "-o", tmp_path / "out.csv")
    assert done.returncode == 0
    assert (len((tmp_path / "out.csv").read_text().splitlines()) > 1) == (second != "FLC")


def test_two_names_of_one_field_are_told(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,therapies,treatment\na,sorafenib,surgery\n")
    assert found.profiles[0].therapies == ("sorafenib",)
    assert "DUPLICATE_COLUMN" in codes(found)


@pytest.mark.parametrize("name", ["ONCOTREE_CODE", "ONCOTREE_CODE.1"])
def test_copies_of_the_disease_of_a_study_must_agree(study: Study, name: str) -> None:
    header = f"PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE|{name}"
    study.write("data_clinical_sample.txt", tabs(header, "P-01|P-01-T|HCC|FLC", "P-02|P-02-T|HCC|HCC"))
    found = study.read()
    assert [sample(found, f"P-0{at}-T").disease for at in (1, 2)] == ["HCC or FLC", "HCC"]


@pytest.mark.parametrize(
    ("header", "is_read"),
    [
        ("disease,{}", False),
        ("FASN,{}", True),
        ("FASN,{} z", True),
        ("disease,{} z", True),
        ("disease,{} tumour", True),
        ("disease,{}_tumor", True),
        ("disease,{} (tumour)", True),
        ("ALT,{}", False),
        ("FASN,ALT,{}", False),
        ("FASN,platelets,{}", False),
    ],
)
def test_proteins_that_are_measured_in_blood(tmp_path: Path, header: str, is_read: bool) -> None:
    names = header.format("HGF")
    cells = ",".join("2.5" if one.endswith(" z") else "high" for one in names.split(","))
    found = sheet(tmp_path, f"id,therapies,{names}\na,sorafenib,{cells}\n".replace("disease", "note"))
    assert not found.problems
    assert (measured(found.profiles[0]).get("HGF") == "high") == is_read
    assert ("SPECIMEN_NOT_STATED" in codes(found)) != is_read


def test_a_cohort_tells_of_proteins_that_may_be_of_blood(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,therapies,CP,LCN2,HAMP,FTH1\na,sorafenib,low,high,high,high\n")
    done = run("cohort", tmp_path / "t.csv", "-o", tmp_path / "out.csv")
    assert done.stderr.count(b"SPECIMEN_NOT_STATED") == 4


def test_a_mutation_is_of_the_tumour(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,ALT,HGF,CP\na,high,mutated,12.5 mg/dl\n")
    assert genes(found.profiles[0], "mutated") == {"HGF"}
    assert not found.problems


@pytest.mark.parametrize(("word", "is_told"), [("loss", True), ("lost", True), ("loss of expression", False)])
def test_a_word_that_may_mean_the_gene_is_told(
    tmp_path: Path, recommender: Recommender, word: str, is_told: bool
) -> None:
    found = sheet(tmp_path, f"id,KEAP1\na,{word}\n")
    assert measured(found.profiles[0]) == {"KEAP1": "low"}
    assert ("AMBIGUOUS_STATE" in codes(found)) == is_told
    result = recommender.recommend(Profile(therapies=("sorafenib",), markers={"KEAP1": word}))
    assert [one.state for one in result.facts] == ["low"]
    assert ("AMBIGUOUS_STATE" in {one.code for one in result.notices}) == is_told
    result = recommender.recommend(Profile(therapies=("sorafenib",), markers={"MDSC": word}))
    assert "AMBIGUOUS_STATE" not in {one.code for one in result.notices}


@pytest.mark.parametrize(
    ("first", "second", "is_wild"),
    [
        ("p.G480=", "", False),
        ("", "p.G480=", False),
        ("p.G480=", "p.G480W", False),
        ("p.G480W", "p.G480=", False),
        ("p.G480=", "p.Gly480=", True),
        ("p.G480W", "p.Gly480Trp", None),
        ("p.G480W", "", None),
        ("", "p.G480W", None),
    ],
)
def test_a_merged_cell_of_another_column_for_the_change(
    tmp_path: Path, first: str, second: str, is_wild: bool | None
) -> None:
    header = "Hugo_Symbol|Tumor_Sample_Barcode|HGVSp_Short|HGVSp"
    rows = ("TP53|T-01|p.R249S|p.Arg249Ser", f"KEAP1|T-01|{first}|{second}")
    profile = maf(tmp_path, header, *rows, assume_exome=True).profiles[0]
    assert ("KEAP1" in genes(profile, "wild-type")) == bool(is_wild)
    assert ("KEAP1" in genes(profile, "mutated")) == (is_wild is None)


def test_a_class_says_that_an_empty_change_is_whole(tmp_path: Path) -> None:
    rows = ("TP53|T-01|Missense_Mutation|p.R249S|p.Arg249Ser", "KEAP1|T-01|Silent|p.G480=|")
    profile = maf(tmp_path, f"{MAF_HEADER}|HGVSp", *rows, assume_exome=True).profiles[0]
    assert "KEAP1" in genes(profile, "wild-type")
