"""The query of a cohort is a text of DuckDB's SQL, the same for the same rules."""

import duckdb
from support.generators import BASE

from recommender.cohort.plan import Plan, all_of, any_of


def test_the_same_rules_give_the_same_queries() -> None:
    """Workers on Spark make the query each for themselves."""
    plan, again = Plan(BASE), Plan(BASE)
    assert plan.query == again.query
    assert plan.coverage_query() == again.coverage_query()
    assert plan.facts_query() == again.facts_query()


def test_a_condition_of_several_can_be_put_into_any_other() -> None:
    one, none = any_of(["1 = 2", "2 = 2"]), all_of(["1 = 1", "1 = 2"])
    query = f"SELECT NOT {one}, {all_of([one, 'false'])}, NOT {none}, {any_of([none, one])}"
    assert duckdb.execute(query).fetchall() == [(False, False, True, True)]


def test_nothing_asked_is_met_and_no_way_is_not() -> None:
    assert duckdb.execute(f"SELECT {all_of([])}, {any_of([])}").fetchall() == [(True, False)]
