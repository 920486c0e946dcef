"""Clinical tables, timelines and tables of tumours that are cut off in their last cell."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import Study, codes, findings, sample, sheet, tabs

from recommender import InputError
from recommender.importing import Imported

PATIENTS = "data_clinical_patient.txt"
SAMPLES = "data_clinical_sample.txt"
TIMELINE = "data_timeline_treatment.txt"


def known(therapies: Iterable[str]) -> set[str]:
    """The ids of therapies, and of all that they are of; a name that is not known as it is."""
    found: set[str] = set()
    for name in therapies:
        records, others = BASE.vocabulary.therapies_in(name)
        found.update(*(BASE.vocabulary.lineage(one.id) for one in records), others)
    return found


def disease(name: str) -> str:
    """The id of a disease; a name that is not known as it is."""
    record = BASE.vocabulary.disease(name)
    return record.id if record else name


def stated(found: Imported) -> set[tuple[str, ...]]:
    """What is stated of each tumour."""
    return {
        *findings(found),
        *((one.id or "", "disease", disease(one.disease)) for one in found.profiles if one.disease),
        *((one.id or "", "treated", name) for one in found.profiles for name in known(one.therapies)),
        *((one.id or "", "resistant", name) for one in found.profiles for name in known(one.resistant_to)),
    }


@pytest.mark.parametrize(
    ("name", "header", "rows"),
    [
        (PATIENTS, "PATIENT_ID|HBSAG", ("P-01|positive", "P-02|negative")),
        (PATIENTS, "PATIENT_ID|HBSAG", ("P-01|no", "P-02|not tested")),
        (PATIENTS, "HBSAG|PATIENT_ID", ("positive|P-01", "negative|P-02")),
        (PATIENTS, "HBSAG|PATIENT_ID", ("positive|P-02", "negative|P-021")),
        (PATIENTS, "PATIENT_ID|HBSAG|ETIOLOGY", ("P-01|positive|HBV", "P-02||HBV negative, HCV positive")),
        (PATIENTS, "PATIENT_ID|CANCER_TYPE", ("P-01|HCC", "P-02|HCC or else")),
        (
            PATIENTS,
            "PATIENT_ID|HBSAG|CANCER_TYPE",
            ("P-01|no|HCC", "P-02|yes|Hepatocellular Cholangiocarcinoma"),
        ),
        (SAMPLES, "PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE", ("P-01|P-01-T|CHOL", "P-02|P-02-T|HCCIHCH")),
        (
            SAMPLES,
            "PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE|HBV",
            ("P-01|P-01-T|HCC|no", "P-02|P-02-T|HCC|not done"),
        ),
        (SAMPLES, "PATIENT_ID|ONCOTREE_CODE|SAMPLE_ID", ("P-01|HCC|P-01-T", "P-02|CHOL|P-01-T2")),
        (SAMPLES, "SAMPLE_ID|ONCOTREE_CODE|PATIENT_ID", ("P-01-T|HCC|P-01", "P-02-T|CHOL|P-02")),
        (SAMPLES, "SAMPLE_ID|ONCOTREE_CODE|PATIENT_ID", ("P-01-T|HCC|P-01", "P-02-T|CHOL|P-012")),
        (
            SAMPLES,
            "PATIENT_ID|SAMPLE_ID|SAMPLE_TYPE",
            ("P-01|P-01-T|Metastasis", "P-02|P-02-T|Primary normal"),
        ),
        (
            SAMPLES,
            "PATIENT_ID|SAMPLE_ID|SAMPLE_TYPE",
            ("P-01|P-01-T|Tumor", "P-02|P-02-T|Solid Tissue Normal"),
        ),
        (
            TIMELINE,
            "PATIENT_ID|START_DATE|EVENT_TYPE|AGENT",
            ("P-01|1|Treatment|Sorafenib", "P-02|9|Treatment|Lenvatinib"),
        ),
        (
            TIMELINE,
            "PATIENT_ID|EVENT_TYPE|AGENT",
            ("P-01|Treatment|TACE", "P-02|Treatment|TACE with doxorubicin"),
        ),
        (TIMELINE, "PATIENT_ID|AGENT|EVENT_TYPE", ("P-01|TACE|Treatment", "P-02|Sorafenib|Status")),
        (
            TIMELINE,
            "PATIENT_ID|EVENT_TYPE|AGENT|RESPONSE",
            ("P-01|Treatment|TACE|SD", "P-02|Treatment|Sorafenib|PD excluded"),
        ),
        (
            TIMELINE,
            "PATIENT_ID|EVENT_TYPE|AGENT|REMARK",
            ("P-01|Treatment|TACE|", "P-02|Treatment|Sorafenib|2 weeks, planned"),
        ),
        (TIMELINE, "EVENT_TYPE|AGENT|PATIENT_ID", ("Treatment|TACE|P-01", "Treatment|Sorafenib|P-02")),
    ],
)
def test_a_study_table_that_is_cut_in_its_last_row_adds_nothing(
    study: Study, name: str, header: str, rows: tuple[str, str]
) -> None:
    text = tabs(header, *rows)
    study.write(name, text)
    before = stated(study.read())
    assert before
    begin = text.rindex("\t") if "SAMPLE_TYPE" in header else len(tabs(header, rows[0]))
    for end in range(begin + 1, len(text)):
        study.write(name, text[:end])
        with suppress(InputError):
            assert not stated(study.read()) - before, text[begin:end]


@pytest.mark.parametrize(
    ("name", "header", "rows"),
    [
        (PATIENTS, "PATIENT_ID|HBSAG", ("P-01|positive", "P-02|negative")),
        (PATIENTS, "HBSAG|PATIENT_ID", ("positive|P-01", "negative|P-02")),
        (PATIENTS, "PATIENT_ID|HBSAG|AGE", ("P-01|positive|40", "P-02|negative|41")),
        (
            SAMPLES,
            "PATIENT_ID|SAMPLE_ID|CANCER_TYPE",
            ("P-01|P-01-T|Cholangiocarcinoma", "P-02|P-02-T|Cholangiocarcinoma"),
        ),
        (SAMPLES, "PATIENT_ID|SAMPLE_ID|SAMPLE_TYPE", ("P-01|P-01-T|Primary", "P-02|P-02-T|Primary")),
        (TIMELINE, "PATIENT_ID|EVENT_TYPE|AGENT", ("P-01|Treatment|Sorafenib", "P-02|Treatment|Lenvatinib")),
        (TIMELINE, "PATIENT_ID|AGENT|STOP_DATE", ("P-01|Sorafenib|8", "P-02|Lenvatinib|80")),
    ],
)
def test_a_whole_last_row_counts_without_a_line_end(
    study: Study, name: str, header: str, rows: tuple[str, str]
) -> None:
    study.write(name, tabs(header, *rows))
    before = study.read()
    study.write(name, tabs(header, *rows).removesuffix("\n"))
    found = study.read()
    assert stated(found) == stated(before)
    assert codes(found) == codes(before)


def test_a_cut_last_row_is_told(study: Study) -> None:
    study.write(PATIENTS, tabs("PATIENT_ID|HBSAG", "P-01|positive", "P-02|n").removesuffix("\n"))
    found = study.read()
    assert any(one.code == "MALFORMED_ROW" and "cut off" in one.message for one in found.notices)
    assert "HBV" not in sample(found, "P-02-T").markers


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("id,FASN,disease", ("a,high,HCC", "b,low,Cholangiocarcinoma")),
        ("id,disease,FASN", ("a,HCC,high", "b,HCC,low")),
        ("id,disease,FASN z", ("a,HCC,2", "b,HCC,-12.5")),
        ("id,disease,FASN z", ("a,HCC,2", "b,HCC,2.15e-05")),
        ("id,disease,KEAP1", ("a,HCC,mut", "b,HCC,p.G480=")),
        ("id,disease,mutations", ("a,HCC,TP53 p.R249S", "b,HCC,TP53 mut;KEAP1 wild-type")),
        ("id,disease,mutations", ("a,HCC,TP53 p.R249S", "b,HCC,KEAP1 p.G480=")),
        ("id,HBV,HBsAg", ("a,yes,positive", "b,yes,no value")),
        ("id,HBV", ("a,positive", "b,not tested")),
        ("id,FASN,treatment", ("a,high,Sorafenib", "b,high,TACE with doxorubicin")),
        ("FASN,id", ("high,a-1", "high,a-12")),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_table_of_tumours_that_is_cut_in_its_last_row_adds_nothing(
    tmp_path: Path, header: str, rows: tuple[str, str], quoted: bool
) -> None:
    last = rows[1].rpartition(",")
    text = "\n".join([header, rows[0], f'{last[0]},"{last[2]}"' if quoted else rows[1], ""])
    before = stated(sheet(tmp_path, text))
    assert before
    begin = text.index(rows[0]) + len(rows[0]) + 1
    for end in range(begin + 1, len(text)):
        with suppress(InputError):
            assert not stated(sheet(tmp_path, text[:end])) - before, text[begin:end]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("id,disease", "a,Hepatocellular carcinoma"),
        ("id,FASN,therapies", "a,high,sorafenib"),
        ("id,therapies,FASN", "a,sorafenib,high"),
        ("id,therapies,FASN", "a,sorafenib,"),
        ("id,therapies,mutations", "a,sorafenib,TP53 p.R249S"),
        ("id,therapies,mutations", 'a,sorafenib,"TP53"'),
        ("id,therapies,HBsAg", "a,sorafenib,negative"),
        ("id,therapies,note", "a,sorafenib,from a report"),
        ("id,therapies,FASN z", "a,sorafenib,0.35"),
    ],
)
def test_a_whole_last_row_of_a_table_counts_without_a_line_end(tmp_path: Path, header: str, row: str) -> None:
    found = sheet(tmp_path, f"{header}\n{row}")
    assert not found.problems
    assert stated(found) == stated(sheet(tmp_path, f"{header}\n{row}\n"))
