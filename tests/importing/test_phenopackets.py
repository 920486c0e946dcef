"""Phenopackets: whose finding it is, what negates it, and what a value means."""

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.generators import BASE
from support.places import ROOT

from recommender import InputError, Profile, Recommender
from recommender.evaluation.facts import read_facts
from recommender.importing import Imported, import_profiles

EXAMPLE = json.loads((ROOT / "docs" / "examples" / "phenopacket.json").read_text())


def read(folder: Path, packet: Any) -> Imported:
    file = folder / "packet.json"
    file.write_text(packet if isinstance(packet, str) else json.dumps(packet))
    return import_profiles(file, BASE)


def packet(**parts: Any) -> dict[str, Any]:
    return {
        "id": "x",
        "subject": {"id": "patient"},
        "biosamples": [{"id": "tumour"}],
        "medicalActions": [{"treatment": {"agent": {"label": "sorafenib"}}}],
        **parts,
    }


def variant(**parts: Any) -> dict[str, Any]:
    descriptor = {"geneContext": {"valueId": "HGNC:11998", "symbol": "TP53"}, **parts.pop("descriptor", {})}
    found = {
        "subjectOrBiosampleId": "tumour",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {"variationDescriptor": descriptor},
        **parts,
    }
    return {"interpretations": [{"id": "i", "diagnosis": {"genomicInterpretations": [found]}}]}


def codes(found: Imported) -> set[str]:
    return {one.code for one in found.notices}


def only(found: Imported) -> Profile:
    (profile,) = found.profiles
    return profile


def states(profile: Profile) -> dict[str, str | None]:
    return {one.marker: one.measurement.state for one in profile.measured()}


def test_the_example(tmp_path: Path, recommender: Recommender) -> None:
    found = read(tmp_path, EXAMPLE)
    profile = only(found)
    assert profile.id == "patient-1-tumour"
    assert profile.disease == "NCIT:C3099"
    assert (profile.therapies, profile.resistant_to) == (("sorafenib",), ("sorafenib",))
    assert states(profile) == {"FASN": "high", "HBV": "positive", "HCV": "negative"}
    assert [(one.gene, one.change) for one in profile.mutations] == [("TP53", "p.Arg249Ser")]
    assert profile.mutations[0].source == (
        "packet.json#/interpretations/0/diagnosis/genomicInterpretations/0 NP_000537.3:p.Arg249Ser"
    )
    assert codes(found) == {"REFERENCE_SAMPLE", "REJECTED", "GERMLINE_VARIANT"}
    assert recommender.recommend(profile).recommendations


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
    "parts",
    [
        {"metaData": {"phenopacketSchemaVersion": "v1.0"}},
        {"metaData": {"phenopacketSchemaVersion": "RC3 1.0"}},
        {"phenotypicFeatures": [{"type": {"label": "Chronic hepatitis B"}, "negated": True}]},
        {"biosamples": [{"id": "tumour", "phenotypicFeatures": [{"negated": False}]}]},
        {"diseases": [{"term": {"label": "HCC"}, "classOfOnset": {"label": "adult"}}]},
    ],
)
def test_version_1_is_refused_by_any_of_its_signs(tmp_path: Path, parts: dict[str, Any]) -> None:
    for whole in (packet(**parts), {"members": [packet(**parts)]}):
        with pytest.raises(InputError, match="schema version 1"):
            read(tmp_path, whole)


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


@pytest.mark.parametrize(
    "parts",
    [
        {"materialSample": {"id": "EFO:0009654", "label": "x"}},
        {"materialSample": {"label": "Matched Normal"}},
        {"sampledTissue": {"id": "UBERON:0000178", "label": "blood"}},
        {"histologicalDiagnosis": {"label": "Normal"}},
    ],
)
def test_samples_that_are_no_tumours_are_left_out(tmp_path: Path, parts: dict[str, Any]) -> None:
    samples = [{"id": "tumour", "materialSample": {"label": "abnormal sample"}}, {"id": "other", **parts}]
    found = read(tmp_path, packet(biosamples=samples))
    assert [one.id for one in found.profiles] == ["tumour"]
    assert codes(found) == {"REFERENCE_SAMPLE"}


def test_excluded_negates_a_disease(tmp_path: Path, recommender: Recommender) -> None:
    hcc = {"id": "MONDO:0007256", "label": "hepatocellular carcinoma"}
    found = read(tmp_path, packet(diseases=[{"term": hcc, "excluded": True}]))
    assert "DISEASE_EXCLUDED" in codes(found)
    assert not recommender.base.vocabulary.disease(only(found).disease or "")
    profile = only(found).model_copy(update={"therapies": ("sorafenib",)})
    assert not recommender.recommend(profile).recommendations


HCC = {"id": "NCIT:C3099", "label": "Hepatocellular carcinoma"}
BILE_DUCT = {"id": "NCIT:C4436", "label": "cholangiocarcinoma"}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"biosamples": [{"id": "t", "phenotypicFeatures": [{"type": HCC, "excluded": True}]}]}, "EXCLUDED"),
        (
            {
                "biosamples": [{"id": "t", "phenotypicFeatures": [{"type": HCC, "excluded": True}]}],
                "diseases": [{"term": HCC}],
            },
            "CONTRADICTION",
        ),
        ({"diseases": [{"term": HCC}, {"term": HCC, "excluded": True}]}, "CONTRADICTION"),
        ({"diseases": [{"term": HCC, "resolution": {}}]}, "CONDITION_NOT_READ"),
        ({"interpretations": [{"id": "i", "diagnosis": {"disease": BILE_DUCT}}]}, ""),
    ],
)
def test_no_disease_is_ranked_that_the_packet_does_not_hold(
    tmp_path: Path, recommender: Recommender, parts: dict[str, Any], code: str
) -> None:
    found = read(tmp_path, packet(**parts))
    assert any(code in one for one in codes(found)) or not code
    assert only(found).disease
    assert not recommender.recommend(only(found)).recommendations


def test_members_of_one_sample_that_differ_have_no_disease_to_rank(tmp_path: Path) -> None:
    members = [packet(diseases=[{"term": one}]) for one in (HCC, BILE_DUCT)]
    found = read(tmp_path, {"members": members})
    assert only(found).disease == "NCIT:C3099 or cholangiocarcinoma"
    assert {"DUPLICATE_ROW", "CONTRADICTION"} <= codes(found)


def test_an_infection_that_is_stated_and_excluded_or_over_is_unknown(tmp_path: Path) -> None:
    term = {"id": "NCIT:C3097", "label": ""}
    both = packet(
        diseases=[{"term": term}, {"term": HCC}], phenotypicFeatures=[{"type": term, "excluded": True}]
    )
    assert not states(only(read(tmp_path, both)))
    found = read(tmp_path, packet(phenotypicFeatures=[{"type": term, "resolution": {}}]))
    assert not states(only(found))


def test_features_without_a_readable_label_are_reported(tmp_path: Path) -> None:
    for term in ({"id": "UMLS:C0019163"}, {"id": "X:1", "label": "B型肝炎"}):
        assert codes(read(tmp_path, packet(phenotypicFeatures=[{"type": term}]))) == {"CONDITION_NOT_READ"}


def test_the_diagnosis_of_the_sample_comes_before_the_diseases(tmp_path: Path) -> None:
    hepatitis = {"term": {"id": "", "label": "Chronic hepatitis B"}}
    other = {"term": {"id": "", "label": "gastric cancer"}}
    sample = {"id": "tumour", "histologicalDiagnosis": {"id": "NCIT:C3099", "label": "HCC"}}
    profile = only(read(tmp_path, packet(diseases=[hepatitis, other], biosamples=[sample])))
    assert profile.disease == "NCIT:C3099"
    assert states(profile) == {"HBV": "positive"}
    assert only(read(tmp_path, packet(diseases=[hepatitis, other]))).disease == "gastric cancer"


@pytest.mark.parametrize(("excluded", "state"), [(False, "positive"), (True, "negative")])
def test_excluded_negates_a_feature(tmp_path: Path, excluded: bool, state: str) -> None:
    feature = {"type": {"id": "", "label": "Chronic hepatitis B infection"}, "excluded": excluded}
    assert states(only(read(tmp_path, packet(phenotypicFeatures=[feature])))) == {"HBV": state}


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("FASN", {"quantity": {"value": 5, "referenceRange": {"low": 1, "high": 4}}}, {"FASN": "high"}),
        (
            "FASN [Mass/volume] in Tissue",
            {"quantity": {"value": 0, "referenceRange": {"low": 1}}},
            {"FASN": "low"},
        ),
        ("FASN IHC", {"quantity": {"value": 2, "referenceRange": {"low": 1, "high": 4}}}, {"FASN": "normal"}),
        ("FASN", {"quantity": {"value": 5}}, {}),
        ("PD-L1 immunohistochemistry", {"ontologyClass": {"label": "Positive"}}, {"CD274": "positive"}),
        ("FASN mRNA expression", {"ontologyClass": {"label": "high"}}, {"FASN": "high"}),
        ("FASN", {"ontologyClass": {"label": "strange"}}, {}),
        ("HBsAg", {"ontologyClass": {"label": "Negative"}}, {"HBV": "negative"}),
        ("HBV DNA", {"ontologyClass": {"label": "Not detected"}}, {}),
        ("anti-HBs", {"ontologyClass": {"label": "Positive"}}, {}),
        ("HBsAg", {"ontologyClass": {"label": "strange"}}, {}),
        ("Cholesterol", {"quantity": {"value": 5}}, {}),
        ("IL6 in serum", {"quantity": {"value": 5, "referenceRange": {"high": 4}}}, {}),
        (
            "HBV DNA in Plasma by NAA",
            {"quantity": {"value": 5, "referenceRange": {"high": 1}}},
            {"HBV": "positive"},
        ),
    ],
)
def test_measurements(tmp_path: Path, label: str, value: dict[str, Any], expected: dict[str, str]) -> None:
    measurement = {"assay": {"id": "", "label": label}, "value": value}
    for parts in (
        {"measurements": [measurement]},
        {"biosamples": [{"id": "tumour", "measurements": [measurement]}]},
    ):
        found = read(tmp_path, packet(**parts))
        assert states(only(found)) == expected
        assert expected or found.notices


def test_diagnostic_markers(tmp_path: Path) -> None:
    terms = [{"label": "PD-L1 Negative"}, {"label": "HBsAg positive"}, {"label": "something else"}]
    found = read(tmp_path, packet(biosamples=[{"id": "tumour", "diagnosticMarkers": terms}]))
    assert states(only(found)) == {"CD274": "negative", "HBV": "positive"}
    assert codes(found) == {"UNKNOWN_ASSAY"}


def test_therapies_and_resistance(tmp_path: Path) -> None:
    actions = [
        {
            "treatment": {"agent": {"label": "Sorafenib"}},
            "responseToTreatment": {"label": "Progressive Disease"},
        },
        {
            "treatment": {"agent": {"label": "Lenvatinib"}},
            "responseToTreatment": {"label": "Partial Response"},
        },
        {"therapeuticRegimen": {"ontologyClass": {"label": "FOLFOX"}}},
        {"therapeuticRegimen": {"externalReference": {"description": "atezolizumab plus bevacizumab"}}},
        {"radiationTherapy": {"modality": {"label": "SBRT"}}},
        {"radiationTherapy": {"modality": {"label": "Beam of some kind"}}},
        {"procedure": {"code": {"label": "Transarterial chemoembolization"}}},
        {"treatmentIntent": {"label": "Palliative"}},
    ]
    entecavir = {"treatment": {"agent": {"label": "x"}}, "treatmentTarget": {"label": "gastric cancer"}}
    found = read(tmp_path, packet(medicalActions=[*actions, entecavir]))
    assert only(found).resistant_to == ("Sorafenib",)
    assert only(found).therapies == (
        "Sorafenib",
        "Lenvatinib",
        "FOLFOX",
        "atezolizumab plus bevacizumab",
        "SBRT",
        "radiotherapy",
        "Transarterial chemoembolization",
    )
    assert codes(found) == {"MALFORMED_ROW", "OTHER_TARGET"}


def test_cohorts_and_families(tmp_path: Path) -> None:
    second = copy.deepcopy(EXAMPLE)
    second["biosamples"][0]["id"] = "another"
    found = read(tmp_path, {"id": "cohort", "members": [EXAMPLE, second]})
    assert [one.id for one in found.profiles] == ["patient-1-tumour", "another"]
    found = read(tmp_path, {"id": "family", "proband": EXAMPLE, "relatives": [second]})
    assert [one.id for one in found.profiles] == ["patient-1-tumour"]
    found = read(tmp_path, {"members": [EXAMPLE, EXAMPLE]})
    assert len(found.profiles) == 1
    assert "DUPLICATE_ROW" in codes(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("[]", "one object"),
        ("{}", "none of the parts"),
        ('{"diseasess": []}', "Did you mean diseases?"),
        ('{"phenotypic_features": []}', "lowerCamelCase"),
        ('{"subject": {"id": "x"}, "diseases": {}}', "/diseases: a list is expected"),
        ('{"subject": {"id": "x"}, "diseases": [{"excluded": "maybe"}]}', "/diseases/0/excluded"),
        ('{"members": [5, {"subject": {"id": 5}}]}', "/members/1/subject/id"),
        ('{"subject": ', "it is not JSON"),
        ('{"therapies": [], "markers": {}}', "it is a profile already"),
        (
            '{"measurements": [{"value": {"quantity": {"value": 1e999}}}]}',
            "/measurements/0/value/quantity/value",
        ),
        (
            '{"measurements": [{"value": {"quantity": {"value": "NaN"}}}]}',
            "/measurements/0/value/quantity/value",
        ),
        ('{"measurements": [{"value": {"quantity": {"value": NaN}}}]}', "NaN"),
    ],
)
def test_what_is_no_phenopacket_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)


any_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=5,
)


@given(st.data())
def test_damage_anywhere_is_told_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    damaged = copy.deepcopy(EXAMPLE)
    node: Any = damaged
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            node[key] = data.draw(any_json)
            break
        node = node[key]
    with suppress(InputError):
        for profile in read(tmp_path_factory.mktemp("damaged"), damaged).profiles:
            read_facts(profile, BASE)


def test_long_labels_cost_no_time(tmp_path: Path) -> None:
    labels = ["[" * 100_000, "(" * 1_000_000, "c." * 100_000]
    measurements = [{"assay": {"label": one}} for one in labels]
    found = read(tmp_path, packet(measurements=measurements, **variant(descriptor={"label": labels[2]})))
    assert len(found.notices) >= 3
