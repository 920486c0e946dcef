"""The site in a real browser: the program as static files, compared with the command line.

Where Chromium or Node.js is missing these tests are skipped, and say so; in CI that is a failure. Where the
interpreter cannot be downloaded they are skipped in CI too.
"""

import functools
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from support.commands import run
from support.generators import ASKED, THERAPIES, profile_of
from support.links import is_known
from support.places import ROOT

from recommender import LABEL, Profile, Recommender
from recommender.intake.cases import cases
from recommender.states import axis_of

MISSING = [name for name in ("npm", "node") if shutil.which(name) is None]
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"not installed: {', '.join(MISSING)}", allow_module_level=True)

from support.browsers import chromium, faults_of  # noqa: E402 - only where there is a browser

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("site")]

CASE = "nrf2-active-sorafenib"
UNREACHABLE = 69
"""The exit code of a build that could not download the interpreter."""
READY = 120_000
"""Milliseconds in which the program has to start, also where the tests share two cores with others."""
MAX_SITE = 30_000_000
MAX_FIRST = 12_000_000
"""Bytes of the folder, and of what is loaded before the first answer, compressed."""


class _Server(SimpleHTTPRequestHandler):
    """Static files with the headers that come with the site."""

    def end_headers(self) -> None:
        lines = Path(self.directory, "_headers").read_text().splitlines()[1:]
        for name, _, value in (line.strip().partition(": ") for line in lines):
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the library
        """Nothing is printed for a request."""


class Site(NamedTuple):
    folder: Path
    context: "BrowserContext"
    page: "Page"
    address: str
    asked: list[str]
    said: list[str]
    server: ThreadingHTTPServer


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that breaks off a download is no fault."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once."""
    out = tmp_path_factory.mktemp("site") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "browser", out], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if built.returncode == UNREACHABLE:
        pytest.skip(f"NOT TESTED: {built.stderr[-500:]}")
    assert built.returncode == 0, built.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    """A page on which the program has started."""
    server = _Quiet(("127.0.0.1", 0), functools.partial(_Server, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with chromium() as browser:
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        found = Site(folder, context, page, f"http://127.0.0.1:{server.server_port}/", [], [], server)
        context.on("request", lambda request: found.asked.append(request.url))
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        began = time.perf_counter()
        page.goto(found.address)
        assert LABEL in page.inner_text(".band")
        shown = time.perf_counter() - began
        page.wait_for_selector("html.ready", timeout=READY)
        print(f"prerendered {shown:.2f} s, program {time.perf_counter() - began:.2f} s")
        yield found
    server.shutdown()
    server.server_close()
    assert found.said == []
    assert [url for url in found.asked if not url.startswith((found.address, "data:", "blob:"))] == []


GO = """address => {
  if (location.hash === address) return;
  document.querySelector("main").dataset.before = "";
  location.hash = address;
}"""


def at(site: Site, address: str, selector: str) -> "Page":
    """Go to an address of the page, and wait for a part of it, once what was shown before has gone."""
    site.page.evaluate(GO, f"#{address}")
    site.page.wait_for_selector("[data-before]", state="detached")
    site.page.wait_for_selector(selector, state="attached")
    return site.page


def some_profiles(count: int) -> list[dict[str, Any]]:
    drawn = random.Random(7)
    made = []
    for _ in range(count):
        found = {(name, axis_of(state)): state for name, state in drawn.sample(ASKED, drawn.randint(0, 6))}
        made.append(profile_of(found, drawn.sample(THERAPIES, drawn.randint(0, 2)), []))
    return made


def test_the_results_are_those_of_the_command_line_byte_by_byte(site: Site) -> None:
    recommender = Recommender(engine="plain")
    shipped = [case.profile.model_dump(mode="json", exclude_unset=True) for case in cases()]
    tried, expected = [], []
    for value in [*shipped, *some_profiles(300)]:
        try:
            expected.append(recommender.recommend(Profile.parse(value)).to_json())
        except ValueError:
            continue
        tried.append(json.dumps(value))
    assert len(tried) > len(shipped) + 200
    assert site.page.evaluate("profiles => recommend(profiles)", tried) == expected


def test_a_case_is_answered_as_the_command_line_answers_it(site: Site, tmp_path: Path) -> None:
    page = at(site, f"/?case={CASE}", f"input[name=id][value={CASE}]")
    with page.expect_download() as kept:
        page.click("a[href*='/result.json']")
    file = tmp_path / "result.json"
    kept.value.save_as(file)
    with page.expect_download() as kept:
        page.click("a[href*='/profile.json']")
    profile = tmp_path / "profile.json"
    kept.value.save_as(profile)
    printed = run("recommend", profile, "--engine", "plain", "--format", "json")
    assert json.loads(file.read_bytes()) == json.loads(printed.stdout)


def test_a_changed_finding_changes_the_answer_and_is_in_no_request(site: Site) -> None:
    page = at(site, f"/?case={CASE}", f"input[name=id][value={CASE}]")
    before = len(site.asked)
    first = page.locator("table.rank tbody th.nm a").first.inner_text()
    page.locator("input[name='sequence:KEAP1'][value='']").check(force=True)
    page.wait_for_selector(".chgbar")
    assert "undo=" in page.evaluate("location.hash")
    page.click("#undo")
    page.wait_for_selector(".chgbar", state="detached")
    assert page.locator("table.rank tbody th.nm a").first.inner_text() == first
    assert [url for url in site.asked[before:] if not url.startswith("blob:")] == []


def test_a_dropped_file_is_read_here(site: Site, tmp_path: Path) -> None:
    page = at(site, "/", "#bring")
    before = len(site.asked)
    file = tmp_path / "tumour.csv"
    file.write_text("FASN,KEAP1\nhigh,mutated\n")
    page.set_input_files("#file", file)
    page.click("#bring button")
    page.click("text=Show the answer")
    page.wait_for_selector("#state", state="attached")
    assert page.locator("input[name='level:FASN'][value='high']").is_checked()
    assert site.asked[before:] == []


def test_a_tour_and_a_quiz_work_with_the_keyboard(site: Site) -> None:
    page = at(site, "/tour?name=nrf2-switched-on", "ol.steps")
    summary = page.locator("details.step:not([open]) summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.step[open]").count() >= 3
    page.keyboard.press("p")
    assert page.evaluate("document.documentElement.classList.contains('present')")
    page.keyboard.press("Escape")
    page = at(site, f"/quiz?case={CASE}", ".quiz fieldset")
    page.locator("input[name=q1][value=a]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Check the answers").press("Enter")
    page.wait_for_selector(".option.right")
    assert page.locator(".why").count() == 1


@pytest.mark.parametrize(
    ("address", "selector"), [("/", "#bring"), (f"/?case={CASE}", "#state"), ("/tours", ".tours")]
)
def test_the_pages_have_no_serious_fault_of_accessibility(site: Site, address: str, selector: str) -> None:
    page = at(site, address, selector)
    assert faults_of(page) == []


def test_plain_pages_load_no_script(site: Site) -> None:
    page = site.context.new_page()
    for name in ("cases.html", f"case-{CASE}.html", "tour-uri-and-p53.html"):
        page.goto(site.address + name)
        assert LABEL in page.inner_text(".band")
        assert page.locator("script").count() == 0
        for link in page.locator("a[href]").all():
            href = (link.get_attribute("href") or "").partition("#")[0]
            assert not href or is_known(href) or (site.folder / href).is_file(), href
    page.goto(f"{site.address}docs/search.html")
    page.fill("#words", "score ranking")
    assert "../docs/ranking.html" in [one.get_attribute("href") for one in page.locator("#found a").all()]
    page.close()


def test_the_folder_and_the_first_load_are_small(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < MAX_SITE
    first = [*(folder / "pyodide").iterdir(), *folder.glob("*.js"), *(folder / "static").iterdir()]
    packed = sum(
        len(gzip.compress(path.read_bytes()))
        for path in [*first, folder / "program.zip", folder / "index.html"]
    )
    print(f"first load {packed / 1e6:.1f} MB compressed")
    assert packed < MAX_FIRST


def test_it_works_without_a_network_after_the_first_visit(site: Site) -> None:
    site.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    site.context.set_offline(True)
    page = site.context.new_page()
    page.goto(site.address)
    page.wait_for_selector("html.ready", timeout=READY)
    page.evaluate("location.hash = '#/tours'")
    page.wait_for_selector(".tours")
    page.close()
    site.context.set_offline(False)
