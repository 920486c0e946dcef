"""The JSON API is as its description says."""

import re
from typing import Any

import httpx
import jsonschema
import pytest
from hypothesis import given
from support.amounts import at_most
from support.generators import BASE, profiles
from support.requests import COMMANDS, POSTED, VALUES, call, post

from recommender import LABEL


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def described() -> Any:
    return call("GET", "/openapi.json").json()


def test_the_description_is_whole(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert LABEL in described["info"]["description"]
    components = described["components"]["schemas"]
    assert {one.rpartition("/")[2] for one in references(described)} <= components.keys()
    assert all(one.startswith("#/components/schemas/") for one in references(described))
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in components)
    for schema in components.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) == 10
    for one in operations:
        assert {"200", "400", "421", "500"} <= one["responses"].keys()


def follows(described: Any, answer: httpx.Response, method: str, path: str) -> None:
    """Fail where an answer is not what the description says of its status."""
    responses = described["paths"][path][method.lower()]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(whole).validate(answer.json())


@pytest.mark.parametrize(("path", "body"), [(path, body) for _, path, body in COMMANDS])
def test_answers_are_as_described(described: Any, path: str, body: Any) -> None:
    answer = call("GET", path) if body is None else post(path, body)
    template = re.sub(
        r"/(rules|schema)/.*", lambda m: f"/{m[1]}/{{{'rule' if m[1] == 'rules' else 'which'}}}", path
    )
    follows(described, answer, "GET" if body is None else "POST", template.partition("?")[0])


@at_most(30)
@given(profile=profiles())
def test_results_are_as_described(described: Any, profile: dict[str, Any]) -> None:
    follows(described, post("/api/recommend", profile), "POST", "/api/recommend")


@pytest.mark.parametrize("path", POSTED)
@at_most(30)
@given(value=VALUES)
def test_refusals_are_as_described(described: Any, path: str, value: Any) -> None:
    follows(described, post(path, value), "POST", path)


def test_every_rule_is_as_described(described: Any) -> None:
    for kind in ("strategy", "mechanism", "context", "caution", "disputed"):
        rule = next(rule for rule in BASE.content.rules if rule.kind == kind)
        follows(described, call("GET", f"/api/rules/{rule.id}"), "GET", "/api/rules/{rule}")
    follows(described, call("GET", "/api/version"), "GET", "/api/version")


def test_short_forms_are_described(described: Any) -> None:
    whole = {"$ref": "#/components/schemas/Profile", "components": described["components"]}
    validator = jsonschema.Draft202012Validator(whole)
    validator.validate({"markers": {"FASN": "high"}, "mutations": ["TP53 p.R249S"]})
    assert not validator.is_valid({"markers": {"FASN": "hihg"}})
