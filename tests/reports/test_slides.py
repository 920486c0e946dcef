"""Slides: one idea each, none empty, all under the label, and nothing that leaves its page."""

import json
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from support.commands import run
from support.generators import profiles
from support.html import Page
from support.places import ROOT

from recommender import LABEL, Profile, Recommender
from recommender.reports.case_report import Report, case_report
from recommender.reports.slides import MAX_ADD_ONS, Deck, deck
from recommender.views.pages import pdf, slides_page

RECOMMENDER = Recommender(engine="plain")
CASES = {
    "nrf2-active-sorafenib": ["case", "map", "ranking", "add-on", "misreport", "what-if"],
    "gstz1-low-sorafenib": ["case", "map", "ranking", "add-on", "misreport", "what-if"],
    "tace-pd-l1-positive": ["case", "misreport"],
    "fibrolamellar-sorafenib": ["case", "map", "misreport"],
}
"""A short case, a full one, one with nothing ranked, and one out of scope, with their slides."""
BAND = f"{LABEL} · for research and teaching, not for treatment decisions"


def made(value: dict[str, Any]) -> Report:
    return case_report(RECOMMENDER, Profile.parse(value))


def case(name: str) -> Report:
    return made(json.loads((ROOT / "profiles" / f"{name}.json").read_text()))


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_the_slides_for_which_it_has_something_to_show(name: str) -> None:
    assert [one.kind for one in deck(case(name)).slides] == CASES[name]


@given(profiles())
def test_no_slide_is_empty_and_each_carries_the_label(value: dict[str, Any]) -> None:
    found = deck(made(value))
    shown = Page(slides_page(found.report))
    assert list(shown.sections) == [f"slide-{number}" for number in range(1, len(found.slides) + 1)]
    assert all(BAND in text for text in shown.sections.values())
    assert len({one.kind for one in found.slides}) == len(found.slides)
    for one in found.slides:
        assert one.title
        assert has_something(found, one.kind), one
        assert all(text.count("{") == 0 for text in one)
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    assert all(target.removeprefix("#") in ids for target in shown.values("href"))
    assert {tag for tag, _ in shown.elements}.isdisjoint({"link", "img", "form", "iframe"})


def has_something(found: Deck, kind: str) -> bool:
    report = found.report
    return {
        "case": bool(report.title),
        "map": any(box.states or box.add_ons for box in report.map.boxes),
        "ranking": bool(found.groups)
        and len(found.more) == max(len(report.result.recommendations) - MAX_ADD_ONS, 0),
        "add-on": found.first is not None,
        "misreport": found.misreport is not None and bool(found.misreport.papers),
        "what-if": bool(found.changes),
    }[kind]


def test_the_case_shows_what_implies_what() -> None:
    found = case("nrf2-active-sorafenib")
    steps = {one.implies.text: [chip.text for chip in one.because] for one in found.steps}
    assert steps["NRF2 axis active"] == ["KEAP1 mutated", "SQSTM1 (p62) high"]
    assert steps["GPX4 defence active"] == ["NRF2 axis active"]
    assert [one.text for one in deck(found).idle] == ["CD274 (PD-L1) high", "HBV positive", "TP53 wild type"]


def test_findings_that_change_the_first_place_are_named_once() -> None:
    changes = deck(case("gstz1-low-sorafenib")).changes
    assert len({one.finding for one in changes}) == len(changes)
    assert any(" or " in one.effect for one in changes)


def test_only_the_script_of_the_page_may_run() -> None:
    text = slides_page(case("tace-pd-l1-positive"))
    assert len(re.findall(r"<script>", text)) == 1
    assert re.search(r"default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-", unescape(text))


def test_markup_in_a_profile_is_text() -> None:
    hostile = "<script>alert(1)</script>"
    text = slides_page(made({"id": hostile, "disease": "HCC", "markers": {hostile: "high"}}))
    assert hostile not in text
    assert hostile in Page(text).text


@pytest.mark.once
@pytest.mark.parametrize("name", CASES)
def test_a_pdf_has_a_page_for_each_slide_and_nothing_leaves_it(name: str) -> None:
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    found = case(name)
    pages = pypdf.PdfReader(BytesIO(pdf(slides_page(found)))).pages
    slides = deck(found).slides
    assert len(pages) == len(slides)
    for number, (page, slide) in enumerate(zip(pages, slides, strict=True), 1):
        assert (page.mediabox.width, page.mediabox.height) == (960, 540)
        words = [(y, text) for y, text in placed(page) if text.strip()]
        text = " ".join(" ".join(text for _, text in words).split())
        assert BAND in text
        assert f"{number} / {len(slides)}" in text
        assert " ".join(slide.title.split()[:3]) in text
        if slide.kind != "map":  # the places of letters in a drawing are given in another way
            assert all(0 < y < 540 for y, _ in words)


def placed(page: Any) -> list[tuple[float, str]]:
    """The texts of a page with their heights on it, from its lower edge."""
    found: list[tuple[float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        found.append((cm[3] * tm[5] + cm[5], text))

    page.extract_text(visitor_text=visit)
    return found


class TestCommand:
    CASE = "profiles/tace-pd-l1-positive.json"

    def test_slides_are_a_page(self) -> None:
        done = run("report", self.CASE, "--slides")
        assert done.returncode == 0
        assert len(Page(done.stdout.decode()).sections) == 2

    def test_slides_are_neither_markdown_nor_a_handout(self) -> None:
        assert b"*.html or *.pdf" in run("report", self.CASE, "--slides", "--format", "markdown").stderr
        done = run("report", self.CASE, "--slides", "--handout")
        assert done.returncode == 2
        assert b"not both" in done.stderr
