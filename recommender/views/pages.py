"""Pages about one tumour: to keep, to print, and as the server shows them."""

from typing import Any

from markupsafe import Markup

from .._errors import InputError, Problem
from .._extras import importing
from ..reports.arguments import arguments, cited
from ..reports.case_report import Report
from ..reports.slides import deck
from .drawing import as_svg
from .templating import alone, asset, style_of, template

FEW_ADD_ONS, MANY_ADD_ONS = 3, 7
"""Up to so many, and above so many, a handout has the pathway map as well."""


def report_page(report: Report) -> str:
    """Return a report as one page of HTML that needs nothing else, and may do nothing but be read."""
    return alone("report.html", **_of(report))


def handout_page(report: Report) -> str:
    """Return a handout for a journal club, in HTML that prints on one or two pages."""
    found = arguments(report)
    ranked = len(report.result.recommendations)
    # Few add-ons leave room below them; many fill a page up to the height of the map.
    roomy = ranked <= FEW_ADD_ONS or ranked > MANY_ADD_ONS
    return alone(
        "handout.html",
        report=report,
        result=report.result,
        map=Markup(as_svg(report.map, anchors={})) if roomy else "",  # noqa: S704 - escaped already
        chips=report.chips,
        arguments=found,
        cited=cited(report, found),
    )


def slides_page(report: Report) -> str:
    """Return the slides of a case in HTML, turned by keys or scrolled, which print one on a page."""
    svg = as_svg(report.map, anchors={})
    return alone(
        "slides.html",
        style_of("report") + asset("slides.css"),
        asset("slides.js"),
        report=report,
        result=report.result,
        chips=report.chips,
        deck=deck(report),
        map=Markup(svg),  # noqa: S704 - escaped already
    )


def local_page(page: str, report: Report | None = None, **values: Any) -> str:
    """Return a page of the server, or a part of one; the template says what it needs."""
    if report is None:
        return template(f"{page}.html").render(report=None, **values)
    return template(f"{page}.html").render(**_of(report), **values)


def _of(report: Report) -> dict[str, Any]:
    anchors = {card.add_on.id: card.anchor for group in report.groups for card in group.cards}
    svg = Markup(as_svg(report.map, whole=False, anchors=anchors))  # noqa: S704 - escaped already
    return {"report": report, "result": report.result, "chips": report.chips, "map": svg}


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
