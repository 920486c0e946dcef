"""Quizzes: the right option is right by an independent look at the answer, and no other one is."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import HOSTILE, STEERING, run
from support.generators import BASE, profiles
from support.html import Page

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender.intake.cases import cases
from recommender.reports.quiz import LETTERS, Quiz, QuizQuestion, audit_quiz, case_quiz, graded
from recommender.reports.quiz_makers import MAKERS, NO_FINDING

RECOMMENDER = Recommender(engine="plain")
CARDS = {one.card.review: one for one in BASE.content.audit if one.card}
UNTRUE = {
    *CARDS,
    *(one.review_says for one in BASE.content.audit),
    *(rule.claim for rule in BASE.content.rules if rule.kind == "disputed"),
}
"""What an audit finding disputes."""
FULL, SHORT, OUTSIDE = "nrf2-active-sorafenib", "nothing-measured-sorafenib", "fibrolamellar-sorafenib"

Answer = dict[str, Any]


def names_of(answer: Answer) -> dict[str, Answer]:
    """The ranked add-ons by what a question calls them."""
    return {
        f"{BASE.add_ons[one['add_on']['id']].short or one['add_on']['name']} "
        + (f"(replaces plain {one['partner']})" if one["replaces_partner"] else f"+ {one['partner']}"): one
        for one in answer["recommendations"]
    }


def selects(answer: Answer, question: QuizQuestion, text: str) -> bool:
    (name,) = re.findall(r"select(?:s|ing) (.*)\?$", question.text)
    by = {
        f"failure of {BASE.vocabulary.therapies[met['state']].name}"
        if met["marker"] == "resistant_to"
        else f"{met['marker']} {met['state'].replace('-', ' ')}"
        for met in names_of(answer)[name]["selection"]["by"]
    }
    return not by if text == NO_FINDING else re.sub(r" \(.*?\)", "", text) in by


def ranks_first(answer: Answer, _: QuizQuestion, text: str) -> bool:
    assert sum(one["rank"] == 1 for one in answer["recommendations"]) == 1
    return text in names_of(answer) and names_of(answer)[text]["rank"] == 1


def describes(answer: Answer, _: QuizQuestion, text: str) -> bool:
    chosen = [one for one in answer["recommendations"] if one["group"] == "selected"]
    assert answer["recommendations"]
    assert not any(one["selection"]["by"] for one in answer["recommendations"])
    return not chosen and text == answer["groups"][0]["note"]


def is_why(answer: Answer, _: QuizQuestion, text: str) -> bool:
    assert answer["recommendations"] == []
    codes = {one["code"] for one in answer["notices"]}
    outside, nothing_given = "OUTSIDE_SCOPE" in codes, not answer["therapies"]
    if text.startswith("The tumour is not"):
        return outside
    if text.startswith("No known therapy"):
        return nothing_given
    if text.startswith("No strategy"):
        return not (outside or nothing_given)
    assert text.startswith("A measured finding blocks")
    return bool(answer["blocked"])


def is_blocked(answer: Answer, _: QuizQuestion, text: str) -> bool:
    ranked = {one["add_on"]["name"] for one in answer["recommendations"]}
    return text in {
        f"{one['add_on']}, because "
        + " and ".join(f"{found['marker']} is {found['measured']}" for found in one["blocked_by"])
        for one in answer["blocked"]
        if one["add_on"] not in ranked
    }


def is_level(answer: Answer, question: QuizQuestion, text: str) -> bool:
    (name,) = re.findall(r"evidence for (.*)\?$", question.text)
    return bool(names_of(answer)[name]["evidence"]["level_meaning"] == text)


def was_shown(answer: Answer, question: QuizQuestion, text: str) -> bool:
    """By the figures of the rule base, which a draft does not read."""
    titles = {
        BASE.rules[rule["id"]].title: rule for one in answer["recommendations"] for rule in one["rules"]
    }
    titles |= {one["title"]: one for one in answer["context"]}
    (rule,) = [rule for title, rule in titles.items() if f"Rule {rule['id']}: {title}" in question.proof]
    figure, verdict = rule["corroboration"]["figure"], rule["corroboration"]["verdict"]
    assert f"{figure['n']} carcinoma lines" in question.text
    assert f"of {figure['screen']}" in question.text
    assert len(question.options) == 4
    if text.startswith("No clear correlation"):
        return bool(verdict == "no-signal")
    if text.startswith("Too few"):
        return bool(verdict == "too-few")
    resists = (figure["expected"] == "resists") == (verdict == "in-line")
    return verdict in ("in-line", "contrary") and ("resistance" in text) is resists


def decides_most(answer: Answer, _: QuizQuestion, text: str) -> bool:
    gains = {one["marker"]: one["gain"] for one in answer["next_tests"]}
    return all(gains[text] > gain for marker, gain in gains.items() if marker != text)


def misreports(_: Answer, question: QuizQuestion, text: str) -> bool:
    finding = CARDS[question.right]
    assert finding.card
    assert [one.number for one in question.references] == list(finding.references)
    assert {one.text for one in question.options} == {finding.card.review, finding.card.paper}
    return text == finding.card.review


CHECKS: dict[str, Callable[[Answer, QuizQuestion, str], bool]] = {
    "selects": selects,
    "first-rank": ranks_first,
    "nothing-selected": describes,
    "nothing-ranked": is_why,
    "blocked": is_blocked,
    "evidence": is_level,
    "screens": was_shown,
    "measure": decides_most,
    "misreport": misreports,
}


def check(quiz: Quiz, answer: Answer) -> None:
    assert [one.number for one in quiz.questions] == list(range(1, len(quiz.questions) + 1))
    for question in quiz.questions:
        texts = [option.text for option in question.options]
        assert 2 <= len(texts) == len({text.casefold() for text in texts})
        assert "".join(option.letter for option in question.options) == LETTERS[: len(texts)]
        true = [text for text in texts if CHECKS[question.kind](answer, question, text)]
        assert true == [question.right], (question, true)
        assert question.explanation
        shown_as_true = texts if question.kind != "misreport" else set(texts) - {question.right}
        assert not UNTRUE.intersection(shown_as_true)
        assert question.kind == "misreport" or not any(text in question.explanation for text in CARDS)


@given(
    profiles(),
    st.sampled_from(["HCC", "HCC", "HCC", "fibrolamellar carcinoma"]),
    st.integers(0, 3),
)
def test_exactly_one_option_is_right_by_the_answer(value: dict[str, Any], disease: str, seed: int) -> None:
    profile = Profile.parse({**value, "disease": disease})
    quiz = case_quiz(RECOMMENDER, profile, seed)
    check(quiz, json.loads(RECOMMENDER.recommend(profile).to_json()))
    assert quiz == case_quiz(RECOMMENDER, profile, seed)
    assert len(quiz.questions) >= 4


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_teaching_case_has_a_sound_quiz(case: Any) -> None:
    quiz = case_quiz(RECOMMENDER, case.profile)
    check(quiz, json.loads(RECOMMENDER.recommend(case.profile).to_json()))
    assert 4 <= len(quiz.questions) <= sum(maker.most for maker in MAKERS)


def kinds(value: dict[str, Any] | str) -> list[str]:
    profile = (
        {one.name: one.profile for one in cases()}[value] if isinstance(value, str) else Profile.parse(value)
    )
    return [one.kind for one in case_quiz(RECOMMENDER, profile).questions]


def test_the_kinds_of_case_have_their_kinds_of_question() -> None:
    assert kinds(FULL)[:4] == ["selects", "selects", "selects", "first-rank"]
    assert kinds(SHORT)[0] == "nothing-selected"
    assert "measure" in kinds(SHORT)
    assert kinds(OUTSIDE)[0] == "nothing-ranked"
    assert kinds({"disease": "HCC"})[0] == "nothing-ranked"
    assert "blocked" in kinds("uri-high-p53-mutated-sorafenib")
    asked = {kind for case in cases() for kind in kinds(case.name)}
    assert asked == set(CHECKS)


def test_a_contrary_verdict_is_asked_about_first() -> None:
    found = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"ABCB1": "high", "MT1G": "high"}}
    for seed in range(4):
        quiz = case_quiz(RECOMMENDER, Profile.parse(found), seed)
        (asked,) = [one for one in quiz.questions if one.kind == "screens"]
        assert "High P-gp or MRP2" in asked.text
        assert "rests on one paper" in asked.text
        assert "sensitivity" in asked.right
        assert "contrary" in asked.explanation


def test_equal_ranks_and_equal_gains_are_not_asked_about() -> None:
    equal = 0
    for case in cases():
        answer = json.loads(RECOMMENDER.recommend(case.profile).to_json())
        first = [one for one in answer["recommendations"] if one["rank"] == 1]
        gains = [one["gain"] for one in answer["next_tests"]]
        if len(first) != 1:
            equal += 1
            assert "first-rank" not in kinds(case.name)
        if gains.count(max(gains, default=0)) != 1:
            equal += 1
            assert "measure" not in kinds(case.name)
    assert equal


def test_a_seed_gives_other_questions_in_another_order() -> None:
    profile = {one.name: one.profile for one in cases()}[FULL]
    assert len({case_quiz(RECOMMENDER, profile, seed).questions for seed in range(5)}) == 5


def test_the_right_option_is_at_no_favourite_place() -> None:
    letters = [one.answer for seed in range(20) for one in audit_quiz(RECOMMENDER, seed).questions]
    assert 0.35 < letters.count("a") / len(letters) < 0.65


def test_the_audit_has_a_quiz_of_its_own_with_every_card() -> None:
    asked = {one.right for seed in range(60) for one in audit_quiz(RECOMMENDER, seed).questions}
    assert asked == set(CARDS)
    check(audit_quiz(RECOMMENDER), {})


def test_what_is_no_option_is_no_answer() -> None:
    quiz = audit_quiz(RECOMMENDER)
    right = {one.number: one.answer for one in quiz.questions}
    assert graded(quiz, right).in_words() == "8 of 8 right."
    assert graded(quiz, {1: right[1], 2: "z", 99: "a"}).in_words() == "1 of 8 right; 7 not answered."


class TestCommand:
    def test_a_pipe_without_answers_gets_the_sheet_with_the_key_at_the_end(self) -> None:
        done = run("tour", "--quiz", FULL)
        assert (done.returncode, done.stderr) == (0, b"")
        asked, key = done.stdout.decode().split("Key\n")
        assert LABEL in asked
        assert LABEL in asked.splitlines()[-2]
        assert "It is " not in asked
        assert len(re.findall(r"(?m)^\d+\. It is [a-d]: ", key)) == len(kinds(FULL))
        assert done.stdout == run("tour", "--quiz", FULL, "--no-pause").stdout

    def test_answers_are_read_from_a_pipe(self) -> None:
        profile = {one.name: one.profile for one in cases()}[FULL]
        letters = [one.answer for one in case_quiz(RECOMMENDER, profile).questions]
        text = run("tour", "--quiz", FULL, stdin="\n".join(letters)).stdout.decode()
        assert f"{len(letters)} of {len(letters)} right." in text
        assert "Not right" not in text
        wrong = "b" if letters[0] == "a" else "a"
        text = run("tour", "--quiz", FULL, stdin=f"{wrong} -").stdout.decode()
        assert f"Not right. It is {letters[0]}: " in text
        assert "No answer." in text
        assert f"0 of {len(letters)} right; {len(letters) - 1} not answered." in text

    def test_a_pipe_that_brings_nothing_is_said_to_be_waited_for(self) -> None:
        command = [sys.executable, "-m", "recommender", "tour", "--quiz", SHORT]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
            assert process.stderr.readline().startswith(b"Waiting for answers on stdin")
            out, _ = process.communicate(b"")
        assert process.returncode == 0
        assert b"Key" in out

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ("a x", "question 2: 'x' is not an option"),
            (b"\xff\x00", "question 1: "),
            ("a" * 30, "there are 30 answers"),
        ],
    )
    def test_answers_that_cannot_be_are_told(self, answers: str | bytes, said: str) -> None:
        done = run("tour", "--quiz", FULL, stdin=answers)
        assert (done.returncode, done.stdout) == (2, b"")
        assert said in done.stderr.decode()

    def test_json_has_the_key_apart(self) -> None:
        value = json.loads(run("tour", "--quiz", SHORT, "--format", "json").stdout)
        assert (value["label"], value["disclaimer"], value["seed"]) == (LABEL, DISCLAIMER, 1)
        assert [one["number"] for one in value["questions"]] == [one["number"] for one in value["key"]]
        assert not any("answer" in one for one in value["questions"])
        assert all(one["answer"] in "abcd" and one["explanation"] for one in value["key"])

    def test_the_page_has_the_key_behind_the_questions_and_needs_nothing(self) -> None:
        text = run("tour", "--quiz", FULL, "--format", "html").stdout.decode()
        page = Page(text)
        assert LABEL in page.text
        assert page.sections["key"].count("Rule ") >= 4
        assert "<script" not in text
        assert not [one for one in page.values("src") if not one.startswith("data:")]
        assert [name for name, _ in page.elements if name in ("form", "input", "link")] == []

    def test_markdown_has_the_key_on_a_page_of_its_own(self) -> None:
        asked, key = run("tour", "--quiz", FULL, "--format", "markdown").stdout.decode().split("break-before")
        assert f"**{LABEL}.**" in asked
        assert f"**{LABEL}.**" in key
        assert asked.count("- [ ] ") >= 16

    def test_a_tour_a_tour_file_a_profile_and_no_case_can_be_asked_about(self, tmp_path: Path) -> None:
        own = tmp_path / "own.json"
        own.write_text(json.dumps({"disease": "HCC", "therapies": ["lenvatinib"], "id": "mine"}))
        for words in (["nrf2-switched-on"], ["docs/examples/tour.yaml"], [own], []):
            assert b"1. Wh" in run("tour", "--quiz", *words).stdout
        assert run("tour", "--quiz", "nrf2-switched-of").returncode == 2

    def test_what_only_a_quiz_has_is_refused_for_a_tour(self) -> None:
        for words in (["--format", "html"], ["--format", "markdown"], ["--seed", "3"]):
            done = run("tour", "silence-on-tace", *words)
            assert done.returncode == 2
            assert b"--quiz" in done.stderr

    @pytest.mark.parametrize("form", ["table", "markdown", "html", "json"])
    def test_texts_of_a_profile_never_steer_a_terminal(self, tmp_path: Path, form: str) -> None:
        own = tmp_path / "own.json"
        hostile = f"{HOSTILE}<script>"
        own.write_text(
            json.dumps({"disease": "HCC", "therapies": ["sorafenib"], "id": hostile, "note": hostile})
        )
        text = run("tour", "--quiz", own, "--format", form).stdout.decode()
        assert not STEERING.search(text)
        assert form == "json" or "<script" not in text
