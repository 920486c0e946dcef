"""A real browser: Debian's Chromium, driven by Playwright.

Where Chromium is not installed the tests that import this are skipped, and say so; in CI that is a failure.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from recommender import Profile, Recommender
from recommender.reports.case_report import case_report
from recommender.views.pages import report_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("Chromium is not installed (Debian: apt-get install chromium)", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402 - only where there is a browser
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright  # noqa: E402


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that asks nobody anything of its own accord."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield started
        started.close()


class Watched:
    """A page in a context of its own: what it asks for, what it says, what goes wrong on it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[str] = []
        self.said: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append("a dialog opened")
        dialog.dismiss()


@contextmanager
def watching(browser: Browser, **settings: Any) -> Iterator[Watched]:
    """A page; nothing may have gone wrong on it, nor been asked of another machine, when the block ends."""
    context = browser.new_context(**settings)
    found = Watched(context)
    yield found
    context.close()
    assert found.said == []
    assert [url for url in found.asked if not url.startswith(("http://127.0.0.1:", "file://", "data:"))] == []


def faults_of(page: Page) -> list[str]:
    """The serious faults of accessibility on the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def wait_until(page: Page, holds: str) -> None:
    """Wait until an expression holds. Playwright's way has the page evaluate it, which its policy forbids."""
    for _ in range(1_000):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(20)
    raise AssertionError(holds)


def report_of(recommender: Recommender, value: Mapping[str, object], folder: Path) -> Path:
    """The report on a profile as a file."""
    file = folder / "report.html"
    file.write_text(report_page(case_report(recommender, Profile.parse(value))))
    return file
