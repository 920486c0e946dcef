"""Calls, scores and structural variants of a study that are not understood: none becomes a finding."""

import pytest
from support.generators import BASE
from support.studies import SEQUENCED, SV_META, Study, codes, findings, meta, tabs

from recommender import InputError


@pytest.mark.parametrize("value", ["x", "2x", "-2.5", "3", "deleted", "-2;0", "1e9"])
@pytest.mark.parametrize("call", ["-2", "2", "0"])
def test_a_call_that_is_not_understood_leaves_the_gene_unknown(study: Study, call: str, value: str) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", f"XRCC1|{call}|0", "URI1|2|2"))
    before = findings(study.read())
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", f"XRCC1|{value}|0", "URI1|2|2"))
    after = findings(study.read())
    assert after < before
    assert ("P-01-T", "XRCC1", "wild-type") not in after
    assert "UNKNOWN_VALUE" in codes(study.read())


@pytest.mark.parametrize(
    "row",
    [
        "XRCC1|-2",
        "XRCC1|-2|0|7",
        "x|XRCC1|-2|0",
        "17|XRCC1|-2|0",
        "XRCC1;A1BG|-2|0",
        "XR#C1|-2|0",
        "|-2|0",
        "#XRCC1|-2|0",
    ],
)
def test_a_row_of_calls_that_is_not_understood_may_be_a_deletion(study: Study, row: str) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "XRCC1|-2|0", "URI1|2|2"))
    before = findings(study.read())
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", row, "URI1|2|2"))
    after = findings(study.read())
    assert after <= before
    assert ("P-01-T", "XRCC1", "wild-type") not in after


def test_two_calls_of_one_gene_may_be_a_deletion(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|P-01-T|P-02-T", "XRCC1|-2|0", "XRCC1|0|0"))
    assert ("P-01-T", "XRCC1", "wild-type") not in findings(study.read())


def test_a_z_score_that_is_not_understood_leaves_the_level_unknown(study: Study) -> None:
    name = "data_mrna_zscores_ref_all_samples.txt"
    study.write(name, tabs("Hugo_Symbol|P-01-T|P-02-T", "FASN|x|3", "FASN|3|3", "URI1|3|3|3", "URI1|3|3"))
    found = findings(study.read())
    assert {one for one in found if one[1] in ("FASN", "URI1") and one[2] == "high"} == {
        ("P-02-T", "FASN", "high")
    }


SV = "Sample_Id|SV_Status|Site1_Hugo_Symbol|Site1_Entrez_Gene_Id|Site2_Hugo_Symbol|Site2_Entrez_Gene_Id"


@pytest.mark.parametrize(
    ("row", "unknown", "others"),
    [
        ("P-01-T|SOMATIC|XRCC1||TTN|", {"XRCC1"}, False),
        ("P-01-T|SOMATIC||7515||", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|TTN|7273||7515.0", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|XRCC1;TTN|||", {"XRCC1"}, False),
        ("|SOMATIC|XRCC1|||", {"XRCC1"}, True),
        ("P-01-T|SOMATIC||||", set(SEQUENCED), False),
        ("P-01-T|SOMATIC|ENSG00000079999|||", set(SEQUENCED), False),
        ("P-01-T|SOMATIC|XRCC1", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|XRCC1||||x", {"XRCC1"}, False),
        ("P-01-T|SOMATIC|TTN||MUC16|", set(), False),
    ],
)
def test_the_genes_of_structural_variants_are_not_wild_type(
    study: Study, row: str, unknown: set[str], others: bool
) -> None:
    before = findings(study.read())
    study.write("meta_sv.txt", SV_META)
    study.write("data_sv.txt", tabs(SV, row))
    lost_findings = before - findings(study.read())
    names = {one for one, _, state in before if state == "wild-type"} if others else {"P-01-T"}
    assert lost_findings == {
        (name, gene, state)
        for name, gene, state in before
        if state == "wild-type" and name in names and gene in unknown
    }


def test_fusions_of_older_studies_are_not_wild_type(study: Study) -> None:
    study.write("meta_fusions.txt", meta("FUSION", "FUSION", "fusions.txt"))
    study.write("fusions.txt", tabs("Hugo_Symbol|Tumor_Sample_Barcode|Fusion", "XRCC1|P-01-T|XRCC1-TTN"))
    assert ("P-01-T", "XRCC1", "wild-type") not in findings(study.read())


def test_a_matrix_of_ratios_is_not_one_of_calls(study: Study) -> None:
    genes = [marker.symbol for marker in BASE.vocabulary.markers.values() if marker.hgnc][:30]
    study.write(
        "data_cna.txt", tabs("Hugo_Symbol|P-01-T", *(f"{gene}|0.{at + 1}3" for at, gene in enumerate(genes)))
    )
    with pytest.raises(InputError, match="not as ratios"):
        study.read()


@pytest.mark.parametrize(
    "content",
    [
        tabs("Hugo_Symbol|TP53|URI1", "P-01-T|2|0", "P-02-T|0|2"),
        tabs("SAMPLE_ID|TP53|URI1", "P-01-T|2|0"),
    ],
)
def test_a_matrix_that_is_turned_round_is_refused(study: Study, content: str) -> None:
    study.write("data_cna.txt", content)
    with pytest.raises(InputError, match="Transpose it"):
        study.read()


def test_a_matrix_without_samples_may_hold_deletions(study: Study) -> None:
    study.write("data_cna.txt", tabs("Hugo_Symbol|X-1|X-2", "TP53|2|0"))
    found = study.read()
    assert "NO_SAMPLES" in codes(found)
    assert not {one for one in findings(found) if one[2] == "wild-type"}
