"""The summary of a cohort as tables, Markdown, JSON, a page, or a section of MultiQC."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from .._label import LABEL, PURPOSE
from .._text import safe_json
from .._version import VERSION
from ..cohort.summary import Summary
from ..reports import cohort_titles as titles
from ..reports.cohort_figures import MAX_ROWS, CohortFigures, Split, StateShare, cohort_figures
from ..reports.cohort_titles import (
    AXIS_WORDS,
    GROUP_NAMES,
    GROUP_WORDS,
    NOTHING_WORDS,
    label_of,
    percent,
)
from ..reports.shares import Share
from ..reports.told import Told
from .listing import Rows, listing
from .plain import labelled
from .plots import GROUP_COLOURS, plots_of
from .screen import Screen
from .sheets import FAINT, SELECTED, inline
from .templating import style_of, template

_PAGE_MEASUREMENTS = 8
"""Measurements in the grid of the page: it is to fit on a poster."""


class _Section(NamedTuple):
    title: str
    rows: Rows
    columns: dict[str, str]
    note: str = ""


class _Part(NamedTuple):
    """A part of the page: its texts, and its plot or its table."""

    name: str
    short: str
    told: Told
    picture: Markup | None = None
    measurements: tuple[Any, ...] = ()


def summary_text(found: Summary, output_format: str, *, screen: Screen | None = None) -> str:
    """Return the numbers of a summary as "table", "markdown", "json", "multiqc" or "html"."""
    if output_format == "json":
        return labelled(**{name: _values(value) for name, value in found._asdict().items()})
    figures = cohort_figures(found)
    if output_format == "multiqc":
        # Not sorted by key: categories are stacked in their order.
        return safe_json(json.dumps(_multiqc(figures), indent=2, ensure_ascii=False)) + "\n"
    if output_format == "html":
        return _page(figures, found.rule_base)
    return "\n".join(
        listing(one.rows, one.columns, output_format, title=one.title, screen=screen, note=one.note)
        for one in _sections(figures)
    )


def _values(value: Any) -> Any:
    if isinstance(value, list):
        return [one._asdict() if hasattr(one, "_asdict") else one for one in value]
    return value


def _page(found: CohortFigures, rule_base: str) -> str:
    plots = plots_of(found)

    def part(name: str, short: str, told: Told, measurements: tuple[Any, ...] = ()) -> _Part:
        drawn = name in plots and not measurements
        picture = Markup(inline(name, plots[name])) if drawn else None  # noqa: S704 - SVG of our own
        return _Part(name, short, plots[name].told if drawn else told, picture, measurements)

    parts = [part("add-ons", "Add-ons", titles.add_ons_told(found))]
    if found.whole:
        parts.append(part("states", "Pathway states", titles.states_told(found)))
    parts.append(part("together", "Combinations", titles.together_told(found)))
    if found.whole:
        shown = found.measurements[:_PAGE_MEASUREMENTS]
        parts.append(part("measurements", "Measurements", titles.measurements_told(found), shown))
    parts += [part(name, "", plots[name].told) for name in plots if "-by-" in name]
    return template("cohort.html").render(
        found=found,
        told=titles.cohort_headline(found),
        parts=parts,
        tables=list(_sections(found)),
        limits=titles.limits_of(found),
        group_words=GROUP_WORDS,
        reasons=NOTHING_WORDS,
        percent=percent,
        label_of=label_of,
        css=Markup(style_of("cohort")),  # noqa: S704 - a file of the package
        made_with=f"Program {VERSION}, rule base {rule_base}.",
    )


def _multiqc(found: CohortFigures) -> dict[str, Any]:
    """A bar graph of MultiQC with a dataset for each question, by what it calls custom content."""
    groups = found.add_on_groups
    first: dict[str, Any] = {
        name: {"name": GROUP_NAMES[name], "color": GROUP_COLOURS[name]} for name in groups
    }
    data: list[Any] = [
        {one.add_on: {name: one.groups.get(name, 0) for name in groups} for one in found.add_ons}
    ]
    categories: list[Any] = [first]
    names = ["Add-ons"]
    if found.whole:
        one_bar = {name: share.part for name, share in found.groups}
        data.append({"all tumours": one_bar})
        categories.append({**first, "nothing": {"name": GROUP_WORDS["nothing"], "color": FAINT}})
        names.append("Tumours")
    if found.states:
        data.append(
            {
                one.name: {"share": one.share.part, "rest": found.tumours - one.share.part}
                for one in found.states
            }
        )
        categories.append(
            {
                "share": {"name": "expected", "color": SELECTED},
                "rest": {"name": "not implied", "color": FAINT},
            }
        )
        names.append("Pathway states")
    if found.measurements:
        data.append(
            {
                label_of(one.marker, one.axis): {"first": one.first, "missing": one.missing - one.first}
                for one in found.measurements
            }
        )
        categories.append(
            {
                "first": {"name": "could change the first rank", "color": SELECTED},
                "missing": {"name": "not measured, could not", "color": FAINT},
            }
        )
        names.append("Measurements")
    told = titles.cohort_headline(found)
    return {
        "id": "ferroptosis_recommender_cohort",
        "section_name": "Ferroptosis add-ons",
        "description": f"<b>{LABEL}</b>, {PURPOSE}. {told.title}. {told.measure}",
        "plot_type": "bargraph",
        "pconfig": {
            "id": "ferroptosis_recommender_cohort_plot",
            "title": f"Ferroptosis add-ons ({LABEL})",
            "ylab": "Tumours",
            "tt_decimals": 0,
            "sort_samples": False,
            "data_labels": [{"name": name, "ylab": "Tumours"} for name in names],
        },
        "categories": categories,
        "data": data,
    }


def _sections(found: CohortFigures) -> Iterator[_Section]:
    told = titles.cohort_headline(found)
    yield _Section(
        told.title,
        [{"group": GROUP_WORDS[name], **_numbers(share)} for name, share in found.groups],
        {"group": "Tumours with", **_NUMBERS},
        " ".join([told.measure, _reasons(found.nothing)]).strip(),
    )
    yield _by_group(found)
    if found.whole:
        told = titles.states_told(found)
        without = f"Expected in no tumour: {', '.join(found.no_states)}. " if found.no_states else ""
        rows = [{"state": one.name, **_numbers(one.share)} for one in found.states]
        yield _Section(told.title, rows, {"state": "Pathway state", **_NUMBERS}, without + told.note)
    yield _combinations(found)
    if found.whole:
        yield _measurements(found)
    for split in found.splits:
        yield _split(split, split.add_ons, "selected add-on")
        yield _split(split, split.states, "pathway state")
    silent = f"Strategies that no tumour has: {', '.join(found.silent) or 'none'}."
    if found.whole:
        silent += f" Of {found.rules} rules {found.never_fire} never fire."
    yield _Section(
        "How to read this", [{"limit": text} for text in titles.limits_of(found)], {"limit": "Limit"}, silent
    )


def _by_group(found: CohortFigures) -> _Section:
    groups = found.add_on_groups
    rows = [
        {
            "add_on": one.add_on,
            **{name: f"{one.groups.get(name, 0):,}" for name in groups},
            "tumours": f"{one.tumours:,}",
        }
        for one in found.add_ons
    ]
    heads = {name: GROUP_NAMES[name].capitalize() for name in groups}
    told = titles.add_ons_told(found)
    return _Section(told.title, rows, {"add_on": "Add-on", **heads, "tumours": "Any"}, f"{told.measure}.")


def _combinations(found: CohortFigures) -> _Section:
    told = titles.together_told(found)
    rows = [
        {
            "add_ons": "; ".join(", ".join(found.sets[at].add_ons) for at in one.sets),
            "tumours": f"{one.tumours:,}",
        }
        for one in found.intersections
    ]
    return _Section(told.title, rows, {"add_ons": "Exactly these", "tumours": "Tumours"}, told.note)


def _measurements(found: CohortFigures) -> _Section:
    told = titles.measurements_told(found)
    more = f"{found.more_measurements} more in the JSON. " if found.more_measurements else ""
    rows = [
        {
            "marker": one.marker,
            "axis": AXIS_WORDS[one.axis],
            "leads": ", ".join(one.leads),
            "missing": f"{one.missing:,}",
            "first": f"{one.first:,}",
        }
        for one in found.measurements
    ]
    columns = {
        "marker": "Marker",
        "axis": "Of what",
        "leads": "Could then rank first",
        "missing": "Not measured",
        "first": "Could change first",
    }
    return _Section(told.title, rows, columns, f"{more}{told.measure}. {told.note}")


def _split(split: Split, rows: tuple[StateShare, ...], what: str) -> _Section:
    told = titles.split_told(split, rows, what)
    listed = [
        {"what": titles.row_name(row), "level": state, **_numbers(share)}
        for row in rows[:MAX_ROWS]
        for (state, _), share in zip(split.sizes, row.by, strict=True)
    ]
    return _Section(
        told.title, listed, {"what": what.capitalize(), "level": split.marker, **_NUMBERS}, told.note
    )


_NUMBERS = {"share": "Share", "tumours": "Tumours", "interval": "95% interval"}


def _numbers(share: Share) -> dict[str, str]:
    return {
        "share": percent(share),
        "tumours": f"{share.part:,} of {share.whole:,}",
        "interval": f"{share.low:.0%} to {share.high:.0%}",
    }


def _reasons(nothing: Mapping[str, int]) -> str:
    listed = ", ".join(f"{count:,} {NOTHING_WORDS[why]}" for why, count in nothing.items())
    return f"Nothing ranked: {listed}." if listed else ""
