"""Answers as FHIR, read by a library that knows the fields of every resource."""

import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from support.answering import answer as answer_to
from support.commands import HOSTILE, STEERING, run
from support.places import EXAMPLE_PACK

from recommender import LABEL, Profile, Result
from recommender._data import shipped
from recommender.exporting.fhir import GUIDE, HELD_BACK, bundle, fhir

pytestmark = pytest.mark.once

CASE: dict[str, Any] = {
    "id": "case",
    "disease": "HCC",
    "therapies": ["sorafenib"],
    "markers": {"FASN": "high", "DUSP4": "normal", "FTH1": "high"},
    "mutations": [{"gene": "GSTZ1", "state": "deleted"}],
}
CASES = sorted(shipped("profiles").glob("*.json"))
Values = dict[str, Any]


def answer(value: Values) -> Result:
    return answer_to(Profile.parse(value))


def resources(value: Values, kind: str) -> list[Values]:
    return [one["resource"] for one in value["entry"] if one["resource"]["resourceType"] == kind]


def implications(value: Values) -> list[Values]:
    return [one for one in resources(value, "Observation") if code_of(one) == "therapeutic-implication"]


def code_of(resource: Values) -> str:
    return str(resource["code"].get("coding", [{}])[0].get("code", ""))


def component(resource: Values, code: str) -> Values:
    (found,) = [one for one in resource["component"] if code_of(one) == code]
    return dict(found)


@pytest.fixture(scope="module")
def result() -> Result:
    return answer(CASE)


@pytest.fixture(scope="module")
def made(result: Result) -> Values:
    return bundle(result)


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_every_answer_is_valid(case: Path) -> None:
    value = json.loads(fhir(answer(json.loads(case.read_text()))))
    read = Bundle.model_validate(value)
    assert json.loads(read.model_dump_json()) == value
    with pytest.raises(ValueError, match="unknown"):
        Bundle.model_validate({**value, "unknown": 1})


def test_every_resource_is_preliminary_and_carries_the_label(made: Values) -> None:
    assert made["type"] == "collection"
    for one in made["entry"]:
        resource = one["resource"]
        assert resource["status"] == "preliminary"
        assert LABEL in [tag["display"] for tag in resource["meta"]["tag"]]
        assert LABEL in resource["text"]["div"]


def test_each_add_on_that_is_not_held_back_is_an_implication(made: Values, result: Result) -> None:
    expected = [one for one in result.recommendations if one.group != HELD_BACK]
    held_back = [one for one in result.recommendations if one.group == HELD_BACK]
    assert expected
    assert held_back
    found = implications(made)
    assert [component(one, "51963-7")["valueCodeableConcept"]["text"] for one in found] == [
        one.add_on.name for one in expected
    ]
    (report,) = resources(made, "DiagnosticReport")
    assert all(
        f"Held back, and therefore not an implication: {one.add_on.name}" in report["conclusion"]
        for one in held_back
    )
    for one, known in zip(found, expected, strict=True):
        assert f"Rank {known.rank}, {known.group}." in component(one, "conclusion-string")["valueString"]
        assert component(one, "93044-6")["valueCodeableConcept"]["text"].startswith("preclinical: ")
        notes = " ".join(note["text"] for note in one["note"])
        assert known.limits in notes
        assert all(caution.text in notes for caution in known.cautions)
        assert all(rule.id in notes for rule in known.rules)
        cited = [value["valueRelatedArtifact"]["citation"] for value in one["extension"]]
        assert len(cited) == len(known.references) > 0


def test_no_disputed_claim_is_in_it(result: Result) -> None:
    assert result.disputed
    text = fhir(result)
    assert not [one.id for one in result.disputed if one.id in text or one.claim in text]


def test_an_implication_is_derived_from_the_findings_that_select_it(made: Values) -> None:
    (first, *others) = implications(made)
    findings = {one["id"]: one["code"].get("text") for one in resources(made, "Observation")}
    named = [findings[one["reference"].removeprefix("urn:uuid:")] for one in first["derivedFrom"]]
    assert named == ["GSTZ1"]
    assert first["meta"]["profile"] == [f"{GUIDE}/StructureDefinition/therapeutic-implication"]
    assert all(("profile" in one["meta"]) == ("derivedFrom" in one) for one in others)


def test_ids_are_the_same_for_the_same_answer_and_lead_to_each_other(made: Values, result: Result) -> None:
    assert fhir(answer(CASE)) == fhir(result)
    assert bundle(answer({**CASE, "id": "another"}))["id"] != made["id"]
    addresses = [one["fullUrl"] for one in made["entry"]]
    assert len(set(addresses)) == len(addresses)
    (report,) = resources(made, "DiagnosticReport")
    assert [one["reference"] for one in report["result"]] == addresses[1:]


def test_nothing_is_in_it_about_the_patient_but_the_profile(made: Values) -> None:
    assert {one["subject"]["identifier"]["value"] for one in resources(made, "Observation")} == {"case"}
    assert not {"effectiveDateTime", "issued", "performer"} & {
        name for one in made["entry"] for name in one["resource"]
    }
    unnamed = bundle(answer({name: value for name, value in CASE.items() if name != "id"}))
    assert not [one for one in resources(unnamed, "Observation") if "subject" in one]


def test_an_implication_in_full(made: Values) -> None:
    (orlistat,) = [one for one in implications(made) if "orlistat" in one["text"]["div"]]
    assert component(orlistat, "51963-7")["valueCodeableConcept"]["coding"][0] == {
        "system": "https://bioregistry.io/chebi",
        "code": "CHEBI:94686",
    }
    assert component(orlistat, "81259-4")["valueCodeableConcept"]["text"] == "hepatocellular carcinoma"
    effect = component(orlistat, "predicted-therapeutic-implication")
    assert effect["valueCodeableConcept"] == {"text": "sensitises, preclinical"}
    first = orlistat["extension"][0]["valueRelatedArtifact"]
    assert first["url"] == "https://doi.org/10.1186/s13046-022-02567-z"


def test_a_hostile_profile_steers_nothing_and_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    marker = {"state": "high", "assay": f"<script>{HOSTILE}"}
    file.write_text(json.dumps({**CASE, "id": f"</div><b>{HOSTILE}", "markers": {"FASN": marker}}))
    done = run("export", "fhir", file, "--rules", EXAMPLE_PACK)
    assert done.returncode == 0, done.stderr
    assert not STEERING.search(done.stdout.decode())
    value = json.loads(done.stdout)
    Bundle.model_validate(value)
    assert "<script>" not in "".join(one["resource"]["text"]["div"] for one in value["entry"])
    (report,) = resources(value, "DiagnosticReport")
    assert "With rules of the pack" in report["conclusion"]


def test_the_profile_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE))
    assert run("export", "fhir", file, "-o", file).returncode == 2
    assert json.loads(file.read_text()) == CASE
    assert run("export", "fhir", file, "-o", tmp_path / "out.json").returncode == 0
    assert (tmp_path / "out.json").read_text() == fhir(answer(CASE))
