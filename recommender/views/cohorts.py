"""The summary of a cohort as tables, Markdown or JSON."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .._label import DISCLAIMER, LABEL
from ..cohort.summary import Summary
from ..reports.cohort_figures import CohortFigures, cohort_figures
from .listing import Rows, listing
from .plain import labelled
from .screen import Screen

_LIVE = ["link", "image", "autolink", "html_inline", "html_block"]
"""Kinds of Markdown that texts here are never meant to be."""


class _Section(NamedTuple):
    title: str
    rows: Rows
    columns: dict[str, str]
    note: str = ""


def summary_text(
    found: Summary, output_format: str, *, screen: Screen | None = None, pictures: Iterable[str] = ()
) -> str:
    """Return the numbers of a summary as "table", "markdown", "json" or "html".

    `pictures` are SVG texts for a page in HTML, which is whole in itself.
    """
    if output_format == "html":
        return _page(summary_text(found, "markdown"), pictures)
    if output_format == "json":
        return labelled(**{name: _values(value) for name, value in found._asdict().items()})
    return "\n".join(
        listing(one.rows, one.columns, output_format, title=one.title, screen=screen, note=one.note)
        for one in _sections(cohort_figures(found), narrow=output_format == "table")
    )


def _page(markdown: str, pictures: Iterable[str]) -> str:
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").disable(_LIVE).render(markdown)
    drawn = "".join(f"<figure>{picture}</figure>\n" for picture in pictures)
    title = f"Summary of a cohort. {LABEL}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.25rem; margin-top: 2.5rem; }}
table {{ border-collapse: collapse; }} th, td {{ text-align: left; padding: .2rem .8rem .2rem 0; }}
th {{ border-bottom: 1px solid #888; }} figure {{ margin: 2rem 0; }}
figure svg {{ max-width: 100%; height: auto; }}
.label {{ color: #a00000; font-weight: bold; }}
</style></head><body>
<p class="label">{LABEL}. {DISCLAIMER}</p>
{body}{drawn}</body></html>
"""


def _values(value: Any) -> Any:
    if isinstance(value, list):
        return [one._asdict() if hasattr(one, "_asdict") else one for one in value]
    return value


def _sections(found: CohortFigures, *, narrow: bool) -> Iterator[_Section]:
    named = {"rule": "Strategy"} if narrow else {"add_on": "Add-on", "rule": "Strategy"}
    yield _Section(
        f"Strategies by number of tumours, of {found.profiles:,} with any",
        [
            {
                "add_on": one.add_on,
                "rule": one.rule,
                "tumours": f"{one.tumours:,}",
                "share": _share(one.share),
                "first": f"{one.first:,}",
            }
            for one in found.strategies
        ],
        {**named, "tumours": "Tumours", "share": "Share", "first": "First in"},
        f"Strategies that no tumour has: {', '.join(found.silent) or 'none'}.",
    )
    yield _Section(
        "Add-ons that tumours have together",
        [{"one": one, "other": other, "tumours": f"{count:,}"} for one, other, count in found.together],
        {"one": "Add-on", "other": "And", "tumours": "Tumours"},
        _more(found.more_together),
    )
    if found.missing:
        yield from _of_cohort(found)
    for marker, rows in found.groups.items():
        yield _Section(
            f"By {marker}",
            [
                {
                    "state": one.state,
                    "add_on": one.add_on,
                    "share": _share(one.share),
                    "tumours": f"{one.tumours:,} of {one.size:,}",
                }
                for one in rows
            ],
            {"state": "State", "add_on": "Add-on", "share": "Share", "tumours": "Tumours"},
        )


def _of_cohort(found: CohortFigures) -> Iterator[_Section]:
    yield _Section(
        "Markers that rules ask for, by how often they are missing",
        [
            {
                "marker": one.marker,
                "axis": one.axis,
                "missing": _share(one.missing),
                "measured": f"{one.measured:,}",
            }
            for one in found.missing
        ],
        {"marker": "Marker", "axis": "Of what", "missing": "Missing", "measured": "Measured in"},
        _more(found.more_missing),
    )
    yield _Section(
        "Rules that fire",
        [{"rule": rule, "tumours": f"{count:,}"} for rule, count in found.firing],
        {"rule": "Rule", "tumours": "Tumours"},
        f"{found.never_fire} of {found.rules} rules never fire. The JSON has all.",
    )


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _more(rows: int) -> str:
    return f"{rows} more in the JSON." if rows else ""
