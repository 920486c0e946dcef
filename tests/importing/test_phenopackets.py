"""Phenopackets: which are read and which are refused, and what is measured and given in them."""

import copy
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.generators import BASE
from support.phenopackets import EXAMPLE, liver_packet, only, packet, read, variant
from support.studies import codes, measured

from recommender import InputError, Recommender
from recommender.evaluation.facts import read_facts


def test_the_example(tmp_path: Path, recommender: Recommender) -> None:
    found = read(tmp_path, EXAMPLE)
    profile = only(found)
    assert profile.id == "patient-1-tumour"
    assert profile.disease == "NCIT:C3099"
    assert (profile.therapies, profile.resistant_to) == (("sorafenib",), ("sorafenib",))
    assert measured(profile) == {"FASN": "high", "HBV": "positive", "HCV": "negative"}
    assert [(one.gene, one.change) for one in profile.mutations] == [("TP53", "p.Arg249Ser")]
    assert profile.mutations[0].source == (
        "packet.json#/interpretations/0/diagnosis/genomicInterpretations/0 NP_000537.3:p.Arg249Ser"
    )
    assert codes(found) == {"REFERENCE_SAMPLE", "REJECTED", "GERMLINE_VARIANT"}
    assert recommender.recommend(profile).recommendations


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
        assert measured(only(found)) == expected
        assert expected or found.notices


def test_diagnostic_markers(tmp_path: Path) -> None:
    terms = [{"label": "PD-L1 Negative"}, {"label": "HBsAg positive"}, {"label": "something else"}]
    found = read(tmp_path, packet(biosamples=[{"id": "tumour", "diagnosticMarkers": terms}]))
    assert measured(only(found)) == {"CD274": "negative", "HBV": "positive"}
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


@pytest.mark.parametrize(
    ("response", "failed"),
    [
        *(
            (text, True)
            for text in (
                "Progressive Disease",
                "Progressive Disease (RECIST 1.1)",
                "PD",
                "clinical progression",
            )
        ),
        *((text, True) for text in ("mRECIST Progressive Disease", "Confirmed Progressive Disease [RECIST]")),
        *(
            (text, False)
            for text in ("Stable Disease", "Partial Response (RECIST 1.1)", "CR", "No progression")
        ),
        *((text, None) for text in ("no evidence of progressive disease", "Progression?", "pending review")),
    ],
)
def test_responses(tmp_path: Path, response: str, failed: bool | None) -> None:
    action = {
        "treatment": {"agent": {"label": "sorafenib"}},
        "responseToTreatment": {"id": "", "label": response},
    }
    found = read(tmp_path, liver_packet(medicalActions=[action]))
    assert found.profiles[0].resistant_to == (("sorafenib",) if failed else ())
    assert ("UNKNOWN_RESPONSE" in codes(found)) == (failed is None)
    by_id = {**action, "responseToTreatment": {"id": "NCIT:C35571", "label": "x"}}
    assert read(tmp_path, liver_packet(medicalActions=[by_id])).profiles[0].resistant_to == ("sorafenib",)


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


def _in_snake_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {re.sub("([A-Z])", r"_\1", name).lower(): _in_snake_case(one) for name, one in value.items()}
    return [_in_snake_case(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("around", ["", "members", "proband"])
def test_names_in_snake_case_are_read_as_those_in_camel_case(tmp_path: Path, around: str) -> None:
    camel, snake = EXAMPLE, _in_snake_case(EXAMPLE)
    if around:
        camel, snake = ({around: [one] if around == "members" else one} for one in (camel, snake))
    first, other = read(tmp_path, camel), read(tmp_path, snake)
    assert first == other
    assert first.profiles[0].markers


def test_a_name_in_both_ways_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'medical_actions' is there in lowerCamelCase too"):
        read(tmp_path, {**packet(), "medical_actions": []})


def test_what_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(tmp_path, '{"id": ' + '{"subject": ' * 900 + "1" + "}" * 901)
