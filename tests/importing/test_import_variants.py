"""Studies of cBioPortal: samples, variants, and when a gene is wild-type."""

from pathlib import Path

import pytest
from support.generators import BASE
from support.studies import SV_META, Study, codes, genes, measured, sample, tabs

from recommender.importing.genes import Genes


def test_a_profile_for_each_sample_with_what_was_measured(study: Study) -> None:
    found = study.read()
    assert [one.id for one in found.profiles] == ["P-01-T", "P-02-T", "P-03-T", "P-04-T"]
    first = sample(found, "P-01-T")
    assert first.disease == "HCC"
    assert first.therapies == ("Sorafenib",)
    assert genes(first, "mutated") == {"TP53"}
    assert genes(first, "amplified") == {"URI1"}
    assert measured(first) == {
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
    assert first.markers["FASN"][0].source == "data_mrna_zscores_ref_all_samples.txt:2 P-01-T = 2.6"
    assert first.markers["FASN"][0].measured == "mRNA z-score against all tumours of the study"
    for profile in found.profiles:
        sources = [one.source for one in profile.mutations]
        sources += [one.measurement.source for one in profile.measured()]
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
    study.write("meta_sv.txt", SV_META)
    study.write(
        "data_sv.txt",
        tabs("Sample_Id|SV_Status|Site1_Hugo_Symbol|Site2_Hugo_Symbol", "P-02-T|SOMATIC|TP53|X"),
    )
    found = study.read()
    assert "TP53" not in {one.gene for one in sample(found, "P-02-T").mutations}
    assert "STRUCTURAL_VARIANT" in codes(found)


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


def test_a_column_that_is_no_sample_makes_no_tumour(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|Description|P-01-T", "URI1|2|2"))
    found = study.read()
    assert len(found.profiles) == 4
    assert "NOT_IN_CLINICAL" in codes(found)


def test_a_sample_that_the_panel_matrix_leaves_out_stays_unknown(study: Study) -> None:
    study.write("data_gene_panel_matrix.txt", tabs("SAMPLE_ID|mutations|cna", "P-01-T|NA|x", "P-02-T||x"))
    found = study.read()
    assert genes(sample(found, "P-01-T"), "wild-type")
    assert not genes(sample(found, "P-02-T"), "wild-type")
    assert not genes(sample(found, "P-03-T"), "wild-type")
    assert "PANEL_NOT_STATED" in codes(found)
