"""Papers outside the review in every form: marked as such, and what contradicts a rule first."""

import json
import re
from typing import Any

import pytest
from support.answering import answer
from support.commands import run
from support.generators import BASE
from support.html import Page

from recommender import Profile, Result
from recommender.assistants.briefs import brief_answer
from recommender.knowledge.other_evidence_models import BEARINGS
from recommender.reports.other_evidence import (
    BEARING,
    NOT_RANKED,
    OUTSIDE_REVIEW,
    papers_of,
    papers_on,
    relations_of,
)

CASE = "nothing-measured-sorafenib"
GIVEN = {"disease": "HCC", "therapies": ["sorafenib"]}
DISPUTED = next(
    rule.id for rule in BASE.strategies if rule.id in BASE.other_evidence and "sorafenib" in rule.therapy
)


@pytest.mark.parametrize(
    "command",
    [
        ("recommend", CASE, "--full"),
        ("recommend", CASE, "--format", "markdown"),
        ("recommend", CASE, "--format", "html"),
        ("report", CASE),
        ("explain", CASE, DISPUTED),
        ("rules", "show", DISPUTED),
        ("rules", "show", DISPUTED, "--format", "markdown"),
    ],
    ids=" ".join,
)
def test_every_form_marks_them_as_outside_the_review(command: tuple[str, ...]) -> None:
    shown = run(*command).stdout.decode()
    assert OUTSIDE_REVIEW in re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize("form", ["--slides", "--handout"])
def test_slides_and_handout_count_them_for_each_add_on(form: str) -> None:
    page = Page(run("report", CASE, form).stdout.decode())
    rows = [re.sub(r"\s+", " ", row) for row in page.of("tr")]
    rows = [row for row in rows if row[0].isdigit()]
    ranked = answer(Profile.parse(GIVEN)).recommendations
    counted = [relations_of(one) for one in ranked]
    assert len(rows) == len(counted) > 2
    assert [said for said, row in zip(counted, rows, strict=True) if said not in row] == []
    assert f"other papers: {NOT_RANKED}" in re.sub(r"\s+", " ", page.text).casefold()


@pytest.mark.parametrize("width", ["40", "80", "120"])
def test_the_first_screen_counts_them_in_a_line(width: str) -> None:
    shown = run("recommend", CASE, "--width", width).stdout.decode()
    counted = relations_of(answer(Profile.parse(GIVEN)))
    assert counted
    assert f"Other evidence, not ranked: {counted}." in re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize("full", [False, True])
def test_an_assistant_is_told_that_they_are_outside_the_review(full: bool) -> None:
    result = answer(Profile.parse(GIVEN))
    told = {one["id"]: one.get("other_evidence", []) for one in _ranked(result, full)}
    assert any(told.values())
    assert {name for name, said in told.items() if said} == {
        one.id for one in result.recommendations if papers_on(one)
    }
    assert all(line.startswith(OUTSIDE_REVIEW) for said in told.values() for line in said)


def _ranked(result: Result, full: bool) -> list[dict[str, Any]]:
    ranked: list[dict[str, Any]] = brief_answer(result, 50, full=full)["recommendations"]
    return ranked


def test_a_brief_answer_has_none() -> None:
    shown = json.loads(run("recommend", CASE, "--brief", "--format", "json").stdout)
    assert all("other_evidence" not in rule for one in shown["recommendations"] for rule in one["rules"])


def test_what_contradicts_comes_first() -> None:
    ranked = answer(Profile.parse(GIVEN)).recommendations
    found = [[BEARINGS.index(paper.relation) for paper in papers_on(one)] for one in ranked]
    counted = [sum(map(int, re.findall(r"\d+", relations_of(one)))) for one in ranked]
    assert [len(one) for one in found] == counted
    assert found == [sorted(one) for one in found]
    assert any(BEARINGS.index("contradicts") in one for one in found)


def test_a_paper_is_cited_with_what_was_read() -> None:
    cited = [
        (said, paper, rule)
        for rule, papers in BASE.other_evidence.items()
        for said, paper in zip(papers_of(rule, BASE), papers, strict=True)
    ]
    assert len(cited) > len(BASE.content.other_evidence) > 20
    assert all(said.startswith(f"{one.bears_on[rule].capitalize()}: {one.text}") for said, one, rule in cited)
    assert all(said.endswith(one.id) and "; source read: " in said for said, one, _ in cited)


def test_each_relation_has_its_plural() -> None:
    assert tuple(BEARING) == BEARINGS
