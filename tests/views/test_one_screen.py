"""The first screen of an answer: short enough, no wider than asked, and nothing of the ranking unsaid."""

import re
from typing import Any

import pytest
from hypothesis import given
from support.commands import run
from support.generators import profiles

from recommender import LABEL, Profile, Recommender
from recommender.intake.cases import names
from recommender.options import Options
from recommender.reports.screenful import screenful
from recommender.views.one_screen import one_screen
from recommender.views.screen import Screen
from recommender.views.table import details

LINES = {80: 23, 100: 23, 120: 30, 160: 30}
CASES = names()


def first_screen(recommender: Recommender, profile: Profile, width: int, *, whole: bool = False) -> str:
    result = recommender.recommend(profile)
    return one_screen(screenful(result, recommender.base), Screen(width), "all of it: --full", whole=whole)


def profile_with(therapies: list[str], markers: dict[str, str]) -> Profile:
    return Profile.parse({"disease": "HCC", "therapies": therapies, "markers": markers})


@pytest.mark.parametrize("width", LINES)
@pytest.mark.parametrize("case", CASES)
def test_a_case_fits_on_a_screen(recommender: Recommender, case: str, width: int) -> None:
    text = first_screen(recommender, Profile.from_file(case), width)
    lines = text.splitlines()
    assert len(lines) <= LINES[width]
    assert max(map(len, lines)) <= width
    assert LABEL in lines[0]
    assert "not for treatment decisions" in lines[0]


def test_a_caution_that_a_finding_triggers_is_named_first(recommender: Recommender) -> None:
    text = first_screen(
        recommender, profile_with(["nivolumab"], {"MDSC": "high", "cirrhosis": "present"}), 120
    )
    assert "deaths from liver failure" in text
    assert "ashwagandha" not in text


def test_a_caution_on_the_therapy_is_stated_once_for_all_add_ons(recommender: Recommender) -> None:
    findings = {"liver transplant": "present", "pregnancy": "present"}
    for width in LINES:
        text = first_screen(recommender, profile_with(["nivolumab"], findings), width)
        assert text.count("! Nivolumab: contraindicated in pregnancy") == 1
        assert text.count("risk of graft loss") == 1


def test_two_findings_are_named_and_a_wild_type_last(recommender: Recommender) -> None:
    text = first_screen(recommender, profile_with(["donafenib"], {"TP53": "wild-type", "URI1": "high"}), 120)
    assert "URI1 high, TP53 …" in text
    assert "selects because URI1 is high and TP53 is wild-type" in text


@given(value=profiles())
def test_any_profile_fits_and_no_rank_is_left_unsaid(recommender: Recommender, value: dict[str, Any]) -> None:
    result = recommender.recommend(Profile.parse(value))
    found = screenful(result, recommender.base)
    for width, most in LINES.items():
        text = one_screen(found, Screen(width), "all of it: --full")
        lines = text.splitlines()
        assert len(lines) <= most
        assert max(map(len, lines)) <= width
        more = re.search(r"… and (\d+) more$", text, re.MULTILINE)
        shown = sum(bool(re.match(r" ?\d+  \S", line)) for line in lines)
        assert shown + int(more[1] if more else 0) == len(result.recommendations)


@pytest.mark.parametrize("case", CASES)
def test_the_full_answer_holds_every_text_of_the_json(recommender: Recommender, case: str) -> None:
    result = recommender.answer(Profile.from_file(case), Options())
    shown = one_screen(screenful(result, recommender.base), Screen(400), "", whole=True)
    shown += details(result, Screen(400))
    words = " ".join(shown.split())
    texts = list(_sentences(result.to_dict()))
    assert len(texts) > 1
    assert [text for text in texts if " ".join(text.split()) not in words] == []


def _sentences(value: Any, name: str = "") -> Any:
    """The sentences of a result that were written by people."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _sentences(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner, name)
    elif name in ("claim", "why", "text", "mechanism", "limits", "status_note", "message", "review_says"):
        yield value


def test_the_command_prints_it() -> None:
    short = run("recommend", CASES[0], "--width", "80").stdout.decode()
    full = run("recommend", CASES[0], "--width", "80", "--full").stdout.decode()
    assert len(short.splitlines()) <= LINES[80]
    assert len(full.splitlines()) > 2 * LINES[80]
    assert "--full" in short


def said_of(recommender: Recommender, value: dict[str, Any]) -> str:
    return " ".join(first_screen(recommender, Profile.parse(value), 80).split())


def test_what_was_not_read_is_named_with_its_nearest_name(recommender: Recommender) -> None:
    said = said_of(recommender, {"therapies": ["sorafinib"], "markers": {"FASN": "high"}})
    assert "Did you mean sorafenib?" in said
    assert "no known therapy" in said


def test_a_finding_that_selects_only_what_is_held_back_is_not_denied(recommender: Recommender) -> None:
    dhodh = {"therapies": ["FOLFOX"], "markers": {"DHODH": "high"}}
    assert "Every add-on that a finding selects is held back." in said_of(recommender, dhodh)
    both = {**dhodh, "markers": {"DHODH": "high", "LINC01134": "high"}}
    assert "what other findings select is held back" in said_of(recommender, both)


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_named_twice(recommender: Recommender, case: str) -> None:
    found = screenful(recommender.recommend(Profile.from_file(case)), recommender.base)
    lists = (found.could_change, found.context, found.findings, found.implied)
    assert [texts for texts in lists if len(set(texts)) < len(texts)] == []
