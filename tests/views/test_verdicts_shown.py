"""One line on drug screens wherever the evidence of a rule is shown, with what it does not show."""

from pathlib import Path
from typing import Any

import pytest
from support.commands import run
from support.html import Page

from recommender import Profile, Recommender, Result
from recommender.knowledge.phrasing import NOT_IN_PATIENTS
from recommender.reports.arguments import arguments
from recommender.reports.case_report import Report, case_report
from recommender.views.markdown import markdown
from recommender.views.pages import handout_page, report_page, slides_page
from recommender.views.screen import Screen
from recommender.views.table import table

PUMPS = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"ABCB1": "high", "MT1G": "high"}}
CONTRARY = "efflux-pumps-resist-sorafenib"


def verdict_on(rule: str, result: Result) -> Any:
    fired = {one.id: one.corroboration for found in result.recommendations for one in found.rules}
    view = (fired | {one.id: one.corroboration for one in result.context})[rule]
    assert view
    return view


@pytest.fixture(scope="module")
def report() -> Report:
    return case_report(Recommender(engine="plain"), Profile.parse(PUMPS))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_words_of_a_verdict(report: Report) -> None:
    contrary = verdict_on(CONTRARY, report.result)
    assert contrary.in_words == (
        "contrary: high ABCC2 correlates with sensitivity to Sorafenib in 552 carcinoma lines of GDSC2 "
        "(adjusted rho -0.15)"
    )
    assert verdict_on("mt1g-inhibition", report.result).said == (
        "no signal: no clear correlation of MT1G with the response to Sorafenib in 552 carcinoma lines of "
        f"GDSC2. {NOT_IN_PATIENTS}"
    )
    formulation = verdict_on("iron-loaded-sorafenib-nanovesicle", report.result)
    assert formulation.said == "not testable: the add-on is a formulation, which no screen holds."


def test_full_answers_explanations_and_markdown_show_it(report: Report, tmp_path: Path) -> None:
    contrary = verdict_on(CONTRARY, report.result)
    signal = verdict_on("mt1g-inhibition", report.result)
    full = plain(table(report.result, Screen(100)))
    assert f"Drug screens: {contrary.in_words}." in full
    assert f"Screens {signal.said} Rule: mt1g-inhibition" in full
    text = plain(markdown(report.result))
    assert f"Drug screens: {contrary.in_words}." in text
    assert f"- Drug screens: {signal.said}" in text
    case = tmp_path / "case.json"
    case.write_text(Profile.parse(PUMPS).canonical())
    explained = plain(run("explain", case, CONTRARY).stdout.decode())
    assert plain(f"Screens {contrary.said}") in explained
    assert f"recommender corroborate --show {CONTRARY}" in explained
    assert b"corroborate --show RULE" in run("recommend", case, "--full").stdout


def test_pages_show_it_on_cards_and_in_contexts(report: Report) -> None:
    page = Page(report_page(report))
    signal = verdict_on("mt1g-inhibition", report.result)
    cards, context = plain(page.sections["add-ons"]), plain(page.sections["context"])
    assert f"Compared with drug screens: {signal.said} Figures: recommender rules show" in cards
    assert f"Drug screens: {verdict_on(CONTRARY, report.result).said}" in context
    assert signal.figure
    slides = plain(Page(slides_page(report)).text)
    assert f"{signal.word} in {signal.figure.n} cell lines" in slides


def test_a_contrary_verdict_is_something_to_argue_about(report: Report) -> None:
    (found,) = [one for one in arguments(report) if "screen" in one.heading]
    assert verdict_on(CONTRARY, report.result).in_words in found.text
    assert plain(found.text) in plain(Page(handout_page(report)).text)


def test_without_a_contrary_verdict_there_is_nothing_to_argue() -> None:
    found = case_report(Recommender(engine="plain"), Profile.parse({**PUMPS, "markers": {"MT1G": "high"}}))
    assert all("screen" not in one.heading for one in arguments(found))


def test_tours_show_it() -> None:
    shown = plain(run("tour", "nrf2-switched-on", "--no-pause").stdout.decode())
    assert "Screens no signal" in shown
