"""The JSON API against its own description, by schemathesis, in this process."""

from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis")

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from recommender import LABEL, Recommender
from recommender.web.app import create_app

pytestmark = pytest.mark.once

APP = create_app(Recommender(engine="plain"), hosts=["testserver"])
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_is_described(case: schemathesis.Case[Any]) -> None:
    """What a schema cannot say, such as findings that contradict each other, may be refused."""
    answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
    assert answer.status_code < 500
    if not case.path.startswith("/api/schema") or answer.status_code != 200:
        assert answer.json()["label"] == LABEL
