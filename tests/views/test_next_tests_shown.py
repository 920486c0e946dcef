"""`next-tests`: the order and the number of the answer, in names, without a broken word."""

import json
import re

import pytest
from support.commands import run

from recommender import Profile, Recommender
from recommender.intake.cases import names
from recommender.reports.measurements import measurements

pytestmark = pytest.mark.once


@pytest.mark.parametrize("case", names())
def test_the_order_is_that_of_the_answer(recommender: Recommender, case: str) -> None:
    profile = Profile.from_file(case)
    answer = [one.marker for one in recommender.recommend(profile).next_tests]
    assert [one.marker for one in recommender.next_tests(profile)] == answer
    rows = json.loads(run("next-tests", case, "--format", "json").stdout)["rows"]
    assert [row["marker"] for row in rows] == answer


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("case", names())
def test_the_table_has_whole_words_and_no_ids(recommender: Recommender, case: str, width: int) -> None:
    text = run("next-tests", case, "--width", str(width)).stdout.decode()
    assert max(map(len, text.splitlines())) <= width
    result = recommender.recommend(Profile.from_file(case))
    shown = set(text.split())
    for one in measurements(result.next_tests, result, recommender.base):
        assert one.effect
        for words in (one.marker, one.assay, one.effect, one.states.removeprefix("if ")):
            assert set(words.split()) <= shown
    assert not [rule for rule in recommender.base.rules if re.search(rf"(?<![\w-]){rule}(?![\w-])", text)]
