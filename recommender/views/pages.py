"""Pages about one tumour: to keep, to print, and as the server shows them."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from .._errors import InputError, Problem
from .._extras import importing
from ..reports.arguments import arguments, cited
from ..reports.case_report import Report
from ..reports.digest import change_in_short, headline
from ..reports.slides import deck
from ..whatif import Effect
from .drawing import as_svg
from .templating import asset, style_of, template


def report_page(report: Report) -> str:
    """Return a report as one page of HTML that needs nothing else, and may do nothing but be read."""
    anchors = {card.add_on.id: card.anchor for group in report.groups for card in group.cards}
    return _alone("report.html", **_of(report, anchors), chips=report.chips)


def handout_page(report: Report) -> str:
    """Return a handout for a journal club, in HTML that prints on one or two pages."""
    found = arguments(report)
    return _alone(
        "handout.html",
        report=report,
        result=report.result,
        chips=report.chips,
        arguments=found,
        cited=cited(report, found),
    )


def slides_page(report: Report) -> str:
    """Return the slides of a case in HTML, turned by keys or scrolled, which print one on a page."""
    svg = as_svg(report.map, anchors={})
    return _alone(
        "slides.html",
        style_of("report") + asset("slides.css"),
        asset("slides.js"),
        report=report,
        result=report.result,
        chips=report.chips,
        deck=deck(report),
        map=Markup(svg),  # noqa: S704 - escaped already
    )


def _alone(name: str, style: str = "", script: str = "", **values: Any) -> str:
    style = style or style_of("report")
    allowed = f"script-src '{_digest(script)}'; " if script else ""
    return template(name).render(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=f"default-src 'none'; {allowed}style-src '{_digest(style)}'; img-src data:; font-src data:",
        **values,
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def answer_part(
    report: Report | None, *, problems: Sequence[Problem] = (), change: Effect | None = None
) -> str:
    """Return the part of the server's page next to its form: a report, or the reason for its absence."""
    return template("answer.html").render(**_answer(report, problems, change))


def console(report: Report | None, *, problems: Sequence[Problem] = (), **form: Any) -> str:
    """Return the server's page: the form, of which the template says what it needs, and the answer."""
    return template("console.html").render(**_answer(report, problems, None), **form)


def _answer(report: Report | None, problems: Sequence[Problem], change: Effect | None) -> dict[str, Any]:
    if report is None:
        return {"problems": problems}
    return {
        "problems": problems,
        "change": change,
        "headline": headline(report.result),
        "summary": change_in_short(change, report.result) if change else "",
        "names": {one.id: f"{one.add_on.name} {one.place}" for one in report.result.recommendations},
        **_of(report),
    }


def _of(report: Report, anchors: Mapping[str, str] | None = None) -> dict[str, Any]:
    svg = as_svg(report.map, whole=False, anchors=anchors)
    return {"report": report, "result": report.result, "map": Markup(svg)}  # noqa: S704 - escaped already


def pdf(page: str) -> bytes:
    """Return a page of these as PDF, as it is printed.

    Raises InputError without the extra `report`, and where the system has no room for its letters.
    """
    with importing("PDF"):
        import weasyprint

    within = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    try:
        made = weasyprint.HTML(string=page, url_fetcher=within).write_pdf()
    except OSError as error:  # letters go through the folder for temporary files
        raise InputError([Problem("", f"it cannot be written: {error.strerror}.")], source="PDF") from None
    assert made is not None
    return bytes(made)
