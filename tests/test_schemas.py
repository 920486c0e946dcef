"""The schemas of the repository fit every example in it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.commands import run
from support.generators import BASE
from support.places import EXAMPLE_PACK, ROOT

from recommender import Profile, Recommender, _yaml
from recommender._data import shipped
from recommender.importing import import_profiles
from recommender.schemas import DIALECT, NAMES, file_name, schema

CASES = [*sorted(shipped("profiles").glob("*.json")), *sorted(shipped("profiles").glob("*.yaml"))]
RULE_FILES = [
    *sorted(shipped("rules").rglob("*.yaml")),
    *sorted(EXAMPLE_PACK.glob("*.yaml")),
]
IMPORTED = ["study", "tumours.maf", "tumours.csv", "phenopacket.json"]


@cache
def validator(which: str) -> jsonschema.Draft202012Validator:
    value = json.loads((ROOT / "docs" / "schemas" / file_name(which)).read_text())
    jsonschema.Draft202012Validator.check_schema(value)
    return jsonschema.Draft202012Validator(value)


def value_of(file: Path) -> Any:
    return _yaml.parse(file.read_text()).value


@pytest.mark.parametrize("which", NAMES)
def test_a_schema_names_its_dialect_version_and_label(which: str) -> None:
    value = schema(which)
    assert value["$schema"] == DIALECT
    version = "1.1" if which in ("profile", "result") else "1.0"
    assert value["$id"] == f"urn:ferroptosis-recommender:{which}:{version}"
    assert "PRECLINICAL EVIDENCE" in value["description"]
    assert json.loads(run("schema", which).stdout) == value


@pytest.mark.parametrize("which", ["profile", "result", "error"])
def test_every_field_says_what_it_means(which: str) -> None:
    whole = schema(which)
    fields = [
        (name, field, part["properties"][field])
        for name, part in [(which, whole), *whole.get("$defs", {}).items()]
        for field in part["properties"]
    ]
    assert len(fields) > 5
    silent = [f"{name}.{field}" for name, field, value in fields if len(value.get("description", "")) < 8]
    assert not silent


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_case_and_its_answers_follow_their_schemas(recommender: Recommender, case: Path) -> None:
    validator("profile").validate(value_of(case))
    profile, result = Profile.read(case.read_bytes()), validator("result")
    for brief in (False, True):
        result.validate(recommender.recommend(profile, brief=brief).to_dict())


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.name)
def test_every_rule_file_follows_its_schema(file: Path) -> None:
    validator("rule").validate(value_of(file))


@pytest.mark.parametrize("name", IMPORTED)
def test_every_imported_profile_follows_its_schema(name: str) -> None:
    for profile in import_profiles(ROOT / "docs" / "examples" / name, BASE).profiles:
        validator("profile").validate(profile.model_dump(mode="json", exclude_none=True))
    for line in run("profile", "import", ROOT / "docs" / "examples" / name).stdout.splitlines():
        validator("profile").validate(json.loads(line))


@pytest.mark.parametrize(
    ("which", "value"),
    [
        ("profile", {"disesae": "HCC"}),
        ("profile", {"markers": {"FASN": "hihg"}}),
        ("profile", {"mutations": [{"gene": "TP53", "state": "broken"}]}),
        ("result", {"label": "CLINICAL EVIDENCE"}),
        ("rule", {"rules": [{"id": "x"}]}),
        ("error", {"line": 1}),
    ],
)
def test_a_schema_refuses_what_does_not_follow_it(which: str, value: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(which).validate(value)
