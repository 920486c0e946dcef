"""A result and all of its parts are values: what one caller does with them is nothing to another."""

import copy
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from support.answering import answer
from support.copies import copies_of, pickled
from support.generators import profiles

from recommender import Profile, Recommender, Result
from recommender._data import shipped
from recommender._values import Value
from recommender.result.parts import TherapyGiven

CASES = [
    Profile.read(path.read_bytes())
    for path in sorted(shipped("profiles").iterdir())
    if path.suffix in (".json", ".yaml")
]


def parts_of(value: Any) -> Iterator[Value]:
    """Yield a value and all values in it."""
    if isinstance(value, Value):
        yield value
        for inner in vars(value).values():
            yield from parts_of(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from parts_of(inner)
    else:
        assert value is None or isinstance(value, str | int | float), value


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [answer(case) for case in CASES]


def test_the_cases_hold_every_part(results: list[Result]) -> None:
    found = {type(part) for result in results for part in parts_of(result)}
    names = ("parts", "recommendation", "outlook", "corroboration")
    modules = [sys.modules[f"recommender.result.{name}"] for name in names]
    defined = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Value) and one is not Value
    }
    assert len(defined) > 25
    assert {one.__name__ for one in defined - found} <= {"PackStamp", "WeightsStamp", "Alternatives"}


def test_results_of_different_tumours_differ(results: list[Result]) -> None:
    assert len(results) > 10
    assert len(set(results)) == len(results)
    for result in results:
        assert [result == other for other in results].count(True) == 1


def test_equal_answers_are_equal(results: list[Result]) -> None:
    again = Recommender(engine="plain")
    assert len(results) == len(CASES) > 10
    for case, result in zip(CASES, results, strict=True):
        same = again.recommend(case)
        assert same == result
        assert hash(same) == hash(result)
        assert same is not result


def test_a_result_differs_in_any_field(results: list[Result]) -> None:
    result = results[0]
    assert len(vars(result)) > 10
    for name in vars(result):
        different: dict[str, Any] = {name: "something else"}
        other = replace(result, **different)
        assert other != result
        assert hash(other) != hash(result)


def test_a_result_equals_nothing_of_another_kind(results: list[Result]) -> None:
    first = results[0].therapies[0]
    assert results[0] != results[0].to_dict()
    assert TherapyGiven(**vars(first)) == first

    class Other(Value):
        id: str
        name: str
        source: str

    assert Other(**vars(first)) != first


def test_nothing_of_a_result_can_be_changed(results: list[Result]) -> None:
    tried = set()
    for part in parts_of(results[0]):
        tried.add(type(part))
        for name in (*vars(part), "something"):
            with pytest.raises(AttributeError, match=f"{name} cannot be set"):
                setattr(part, name, "changed")
            with pytest.raises(AttributeError, match=f"{name} cannot be deleted"):
                delattr(part, name)
    assert len(tried) > 20


def test_an_answer_leaves_the_next_as_it_was() -> None:
    recommender = Recommender(engine="plain")
    before = [recommender.recommend(case).to_json() for case in CASES]
    plain = recommender.recommend(CASES[0]).to_dict()
    plain["recommendations"].clear()
    plain["rule_base"]["version"] = "changed"
    assert [recommender.recommend(case).to_json() for case in CASES] == before


def test_results_can_be_copied(results: list[Result]) -> None:
    assert results
    for result in results:
        for same in (replace(result), *copies_of(result)):
            assert same == result
            assert hash(same) == hash(result)
            assert same.to_json() == result.to_json()
            with pytest.raises(AttributeError):
                same.label = "CLINICAL EVIDENCE"


def test_a_part_says_what_it_holds() -> None:
    given = TherapyGiven(id="x", name="X", source="/therapies/0")
    assert repr(given) == "TherapyGiven(id='x', name='X', source='/therapies/0', ids=None)"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "x", "name": "X"},
        {"id": "x", "name": "X", "source": "", "more": 1},
        {"id": "x", "name": "X", "sorce": ""},
    ],
)
def test_a_part_needs_its_fields_and_no_others(fields: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="TherapyGiven lacks, or does not have"):
        TherapyGiven(**fields)


@given(profiles())
def test_any_answer_is_a_value(value: dict[str, Any]) -> None:
    result = answer(Profile.parse(value))
    assert hash(result) == hash(answer(Profile.parse(copy.deepcopy(value))))
    assert pickled(result) == result
    assert len(list(parts_of(result))) > 5


def test_threads_share_a_recommender(results: list[Result]) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, CASES * 4)) == results * 4


def test_processes_send_equal_results_back(results: list[Result]) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:  # which fails where a process ends
        assert list(pool.map(answer, CASES)) == results
