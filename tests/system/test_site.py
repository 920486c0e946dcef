"""The site in a real browser: the program as static files, compared with the command line.

Where Chromium or Node.js is missing these tests are skipped, and say so; in CI that is a failure. Where the
interpreter cannot be downloaded they are skipped in CI too, unless the registry of npm answers and has it.
"""

import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from support.commands import run
from support.generators import ASKED, THERAPIES, profile_of
from support.links import is_known
from support.places import ROOT
from support.sites import drop, hosted, npm_has_it, replace_by_newer

from recommender import LABEL, Profile, Recommender
from recommender.intake.cases import cases
from recommender.page.reading import MAX_FILE
from recommender.states import axis_of

MISSING = [name for name in ("npm", "node") if shutil.which(name) is None]
if MISSING and not os.environ.get("CI"):
    pytest.skip(f"not installed: {', '.join(MISSING)}", allow_module_level=True)

from support.browsers import faults_of  # noqa: E402 - only where there is a browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("site")]

CASE = "nrf2-active-sorafenib"
UNREACHABLE = 69
"""The exit code of a build that could not download the interpreter."""
READY = 120_000
"""Milliseconds in which the program has to start, also where the tests share two cores with others."""
MAX_SITE = 30_000_000
MAX_FIRST = 12_000_000
"""Bytes of the folder, and of what is loaded before the first answer, compressed."""


class Site(NamedTuple):
    folder: Path
    context: "BrowserContext"
    page: "Page"
    address: str
    asked: list[str]
    said: list[str]
    first: list[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once."""
    out = tmp_path_factory.mktemp("site") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "browser", out], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if built.returncode == UNREACHABLE and not (os.environ.get("CI") and npm_has_it()):
        pytest.skip(f"THE SITE WAS NOT TESTED: {built.stderr[-500:]}")
    assert built.returncode == 0, built.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def site(folder: Path, browser: "Browser") -> Iterator[Site]:
    """A page on which the program has started."""
    with hosted(folder) as address:
        context = browser.new_context(accept_downloads=True)
        found = Site(folder, context, context.new_page(), address, [], [], [])
        requests: list[Request] = []

        def note(request: "Request") -> None:
            requests.append(request)
            found.asked.append(request.url)

        context.on("request", note)
        found.page.on("console", lambda message: found.said.append(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        began = time.perf_counter()
        found.page.goto(address)
        assert LABEL in found.page.inner_text(".band")
        shown = time.perf_counter() - began
        assert found.page.locator("table.rank").count() == 1
        found.page.wait_for_selector("html.ready", timeout=READY)
        print(f"prerendered {shown:.2f} s, program {time.perf_counter() - began:.2f} s")
        found.first.extend({request.url for request in requests if request.service_worker is None})
        yield found
        context.close()
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
    profile = tmp_path / "profile.json"
    profile.write_text('{"therapies": ["sorafenib"], "markers": {"GPX4": "high"}}')
    drop(page, profile)
    page.wait_for_selector("input[name='level:GPX4'][value='high']:checked", state="attached")
    page.go_back()
    page.wait_for_selector("input[name='level:FASN'][value='high']:checked", state="attached")
    assert site.asked[before:] == []


@pytest.mark.parametrize("address", ["/", f"/?case={CASE}"])
def test_what_cannot_be_read_is_said(site: Site, tmp_path: Path, address: str) -> None:
    page = at(site, address, "main h1")
    whole = page.inner_text("main")
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("FASN\nhigh\n")
    drop(page, *files)
    assert "one file at a time" in page.inner_text("#told")
    drop(page, tmp_path)
    page.wait_for_selector("#told:has-text('a folder')")
    file = tmp_path / "large.maf"
    file.write_bytes(b"")
    os.truncate(file, MAX_FILE + 1)
    drop(page, file)
    page.wait_for_selector("#told:has-text('larger than 8 MiB')")
    assert page.inner_text("main").endswith(whole)
    file.write_bytes(b"\x00\x01")
    drop(page, file)
    page.wait_for_selector("[role=alert] .problems")


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


def test_every_link_of_the_site_leads_to_a_page_and_a_part_of_it(folder: Path) -> None:
    texts = {path: path.read_text() for path in folder.rglob("*.html")}
    parts = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    program, lost = folder / "index.html", []
    for path, text in texts.items():
        for address in set(map(unescape, re.findall(r'<a [^>]*href="([^"]*)"', text))):
            name, _, part = address.partition("#")
            there = Path(os.path.normpath(path.parent / name)) if name else path
            found = there == program if part.startswith("/") else not part or part in parts.get(there, ())
            if not (name.startswith(("https:", "http:")) or (there.is_file() and found)):
                lost.append((path.name, address))
    assert len(texts) > 100
    assert lost == []


def test_papers_and_rules_are_linked(folder: Path) -> None:
    audit, rules, references = ((folder / f"docs/{name}.html").read_text() for name in LINKED)
    assert '<a href="references.html#64">[64]</a>' in audit
    assert re.search(r'<a href="strategies-tki\.html#[^"]+"><code>', rules)
    assert re.search(r'<h2 id="64">64</h2>\s*<p>[A-Z].*?Cited by: <a href="rules/', references, re.DOTALL)


LINKED = ("audit", "rules/index", "references")


def test_the_folder_and_the_first_load_are_small(site: Site) -> None:
    assert sum(path.stat().st_size for path in site.folder.rglob("*") if path.is_file()) < MAX_SITE
    names = {url.removeprefix(site.address).partition("?")[0] or "index.html" for url in site.first}
    assert {"pyodide/pyodide.asm.wasm", "program.zip", "shell.js", "worker.js"} < names
    packed = sum(len(gzip.compress((site.folder / name).read_bytes())) for name in names)
    print(f"first load {packed / 1e6:.1f} MB compressed")
    assert packed < MAX_FIRST


def test_a_link_opens_in_a_second_tab_without_a_network(site: Site) -> None:
    site.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    site.context.set_offline(True)
    page = site.context.new_page()
    page.goto(f"{site.address}#/tour?name=uri-and-p53")
    assert "an example until what the link leads to is shown" in page.inner_text("#engine")
    page.wait_for_selector("html.ready", timeout=READY)
    assert page.locator("ol.steps").count() == 1
    page.goto(f"{site.address}docs/index.html")
    assert page.inner_text("h1") == "Documentation"
    page.close()
    site.context.set_offline(False)


def test_the_back_button_leads_through_changes_and_pages(site: Site) -> None:
    page = at(site, f"/?case={CASE}", f"input[name=id][value={CASE}]")
    page.locator("input[name='sequence:KEAP1'][value='']").check(force=True)
    page.wait_for_selector(".chgbar")
    changed = page.evaluate("location.hash")
    at(site, "/tours", ".tours")
    page.go_back()
    page.wait_for_selector(".chgbar")
    assert page.evaluate("location.hash") == changed
    page.go_back()
    page.wait_for_selector(".chgbar", state="detached")
    assert page.locator("input[name='sequence:KEAP1'][value='mutated']").is_checked()


def test_the_worker_is_bound_by_the_policy(site: Site) -> None:
    (worker,) = site.page.workers
    # What is evaluated for a test may do more than the policy allows; what it leaves for later may not.
    later = "new Promise(go => setTimeout(go)).then(() => CODE).then(() => 'ran', error => error.name)"
    for code, refused in (("import('data:text/javascript,0')", "TypeError"), ("Function('0')", "EvalError")):
        assert worker.evaluate(later.replace("CODE", code)) == refused
    assert worker.evaluate("fetch('/index.html').then(() => 'answered', error => error.message)") == (
        "this program asks nothing of the network"
    )


def test_nothing_is_wider_than_a_phone(site: Site) -> None:
    wide = "document.documentElement.scrollWidth > innerWidth"
    usual = site.page.viewport_size
    assert usual
    site.page.set_viewport_size({"width": 360, "height": 740})
    shown = [
        ("/", "#bring"),
        (f"/?case={CASE}", "#state"),
        ("/tour?name=uri-and-p53", ".step"),
        ("/quiz", ".quiz"),
    ]
    assert [address for address, part in shown if at(site, address, part).evaluate(wide)] == []
    site.page.set_viewport_size(usual)
    page = site.context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("cases.html", "docs/cli.html", "docs/rules/index.html", "docs/audit.html", "licences.html"):
        page.goto(site.address + name)
        assert not page.evaluate(wide), name
    page.close()


@pytest.mark.parametrize("obstacle", ["no WebAssembly", "blocked", "no script", "a file"])
def test_where_the_program_cannot_start_a_sentence_leads_to_the_plain_pages(
    folder: Path, browser: "Browser", obstacle: str
) -> None:
    context = browser.new_context(java_script_enabled=obstacle != "no script")
    if obstacle == "no WebAssembly":
        context.add_init_script("delete globalThis.WebAssembly")
    page = context.new_page()
    starts = obstacle in ("no WebAssembly", "blocked")
    sentence = "too old for it, or blocks WebAssembly" if starts else "python -m http.server"
    with hosted(folder, without="'wasm-unsafe-eval'" if obstacle == "blocked" else "") as address:
        page.goto((folder / "index.html").as_uri() if obstacle == "a file" else address)
        page.wait_for_selector(f"#engine:has-text('{sentence}')")
        page.locator("table.rank").wait_for()
        page.locator("progress").wait_for(state="hidden")
        assert page.locator("a[href^='#/']:visible").count() == 0
        for name, heading in (("cases", "Ferroptosis add-ons"), ("tours", "Tours")):
            page.click(f"#engine a[href='{name}.html']")
            assert heading in page.inner_text("h1")
            page.go_back()
        context.close()


def test_a_new_version_replaces_all_files_once_the_old_is_not_open(
    folder: Path, browser: "Browser", tmp_path: Path
) -> None:
    copy = tmp_path / "site"
    shutil.copytree(folder, copy, copy_function=os.link)
    with hosted(copy) as address:
        context = browser.new_context()
        page, other = context.new_page(), context.new_page()
        page.goto(f"{address}docs/search.html")
        page.evaluate("navigator.serviceWorker.register('../sw.js')")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        other.goto(f"{address}cases.html")
        replace_by_newer(copy)
        page.evaluate(UPDATE)
        page.reload()
        assert page.inner_text("h1") == "Search"
        other.close()
        page.reload()
        page.wait_for_selector("h1:has-text('Newer search')")
        assert page.evaluate("caches.keys().then(names => names.length)") == 1
        context.close()


UPDATE = """navigator.serviceWorker.getRegistration().then(async (found) => {
  await found.update();
  while (!found.waiting) await new Promise((go) => setTimeout(go, 50));
})"""
