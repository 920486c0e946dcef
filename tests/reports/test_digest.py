"""What a screen shows: each thing once, long lists cut, and nothing that the result does not hold."""

from recommender import Recommender
from recommender.intake.cases import cases
from recommender.reports.digest import MAX_TESTS, could_lead, digest

RECOMMENDER = Recommender(engine="plain")
RESULTS = [RECOMMENDER.recommend(case.profile) for case in cases()]


def test_every_derived_fact_is_shown_once_with_all_of_its_reasons() -> None:
    several = 0
    for result in RESULTS:
        shown = digest(result).implied
        assert [(one.fact, one.state) for one in shown] == list(
            dict.fromkeys((one.fact, one.state) for one in result.derived)
        )
        assert sum(len(one.reasons) for one in shown) == len(result.derived)
        several += any(len(one.reasons) > 1 for one in shown)
    assert several


def test_every_caution_is_shown_once() -> None:
    seen = 0
    for result in RESULTS:
        ids = [one.id for one in digest(result).cautions]
        assert ids == sorted({caution.id for one in result.recommendations for caution in one.cautions})
        seen += len(ids)
    assert seen


def test_the_first_tests_are_shown_and_all_are_counted() -> None:
    long = [result for result in RESULTS if len(result.next_tests) > MAX_TESTS]
    assert long
    for result in long:
        short = digest(result)
        assert short.next_tests == result.next_tests[:MAX_TESTS]
        assert short.tests == len(result.next_tests)


def test_what_could_lead_is_not_first_already() -> None:
    found = 0
    for result in RESULTS:
        first = {one.add_on.name for one in result.recommendations if one.rank == 1}
        assert not first & set(could_lead(result))
        found += len(could_lead(result))
    assert found
