"""Importers of studies, MAF files and tables: what is read, what stays unknown, and what is said about it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from generators import BASE
from hypothesis import given
from hypothesis import strategies as st
from test_cli import run

from recommender import LABEL, InputError, Profile, Recommender
from recommender.facts import read_facts
from recommender.importing import Imported, Options, import_profiles
from recommender.importing.genes import Genes
from recommender.importing.tables import Table
from recommender.importing.words import Words

EXAMPLES = ROOT / "docs" / "examples"
SLICE = ROOT.parent / "shared" / "data" / "tcga-lihc-slice"


def tabs(*rows: str) -> str:
    return "".join(row.replace("|", "\t") + "\n" for row in rows)


class Study:
    """A copy of the example study that a test can change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(EXAMPLES / "study", folder)

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def remove(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink()

    def read(self, **asked: Any) -> Imported:
        return import_profiles(self.folder, BASE, Options(**asked))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path / "study")


def sample(found: Imported, name: str) -> Profile:
    return next(one for one in found.profiles if one.id == name)


def genes(profile: Profile, state: str) -> set[str]:
    return {one.gene for one in profile.mutations if one.state == state}


def codes(found: Imported) -> set[str]:
    return {one.code for one in found.notices}


# The example study


def test_a_profile_for_each_sample_with_what_was_measured(study: Study) -> None:
    found = study.read()
    assert [one.id for one in found.profiles] == ["P-01-T", "P-02-T", "P-03-T", "P-04-T"]
    first = sample(found, "P-01-T")
    assert first.disease == "HCC"
    assert first.therapies == ("Sorafenib",)
    assert genes(first, "mutated") == {"TP53"}
    assert genes(first, "amplified") == {"URI1"}
    assert {name: one.state for name, one in first.markers.items()} == {
        "FASN": "high",
        "GSTZ1": "low",
        "HBV": "positive",
        "URI1": "high",
    }


def test_every_finding_keeps_its_file_line_and_value(study: Study) -> None:
    found = study.read()
    first = sample(found, "P-01-T")
    tp53 = next(one for one in first.mutations if one.gene == "TP53")
    assert tp53.change == "p.R249S"
    assert (
        tp53.source
        == "data_mutations.txt:3 Variant_Classification = Missense_Mutation, HGVSp_Short = p.R249S"
    )
    assert first.markers["FASN"].source == "data_mrna_zscores_ref_all_samples.txt:2 P-01-T = 2.6"
    assert first.markers["FASN"].measured == "mRNA z-score against all tumours of the study"
    for profile in found.profiles:
        sources = [one.source for one in profile.mutations]
        sources += [one.source for one in profile.markers.values()]
        for source in sources:
            file, _, rest = (source or "").partition(":")
            lines = (study.folder / file).read_text().splitlines()
            assert 1 <= int(rest.split()[0]) <= len(lines)


def test_wild_type_only_where_sequenced_and_covered(study: Study) -> None:
    found = study.read()
    asked = {one.symbol for one in Genes(BASE).asked("sequence")}
    assert genes(sample(found, "P-01-T"), "wild-type") == asked - {"TP53"}
    assert genes(sample(found, "P-02-T"), "wild-type") == asked - {"NFE2L2"}
    assert genes(sample(found, "P-03-T"), "wild-type") == {"TP53"}, "the panel has TP53 and CTNNB1 of these"
    assert genes(sample(found, "P-04-T"), "wild-type") == set(), "it is not in the list of the sequenced"


def test_without_case_lists_and_panels_nothing_is_wild_type_unless_assumed(study: Study) -> None:
    study.remove("case_lists/cases_sequenced.txt", "meta_gene_panel_matrix.txt")
    assert not any(genes(one, "wild-type") for one in study.read().profiles)
    found = study.read(assume_exome=True)
    assert all("TP53" in genes(one, "wild-type") | genes(one, "mutated") for one in found.profiles)
    assert "NO_MUTATION_ROWS" in codes(found), "P-04-T has no row at all"


def test_a_sample_that_the_study_does_not_list_stays_unknown_even_if_an_exome_is_assumed(
    study: Study,
) -> None:
    found = study.read(assume_exome=True)
    assert genes(sample(found, "P-04-T"), "wild-type") == set()
    assert "NOT_SEQUENCED" in codes(found)


def test_a_panel_without_its_genes_makes_nothing_wild_type(study: Study, tmp_path: Path) -> None:
    panel = tmp_path / "elsewhere.txt"
    (study.folder / "gene_panel_liver_3.txt").rename(panel)
    found = study.read()
    assert genes(sample(found, "P-03-T"), "wild-type") == set()
    assert "UNKNOWN_PANEL" in codes(found)
    assert genes(sample(study.read(panels=(panel,)), "P-03-T"), "wild-type") == {"TP53"}


def test_sequenced_samples_in_the_header_of_the_mutations(study: Study) -> None:
    study.remove("case_lists/cases_sequenced.txt", "meta_gene_panel_matrix.txt")
    study.replace("data_mutations.txt", "#version 2.4\n", "#version 2.4\n#sequenced_samples: P-01-T P-04-T\n")
    found = study.read()
    assert [bool(genes(one, "wild-type")) for one in found.profiles] == [True, False, False, True]


def test_silent_and_non_coding_variants_are_no_mutation(study: Study) -> None:
    first = sample(study.read(), "P-01-T")
    assert "KEAP1" in genes(first, "wild-type")
    for name in ["Intron", "3'UTR", "3'Flank", "5'UTR", "5'Flank", "IGR", "RNA", "silent"]:
        study.write(
            "data_mutations.txt",
            tabs(
                "Hugo_Symbol|Variant_Classification|Tumor_Sample_Barcode|HGVSp_Short",
                f"TP53|{name}|P-01-T|",
                f"TERT|{name}|P-01-T|",
            ),
        )
        first = sample(study.read(), "P-01-T")
        assert "TP53" in genes(first, "wild-type")
        assert genes(first, "mutated") == ({"TERT"} if name == "5'Flank" else set())


@pytest.mark.parametrize(
    ("name", "change", "state"),
    [
        ("Missense_Mutation", "p.R249R", None),
        ("Missense_Mutation", "p.=", None),
        ("Splice_Site", "p.T125T", "mutated"),
        ("splice_donor_variant", "", "mutated"),
        ("Splice_Region", "p.T125=", None),
        ("splice_region_variant&synonymous_variant", "p.T125=", None),
        ("Silent", "p.T125=", "wild-type"),
        ("", "p.T125=", "wild-type"),
        ("", "c.375G>A", None),
        ("Mutation", "p.T125A", None),
    ],
)
def test_a_class_and_a_change_that_contradict_each_other_leave_the_gene_unknown(
    study: Study, name: str, change: str, state: str | None
) -> None:
    study.replace("data_mutations.txt", "Missense_Mutation\tP-01-T\tp.R249S", f"{name}\tP-01-T\t{change}")
    found = study.read()
    states = {one.state for one in sample(found, "P-01-T").mutations if one.gene == "TP53"}
    assert states == ({state} if state else set())
    assert bool(codes(found) & {"UNCERTAIN_VARIANT", "UNKNOWN_CLASSIFICATION"}) == (state is None)


@pytest.mark.parametrize("name", ["Splice_Region", "Unknown", "Targeted_Region", "", "[Not Available]"])
def test_an_uncertain_variant_leaves_the_gene_unknown_unless_it_names_a_change(
    study: Study, name: str
) -> None:
    study.replace("data_mutations.txt", "Missense_Mutation\tP-01-T\tp.R249S", f"{name}\tP-01-T\t")
    found = study.read()
    assert not {"TP53"} & {one.gene for one in sample(found, "P-01-T").mutations}
    assert "UNCERTAIN_VARIANT" in codes(found)
    study.replace("data_mutations.txt", f"{name}\tP-01-T\t\n", f"{name}\tP-01-T\tp.R249_splice\n")
    assert "TP53" in genes(sample(study.read(), "P-01-T"), "mutated")


def test_a_class_outside_the_list_is_told_and_leaves_the_gene_unknown(study: Study) -> None:
    study.replace("data_mutations.txt", "Missense_Mutation\tP-01-T", "Mis-sense_Mutaton\tP-01-T")
    found = study.read()
    notice = next(one for one in found.notices if one.code == "UNKNOWN_CLASSIFICATION")
    assert notice.path == "data_mutations.txt:3"
    assert "Missense_Mutation" in notice.message
    assert "TP53" not in {one.gene for one in sample(found, "P-01-T").mutations}


def test_a_germline_variant_is_neither_mutation_nor_wild_type(study: Study) -> None:
    study.write(
        "data_mutations.txt",
        tabs(
            "Hugo_Symbol|Variant_Classification|Tumor_Sample_Barcode|Mutation_Status",
            "TP53|Missense_Mutation|P-01-T|Germline",
            "KEAP1|Missense_Mutation|P-01-T|Somatic",
        ),
    )
    found = study.read()
    assert "TP53" not in {one.gene for one in sample(found, "P-01-T").mutations}
    assert genes(sample(found, "P-01-T"), "mutated") == {"KEAP1"}
    assert "GERMLINE_VARIANT" in codes(found)


def test_a_structural_variant_shuts_out_wild_type(study: Study) -> None:
    meta = "genetic_alteration_type: STRUCTURAL_VARIANT\ndatatype: SV\ndata_filename: data_sv.txt\n"
    study.write("meta_sv.txt", meta)
    study.write(
        "data_sv.txt",
        tabs("Sample_Id|SV_Status|Site1_Hugo_Symbol|Site2_Hugo_Symbol", "P-02-T|SOMATIC|TP53|X"),
    )
    found = study.read()
    assert "TP53" not in {one.gene for one in sample(found, "P-02-T").mutations}
    assert "STRUCTURAL_VARIANT" in codes(found)


# Copy number and expression


def test_only_two_up_and_two_down_are_calls(study: Study) -> None:
    study.write(
        "data_cna.txt",
        tabs(
            "Hugo_Symbol|P-01-T|P-02-T|P-03-T|P-04-T",
            "URI1|-2|-1.5|-1|0",
            "KEAP1|1|2|NA|",
            "TP53|3|x|-2.0|nan",
        ),
    )
    found = study.read()
    states = {
        (one.id, mutation.gene): mutation.state
        for one in found.profiles
        for mutation in one.mutations
        if mutation.state in ("amplified", "deleted")
    }
    assert states == {
        ("P-01-T", "URI1"): "deleted",
        ("P-02-T", "URI1"): "deleted",
        ("P-02-T", "KEAP1"): "amplified",
        ("P-03-T", "TP53"): "deleted",
    }
    assert [one.path for one in found.notices if one.code == "UNKNOWN_VALUE"] == ["data_cna.txt:4"] * 2


def test_one_gene_twice_with_different_calls_stays_unknown(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "URI1|2|2", "URI1|-2|2", "C19orf2|0|2"))
    found = study.read()
    assert "URI1" not in genes(sample(found, "P-01-T"), "amplified") | genes(
        sample(found, "P-01-T"), "deleted"
    )
    assert genes(sample(found, "P-02-T"), "amplified") == {"URI1"}
    (notice,) = (one for one in found.notices if one.code == "CONTRADICTION")
    assert "data_cna.txt:2" in notice.message
    assert "data_cna.txt:3" in notice.message


def test_genes_by_entrez_id_alone(study: Study) -> None:
    study.write("data_cna.txt", tabs("Entrez_Gene_Id|P-01-T", "8725|2", "7157.0|-2", "999999|2"))
    first = sample(study.read(), "P-01-T")
    assert genes(first, "amplified") == {"URI1"}
    assert genes(first, "deleted") == {"TP53"}


def test_a_symbol_and_an_id_of_two_genes_are_not_read(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|Entrez_Gene_Id|P-01-T", "URI1|7157|2"))
    found = study.read()
    assert "TWO_GENES" in codes(found)
    assert genes(sample(found, "P-01-T"), "amplified") == set()


def test_long_copy_number(study: Study) -> None:
    study.replace("meta_cna.txt", "datatype: DISCRETE", "datatype: DISCRETE_LONG")
    study.write(
        "data_cna.txt",
        tabs("Hugo_Symbol|Sample_Id|Value", "URI1|P-01-T|2", "URI1|P-02-T|-1", "TP53|P-02-T|-2"),
    )
    found = study.read()
    assert genes(sample(found, "P-01-T"), "amplified") == {"URI1"}
    assert genes(sample(found, "P-02-T"), "deleted") == {"TP53"}


def test_cut_offs_can_be_set(study: Study) -> None:
    first = sample(study.read(z_high=2.6, z_low=-2.5), "P-01-T")
    assert (first.markers["FASN"].state, first.markers["GSTZ1"].state) == ("high", "normal")
    first = sample(study.read(z_high=2.7), "P-01-T")
    assert first.markers["FASN"].state == "normal"
    assert read_facts(first, BASE), "the state and the value do not contradict each other"
    with pytest.raises(InputError, match="must be below"):
        study.read(z_high=-3)


def test_of_several_z_scores_one_is_read_and_the_choice_told(study: Study) -> None:
    study.write(
        "meta_zscores_normal.txt",
        "genetic_alteration_type: MRNA_EXPRESSION\ndatatype: Z-SCORE\nstable_id: mrna_ref_normal_samples\n"
        "data_filename: z_normal.txt\n",
    )
    study.write("z_normal.txt", tabs("Hugo_Symbol|P-01-T", "FASN|-5"))
    found = study.read()
    fasn = sample(found, "P-01-T").markers["FASN"]
    assert (fasn.state, fasn.measured) == ("low", "mRNA z-score against normal tissue")
    assert "SEVERAL_Z_SCORES" in codes(found)
    chosen = study.read(z_profile="rna_seq_mrna_zscores_ref_all_samples")
    assert sample(chosen, "P-01-T").markers["FASN"].state == "high"
    with pytest.raises(InputError, match="Did you mean mrna_ref_normal_samples"):
        study.read(z_profile="mrna_ref_normal_sample")


def test_z_scores_without_a_known_reference_say_so(study: Study) -> None:
    study.replace("meta_mrna_zscores.txt", "rna_seq_mrna_zscores_ref_all_samples", "z")
    (study.folder / "data_mrna_zscores_ref_all_samples.txt").rename(study.folder / "z.txt")
    study.replace("meta_mrna_zscores.txt", "data_mrna_zscores_ref_all_samples.txt", "z.txt")
    found = study.read()
    assert "Z_REFERENCE_NOT_STATED" in codes(found)
    assert "not stated" in (sample(found, "P-01-T").markers["FASN"].measured or "")


# Clinical


@pytest.mark.parametrize(
    ("serology", "risk", "state", "measured"),
    [
        ("Hepatitis_B_Surface_Antigen", "", "positive", "test"),
        ("HBV_DNA", "", "positive", "test"),
        ("HBV_Surface_AntibodyHBV_Core_Antibody", "", None, None),
        ("HBV_Core_Antibody", "Hepatitis_B", None, None),
        ("[Not Available]", "Hepatitis_B", "positive", "history, not a test"),
        ("", "Hepatitis_BHepatitis_C", "positive", "history, not a test"),
        ("HBsAg negative", "Hepatitis_B", "negative", "test"),
        ("HBsAg: negative, HBV DNA: positive", "", "positive", "test"),
        ("HBsAg-", "", None, None),
        ("HBV/HCV negative", "", None, None),
        ("HBsAg, anti-HBc negative", "", None, None),
        ("Alcohol; Negative HBsAg", "", None, None),
        ("Cirrhosis, undetectable HBV DNA", "", None, None),
        ("Hepatitis B Negative Hepatitis C", "", None, None),
        ("HBV \u2610 HCV \u2611", "", None, None),
        ("HBV ... HCV +", "", None, None),
        ("HBsAg+", "", "positive", "test"),
        ("HBsAg positive; HCV RNA negative", "", "positive", "test"),
        ("HBeAg", "", "positive", "test"),
        ("HBsAg ?", "", None, None),
        ("HBV DNA not detected", "", None, None),
        ("", "no hepatitis B", None, None),
        ("", "No_History_of_Primary_Risk_Factors", None, None),
        ("", "Hepatitis_Btobacco", "positive", "history, not a test"),
        ("NA", "[Discrepancy]", None, None),
        ("Hepatitis_B_Surface_Antigen" * 20, "", None, None),
    ],
)
def test_hbv_from_antigen_or_dna_never_from_antibodies(
    study: Study, serology: str, risk: str, state: str | None, measured: str | None
) -> None:
    study.write(
        "data_clinical_patient.txt",
        tabs(
            "PATIENT_ID|VIRAL_HEPATITIS_SEROLOGY|HISTORY_HEPATO_CARCINOMA_RISK_FACTORS",
            f"P-01|{serology}|{risk}",
        ),
    )
    found = sample(study.read(), "P-01-T").markers.get("HBV")
    assert (found and found.state, found and found.measured) == (state, measured)
    if found:
        column = "SEROLOGY" if measured == "test" else "RISK_FACTORS"
        assert column in (found.source or "")


def test_the_column_of_a_test_and_its_words(study: Study) -> None:
    for text, state in {"Positive": "positive", "neg": "negative", "0": "negative", "12 IU/ml": None}.items():
        study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG|ANTI_HBS", f"P-01|{text}|positive"))
        found = study.read()
        marker = sample(found, "P-01-T").markers.get("HBV")
        assert (marker.state if marker else None) == state
        assert ("UNREAD_TEXT" in codes(found)) == (state is None)


def test_a_disease_outside_the_scope_is_kept_and_declined(study: Study, recommender: Recommender) -> None:
    for code in ["LIAD", "FLC", "HCCIHCH", "LIVER", "PAAD"]:
        study.write(
            "data_clinical_sample.txt", tabs("SAMPLE_ID|PATIENT_ID|ONCOTREE_CODE", f"P-01-T|P-01|{code}")
        )
        profile = sample(study.read(therapies=("sorafenib",)), "P-01-T")
        assert profile.disease == code
        result = recommender.recommend(profile)
        assert not result.recommendations
        assert "OUTSIDE_SCOPE" in {one.code for one in result.notices}


def test_the_disease_of_the_study_where_no_row_states_one(study: Study) -> None:
    study.write("data_clinical_sample.txt", tabs("SAMPLE_ID|PATIENT_ID", "P-01-T|P-01"))
    found = study.read()
    assert sample(found, "P-01-T").disease == "hcc"
    study.replace("meta_study.txt", "type_of_cancer: hcc", "type_of_cancer:")
    found = study.read()
    assert sample(found, "P-01-T").disease is None
    assert "DISEASE_NOT_STATED" in codes(found)


def test_therapies_in_their_order_with_their_source(study: Study) -> None:
    second = sample(study.read(), "P-02-T")
    assert second.therapies == ("SBRT", "Atezolizumab", "Bevacizumab")
    assert "Atezolizumab: data_timeline_treatment.txt:3, day 31" in (second.note or "")


def test_a_therapy_for_all_is_added_once(study: Study) -> None:
    found = study.read(therapies=("Nexavar", "nivolumba"))
    assert sample(found, "P-01-T").therapies == ("Sorafenib", "nivolumba")
    assert sample(found, "P-03-T").therapies == ("Nexavar", "nivolumba")
    (notice,) = (one for one in found.notices if one.code == "UNKNOWN_THERAPY")
    assert "nivolumab" in notice.message


def test_a_patient_id_for_a_sample(study: Study) -> None:
    study.replace("data_mutations.txt", "P-01-T\tp.R249S", "P-01\tp.R249S")
    found = study.read()
    assert genes(sample(found, "P-01-T"), "mutated") == {"TP53"}
    assert "PATIENT_ID_AS_SAMPLE" in codes(found)
    assert len(found.profiles) == 4


def test_a_sample_that_no_clinical_table_lists_is_kept_and_told(study: Study) -> None:
    study.replace("data_mutations.txt", "P-01-T\tp.R249S", "P-09-T\tp.R249S")
    found = study.read()
    assert sample(found, "P-09-T").disease == "hcc"
    assert "NOT_IN_CLINICAL" in codes(found)


def test_one_sample_can_be_picked(study: Study) -> None:
    assert [one.id for one in study.read(samples=("P-02-T",)).profiles] == ["P-02-T"]
    with pytest.raises(InputError, match="P-02-T"):
        study.read(samples=("P-02-X",))


# Genes


@pytest.mark.parametrize(
    ("symbol", "gene", "code"),
    [
        ("TP53", "TP53", None),
        ("tp53", "TP53", None),
        ("C19orf2", "URI1", "PREVIOUS_SYMBOL"),
        ("PD-L1", "CD274", "ALIAS_READ"),
        ("PDK1", "HGNC:8809", None),
        ("TAZ", "TAFAZZIN", "AMBIGUOUS_ALIAS"),
        ("FSP1", "AIFM2", "AMBIGUOUS_ALIAS"),
        ("40432", None, "DAMAGED_SYMBOL"),
        ("11-Sep", None, "DAMAGED_SYMBOL"),
        ("Sep-11", None, "DAMAGED_SYMBOL"),
        ("2021-09-11 00:00:00", None, "DAMAGED_SYMBOL"),
        ("2.31E+13", None, "DAMAGED_SYMBOL"),
        ("TTN", None, None),
        ("PARK2", None, None),
    ],
)
def test_symbols_are_read_as_sequencing_files_mean_them(
    study: Study, symbol: str, gene: str | None, code: str | None, recommender: Recommender
) -> None:
    study.write(
        "data_mutations.txt",
        tabs("Hugo_Symbol|Variant_Classification|Tumor_Sample_Barcode", f"{symbol}|Missense_Mutation|P-01-T"),
    )
    found = study.read()
    first = sample(found, "P-01-T")
    assert genes(first, "mutated") == ({gene} if gene else set())
    told = {one.code for one in found.notices if one.path.startswith("data_mutations.txt:")}
    assert told - {"UNKNOWN_GENE"} == ({code} if code else set())
    recommender.recommend(first)


def test_every_gene_is_written_so_that_a_profile_reads_it_back() -> None:
    names = Genes(BASE)
    for marker in BASE.vocabulary.markers.values():
        if marker.hgnc:
            written = names.written(marker)
            assert len(written) >= 1
            assert all(BASE.vocabulary.marker(name) is marker for name in written)


# Damage


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
        ("data_mutations.txt", b"\x1f\x8b\x08\x00", "compressed with gzip"),
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
        ("data_clinical_sample.txt", "P-01|P-01-T|FLC", "DUPLICATE_ROW"),
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
    assert sample(study.read(), "P-04-T").disease == "hcc"


def test_what_is_not_read_is_told(study: Study) -> None:
    study.write(
        "meta_methylation.txt",
        "genetic_alteration_type: METHYLATION\ndatatype: CONTINUOUS\ndata_filename: data_methylation.txt\n",
    )
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
        return
    for profile in found.profiles:
        read_facts(profile, BASE)


# What reviewers found


def test_a_deleted_gene_is_not_wild_type(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-02-T", "TP53|-2"))
    second = sample(study.read(), "P-02-T")
    assert {one.state for one in second.mutations if one.gene == "TP53"} == {"deleted"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ENSG00000141510||Missense_Mutation|P-02-T|p.R249S", "UNKNOWN_GENE"),
        ("||Missense_Mutation|P-02-T|p.R249S", "UNKNOWN_GENE"),
        ("TP53|7273|Missense_Mutation|P-02-T|p.R249S", "TWO_GENES"),
        ("TTN|7157|Missense_Mutation|P-02-T|p.R249S", "TWO_GENES"),
    ],
)
def test_a_gene_that_cannot_be_told_shuts_out_wild_type(study: Study, row: str, told: str) -> None:
    with (study.folder / "data_mutations.txt").open("a") as file:
        file.write(tabs(row))
    found = study.read()
    assert "TP53" not in {one.gene for one in sample(found, "P-02-T").mutations}
    assert told in codes(found)


def test_an_id_decides_what_an_ambiguous_symbol_means(study: Study) -> None:
    header = "Hugo_Symbol|Entrez_Gene_Id|Variant_Classification|Tumor_Sample_Barcode"
    rows = ("TAZ|25937|Missense_Mutation|P-01-T", "40432|8725|Missense_Mutation|P-01-T")
    study.write("data_mutations.txt", tabs(header, *rows))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "mutated") == {"WWTR1", "URI1"}
    assert "DAMAGED_SYMBOL" in codes(found)


def test_z_scores_of_normal_tissue_are_not_read(study: Study) -> None:
    study.write(
        "meta_zscores_normals.txt",
        "genetic_alteration_type: MRNA_EXPRESSION\ndatatype: Z-SCORE\n"
        "stable_id: rna_seq_v2_mrna_median_normals_Zscores\ndata_filename: data_normals.txt\n",
    )
    study.write("data_normals.txt", tabs("Hugo_Symbol|TCGA-XX-0001-11", "FASN|9"))
    found = study.read()
    assert sample(found, "P-01-T").markers["FASN"].value == 2.6
    assert "FILE_NOT_READ" in codes(found)
    assert len(found.profiles) == 4


def test_a_column_that_is_no_sample_makes_no_tumour(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|Description|P-01-T", "URI1|2|2"))
    found = study.read()
    assert len(found.profiles) == 4
    assert "NOT_IN_CLINICAL" in codes(found)


def test_a_row_with_cells_missing_is_not_read_from_a_matrix(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "URI1|2"))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "amplified") == set()
    assert "MALFORMED_ROW" in codes(found)


def test_different_z_scores_of_one_gene_stay_unknown(study: Study) -> None:
    rows = ("FASN|3.0", "FASN|0.1", "MET|3.0", "MET|0.1", "EGFR|3.0", "EGFR|2.5")
    study.write("data_mrna_zscores_ref_all_samples.txt", tabs("Hugo_Symbol|P-01-T", *rows))
    found = study.read()
    assert {"FASN", "MET"}.isdisjoint(sample(found, "P-01-T").markers)
    assert sample(found, "P-01-T").markers["EGFR"].state == "high"


def test_protein_arrays_by_antibody(study: Study) -> None:
    study.replace("meta_mrna_zscores.txt", "MRNA_EXPRESSION", "PROTEIN_LEVEL")
    rows = ("YAP1|YAP_pS127|3", "EGFR|EGFR|3")
    text = "Composite.Element.REF\tP-01-T\n" + "".join(
        f"{row.rpartition('|')[0]}\t{row.rpartition('|')[2]}\n" for row in rows
    )
    study.write("data_mrna_zscores_ref_all_samples.txt", text)
    found = study.read()
    assert set(sample(found, "P-01-T").markers) - {"HBV"} == {"EGFR"}
    assert "FORM_NOT_READ" in codes(found)


def test_a_timeline_without_treatments_is_left_alone(study: Study) -> None:
    study.write(
        "data_timeline_treatment.txt", tabs("PATIENT_ID|START_DATE|EVENT_TYPE|STATUS", "P-01|1|STATUS|x")
    )
    found = study.read()
    assert "FILE_NOT_READ" in codes(found)
    assert len(found.profiles) == 4


@pytest.mark.parametrize("agent", ["Sorafenib/Placebo", "No sorafenib given", "not given: sorafenib"])
def test_what_was_perhaps_not_given_is_no_therapy(study: Study, agent: str) -> None:
    study.replace("data_timeline_treatment.txt", "Sorafenib", agent)
    found = study.read()
    assert not sample(found, "P-01-T").therapies
    assert "UNREAD_TEXT" in codes(found)


def test_a_day_may_be_written_with_a_point(study: Study) -> None:
    study.replace("data_timeline_treatment.txt", "P-02\t31\t", "P-02\t1.0\t")
    assert sample(study.read(), "P-02-T").therapies == ("Atezolizumab", "Bevacizumab", "SBRT")


def test_a_normal_sample_of_the_clinical_table_is_left_out(study: Study) -> None:
    rows = ("P-01|P-01-T|HCC|Primary", "P-01|P-01-N|HCC|Solid Tissue Normal", "P-05|TCGA-XX-0001-11|HCC|")
    study.write("data_clinical_sample.txt", tabs("PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE|SAMPLE_TYPE", *rows))
    study.replace("data_mutations.txt", "P-02-T\tp.D29H", "P-01-N\tp.D29H")
    found = study.read()
    assert not {"P-01-N", "TCGA-XX-0001-11"} & {one.id for one in found.profiles}
    assert "REFERENCE_SAMPLE" in codes(found)


def test_two_diseases_in_one_row_are_reported(study: Study) -> None:
    header = "SAMPLE_ID|ONCOTREE_CODE|CANCER_TYPE_DETAILED"
    study.write("data_clinical_sample.txt", tabs(header, "P-01-T|HCC|Fibrolamellar Carcinoma"))
    found = study.read()
    assert "CONTRADICTION" in codes(found)


def test_a_sample_that_the_panel_matrix_leaves_out_stays_unknown(study: Study) -> None:
    study.write("data_gene_panel_matrix.txt", tabs("SAMPLE_ID|mutations|cna", "P-01-T|NA|x", "P-02-T||x"))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "wild-type")
    assert not genes(sample(found, "P-02-T"), "wild-type")
    assert not genes(sample(found, "P-03-T"), "wild-type")
    assert "PANEL_NOT_STATED" in codes(found)


def test_ids_that_differ_in_case_are_one_sample(study: Study) -> None:
    study.replace("data_mutations.txt", "P-01-T\tp.R249S", "p-01-t\tp.R249S")
    found = study.read()
    assert genes(sample(found, "P-01-T"), "mutated") == {"TP53"}
    assert len(found.profiles) == 4


def test_a_negative_test_and_a_positive_status_are_reported(study: Study) -> None:
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG|HBV_STATUS", "P-01|negative|positive"))
    found = study.read()
    assert sample(found, "P-01-T").markers["HBV"].state == "negative"
    assert "TESTS_DIFFER" in codes(found)
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBV_DNA", "P-01|negative"))
    assert "NO_FINDING" in codes(study.read())


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
        study.write(
            "meta_cna.txt",
            f"genetic_alteration_type: COPY_NUMBER_ALTERATION\ndatatype: DISCRETE\ndata_filename: {name}\n",
        )
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
    many = ",".join(f"COL{number}X" for number in range(20_000))
    assert sheet(tmp_path, f"id,{many}\nA{',' * 20_000}\n").profiles


def test_options_that_say_nothing_about_a_source_are_refused(tmp_path: Path) -> None:
    for name, asked in {
        "tumours.csv": Options(assume_exome=True),
        "phenopacket.json": Options(z_high=3),
        "tumours.maf": Options(z_profile="x"),
        "study": Options(clinical=tmp_path),
    }.items():
        with pytest.raises(InputError, match="cannot be used with a source read as"):
            import_profiles(EXAMPLES / name, BASE, asked)


def test_every_notice_is_documented() -> None:
    import re

    from recommender import importing

    folder = Path(importing.__file__).parent
    text = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    emitted = set(re.findall(r'"([A-Z]+(?:_[A-Z0-9]+)+)"', text)) & set(
        re.findall(r'(?:notice|once|Reading)\([^()]*?"([A-Z]+(?:_[A-Z0-9]+)+)"', text, re.DOTALL)
    )
    assert len(emitted) > 25
    documented = (ROOT / "docs" / "import-notices.md").read_text()
    assert not [code for code in sorted(emitted) if f"`{code}`" not in documented]


# MAF


def maf(tmp_path: Path, *rows: str, **asked: Any) -> Imported:
    file = tmp_path / "calls.maf"
    file.write_text(tabs(*rows))
    return import_profiles(file, BASE, Options(**asked))


@pytest.mark.parametrize("gene", ["Hugo_Symbol", "HUGO_GENE_SYMBOL", "gene"])
@pytest.mark.parametrize(
    "change", ["ALTERATION", "HGVSP_SHORT", "hgvsp", "Amino_Acid_Change", "PROTEIN_CHANGE"]
)
@pytest.mark.parametrize("name", ["SAMPLE_ID", "tumor_sample_barcode"])
@pytest.mark.parametrize("kind", ["VARIANT_CLASSIFICATION", "Mutation_Type"])
def test_the_headers_of_maf_dialects(tmp_path: Path, gene: str, change: str, name: str, kind: str) -> None:
    (profile,) = maf(
        tmp_path, f"{gene}|{change}|{name}|{kind}", "TP53|p.R249S|T-1|Missense_Mutation"
    ).profiles
    assert [(one.gene, one.change) for one in profile.mutations] == [("TP53", "p.R249S")]


def test_a_maf_says_nothing_about_genes_that_it_does_not_list(tmp_path: Path) -> None:
    rows = ("Hugo_Symbol|Tumor_Sample_Barcode|Variant_Classification", "KEAP1|T-1|Nonsense_Mutation")
    (profile,) = maf(tmp_path, *rows).profiles
    assert genes(profile, "wild-type") == set()
    (profile,) = maf(tmp_path, *rows, assume_exome=True).profiles
    assert "TP53" in genes(profile, "wild-type")
    panel = EXAMPLES / "study" / "gene_panel_liver_3.txt"
    (profile,) = maf(tmp_path, *rows, panels=(panel,)).profiles
    assert genes(profile, "wild-type") == {"TP53", "CTNNB1"}


def test_words_for_states_in_the_alteration_column(tmp_path: Path) -> None:
    found = maf(
        tmp_path,
        "GENE|SAMPLE_ID|ALTERATION",
        "URI1|T-1|Amplification",
        "CDKN2A|T-1|Deletion",
        "TP53|T-1|Wildtype",
        "KEAP1|T-1|p.G333C",
        "NFE2L2|T-1|p.D29=",
        "CTNNB1|T-1|something",
    )
    states = {one.gene: one.state for one in found.profiles[0].mutations}
    assert states == {"URI1": "amplified", "CDKN2A": "deleted", "TP53": "wild-type", "KEAP1": "mutated"}
    assert "UNCERTAIN_VARIANT" in codes(found)


def test_the_cancer_type_of_a_maf(tmp_path: Path) -> None:
    found = maf(
        tmp_path, "GENE|SAMPLE_ID|ALTERATION|ONCOTREE_CODE", "TP53|T-1|p.R249S|HCC", "TP53|T-2|p.R249S|FLC"
    )
    assert [one.disease for one in found.profiles] == ["HCC", "FLC"]


def test_long_tcga_barcodes_are_samples_of_the_clinical_table(tmp_path: Path) -> None:
    clinical = tmp_path / "clinical.tsv"
    clinical.write_text(tabs("SAMPLE_ID|ONCOTREE_CODE", "TCGA-XX-0001-01|HCC"))
    found = maf(
        tmp_path, "GENE|SAMPLE_ID|ALTERATION", "TP53|TCGA-XX-0001-01A-11D-A12B-01|p.R249S", clinical=clinical
    )
    assert [(one.id, one.disease) for one in found.profiles] == [("TCGA-XX-0001-01", "HCC")]
    assert "BARCODE_SHORTENED" in codes(found)


def test_samples_of_one_patient_are_not_merged(tmp_path: Path) -> None:
    clinical = tmp_path / "clinical.tsv"
    clinical.write_text(tabs("PATIENT_ID|ONCOTREE_CODE", "TCGA-AA-0001|HCC"))
    found = maf(
        tmp_path,
        "GENE|SAMPLE_ID|ALTERATION",
        "TP53|TCGA-AA-0001-01A-11D|p.R249S",
        "KEAP1|TCGA-AA-0001-11A-11D|p.G333C",
        "CTNNB1|TCGA-AA-0001-02A-11D|p.S45F",
        clinical=clinical,
    )
    assert [(one.id, genes(one, "mutated")) for one in found.profiles] == [
        ("TCGA-AA-0001", {"TP53"}),
        ("TCGA-AA-0001-02A-11D", {"CTNNB1"}),
    ]
    assert {"REFERENCE_SAMPLE", "BARCODE_SHORTENED", "NOT_IN_CLINICAL"} <= codes(found)


def test_a_deletion_of_bases_is_no_deletion_of_the_gene(tmp_path: Path) -> None:
    found = maf(
        tmp_path, "Gene|Sample_Id|Mutation_Type|HGVSp", "KEAP1|S1|Deletion|p.G480fs", "TP53|S1|Deletion|"
    )
    assert not found.profiles[0].mutations
    assert "UNKNOWN_CLASSIFICATION" in codes(found)


def test_two_panels_for_a_maf_are_refused(tmp_path: Path) -> None:
    panel = EXAMPLES / "study" / "gene_panel_liver_3.txt"
    with pytest.raises(InputError, match="Give one"):
        maf(tmp_path, "GENE|SAMPLE_ID|ALTERATION", "TP53|T|p.R1S", panels=(panel, panel))


# Tables


def sheet(tmp_path: Path, text: str | bytes, **asked: Any) -> Imported:
    file = tmp_path / "sheet.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_profiles(file, BASE, Options(**asked))


def test_a_table_in_the_ways_that_excel_writes_it(tmp_path: Path) -> None:
    comma = "id,disease,therapies,FASN,GSTZ1 z\nA,HCC,sorafenib; lenvatinib,high,-2.5\n"
    expected = sheet(tmp_path, comma).profiles[0]
    assert expected.therapies == ("sorafenib", "lenvatinib")
    assert expected.markers["GSTZ1"].value == -2.5
    ways: list[str | bytes] = [
        comma.replace(",", "\t"),
        "sep=;\n" + comma.replace(";", "|").replace(",", ";"),
        comma.replace(";", "|").replace(",", ";").replace("-2.5", "-2,5"),
        b"\xef\xbb\xbf" + comma.replace("\n", "\r\n").encode(),
        comma.replace(",", "\t").encode("utf-16"),
        'id,disease,therapies,FASN,GSTZ1 z\n"A","HCC","sorafenib; lenvatinib",high,-2.5\n,,,,\n',
    ]
    for way in ways:
        (profile,) = sheet(tmp_path, way).profiles
        assert (profile.id, profile.therapies) == (expected.id, expected.therapies)
        assert {name: one.state for name, one in profile.markers.items()} == {"FASN": "high", "GSTZ1": "low"}


def test_a_bad_row_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "id,FASN,FGFR4 z,HBsAg\nA,high,1,\nB,hihg,x,maybe\n,high,,\nA,low,,\nC,0.5,,\nD,low,,\n"
    )
    assert [one.id for one in found.profiles] == ["A", "D"]
    told = [str(one) for one in found.problems]
    assert "sheet.csv:3, column FASN" in told[1]
    assert "Did you mean high?" in told[1]
    assert len(told) == 6
    assert any("z-score" in one and "sheet.csv:6" in one for one in told)


def test_unknown_columns_are_told(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,GPX44,PDK1,P62\nA,high,high,high\n")
    assert set(found.profiles[0].markers) == {"SQSTM1"}
    assert codes(found) == {"UNKNOWN_COLUMN", "AMBIGUOUS_ALIAS", "NO_THERAPY"}
    assert "GPX4" in next(one.message for one in found.notices if one.code == "UNKNOWN_COLUMN")


def test_mutations_in_one_cell(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "id,mutations,KEAP1\nA,TP53 p.R249S; CTNNB1 wt; NFE2L2:p.D29H; URI1 amplified; 11-Sep,p.G333C\n",
    )
    states = {one.gene: (one.state, one.change) for one in found.profiles[0].mutations}
    assert states == {
        "TP53": ("mutated", "p.R249S"),
        "CTNNB1": ("wild-type", None),
        "NFE2L2": ("mutated", "p.D29H"),
        "URI1": ("amplified", None),
        "KEAP1": ("mutated", "p.G333C"),
    }
    assert "DAMAGED_SYMBOL" in codes(found)


def test_two_columns_that_contradict_each_other_leave_the_marker_unknown(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,CD274,PD-L1\nA,high,low\nB,high,high\n")
    assert "CD274" not in found.profiles[0].markers
    assert found.profiles[1].markers["CD274"].state == "high"
    assert {"CONTRADICTION", "DUPLICATE_COLUMN"} <= codes(found)


def test_a_table_without_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no column id"):
        sheet(tmp_path, "FASN,HBV\nhigh,positive\n")


@given(st.text(alphabet="ab,;\t\n\r\"'0idHBVFASN zp.+-=", max_size=80))
def test_any_table_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    file.write_bytes(b"id,HBV,FASN z\n" + text.encode())
    try:
        found = import_profiles(file, BASE, Options(), form="table")
    except InputError:
        return
    for profile in found.profiles:
        read_facts(profile, BASE)


@pytest.mark.parametrize("text", ["Q4", "H200", "T3", "G2", "12 CPS", "3+", "c.13+50C>T", "p.?"])
def test_scores_and_grades_are_no_mutations(tmp_path: Path, text: str) -> None:
    found = sheet(tmp_path, f"id,FASN,mutations\nA,{text},\nB,,TP53 {text}\n")
    assert not found.profiles
    assert len(found.problems) == 2


def test_a_silent_change_in_a_table_is_no_mutation(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,KEAP1,mutations\nA,p.G333=,TP53 p.P36P; CTNNB1 mut\n")
    assert {one.gene for one in found.profiles[0].mutations} == {"CTNNB1"}
    assert "SILENT_CHANGE" in codes(found)


def test_columns_with_z_need_something_before_it(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,METZ,CPZ,FASN_z,GSTZ1 (z),MET-zscore\nA,3,3,3,3,3\n")
    assert set(found.profiles[0].markers) == {"FASN", "GSTZ1", "MET"}


def test_quotes_between_tabs(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'id\tmutations\tnote\nA\t"KEAP1; TP53 p.G1A"\t"one\ntwo"\n')
    (profile,) = found.profiles
    assert [one.change for one in profile.mutations] == [None, "p.G1A"]


def test_an_axis_of_its_own_has_a_name_of_its_own(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,CD274,PD-L1,URI1\nA,high,positive,present\n")
    names = found.profiles[0].markers
    assert len(names) == 3
    assert not [name for name in names if name != name.strip()]
    assert len(read_facts(found.profiles[0], BASE).findings) == 3


# Words of the rule base


def test_every_word_of_the_rule_base_is_understood() -> None:
    words = Words(BASE)
    for term in words.known.terms:
        for name in term.names:
            assert words.terms_in(name) == [(term, True)]
            assert words.terms_in(f"{name}: negative") == ([(term, False)] if term.marker else None)
    for text in words.known.nulls:
        assert words.is_null(f" {text.upper()} ")
    marker = BASE.vocabulary.markers["TP53"]
    for name in words.known.variants.mutation:
        assert words.variant(name, marker) == "mutation"
    for name in words.known.variants.no_mutation:
        assert words.variant(name, marker) == "no mutation"
    for name in words.known.variants.uncertain:
        assert words.variant(name, marker) == "uncertain"
    for name, state in words.known.alterations.items():
        assert words.alteration(name) == state


def test_several_classes_of_one_variant_count_as_the_gravest() -> None:
    words, marker = Words(BASE), BASE.vocabulary.markers["TP53"]
    assert words.variant("splice_region_variant&intron_variant", marker) == "uncertain"
    assert words.variant("intron_variant,missense_variant", marker) == "mutation"


def test_lines_of_quoted_cells_that_span_lines(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('id,note\nA,"one\ntwo"\nB,x\n')
    assert [(row.line, row.cells[0]) for row in Table(file, "x.csv", delimiter=None).rows()] == [
        (2, "A"),
        (4, "B"),
    ]


# The command, and the way back


def test_import_then_recommend_is_what_the_library_answers(recommender: Recommender, tmp_path: Path) -> None:
    asked = Options(therapies=("sorafenib",))
    sources = [
        EXAMPLES / "study",
        EXAMPLES / "tumours.maf",
        EXAMPLES / "tumours.csv",
        EXAMPLES / "phenopacket.json",
    ]
    for source in sources:
        made = run("profile", "import", source, "--therapy", "sorafenib")
        assert made.returncode == 0, made.stderr
        answered = run("recommend", "-", "--format", "ndjson", "--engine", "plain", stdin=made.stdout)
        assert answered.returncode == 0
        expected = [recommender.recommend(one) for one in import_profiles(source, BASE, asked).profiles]
        assert answered.stdout.decode().splitlines() == [one.to_json(indent=None) for one in expected]


def test_import_into_a_folder(tmp_path: Path) -> None:
    done = run("profile", "import", EXAMPLES / "tumours.csv", "-o", tmp_path / "new" / "out")
    assert (done.returncode, done.stdout) == (0, b"")
    files = sorted(one.name for one in (tmp_path / "new" / "out").iterdir())
    assert files == ["A-1.json", "A-2.json", "A-3.json"]
    assert run("profile", "validate", *(tmp_path / "new" / "out").iterdir()).returncode == 0


def test_names_of_files_stay_in_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text("id\n../../evil\n..\n/root\na\nA\n")
    done = run("profile", "import", source, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 5
    assert {one.name for one in tmp_path.iterdir()} == {"x.csv", "out"}


def test_import_into_one_file_and_the_notices_into_another(tmp_path: Path) -> None:
    target, notices = tmp_path / "out.ndjson", tmp_path / "notices.json"
    done = run("profile", "import", EXAMPLES / "study", "-o", target, "--notices", notices)
    assert done.returncode == 0
    assert len(target.read_text().splitlines()) == 4
    value = json.loads(notices.read_text())
    assert (value["label"], value["profiles"]) == (LABEL, 4)
    assert {one["code"] for one in value["notices"]} >= {"DAMAGED_SYMBOL", "ANTIBODY_ONLY"}
    assert LABEL in done.stderr.decode()


def test_bad_rows_give_exit_code_2_and_the_good_ones(tmp_path: Path) -> None:
    source = tmp_path / "x.csv"
    source.write_text("id,FASN\nA,high\nB,hihg\n")
    done = run("profile", "import", source)
    assert done.returncode == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["A"]
    assert b"x.csv:3" in done.stderr


@pytest.mark.parametrize("source", ["absent.csv", "absent.json", "absent"])
def test_a_source_that_is_not_there(source: str, tmp_path: Path) -> None:
    done = run("profile", "import", tmp_path / source)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(
    not SLICE.is_dir(), reason=f"the study of 30 TCGA-LIHC tumours is not at {SLICE.name} beside us"
)
def test_the_study_of_30_tumours(recommender: Recommender) -> None:
    found = import_profiles(SLICE, BASE, Options(therapies=("sorafenib",)))
    assert len(found.profiles) == 30
    assert not found.problems
    assert not any(genes(one, "wild-type") for one in found.profiles)
    tests = [one for one in found.profiles if "HBV" in one.markers and one.markers["HBV"].measured == "test"]
    assert len(tests) == 11
    for profile in found.profiles:
        assert profile.disease == "HCC"
        result = recommender.recommend(profile)
        assert "UNKNOWN_MARKER" not in {one.code for one in result.notices}
