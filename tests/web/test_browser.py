"""The local page in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import pytest
from support.browsers import Watched, faults_of, report_of
from support.places import ROOT
from support.servers import served

from recommender import LABEL, Recommender

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("browser")]

RECOMMENDER = Recommender(engine="plain")
CASE = "nrf2-active-sorafenib"
CASE_VALUE = json.loads((ROOT / "profiles" / f"{CASE}.json").read_text())
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'"
SIZES = {"desktop": (1440, 900), "projector": (1280, 720), "phone": (390, 844)}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The application on a free port of loopback."""
    with served(RECOMMENDER) as port:
        yield f"http://127.0.0.1:{port}"


def ranked(page: "Page") -> list[str]:
    return page.locator("table.rank tbody th.nm a").all_inner_texts()


def set_finding(page: "Page", name: str, state: str) -> None:
    """Set a finding as a reader does, and wait for the answer to it."""
    if not page.locator(f"#findings-set input[name='{name}']").count():
        page.fill("#find-marker", name.partition(":")[2])
    with page.expect_response(lambda reply: "/answer?" in reply.url):
        page.locator(f"input[name='{name}'][value='{state}']").check(force=True)
    page.wait_for_selector("#answer:not(.busy)")


def tab_to(page: "Page", selector: str) -> None:
    """Press Tab until a field has the focus; what lies before it are a few stops."""
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


@pytest.mark.parametrize("watched", [{"java_script_enabled": False}], indirect=True)
def test_a_quiz_is_answered_without_javascript(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/quiz?case={CASE}")
    assert page.locator(".why").count() == 0
    page.locator("input[name='q1'][value='a']").check()
    page.get_by_role("button", name="Check the answers").click()
    assert page.locator("input[name='q1'][value='a']").is_checked()
    assert page.locator(".option.right").count() == page.locator(".why").count() == 1
    assert "not answered" in page.inner_text(".score")
    assert LABEL in page.inner_text(".band")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_a_quiz_has_no_serious_fault_of_accessibility(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/quiz?case={CASE}")
    page.goto(f"{page.url}&q1=a&q2=b")
    assert page.locator(".why").count() == 2
    assert faults_of(page) == []


def test_a_toggled_marker_changes_ranking_and_reasons_and_shows_the_old_ranks(
    watched: Watched, server: str
) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    before = ranked(page)
    assert before[0] == "NRF2 inhibition"
    set_finding(page, "level:GSTZ1", "low")
    assert ranked(page) == ["RSL3", *before]
    bar = page.locator(".chgbar")
    assert "New: RSL3 + sorafenib (rank 1). 7 moved down." in bar.inner_text()
    box = bar.bounding_box()
    assert box
    assert box["y"] + box["height"] < 720, "in view"
    assert page.locator(".rank .mv").all_inner_texts() == ["New", *(f" was {rank}" for rank in range(1, 8))]
    assert page.locator("#box-nrf2 .m-selects").count() == 3
    assert "GSTZ1 unknown → low" in page.inner_text("#status")
    assert page.locator("#findings-set .selects:has(input[name='level:GSTZ1'])").count() == 1
    assert page.title().startswith("HCC under sorafenib, NRF2 axis active: PRECLINICAL")
    set_finding(page, "level:GSTZ1", "")
    assert ranked(page) == before


def test_a_change_is_taken_back(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    before, address = ranked(page), page.url
    set_finding(page, "level:GSTZ1", "low")
    set_finding(page, "level:MT1G", "high")
    page.click("#undo")
    page.wait_for_selector("input[name='level:MT1G'][value='high']:not(:checked)", state="attached")
    page.wait_for_selector("table.rank")
    assert ranked(page)[0] == "RSL3"
    page.click("#undo")
    page.wait_for_selector("#undo", state="detached")
    page.wait_for_selector("table.rank")
    assert ranked(page) == before
    assert sorted(parse_qsl(page.url.partition("?")[2])) == sorted(parse_qsl(address.partition("?")[2]))


def test_a_card_is_opened_and_stays_open(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    card = page.locator("#orlistat-with-sorafenib")
    card.locator(".facts").wait_for(state="hidden")
    card.locator("summary").first.click()
    card.get_by_text("Proof", exact=True).click()
    assert "FASN high" in card.locator(".proof").first.inner_text()
    assert "The review" in card.inner_text()
    set_finding(page, "level:MT1G", "high")
    page.locator("#orlistat-with-sorafenib .facts").wait_for()


def test_a_link_is_the_whole_case(watched: Watched, server: str) -> None:
    page = watched.page
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/?case={CASE}")
    set_finding(page, "level:GSTZ1", "low")
    page.click("#copy")
    page.wait_for_selector("text=Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "undo" not in link, "the case, without how one came to it"
    other = watched.context.new_page()
    other.goto(link)
    assert ranked(other) == ranked(page)
    assert other.locator("input[name='level:GSTZ1'][value='low']").is_checked()
    assert other.locator("input[name='sequence:KEAP1'][value='mutated']").is_checked()


def test_back_takes_a_change_back(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    before = ranked(page)
    set_finding(page, "level:GSTZ1", "low")
    page.go_back()
    page.wait_for_url(lambda url: "GSTZ1" not in url)
    page.wait_for_selector("table.rank")
    assert ranked(page) == before
    assert page.locator("input[name='level:GSTZ1'][value='']").is_checked()


def test_the_answer_is_first_on_a_phone_and_a_change_stays_in_view(watched: Watched, server: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/?case={CASE}")
    ranking, controls = page.locator(".rank").bounding_box(), page.locator("#controls").bounding_box()
    assert ranking
    assert controls
    assert ranking["y"] < 500
    assert controls["y"] > ranking["y"] + ranking["height"]
    page.get_by_text("Change the case").click()
    set_finding(page, "level:GSTZ1", "low")
    box = page.locator(".chgbar").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844, "the change is in view next to the controls"


def test_presentation_shows_the_answer_large_and_escape_leaves_it(watched: Watched, server: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/?case={CASE}")
    name = page.locator(".rank .nm a").first
    small = name.bounding_box()
    page.keyboard.press("p")
    large = name.bounding_box()
    assert small
    assert large
    assert large["height"] >= 1.25 * small["height"]
    page.locator("#controls").wait_for(state="hidden")
    page.locator(".band strong").wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 1280
    last = page.locator(".rank tr.row").last.bounding_box()
    assert last
    assert last["y"] + last["height"] <= 720, "the whole ranking fits"
    for part in (".path", "#map h2"):
        page.keyboard.press("ArrowRight")
        box = page.locator(part).bounding_box()
        assert box
        assert 0 < box["y"] < 120
    page.keyboard.press("Escape")
    page.locator("#controls").wait_for()
    page.click("#present")
    page.locator("#controls").wait_for(state="hidden")


def test_a_dropped_file_is_read(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(server)
    files = page.evaluate_handle(
        """text => {
            const files = new DataTransfer();
            files.items.add(new File([text], "calls.maf"));
            return files;
        }""",
        "Hugo_Symbol\tVariant_Classification\nKEAP1\tMissense_Mutation\n",
    )
    page.select_option("#bring-therapy", "sorafenib")
    page.dispatch_event("#bring", "dragover", {"dataTransfer": files})
    assert "over" in (page.get_attribute("#bring", "class") or "")
    page.dispatch_event("#bring", "drop", {"dataTransfer": files})
    page.wait_for_selector("text=Read: calls.maf")
    assert "KEAP1 mutated" in page.inner_text(".cases")
    assert faults_of(page) == []
    page.click("text=Show the answer")
    page.wait_for_selector("table.rank")
    assert page.locator("input[name='sequence:KEAP1'][value='mutated']").is_checked()


def test_everything_is_done_with_the_keyboard(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?disease=hcc")
    page.focus("#find-therapy")
    page.keyboard.type("nexav")
    assert page.locator("#therapies li:visible").count() == 1
    tab_to(page, "[name=therapy]")
    with page.expect_response(lambda reply: "/answer?" in reply.url):
        page.keyboard.press("Space")
    page.wait_for_selector("table.rank")
    assert "therapy=sorafenib" in page.url
    page.focus("#find-marker")
    page.keyboard.type("x-CT")
    tab_to(page, "[name='level:SLC7A11']")
    with page.expect_response(lambda reply: "/answer?" in reply.url):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**level%3ASLC7A11=high**")
    page.fill("#find-marker", "no such marker")
    page.fill("#find-therapy", "PD1")
    assert page.locator("#therapies li:visible:has-text('nivolumab')").count() == 1
    page.fill("#find-marker", "pdl1")
    page.locator("#findings fieldset:visible >> text=CD274").first.wait_for()
    page.fill("#find-marker", "no such marker")
    page.locator("text=Nothing found for this name >> visible=true").wait_for()


@pytest.mark.parametrize("watched", [{"java_script_enabled": False}], indirect=True)
def test_it_works_without_a_script(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    before = ranked(page)
    page.click("text=All markers")
    page.locator("input[name='level:GSTZ1'][value='low']").check(force=True)
    page.click("text=Show the answer")
    assert ranked(page)[0] == "RSL3"
    assert page.locator(".rank .mv").nth(1).inner_text().strip() == "was 1"
    page.click("#present")
    page.locator("#controls").wait_for(state="hidden")
    page.click("text=Leave the presentation")
    page.click("#undo")
    assert ranked(page) == before
    page.goto(server)
    page.fill("#text", "FASN,KEAP1\nhigh,mutated\n")
    page.select_option("#bring-therapy", "sorafenib")
    page.click("text=Read it")
    assert ranked(page)[0] == "NRF2 inhibition"
    page.goto(f"{server}/tour?name=nrf2-switched-on")
    page.click("text=The ranking")
    page.locator("#ranking table").wait_for()


@pytest.mark.parametrize("watched", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_no_serious_fault_of_accessibility(watched: Watched, server: str) -> None:
    page = watched.page
    for address in ("", "/tour?name=nrf2-switched-on", "/?level:FASN=hihg"):
        page.goto(f"{server}{address}")
        assert faults_of(page) == [], address
    page.goto(f"{server}/?case={CASE}")
    set_finding(page, "level:GSTZ1", "low")
    assert faults_of(page) == []
    watched.said.clear()  # the browser says itself that one could not be answered


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_at_the_side(watched: Watched, server: str, size: str, tmp_path: Path) -> None:
    page = watched.page
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    file = report_of(RECOMMENDER, CASE_VALUE, tmp_path)
    pages = ("", f"/?case={CASE}", "/?case=fibrolamellar-sorafenib", "/tour?name=nrf2-switched-on", "/tours")
    for address in (*(f"{server}{one}" for one in pages), file.as_uri()):
        page.goto(address)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, address
    if size == "projector":
        page.goto(f"{server}/?case={CASE}")
        for table in page.locator("table.rank").all():
            box = table.bounding_box()
            assert box
            assert box["x"] + box["width"] <= width


def test_a_profile_full_of_markup_is_text(watched: Watched, server: str, tmp_path: Path) -> None:
    page = watched.page
    value = {
        "id": HOSTILE,
        "note": HOSTILE,
        "therapies": ["sorafenib", HOSTILE],
        "markers": {HOSTILE: "high"},
    }
    query = urlencode(
        [
            ("id", HOSTILE),
            ("note", HOSTILE),
            ("therapy", HOSTILE),
            ("therapy", "sorafenib"),
            (f"level:{HOSTILE}", "high"),
        ]
    )
    file = report_of(RECOMMENDER, value, tmp_path)
    for address in (f"{server}/?{query}", file.as_uri()):
        page.goto(address)
        assert page.locator("img").count() == 0
        assert "onerror=alert(1)" in page.inner_text("body")
    page.goto(f"{server}/?{query}")
    set_finding(page, "level:FASN", "high")
    assert page.locator("#answer img").count() == 0
    assert HOSTILE in str(page.evaluate("decodeURIComponent(location.search.replaceAll('+', ' '))"))


def test_the_label_is_always_in_sight(watched: Watched, server: str, tmp_path: Path) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1280, "height": 720})
    for address in (f"{server}/?case={CASE}", report_of(RECOMMENDER, CASE_VALUE, tmp_path).as_uri()):
        page.goto(address)
        height = page.evaluate("document.scrollingElement.scrollHeight")
        for top in range(0, height, 600):
            page.evaluate(f"scrollTo({{top: {top}, behavior: 'instant'}})")
            box = page.locator(".band").bounding_box()
            assert box
            assert 0 <= box["y"] < 720


def test_a_changed_case_is_called_so(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    assert f"{CASE}, changed" not in page.inner_html("svg.m-map")
    set_finding(page, "level:GSTZ1", "low")
    assert f"{CASE}, changed" in page.inner_html("svg.m-map")
    set_finding(page, "level:GSTZ1", "")
    assert f"{CASE}, changed" not in page.inner_html("svg.m-map")


def test_a_server_that_has_gone_is_told(watched: Watched, server: str) -> None:
    page = watched.page
    page.goto(f"{server}/?case={CASE}")
    before = ranked(page)
    page.route("**/answer?*", lambda route: route.abort())
    page.fill("#find-marker", "gstz1")
    page.locator("input[name='level:GSTZ1'][value='low']").check(force=True)
    page.wait_for_selector("#status:not(.hidden)")
    assert "This was not answered." in page.inner_text("#status")
    assert ranked(page) == before
    watched.said.clear()  # the browser says itself that the request failed
