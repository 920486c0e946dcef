"""The query of a cohort consists of expressions that are not copied."""

from typing import Any

import pytest
from sqlglot import exp
from support.generators import BASE

from recommender.cohort.plan import Plan


def test_no_expression_is_in_two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done to one place would be done to the other as well."""
    made: list[exp.Expression] = []
    sql = exp.Select.sql

    def kept(self: exp.Select, dialect: str) -> str:
        made.append(self)
        return sql(self, dialect)

    monkeypatch.setattr(exp.Select, "sql", kept)
    plan: Any = Plan(BASE)
    assert plan.query == Plan(BASE).query
    assert plan.coverage_query() == plan.coverage_query()
    assert plan.facts_query() == plan.facts_query()
    assert len(made) == 6
    for query in made:
        places = [id(one) for one in query.walk()]
        assert len(places) == len({*places}) > 50
