"""Make the pictures of the README anew: `make pictures`.

Two are drawings and come out the same each time; with --check they are compared and not written. The third
is a photograph of the page in Chromium.
"""

import re
import shutil
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender.reports.tumour_map import machinery
from recommender.views.drawing import as_svg
from recommender.views.screen import Screen
from recommender.views.table import table

HERE = Path(__file__).parent
CASE = "nrf2-active-sorafenib"
LINES = 44
"""Of the table; the rest is told in the text."""


def drawings() -> dict[str, str]:
    """Return the pictures that are drawn: their names and SVG."""
    recommender = Recommender(engine="plain")
    result = recommender.recommend(Profile.read((shipped("profiles") / f"{CASE}.json").read_bytes()))
    shown = table(result, Screen(100, styles=True, colours="truecolor")).splitlines()[:LINES]
    console = Console(record=True, width=100, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi("\n".join(shown)))
    svg = console.export_svg(title=f"recommender recommend {CASE}.json", unique_id="table")
    return {
        # The letters of the reader's machine will do; rich would fetch some from elsewhere.
        "table.svg": re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL),
        "map.svg": as_svg(machinery(result, recommender.base)),
    }


def photograph(target: Path) -> None:
    """Take a picture of the page with a teaching case that was changed by one click."""
    from playwright.sync_api import sync_playwright
    from support.servers import served

    with served(Recommender(engine="plain")) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(f"http://127.0.0.1:{port}/?case={CASE}")
        page.locator("input[name='level:GSTZ1'][value='low']").check(force=True)
        page.wait_for_selector(".change")
        page.wait_for_selector("#answer:not(.busy)")
        page.evaluate("document.querySelector('#findings').scrollTop = 0; scrollTo(0, 0)")
        page.screenshot(path=target)
        browser.close()


def main() -> int:
    """Write the pictures, or say which drawing is not as it should be."""
    made = drawings()
    if "--check" in sys.argv:
        old = [name for name, svg in made.items() if (HERE / name).read_text() != svg]
        print(
            f"To be made anew with `make pictures`: {', '.join(old)}"
            if old
            else "The drawings are up to date."
        )
        return len(old)
    for name, svg in made.items():
        (HERE / name).write_text(svg)
    photograph(HERE / "page.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
