"""PDFs as somebody reads them who holds them in the hand: a text extractor looks for what is torn apart."""

import json
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from support.html import Page
from support.places import ROOT

from recommender import LABEL, Profile, Recommender
from recommender.reports.case_report import Report, case_report
from recommender.views.pages import handout_page, pdf, report_page

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("weasyprint")
# In one worker, which makes each handout once.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("pdfs")]

RECOMMENDER = Recommender(engine="plain")
PAGES = {
    "nrf2-active-sorafenib": (9, 14),
    "resection": (3, 5),
    "tace-pd-l1-positive": (2, 3),
    "fibrolamellar-sorafenib": (4, 6),
}
"""A full case, a short one, one with nothing ranked and one out of scope, with the pages of their reports."""
BAND = f"{LABEL} · for research and teaching, not for treatment decisions"
LOWER_THIRD = 842 / 3 + 40


class Line(NamedTuple):
    """A line of text and its height above the lower edge of the page."""

    height: float
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The parts in one."""
        return " ".join(self.parts)


def made(name: str) -> Report:
    value = json.loads((ROOT / "profiles" / f"{name}.json").read_text())
    return case_report(RECOMMENDER, Profile.parse(value))


def pages_of(made: bytes) -> list[list[Line]]:
    """The lines of each page, from its top; those of drawings have heights of their own and are left out."""
    return [lines_of(one) for one in pypdf.PdfReader(BytesIO(made)).pages]


@cache
def handout(name: str) -> bytes:
    """The handout on a case as PDF."""
    return pdf(handout_page(made(name)))


def lines_of(page: Any) -> list[Line]:
    found: dict[int, list[str]] = {}

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], *_: object) -> None:
        if text.strip() and not any((cm[1], cm[2])):
            found.setdefault(round(cm[3] * tm[5] + cm[5]), []).append(text.strip())

    page.extract_text(visitor_text=visit)
    return [Line(height, tuple(texts)) for height, texts in sorted(found.items(), reverse=True)]


def body_of(lines: list[Line]) -> list[Line]:
    """The lines between the head and the number of the page."""
    return [one for one in lines if 36 < one.height < 800]


@pytest.mark.parametrize("name", PAGES)
def test_a_report_has_its_pages_full_and_no_heading_alone(name: str) -> None:
    page = report_page(made(name))
    pages = pages_of(pdf(page))
    fewest, most = PAGES[name]
    assert fewest <= len(pages) <= most
    for number, lines in enumerate(pages, 1):
        text = " ".join(one.text for one in lines)
        assert BAND in text, number
        assert f"{number} / {len(pages)}" in text
        body = body_of(lines)
        assert body, number
        assert not set(body[-1].parts) <= headings(page), (number, body[-1])
        if number < len(pages):
            assert body[-1].height < LOWER_THIRD, (number, body[-1])


def headings(page: str) -> set[str]:
    """What stands above or before something: headings, and the names in lists and tables."""
    shown = Page(page)
    return {" ".join(text.split()) for text in shown.of("h2", "h3", "h4", "dt", "summary")}


@pytest.mark.parametrize("name", PAGES)
def test_a_handout_is_one_or_two_pages_under_the_label(name: str) -> None:
    found = made(name)
    page = handout_page(found)
    pages = pages_of(handout(name))
    assert len(pages) <= 2
    text = " ".join(one.text for lines in pages for one in lines)
    assert text.count(BAND) == len(pages)
    for lines in pages:
        assert not set(body_of(lines)[-1].parts) <= headings(page)
    for group in found.groups:
        for card in group.cards:
            assert card.line.add_on in text


@pytest.mark.parametrize(
    ("name", "pages"),
    [("nrf2-active-sorafenib", 1), ("fibrolamellar-sorafenib", 1), ("gstz1-low-sorafenib", 2)],
)
def test_a_handout_leaves_no_few_references_for_a_page_of_their_own(name: str, pages: int) -> None:
    found = pages_of(handout(name))
    assert len(found) == pages
    assert len(body_of(found[-1])) > 20


def test_no_table_is_empty_where_nothing_is_ranked() -> None:
    for shown in (report_page(made("tace-pd-l1-positive")), handout_page(made("tace-pd-l1-positive"))):
        assert 'class="rank"' not in shown
    assert 'class="rank"' in report_page(made("resection"))


def test_the_same_pdf_each_time() -> None:
    name = "tace-pd-l1-positive"
    assert pdf(handout_page(made(name))) == handout(name)
