"""Studies of cBioPortal: copy number, expression, proteins, tests, diseases and therapies."""

from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import Study, codes, genes, meta, sample, tabs

from recommender import InputError, Recommender
from recommender.evaluation.facts import read_facts
from recommender.importing import import_profiles


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
    assert (first.markers["FASN"][0].state, first.markers["GSTZ1"][0].state) == ("high", "normal")
    first = sample(study.read(z_high=2.7), "P-01-T")
    assert first.markers["FASN"][0].state == "normal"
    assert read_facts(first, BASE), "the state and the value do not contradict each other"
    with pytest.raises(InputError, match="must be below"):
        study.read(z_high=-3)


def test_of_several_z_scores_one_is_read_and_the_choice_told(study: Study) -> None:
    study.write(
        "meta_zscores_normal.txt",
        meta("MRNA_EXPRESSION", "Z-SCORE", "z_normal.txt", "stable_id: mrna_ref_normal_samples"),
    )
    study.write("z_normal.txt", tabs("Hugo_Symbol|P-01-T", "FASN|-5"))
    found = study.read()
    fasn = sample(found, "P-01-T").markers["FASN"][0]
    assert (fasn.state, fasn.measured) == ("low", "mRNA z-score against normal tissue")
    assert "SEVERAL_Z_SCORES" in codes(found)
    chosen = study.read(z_profile="rna_seq_mrna_zscores_ref_all_samples")
    assert sample(chosen, "P-01-T").markers["FASN"][0].state == "high"
    with pytest.raises(InputError, match="Did you mean mrna_ref_normal_samples"):
        study.read(z_profile="mrna_ref_normal_sample")


def test_z_scores_without_a_known_reference_say_so(study: Study) -> None:
    study.replace("meta_mrna_zscores.txt", "rna_seq_mrna_zscores_ref_all_samples", "z")
    (study.folder / "data_mrna_zscores_ref_all_samples.txt").rename(study.folder / "z.txt")
    study.replace("meta_mrna_zscores.txt", "data_mrna_zscores_ref_all_samples.txt", "z.txt")
    found = study.read()
    assert "Z_REFERENCE_NOT_STATED" in codes(found)
    assert "not stated" in (sample(found, "P-01-T").markers["FASN"][0].measured or "")


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
    (found,) = sample(study.read(), "P-01-T").markers.get("HBV", (None,))
    assert (found and found.state, found and found.measured) == (state, measured)
    if found:
        column = "SEROLOGY" if measured == "test" else "RISK_FACTORS"
        assert column in (found.source or "")


def test_the_column_of_a_test_and_its_words(study: Study) -> None:
    for text, state in {"Positive": "positive", "neg": "negative", "0": "negative", "12 IU/ml": None}.items():
        study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG|ANTI_HBS", f"P-01|{text}|positive"))
        found = study.read()
        (marker,) = sample(found, "P-01-T").markers.get("HBV", (None,))
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


def test_z_scores_of_normal_tissue_are_not_read(study: Study) -> None:
    study.write(
        "meta_zscores_normals.txt",
        meta(
            *("MRNA_EXPRESSION", "Z-SCORE", "data_normals.txt"),
            "stable_id: rna_seq_v2_mrna_median_normals_Zscores",
        ),
    )
    study.write("data_normals.txt", tabs("Hugo_Symbol|TCGA-XX-0001-11", "FASN|9"))
    found = study.read()
    assert sample(found, "P-01-T").markers["FASN"][0].value == 2.6
    assert "FILE_NOT_READ" in codes(found)
    assert len(found.profiles) == 4


def test_different_z_scores_of_one_gene_stay_unknown(study: Study) -> None:
    rows = ("FASN|3.0", "FASN|0.1", "MET|3.0", "MET|0.1", "EGFR|3.0", "EGFR|2.5")
    study.write("data_mrna_zscores_ref_all_samples.txt", tabs("Hugo_Symbol|P-01-T", *rows))
    found = study.read()
    assert {"FASN", "MET"}.isdisjoint(sample(found, "P-01-T").markers)
    assert sample(found, "P-01-T").markers["EGFR"][0].state == "high"


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


def test_ids_that_differ_in_case_are_one_sample(study: Study) -> None:
    study.replace("data_mutations.txt", "P-01-T\tp.R249S", "p-01-t\tp.R249S")
    found = study.read()
    assert genes(sample(found, "P-01-T"), "mutated") == {"TP53"}
    assert len(found.profiles) == 4


def test_tumours_of_a_maf_whose_ids_differ_in_case_stay_two(tmp_path: Path) -> None:
    header = "Hugo_Symbol|Variant_Classification|Tumor_Sample_Barcode|HGVSp_Short"
    rows = ("TP53|Missense_Mutation|T-a|p.R249S", "KEAP1|Nonsense_Mutation|T-A|p.R320*")
    file = tmp_path / "two.maf"
    file.write_text(tabs(header, *rows))
    found = import_profiles(file, BASE)
    assert {one.id: [gene.gene for gene in one.mutations] for one in found.profiles} == {
        "T-a": ["TP53"],
        "T-A": ["KEAP1"],
    }
    assert "BARCODE_SHORTENED" not in codes(found)


def test_a_negative_test_and_a_positive_status_are_reported(study: Study) -> None:
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG|HBV_STATUS", "P-01|negative|positive"))
    found = study.read()
    assert sample(found, "P-01-T").markers["HBV"][0].state == "negative"
    assert "TESTS_DIFFER" in codes(found)
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBV_DNA", "P-01|negative"))
    assert "NO_FINDING" in codes(study.read())


@pytest.mark.parametrize(
    ("column", "cell"),
    [("CLINICAL_TRIAL_ARM", "Placebo"), ("NOTES", "not given"), ("TX_STATUS", "planned"), ("NOTES", "")],
)
def test_a_treatment_that_another_column_denies_is_not_read(study: Study, column: str, cell: str) -> None:
    header = f"PATIENT_ID|START_DATE|STOP_DATE|EVENT_TYPE|AGENT|{column}"
    rows = (f"P-01|1|2|Treatment|Sorafenib|{cell}", "P-02|1|2|Treatment declined|Sorafenib|")
    study.write("data_timeline_treatment.txt", tabs(header, *rows, "P-03|1|2|Treatment|Sorafenib?|"))
    found = study.read()
    assert sample(found, "P-01-T").therapies == (() if cell else ("Sorafenib",))
    assert sample(found, "P-02-T").therapies == sample(found, "P-03-T").therapies == ()
    assert "UNREAD_TEXT" in codes(found)


def test_an_amount_of_viral_dna_is_not_yes_or_no(study: Study) -> None:
    for column, state in {"HBV_DNA": None, "HBSAG": "positive"}.items():
        study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", "P-01|1"))
        (marker,) = sample(study.read(), "P-01-T").markers.get("HBV", (None,))
        assert (marker.state if marker else None) == state


def test_expression_values_are_not_taken_for_z_scores(study: Study) -> None:
    rows = tabs("Hugo_Symbol|P-01-T|P-02-T", "FASN|812.1|4023", "GSTZ1|3|1200.5")
    study.write("data_mrna_zscores_ref_all_samples.txt", rows)
    with pytest.raises(InputError, match="no z-scores"):
        study.read()


@pytest.mark.parametrize(
    ("column", "cell"), [("Cause", "HBV"), ("Other", "Hepatitis B"), ("chronic_hep", "B")]
)
def test_an_infection_in_a_column_that_is_not_known_is_reported(study: Study, column: str, cell: str) -> None:
    study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", f"P-01|{cell}", f"P-02|{cell}"))
    found = study.read()
    assert [one.code for one in found.notices].count("HEPATITIS_COLUMN") == 1
    assert "HBV" not in sample(found, "P-01-T").markers
