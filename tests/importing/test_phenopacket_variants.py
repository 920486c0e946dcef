"""Variants of phenopackets: whose they are, what they change, and what negates them."""

from pathlib import Path
from typing import Any

import pytest
from support.phenopackets import liver_packet, only, packet, read, variant
from support.studies import codes

from recommender import Recommender


def test_a_rejected_variant_is_no_mutation(tmp_path: Path) -> None:
    found = read(tmp_path, packet(**variant(interpretationStatus="REJECTED")))
    assert not only(found).mutations
    assert codes(found) == {"REJECTED"}


@pytest.mark.parametrize("status", ["CANDIDATE", "CONTRIBUTORY", "CAUSATIVE", "UNKNOWN_STATUS"])
def test_a_variant_that_was_not_rejected_is_a_mutation(tmp_path: Path, status: str) -> None:
    changed = {"expressions": [{"syntax": "hgvs.p", "value": "p.R249S"}]}
    found = read(tmp_path, packet(**variant(interpretationStatus=status, descriptor=changed)))
    assert [one.state for one in only(found).mutations] == ["mutated"]


def test_a_variant_without_a_protein_change_counts_where_it_causes_the_disease(tmp_path: Path) -> None:
    coding = {"expressions": [{"syntax": "hgvs.c", "value": "c.747G>T"}]}
    for status, mutated in {"CAUSATIVE": True, "CONTRIBUTORY": True, "CANDIDATE": False, "": False}.items():
        found = read(tmp_path, packet(**variant(interpretationStatus=status, descriptor=coding)))
        assert bool(only(found).mutations) == mutated
        assert ("UNCERTAIN_VARIANT" in codes(found)) != mutated


@pytest.mark.parametrize(("name", "code"), [("patient", "GERMLINE_VARIANT"), ("other", "UNKNOWN_SAMPLE")])
def test_a_variant_of_the_subject_or_of_another_sample_is_not_of_the_tumour(
    tmp_path: Path, name: str, code: str
) -> None:
    found = read(tmp_path, packet(**variant(subjectOrBiosampleId=name)))
    assert not only(found).mutations
    assert codes(found) == {code}


def test_without_a_sample_a_variant_of_the_subject_is_of_the_germline(tmp_path: Path) -> None:
    found = read(tmp_path, packet(biosamples=[], **variant(subjectOrBiosampleId="patient")))
    assert only(found).id == "patient"
    assert not only(found).mutations
    assert codes(found) == {"GERMLINE_VARIANT"}


@pytest.mark.parametrize(
    ("descriptor", "state", "change"),
    [
        ({"expressions": [{"syntax": "hgvs.p", "value": "p.R249S"}]}, "mutated", "p.R249S"),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.747G>T"}]}, "mutated", None),
        ({"label": "TP53 p.(Arg249Ser)"}, "mutated", "p.Arg249Ser"),
        ({"expressions": [{"syntax": "hgvs.p", "value": "p.Arg249="}]}, None, None),
        ({"label": "Amplification"}, "amplified", None),
        ({"label": "TP53 amplification"}, "amplified", None),
        ({"label": "homozygous deletion of TP53"}, "deleted", None),
        ({"label": "TP53 wild-type"}, "wild-type", None),
        ({"label": "TP53 loss"}, None, None),
        ({"label": "p.E746_A750del", "structuralType": {"label": "deletion"}}, "mutated", "p.E746_A750del"),
        ({"label": "x", "structuralType": {"label": "copy_number_gain"}}, None, None),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.672+50C>T"}]}, None, None),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.672+1G>A"}]}, "mutated", None),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.*15A>G"}]}, None, None),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.375G>A(p.Thr125=)"}]}, None, None),
        ({"variation": {"copyNumber": {"number": {"value": 0.9}}}}, None, None),
        ({"variation": {"copyNumber": {"number": {"value": "-1"}}}}, None, None),
        ({"label": "x", "structuralType": {"id": "", "label": "Homozygous deletion"}}, "deleted", None),
        ({"variation": {"copyNumber": {"number": {"value": "0"}}}}, "deleted", None),
        ({"variation": {"copyNumber": {"number": {"value": 12}}}}, "amplified", None),
        ({"variation": {"copyNumber": {"number": {"value": "3"}}}}, None, None),
        ({"variation": {"copyNumber": {"indefiniteRange": {"value": "5"}}}}, None, None),
        ({"variation": {"copyNumber": "many"}}, None, None),
        ({"label": "negative for TP53 mutation"}, None, None),
        ({"label": "absence of TP53 mutation"}, None, None),
        ({"label": "without TP53 variant"}, None, None),
        ({"label": "TP53 synonymous variant"}, None, None),
        ({"label": "TP53 mutation?"}, None, None),
        ({"label": "TP53-"}, None, None),
        ({"label": "KEAP1 mutation"}, None, None),
        ({"label": "TP53 wurde nicht gefunden"}, None, None),
        ({"label": "TP53 p.R249S?"}, None, None),
        ({"label": "TP53 p.R249S excluded"}, None, None),
        ({"label": "somatic TP53 mutation in exon 7"}, "mutated", None),
        ({"label": "TP53 amplification excluded"}, None, None),
        ({"label": "no TP53 amplification"}, None, None),
        ({"label": "TP53 amplification not seen"}, None, None),
        ({"label": "KEAP1 amplification"}, None, None),
        ({"label": "amplification", "structuralType": {"label": "homozygous deletion"}}, None, None),
        ({"label": "excluded", "variation": {"copyNumber": {"number": {"value": "0"}}}}, None, None),
        ({"label": "p.R249S", "expressions": [{"syntax": "hgvs.p", "value": "p.R249="}]}, None, None),
        ({"expressions": [{"syntax": "hgvs.c", "value": "c.747="}]}, None, None),
        ({"label": "p.R249S", "vcfRecord": {"filter": "common_variant"}}, None, None),
        ({"label": "p.R249S", "vcfRecord": {"filter": "PASS", "ref": "A", "alt": "T"}}, "mutated", "p.R249S"),
        ({"label": "p.R249S", "vcfRecord": {"ref": "A", "alt": "A"}}, None, None),
        ({"label": "p.R249S", "allelicState": {"label": "homozygous reference"}}, None, None),
        ({"label": "p.R249S", "allelicState": {"label": "heterozygous"}}, "mutated", "p.R249S"),
    ],
)
def test_variants(tmp_path: Path, descriptor: dict[str, Any], state: str | None, change: str | None) -> None:
    found = read(tmp_path, packet(**variant(descriptor=descriptor)))
    mutations = only(found).mutations
    assert [(one.state, one.change) for one in mutations] == ([(state, change)] if state else [])
    assert bool(found.notices) == (state is None)


def test_genes_by_id_and_by_symbol(tmp_path: Path) -> None:
    for gene, symbol in [
        ({"valueId": "HGNC:11998", "symbol": ""}, "TP53"),
        ({"valueId": "HGNC:11998", "symbol": "wrong"}, None),
        ({"valueId": "HGNC:11998", "symbol": "KEAP1"}, None),
        ({"valueId": "HGNC:12403", "symbol": "KEAP1"}, None),
        ({"valueId": "NCBIGene:7157", "symbol": ""}, "TP53"),
        ({"valueId": "ENSG1", "symbol": "C19orf2"}, "URI1"),
        ({"valueId": "HGNC:12403", "symbol": "TTN"}, None),
    ]:
        found = read(tmp_path, packet(**variant(descriptor={"geneContext": gene})))
        assert [one.gene for one in only(found).mutations] == ([symbol] if symbol else [])
        assert bool(found.notices) == (symbol in ("URI1", None))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"interpretationStatus": "rejected"}, "REJECTED"),
        ({"interpretationStatus": "MAYBE"}, "UNCERTAIN_VARIANT"),
        ({"variantInterpretation": {"acmgPathogenicityClassification": "BENIGN"}}, "BENIGN_VARIANT"),
        ({"variantInterpretation": {"acmgPathogenicityClassification": "HARMLESS"}}, "UNCERTAIN_VARIANT"),
    ],
)
def test_what_was_judged_harmless_is_no_mutation(tmp_path: Path, parts: dict[str, Any], code: str) -> None:
    found = variant(**parts)
    (one,) = found["interpretations"][0]["diagnosis"]["genomicInterpretations"]
    one["variantInterpretation"].setdefault("variationDescriptor", {"geneContext": {"symbol": "TP53"}})
    read_ = read(tmp_path, packet(**found))
    assert not only(read_).mutations
    assert codes(read_) == {code}


@pytest.mark.parametrize("label", ["KEAP1 p.R320Q (germline)", "no KEAP1 mutation", "not confirmed: p.R320Q"])
def test_a_label_that_denies_is_no_mutation(tmp_path: Path, label: str) -> None:
    descriptor = {"label": label, "geneContext": {"symbol": "KEAP1"}}
    variant = {"variationDescriptor": descriptor}
    one = {
        "subjectOrBiosampleId": "tum",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": variant,
    }
    found = read(tmp_path, liver_packet(interpretations=[{"diagnosis": {"genomicInterpretations": [one]}}]))
    assert not found.profiles[0].mutations
    assert "UNCERTAIN_VARIANT" in codes(found)


def test_a_copy_number_of_a_microrna_is_left_out(tmp_path: Path, recommender: Recommender) -> None:
    one = {
        "subjectOrBiosampleId": "tum",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {
            "variationDescriptor": {
                "geneContext": {"symbol": "MIR145"},
                "variation": {"copyNumber": {"number": {"value": 0}}},
            }
        },
    }
    found = read(tmp_path, liver_packet(interpretations=[{"diagnosis": {"genomicInterpretations": [one]}}]))
    assert "IMPOSSIBLE_STATE" in codes(found)
    recommender.recommend(found.profiles[0])
