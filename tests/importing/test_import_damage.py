"""Studies of cBioPortal that are damaged or hostile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.generators import BASE
from support.places import EXAMPLES
from support.studies import Study, codes, genes, maf, meta, sample, sheet, tabs

from recommender import InputError
from recommender.evaluation.facts import read_facts
from recommender.importing import ImportOptions, import_profiles


def crlf(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "change",
    [
        crlf,
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.rstrip(b"\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: text + b"\n\n\t\t\n",
    ],
    ids=["CRLF", "byte order mark", "no final newline", "CR", "empty lines"],
)
def test_line_ends_and_byte_order_marks_change_nothing(
    study: Study, change: Callable[[bytes], bytes]
) -> None:
    before = [one.canonical() for one in study.read().profiles]
    for path in study.folder.rglob("*.txt"):
        path.write_bytes(change(path.read_bytes()))
    assert [one.canonical() for one in study.read().profiles] == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("data_mutations.txt", b"", "it is empty"),
        ("data_mutations.txt", b"#version 2.4\n", "no header"),
        ("data_mutations.txt", b"Hugo_Symbol\tSample\n", "there is no column Variant_Classification"),
        ("data_mutations.txt", b"Variant_Classification\tSample_Id\n", "there is no column Hugo_Symbol"),
        ("data_mutations.txt", b"Hugo_Symbol\tHGVSp\n", "there is no column Tumor_Sample_Barcode"),
        ("data_mutations.txt", b"\x1f\x8b\x08\x00", "packed with gzip is damaged or cut off"),
        ("data_mutations.txt", b"PK\x03\x04xx", "workbook or a zip archive"),
        ("data_mutations.txt", b"version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"),
        ("data_mutations.txt", b"\0\1\2\3", "not a text file"),
        ("data_clinical_sample.txt", b"SAMPLE_ID\tX\n\xff\xfe\xfa\n", "not text in UTF-8"),
        ("data_clinical_sample.txt", b"X\tY\n", "there is no column SAMPLE_ID"),
        ("data_clinical_patient.txt", b"SAMPLE_ID\tY\n", "there is no column PATIENT_ID"),
        ("data_cna.txt", b"P-01-T\tP-02-T\n", "there is no column Hugo_Symbol"),
        ("case_lists/cases_sequenced.txt", b"stable_id: x_sequenced\n", "no line case_list_ids"),
        ("gene_panel_liver_3.txt", b"stable_id: LIVER-3\n", "no line gene_list"),
        (
            "meta_mutations.txt",
            b"genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\n",
            "no line data_filename",
        ),
        (
            "meta_mutations.txt",
            b"genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: data_mutation.txt\n",
            "Did you mean data_mutations.txt?",
        ),
        (
            "meta_mutations.txt",
            b"genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: ../../secret\n",
            "outside the folder",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_name(
    study: Study, name: str, content: bytes, told: str
) -> None:
    study.write(name, content)
    with pytest.raises(InputError) as caught:
        study.read()
    assert told in str(caught.value)
    assert Path(name).name in str(caught.value)


def test_all_files_that_cannot_be_read_are_told_at_once(study: Study) -> None:
    study.write("data_mutations.txt", b"")
    study.write("data_cna.txt", b"X\tY\n")
    study.write("data_clinical_patient.txt", b"X\tY\n")
    with pytest.raises(InputError) as caught:
        study.read()
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("name", "row", "code"),
    [
        ("data_mutations.txt", "TP53|7157|Missense_Mutation||p.R1S", "MALFORMED_ROW"),
        ("data_mutations.txt", "||Missense_Mutation|P-01-T|p.R1S", "UNKNOWN_GENE"),
        ("data_clinical_sample.txt", "P-01||HCC", "MALFORMED_ROW"),
        ("data_clinical_sample.txt", "P-01|P-01-T|FLC", "CONTRADICTION"),
        ("data_clinical_sample.txt", "P-05|P-05-T|HCC|more", "MALFORMED_ROW"),
        ("data_clinical_patient.txt", "P-01|Male||", "DUPLICATE_ROW"),
        ("data_clinical_patient.txt", "P-77|Male||", "PATIENT_WITHOUT_SAMPLE"),
        ("data_clinical_patient.txt", "P-01|Male|Hepatitis_Bx|", "DUPLICATE_ROW"),
        ("data_timeline_treatment.txt", "P-01|soon||TREATMENT|||Lenvatinib", "UNKNOWN_VALUE"),
        ("data_timeline_treatment.txt", "P-01|1||TREATMENT|||", "MALFORMED_ROW"),
        ("data_timeline_treatment.txt", "P-99|1||TREATMENT|||Lenvatinib", "PATIENT_WITHOUT_SAMPLE"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(study: Study, name: str, row: str, code: str) -> None:
    before = study.read()
    with (study.folder / name).open("a") as file:
        file.write(tabs(row))
    after = study.read()
    assert code in codes(after)
    assert {one.id for one in after.profiles} >= {one.id for one in before.profiles}


def test_a_short_row_is_read_as_far_as_it_goes(study: Study) -> None:
    study.replace("data_clinical_sample.txt", "P-04\tP-04-T\tFLC", "P-04\tP-04-T")
    assert sample(study.read(), "P-04-T").disease is None, "the disease that the row stated is lost"


def test_what_is_not_read_is_told(study: Study) -> None:
    study.write("meta_methylation.txt", meta("METHYLATION", "CONTINUOUS", "data_methylation.txt"))
    (notice,) = (one for one in study.read().notices if one.code == "FILE_NOT_READ")
    assert "data_methylation.txt" in notice.message


def test_a_folder_without_meta_files_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no meta_"):
        import_profiles(tmp_path, BASE)


@given(
    name=st.sampled_from(sorted(one.name for one in (EXAMPLES / "study").glob("data_*.txt"))),
    cut=st.floats(0, 1),
    junk=st.binary(max_size=30) | st.sampled_from([b"\t", b"\n", b"\t\t\t", b"#", b'"', b"\0", b"NA", b"|"]),
    length=st.integers(0, 30),
)
def test_damage_anywhere_is_a_clear_error_or_still_a_profile(
    tmp_path_factory: pytest.TempPathFactory, name: str, cut: float, junk: bytes, length: int
) -> None:
    study = Study(tmp_path_factory.mktemp("damaged") / "study")
    text = (study.folder / name).read_bytes()
    place = int(cut * len(text))
    study.write(name, text[:place] + junk + text[place + length :])
    try:
        found = study.read()
    except InputError as error:
        assert name in str(error)  # noqa: PT017
    else:
        assert found.profiles
        for profile in found.profiles:
            read_facts(profile, BASE)


def test_a_row_with_cells_missing_is_not_read_from_a_matrix(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "URI1|2"))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "amplified") == set()
    assert "MALFORMED_ROW" in codes(found)


def test_links_that_lead_out_of_the_folder_are_not_followed(study: Study, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (study.folder / "case_lists" / "cases_sequenced.txt").rename(outside / "cases_sequenced.txt")
    (study.folder / "case_lists").rmdir()
    (study.folder / "case_lists").symlink_to(outside)
    found = study.read()
    assert not genes(sample(found, "P-01-T"), "wild-type")
    assert "FILE_NOT_READ" in codes(found)
    (study.folder / "meta_zz.txt").symlink_to("/etc/hostname")
    with pytest.raises(InputError, match="leads out of the folder"):
        study.read()


def test_pipes_and_odd_paths_are_refused(study: Study, tmp_path: Path) -> None:
    import os

    os.mkfifo(study.folder / "case_lists" / "x.txt")
    assert study.read().profiles
    os.mkfifo(tmp_path / "pipe.csv")
    for source in (tmp_path / "pipe.csv", tmp_path / ("x" * 300), Path("/dev/null")):
        with pytest.raises(InputError):
            import_profiles(source, BASE)
    for name in ("x" * 300, "a\0b", ".", "case_lists"):
        study.write("meta_cna.txt", meta("COPY_NUMBER_ALTERATION", "DISCRETE", name))
        with pytest.raises(InputError, match=r"meta_cna\.txt"):
            study.read()


def test_names_that_are_too_long_for_a_profile_are_problems(tmp_path: Path) -> None:
    header = "GENE|SAMPLE_ID|ALTERATION|CANCER_TYPE"
    found = maf(
        tmp_path,
        header,
        f"TP53|{'x' * 500}|p.R249S|HCC",
        f"TP53|T-2|p.R249S|{'y' * 500}",
        "TP53|T-3|p.R249S|HCC",
    )
    assert [one.id for one in found.profiles] == ["T-3"]
    assert len(found.problems) == 2


def test_odd_headers_are_refused_or_cost_no_time(tmp_path: Path) -> None:
    for text in ('id,"FASN\nA,high\n', f"id,{'q' * 200_000}\nA,x\n"):
        with pytest.raises(InputError, match="the header cannot be read"):
            sheet(tmp_path, text)
    assert sheet(tmp_path, f"id,{'_' * 100_000}\nA,x\n").profiles
    many = ",".join(f"COL{number}X" for number in range(5_000))
    assert sheet(tmp_path, f"id,{many}\nA{',' * 5_000}\n").profiles


def test_options_that_say_nothing_about_a_source_are_refused(tmp_path: Path) -> None:
    for name, asked in {
        "tumours.csv": ImportOptions(assume_exome=True),
        "phenopacket.json": ImportOptions(z_high=3),
        "tumours.maf": ImportOptions(z_profile="x"),
        "study": ImportOptions(clinical=tmp_path),
    }.items():
        with pytest.raises(InputError, match="cannot be used with a source read as"):
            import_profiles(EXAMPLES / name, BASE, asked)
