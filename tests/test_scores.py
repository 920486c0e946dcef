"""z-scores as programs and people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.scores import level_of, score_in


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("2.5", 2.5),
        ("\u22122.5", -2.5),
        ("-2.41E+00", -2.41),
        ("1.2e-05", 1.2e-05),
        ("5.551115123125783e-17", 5.551115123125783e-17),
        (" +3 ", 3),
        (".5", 0.5),
        ("2.", 2),
        ("2,5", 2.5),
        ("-2,41E+00", -2.41),
        *(
            (text, None)
            for text in ("", "NA", "nan", "inf", "-Inf", "True", "false", "1e400", "9999999", "2_0")
        ),
        *((text, None) for text in ("1,234", "1.234,5", "1,2,3", "2.5 z", "--2", "0x10", "\u00b2", ">2")),
    ],
)
def test_the_number_in_a_text(text: str, score: float | None) -> None:
    assert score_in(text) == score


def test_a_comma_where_it_can_only_be_a_decimal_sign() -> None:
    assert score_in("1,234", comma_is_decimal=True) == 1.234
    assert score_in("0,123") == 0.123


@given(st.floats(-999_999, 999_999))
def test_what_python_writes_is_read_back(score: float) -> None:
    assert score_in(repr(score)) == score
    assert score_in(repr(score).replace(".", ","), comma_is_decimal=True) == score


@given(st.text(max_size=20))
def test_no_text_is_a_number_that_has_no_end(text: str) -> None:
    score = score_in(text)
    assert score is None or math.isfinite(score)


def test_the_cut_offs_belong_to_the_levels() -> None:
    assert [level_of(one, high=2, low=-2) for one in (2, 1.99, -1.99, -2)] == [
        "high",
        "normal",
        "normal",
        "low",
    ]
