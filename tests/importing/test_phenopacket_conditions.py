"""Diseases and features of phenopackets: which one the tumour is, and what is excluded or over."""

from pathlib import Path
from typing import Any

import pytest
from support.phenopackets import liver_packet, only, packet, read
from support.studies import codes, measured

from recommender import Recommender

HCC = {"id": "NCIT:C3099", "label": "Hepatocellular carcinoma"}
HCC_FEATURE = {"id": "HP:0001402", "label": "Hepatocellular carcinoma"}
BILE_DUCT = {"id": "NCIT:C4436", "label": "cholangiocarcinoma"}


def test_excluded_negates_a_disease(tmp_path: Path, recommender: Recommender) -> None:
    hcc = {"id": "MONDO:0007256", "label": "hepatocellular carcinoma"}
    found = read(tmp_path, packet(diseases=[{"term": hcc, "excluded": True}]))
    assert "DISEASE_EXCLUDED" in codes(found)
    assert not recommender.base.vocabulary.disease(only(found).disease or "")
    profile = only(found).model_copy(update={"therapies": ("sorafenib",)})
    assert not recommender.recommend(profile).recommendations


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
    assert only(found).disease == "NCIT:C3099 or NCIT:C4436"
    assert {"DUPLICATE_ROW", "CONTRADICTION"} <= codes(found)


def test_an_infection_that_is_stated_and_excluded_or_over_is_unknown(tmp_path: Path) -> None:
    term = {"id": "NCIT:C3097", "label": ""}
    both = packet(
        diseases=[{"term": term}, {"term": HCC}], phenotypicFeatures=[{"type": term, "excluded": True}]
    )
    assert not measured(only(read(tmp_path, both)))
    found = read(tmp_path, packet(phenotypicFeatures=[{"type": term, "resolution": {}}]))
    assert not measured(only(found))


def test_features_without_a_readable_label_are_reported(tmp_path: Path) -> None:
    for term in ({"id": "UMLS:C0019163"}, {"id": "X:1", "label": "B型肝炎"}):
        assert codes(read(tmp_path, packet(phenotypicFeatures=[{"type": term}]))) == {"CONDITION_NOT_READ"}


def test_the_diagnosis_of_the_sample_comes_before_the_diseases(tmp_path: Path) -> None:
    hepatitis = {"term": {"id": "", "label": "Chronic hepatitis B"}}
    other = {"term": {"id": "", "label": "gastric cancer"}}
    sample = {"id": "tumour", "histologicalDiagnosis": {"id": "NCIT:C3099", "label": "HCC"}}
    profile = only(read(tmp_path, packet(diseases=[hepatitis, other], biosamples=[sample])))
    assert profile.disease == "NCIT:C3099"
    assert measured(profile) == {"HBV": "positive"}
    assert only(read(tmp_path, packet(diseases=[hepatitis, other]))).disease == "gastric cancer"


@pytest.mark.parametrize(("excluded", "state"), [(False, "positive"), (True, "negative")])
def test_excluded_negates_a_feature(tmp_path: Path, excluded: bool, state: str) -> None:
    feature = {"type": {"id": "", "label": "Chronic hepatitis B infection"}, "excluded": excluded}
    assert measured(only(read(tmp_path, packet(phenotypicFeatures=[feature])))) == {"HBV": state}


def test_a_tumour_that_a_feature_excludes_is_declined(tmp_path: Path, recommender: Recommender) -> None:
    found = read(tmp_path, liver_packet(phenotypicFeatures=[{"type": HCC_FEATURE, "excluded": True}]))
    assert "DISEASE_EXCLUDED" in codes(found)
    (profile,) = found.profiles
    assert not recommender.recommend(profile.model_copy(update={"therapies": ("sorafenib",)})).recommendations
    found = read(
        tmp_path,
        liver_packet(diseases=[{"term": HCC}], phenotypicFeatures=[{"type": HCC_FEATURE, "excluded": True}]),
    )
    assert "CONTRADICTION" in codes(found)
    assert found.profiles[0].disease == "NCIT:C3099, stated and excluded"


def test_a_tumour_among_the_features_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, liver_packet(phenotypicFeatures=[{"type": HCC_FEATURE}]))
    assert found.profiles[0].disease == "Hepatocellular carcinoma"
    found = read(
        tmp_path,
        liver_packet(phenotypicFeatures=[{"type": HCC_FEATURE}], diseases=[{"term": {"label": "MPV17"}}]),
    )
    assert found.profiles[0].disease == "Hepatocellular carcinoma"
    assert "CONDITION_NOT_READ" in codes(found)


@pytest.mark.parametrize(
    ("term", "marker"),
    [
        ({"id": "MONDO:0005344", "label": "hepatitis B virus infection"}, "HBV"),
        ({"id": "MONDO:0005344"}, "HBV"),
        ({"id": "http://purl.obolibrary.org/obo/MONDO_0005344", "label": "?"}, "HBV"),
        ({"id": "DOID:2043", "label": "hepatitis B (disorder)"}, "HBV"),
        ({"id": "ICD10CM:B18.1", "label": "Chronic viral hepatitis B without delta-agent"}, "HBV"),
        ({"id": "SNOMEDCT_US:61977001", "label": "CHB"}, "HBV"),
        ({"id": "SCT:66071002", "label": "x"}, "HBV"),
        ({"id": "NCIT:C3097", "label": "Hepatitis B Infection"}, "HBV"),
        ({"id": "MONDO:0005231", "label": "hepatitis C virus infection"}, "HCV"),
        ({"id": "DOID:1883", "label": "hepatitis C"}, "HCV"),
        ({"id": "ICD-10:B18.2", "label": "Chronic viral hepatitis C"}, "HCV"),
    ],
)
@pytest.mark.parametrize("where", ["diseases", "phenotypicFeatures"])
def test_infections_by_id_or_label(tmp_path: Path, term: dict[str, str], marker: str, where: str) -> None:
    name = "term" if where == "diseases" else "type"
    for more, state in (
        ({}, "positive"),
        ({"excluded": True}, "negative"),
        ({"resolution": {"age": {}}}, None),
    ):
        found = read(tmp_path, liver_packet(**{where: [{name: term, **more}]}))
        assert measured(found.profiles[0]).get(marker) == state
        assert ("CONDITION_NOT_READ" in codes(found)) == (state is None)


def test_a_condition_that_looks_like_an_infection_is_reported(tmp_path: Path) -> None:
    term = {"id": "X:1", "label": "occult hepatitis B virus carriage"}
    for parts in ({"diseases": [{"term": term}]}, {"phenotypicFeatures": [{"type": term}]}):
        assert "CONDITION_NOT_READ" in codes(read(tmp_path, liver_packet(**parts)))
