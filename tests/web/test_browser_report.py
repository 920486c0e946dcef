"""The report and the slides in a real browser, as files."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from support.browsers import Watched, faults_of, report_of, wait_until
from support.commands import run
from support.places import ROOT

from recommender import LABEL, Profile, Recommender
from recommender.reports.case_report import case_report
from recommender.views.pages import slides_page

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("browser")]

RECOMMENDER = Recommender(engine="plain")
CASE_VALUE = json.loads((ROOT / "profiles" / "nrf2-active-sorafenib.json").read_text())


@pytest.mark.parametrize("watched", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_no_serious_fault_of_accessibility_in_the_report(watched: Watched, tmp_path: Path) -> None:
    file = report_of(RECOMMENDER, CASE_VALUE, tmp_path)
    watched.page.goto(file.as_uri())
    assert faults_of(watched.page) == []


def test_the_report_opens_from_disk_and_asks_for_nothing(watched: Watched, tmp_path: Path) -> None:
    file = report_of(RECOMMENDER, CASE_VALUE, tmp_path)
    watched.page.goto(file.as_uri())
    assert watched.asked == [file.as_uri()]
    page = watched.page
    assert "IBM Plex Serif" in str(page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily"))
    assert page.evaluate("document.fonts.check('16px \"IBM Plex Sans\"')")
    card = page.locator("#orlistat")
    card.wait_for(state="hidden")
    page.click("svg a[href='#orlistat'] >> nth=0")
    assert page.url.endswith("#orlistat")
    card.wait_for()
    heading = page.locator("#orlistat-with-sorafenib h3").first.bounding_box()
    assert heading
    assert heading["y"] >= 32, "below the label"
    card.get_by_text("Proof", exact=True).click()
    card.locator(".proof").first.wait_for()


def test_the_first_screen_of_the_report_has_the_answer(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(report_of(RECOMMENDER, CASE_VALUE, tmp_path).as_uri())
    for part in ("h1", ".verdict", ".rank", ".path", "#next"):
        box = page.locator(part).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 720, part
    assert page.evaluate("document.scrollingElement.scrollHeight") <= 8 * 720


def test_every_printed_page_carries_the_label(watched: Watched, tmp_path: Path) -> None:
    from pypdf import PdfReader

    file = report_of(RECOMMENDER, CASE_VALUE, tmp_path)
    watched.page.goto(file.as_uri())
    pages = PdfReader(BytesIO(watched.page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) > 5
    assert all(one.mediabox.width < one.mediabox.height for one in pages)
    for number, one in enumerate(pages):
        assert f"{LABEL} · for research and teaching, not for treatment" in one.extract_text(), number
    text = " ".join(one.extract_text() for one in pages)
    for entry in RECOMMENDER.recommend(Profile.parse(CASE_VALUE)).recommendations:
        assert entry.mechanism[:30] in " ".join(text.split()), "each card is open"


FITS = """() => [...document.querySelectorAll(".slide")].flatMap((slide) => {
    const top = (name) => slide.querySelector(name)?.getBoundingClientRect().top ?? Infinity;
    const main = slide.querySelector(".main, svg.m-map").getBoundingClientRect();
    const room = Math.min(top(".ask"), top(".stamp"), top(".lab"));
    return main.bottom <= room + 1 && slide.scrollWidth <= slide.clientWidth
      ? [] : [`${slide.id} ${slide.className}: ${main.bottom} of ${room}, ${slide.scrollWidth}`];
})"""


def test_slides_have_room_for_what_they_show(watched: Watched, tmp_path: Path) -> None:
    page, file = watched.page, tmp_path / "slides.html"
    page.set_viewport_size({"width": 1280, "height": 720})
    found = {}
    for case in sorted((ROOT / "profiles").glob("*.[jy]*")):
        file.write_text(slides_page(case_report(RECOMMENDER, Profile.read(case.read_bytes()))))
        page.goto(file.as_uri())
        found[case.stem] = page.evaluate(FITS)
    assert {name: faults for name, faults in found.items() if faults} == {}


AT_THE_TOP = "Math.abs(document.querySelector('#slide-{}').getBoundingClientRect().top) < 9"


def test_slides_turn_by_keys_and_have_no_serious_fault(watched: Watched, tmp_path: Path) -> None:
    page, file = watched.page, tmp_path / "slides.html"
    page.set_viewport_size({"width": 1280, "height": 720})
    file.write_text(slides_page(case_report(RECOMMENDER, Profile.parse(CASE_VALUE))))
    page.goto(file.as_uri())
    for key, slide in (("ArrowRight", 2), ("PageDown", 3), ("End", 6), ("ArrowLeft", 5), ("Home", 1)):
        page.keyboard.press(key)
        wait_until(
            page, f"Math.abs(document.querySelector('#slide-{slide}').getBoundingClientRect().top) < 9"
        )
    page.click("#slide-1 nav a")
    wait_until(page, AT_THE_TOP.format(2))
    assert page.locator("#slide-2 svg").bounding_box()["width"] >= 1215  # type: ignore[index]
    assert faults_of(page) == []


def test_the_summary_of_a_cohort_fills_a_printed_page_and_scrolls_on_a_phone(
    watched: Watched, tmp_path: Path
) -> None:
    cohort, ranked, file = (tmp_path / name for name in ("cases.ndjson", "ranked.parquet", "summary.html"))
    profiles = [json.loads(one.read_text()) for one in sorted((ROOT / "profiles").glob("*.json"))]
    cohort.write_text("".join(f"{json.dumps(one)}\n" for one in profiles))
    assert run("cohort", cohort, "-o", ranked).returncode == 0
    made = run("cohort", "summary", ranked, "--cohort", cohort, "--format", "html", "-o", file)
    assert made.returncode == 0
    page = watched.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(file.as_uri())
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    cue = "getComputedStyle(document.querySelector('.scroll'), '::before').content"
    assert "Scroll sideways" in page.evaluate(cue)
    from pypdf import PdfReader

    (printed,) = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert [round(float(one) / 72 * 25.4) for one in printed.mediabox[2:]] == [297, 420]
    assert LABEL in printed.extract_text()
    page.set_viewport_size({"width": 1017, "height": 1489})  # the page without its margins
    page.emulate_media(media="print")
    assert 0.8 < page.evaluate("document.body.getBoundingClientRect().height / innerHeight") < 1
