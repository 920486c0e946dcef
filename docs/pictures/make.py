"""Make the pictures of the README and the documentation anew: `make pictures`.

The drawings come out the same each time; with --check they are compared and not written. The others
are photographs of the pages in Chromium.
"""

import json
import re
import shutil
import sys
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from support.commands import run

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.reports.case_report import Report, case_report
from recommender.reports.tumour_map import tumour_map
from recommender.views.drawing import as_svg
from recommender.views.pages import handout_page, report_page, slides_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
CASE = "nrf2-active-sorafenib"
WIDTHS = (80, 120)
# Background, foreground, then black, red, green, yellow, blue, magenta, cyan, white: the normal colours, then
# the bright ones. Yellow and blue are those of the answer; each has a contrast of at least 4.5 to 1.
_LIGHT = [(0, 0, 0), (163, 21, 21), (17, 99, 41), (138, 83, 0), (9, 72, 163), (130, 37, 140), (0, 98, 110)]
_DARK = [(0, 0, 0), (255, 123, 114), (126, 231, 135), (227, 179, 65), (121, 192, 255), (210, 168, 255)]
THEMES = {
    "light": TerminalTheme((255, 255, 255), (31, 35, 40), [*_LIGHT, (89, 99, 110)], [*_LIGHT, (89, 99, 110)]),
    "dark": TerminalTheme(
        (13, 17, 23),
        (230, 237, 243),
        [*_DARK, (86, 211, 220), (177, 186, 196)],
        [*_DARK, (86, 211, 220), (177, 186, 196)],
    ),
}


def drawings() -> dict[str, str]:
    """Return the pictures that are drawn: their names and SVG."""
    recommender = Recommender(engine="plain")
    result = recommender.recommend(Profile.read((shipped("profiles") / f"{CASE}.json").read_bytes()))
    return {
        **{f"answer-{width}-{name}.svg": drawn(width, name) for width in WIDTHS for name in THEMES},
        "map.svg": as_svg(tumour_map(result, recommender.base)),
    }


def drawn(width: int, theme: str) -> str:
    """Return what the command prints for the case in a terminal of so many columns, as SVG."""
    words = ("recommend", CASE, "--width", str(width), "--engine", "plain")
    printed = run(*words, FORCE_COLOR="1", COLORTERM="truecolor").stdout.decode()
    terminal = Console(
        record=True, width=width, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    terminal.print(Text.from_ansi(printed))
    svg = terminal.export_svg(
        title=f"recommender recommend {CASE}", theme=THEMES[theme], unique_id=f"answer-{width}-{theme}"
    )
    svg = svg.replace("rgba(255,255,255,0.35)", "rgba(128,128,128,0.5)")  # a frame that shows on white too
    # The letters of the reader's machine will do; rich would fetch some from elsewhere.
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


REPORTS: tuple[tuple[str, int, int, Literal["light", "dark"]], ...] = (
    ("report.png", 1280, 720, "light"),
    ("report-wide.png", 1440, 900, "light"),
    ("report-dark.png", 1280, 720, "dark"),
    ("report-phone.png", 390, 844, "light"),
)
"""Pictures of the first screen of the report: the file, the size of the screen, and the theme."""
PARTS = ("map", "add-ons", "disputed")
"""Sections of the report that the page on its design shows."""
SHOWN = {
    "Finding chips": ".chips .f, .rank .f.not-measured",
    "Rank marks": ".rank .rk",
    "Evidence badges": ".rank .ev",
    "Score bars": ".rank .sc",
    "Flags": ".rank .flag",
    "Reference chips": ".rank .ref",
    "Parts of the pathway": ".part",
    "Card": ".card:not([open])",
    "Review and paper": ".pair",
    "Label band": ".band",
}
"""The parts of the design: each is copied out of the report, so that the picture cannot differ from it."""
GATHER = """(shown) => {
    const MOST = { "Label band": 1, "Card": 1, "Review and paper": 1, "Parts of the pathway": 2 };
    const rows = Object.entries(shown).map(([name, selector]) => {
        const seen = new Set(), row = document.createElement("tr");
        const alike = (part) => part.className + (part.matches(".f, .rk") ? "" : seen.size);
        const parts = [...document.querySelectorAll(selector)].filter(
            (part) => !seen.has(alike(part)) && seen.size < 5 && seen.add(alike(part)));
        row.append(document.createElement("th"), document.createElement("td"));
        row.firstChild.append(name);
        for (const part of parts.slice(0, MOST[name] ?? 5)) {
            const copy = part.cloneNode(true), place = document.createElement("div");
            copy.style.position = "static";
            copy.querySelectorAll("nav").forEach((links) => links.remove());
            place.append(copy);
            const small = part.matches(".f, .rk, .ev, .sc, .flag, .ref");
            Object.assign(place.style, {
                display: small ? "inline-block" : "block", margin: "0 12px 6px 0", maxWidth: "760px" });
            row.lastChild.append(place);
        }
        Object.assign(row.firstChild.style, {
            textAlign: "left", verticalAlign: "top", padding: "8px 24px 8px 0", whiteSpace: "nowrap" });
        row.lastChild.style.padding = "8px 0";
        return row;
    });
    const table = document.createElement("table");
    table.append(...rows);
    table.id = "parts";
    document.body.replaceChildren(table);
    document.body.style.padding = "16px";
}"""


def smaller(*files: Path) -> None:
    """Keep pictures of pages at a palette of 256 colours, which is enough for them."""
    from PIL import Image

    for file in files:
        with Image.open(file) as picture:
            picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)


def sheet(pictures: Sequence[bytes], file: Path, columns: int = 2, gap: int = 12) -> None:
    """Write pictures of one size as one picture."""
    from PIL import Image

    opened = [Image.open(BytesIO(one)) for one in pictures]
    width, height = opened[0].size
    rows = -(-len(opened) // columns)
    whole = Image.new("RGB", (columns * (width + gap) - gap, rows * (height + gap) - gap), "#d7dce2")
    for number, one in enumerate(opened):
        whole.paste(one, (number % columns * (width + gap), number // columns * (height + gap)))
    whole.save(file)


def opened(
    browser: "Browser", content: str, width: int, height: int, theme: Literal["light", "dark"] = "light"
) -> "Page":
    """Return a page on a screen of that size, its letters loaded."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    page.set_content(content)
    page.evaluate("document.fonts.ready")
    return page


def photograph_forms(browser: "Browser", report: Report, folder: Path) -> None:
    """Take pictures of the slides, of the handout and the report as they are printed, and of the parts."""
    page = opened(browser, slides_page(report), 800, 450)
    sheet([one.screenshot() for one in page.locator(".slide").all()], folder / "slides.png")
    for name, content in (("handout", handout_page(report)), ("report-print", report_page(report))):
        page = opened(browser, content, 794, 1123)
        page.emulate_media(media="print")
        page.evaluate("document.body.style.padding = '40px'; document.fonts.ready")
        page.screenshot(path=folder / f"{name}.png")
    page = opened(browser, report_page(report), 1040, 720)
    page.evaluate(GATHER, SHOWN)
    page.screenshot(path=folder / "parts.png", full_page=True)


def photograph_cohort(browser: "Browser", folder: Path) -> None:
    """Take a picture of the summary of a cohort: the teaching cases."""
    with TemporaryDirectory() as work:
        cases, ranked, summary = (
            Path(work) / name for name in ("cases.ndjson", "ranked.parquet", "summary.html")
        )
        profiles = sorted(shipped("profiles").glob("*.json"))
        cases.write_text("".join(f"{json.dumps(json.loads(one.read_text()))}\n" for one in profiles))
        for words in (
            ("cohort", cases, "-o", ranked),
            ("cohort", "summary", ranked, "--cohort", cases, "--format", "html", "-o", summary),
        ):
            done = run(*words)
            assert done.returncode == 0, done.stderr
        opened(browser, summary.read_text(), 1280, 900).screenshot(path=folder / "cohort-summary.png")


def photograph(folder: Path) -> None:
    """Take pictures of every form of the answer, and of the page with a case changed by one click."""
    from playwright.sync_api import sync_playwright
    from support.servers import served

    recommender = Recommender(engine="plain")
    with served(recommender) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        _local_page(browser, f"http://127.0.0.1:{port}", folder)
        profile = Profile.read((shipped("profiles") / f"{CASE}.json").read_bytes())
        made = case_report(recommender, profile)
        report = report_page(made)
        for name, width, height, theme in REPORTS:
            opened(browser, report, width, height, theme).screenshot(path=folder / name)
        # On a screen as high as the page nothing is scrolled below the label.
        page = opened(browser, report, 1280, 6500)
        for part in PARTS:
            page.locator(f"#{part}").screenshot(path=folder / f"report-{part}.png")
        photograph_forms(browser, made, folder)
        photograph_cohort(browser, folder)
        browser.close()
    smaller(*folder.glob("*.png"))


def _local_page(browser: "Browser", server: str, folder: Path) -> None:
    """Take pictures of the welcome, a presentation, a change on a screen and on a phone, and the quiz."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
    page.goto(server)
    page.screenshot(path=folder / "page-welcome.png")
    page.goto(f"{server}/?case={CASE}")
    page.keyboard.press("p")
    page.screenshot(path=folder / "page-present.png")
    page.keyboard.press("Escape")
    page.fill("#find-marker", "GSTZ1")
    page.locator("input[name='level:GSTZ1'][value='low']").check(force=True)
    page.wait_for_selector(".chgbar")
    page.wait_for_selector("#answer:not(.busy)")
    page.evaluate("document.querySelector('.ctl').scrollTop = 0; scrollTo(0, 0)")
    page.screenshot(path=folder / "page.png")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="light")
    phone.goto(page.url)
    phone.screenshot(path=folder / "page-phone.png")
    page.goto(f"{server}/quiz?case={CASE}")
    page.screenshot(path=folder / "quiz.png")


def main() -> int:
    """Write the pictures, or report which drawing is not up to date."""
    made = drawings()
    if "--check" in sys.argv:
        old = [name for name, svg in made.items() if (HERE / name).read_text() != svg]
        print(f"Run `make pictures` to renew: {', '.join(old)}" if old else "The drawings are up to date.")
        return len(old)
    for name, svg in made.items():
        (HERE / name).write_text(svg)
    photograph(HERE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
