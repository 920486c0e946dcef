"""The JSON API against its own description, by schemathesis, in this process."""

from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis")

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from recommender import LABEL, Recommender
from recommender.web.app import create_app

pytestmark = pytest.mark.once

APP = create_app(Recommender(engine="plain"), hosts=["testserver"])
# Its cases take seconds to make, which are spent when the test runs: each worker collects all tests.
SCHEMA = schemathesis.pytest.from_fixture("described")


@pytest.fixture(scope="module")
def described() -> Any:
    """The description of the API, as the server gives it."""
    return schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_is_described(case: schemathesis.Case[Any]) -> None:
    """What a schema cannot say, such as findings that contradict each other, may be refused.

    A blank may stand for a finding without a value, which the schema does not name among the states.
    """
    excluded: list[Any] = [
        positive_data_acceptance,
        *([negative_data_rejection] if _has_blank(case.body) else []),
    ]
    answer = case.call_and_validate(excluded_checks=excluded)
    assert answer.status_code < 500
    if not case.path.startswith("/api/schema") or answer.status_code != 200:
        assert answer.json()["label"] == LABEL


def _has_blank(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_blank, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and not value.strip()


def test_a_blank_is_a_finding_without_a_value() -> None:
    with TestClient(APP, base_url="http://testserver") as client:
        body = {"profile": {"markers": {"FASN": {"state": ""}}}, "top": 1}
        assert client.post("/api/next-tests", json=body).status_code == 200
        body["profile"] = {"markers": {"FASN": {"state": "sideways"}}}
        assert client.post("/api/next-tests", json=body).status_code == 422
