"""The summary of a cohort as tables, Markdown or JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .._label import DISCLAIMER, LABEL
from ..cohort.summary import Summary
from .listing import Rows, listing
from .plain import labelled
from .screen import Screen

_SHOWN = 20
_LIVE = ["link", "image", "autolink", "html_inline", "html_block"]
"""What Markdown makes of texts that nothing here is meant to be."""


class _Section(NamedTuple):
    title: str
    rows: Rows
    columns: dict[str, str]
    note: str = ""


def show(
    found: Summary, output_format: str, *, screen: Screen | None = None, pictures: Iterable[str] = ()
) -> str:
    """Return the numbers of a summary as "table", "markdown", "json" or "html".

    `pictures` are SVG texts for a page in HTML, which is whole in itself.
    """
    if output_format == "html":
        return _page(show(found, "markdown"), pictures)
    if output_format == "json":
        return labelled(**{name: _values(value) for name, value in found._asdict().items()})
    return "\n".join(
        listing(one.rows, one.columns, output_format, title=one.title, screen=screen, note=one.note)
        for one in _sections(found, narrow=output_format == "table")
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


def _sections(found: Summary, *, narrow: bool) -> Iterator[_Section]:
    named = {"rule": "Strategy"} if narrow else {"add_on": "Add-on", "rule": "Strategy"}
    yield _Section(
        f"Strategies by number of tumours, of {found.profiles:,} with any",
        [
            {
                "add_on": one.add_on,
                "rule": one.rule,
                "tumours": f"{one.tumours:,}",
                "share": _share(one.tumours, found.profiles),
                "first": f"{one.first:,}",
            }
            for one in found.strategies
        ],
        {**named, "tumours": "Tumours", "share": "Share", "first": "First in"},
        f"Strategies that no tumour has: {', '.join(found.silent) or 'none'}.",
    )
    pairs = sorted((one for one in found.together if one[0] != one[1]), key=lambda one: (-one[2], one))
    yield _Section(
        "Add-ons that tumours have together",
        [{"one": one, "other": other, "tumours": f"{count:,}"} for one, other, count in pairs[:_SHOWN]],
        {"one": "Add-on", "other": "And", "tumours": "Tumours"},
        _more(pairs),
    )
    if found.markers:
        yield from _of_cohort(found)
    for marker in found.split_by:
        yield _Section(
            f"By {marker}",
            [
                {
                    "state": one.state,
                    "add_on": one.add_on,
                    "share": _share(one.tumours, one.size),
                    "tumours": f"{one.tumours:,} of {one.size:,}",
                }
                for one in found.subgroups
                if one.marker == marker
            ],
            {"state": "State", "add_on": "Add-on", "share": "Share", "tumours": "Tumours"},
        )


def _of_cohort(found: Summary) -> Iterator[_Section]:
    yield _Section(
        "Markers that rules ask for, by how often they are missing",
        [
            {
                "marker": one.marker,
                "axis": one.axis,
                "missing": _share(one.tumours - one.measured, one.tumours),
                "measured": f"{one.measured:,}",
            }
            for one in found.markers[:_SHOWN]
        ],
        {"marker": "Marker", "axis": "Of what", "missing": "Missing", "measured": "Measured in"},
        _more(found.markers),
    )
    firing = [one for one in found.rules if one[1]]
    yield _Section(
        "Rules that fire",
        [{"rule": rule, "tumours": f"{count:,}"} for rule, count in firing[:_SHOWN]],
        {"rule": "Rule", "tumours": "Tumours"},
        f"{len(found.rules) - len(firing)} of {len(found.rules)} rules never fire. The JSON has all.",
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _more(rows: Sequence[Any]) -> str:
    return f"{len(rows) - _SHOWN} more in the JSON." if len(rows) > _SHOWN else ""
