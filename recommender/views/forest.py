"""Verdicts of drug screens on rules: a list, and for one rule a forest plot in text."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .. import _yaml
from .._text import printable
from ..curation.verdicts import verdict_in_words
from ..knowledge.corroboration_models import Corroboration, CorroborationFigure
from ..knowledge.screening_models import ScreenTable
from .listing import listing
from .plain import labelled
from .screen import Screen
from .table import labelled_page

_TITLE = "Rules against drug screens of cell lines"
HOW_TO_READ = (
    "A positive rho means that a high marker correlates with resistance. Verdicts rest on correlations "
    "adjusted for tissue and general sensitivity, and never enter the ranking."
)
"""How to read the figures."""
_HALF = 10
"""Letters on each side of zero."""
_END = 0.5
"""The correlation at the ends of the bar."""
_SCREEN = 12
_NUMBERS = {"n": 3, "Raw": 5, "Adjusted": 8, "q": 5, "Least": 5}
"""Widths of columns, the same in each part of the plot."""


def verdicts(
    rows: Sequence[dict[str, Any]], output_format: str, screen: Screen, controls: Sequence[str] = ()
) -> str:
    """Return all verdicts as "table" or "json"."""
    columns = {"rule": "Rule", "why": "Verdict"}
    note = "\n".join([*controls, HOW_TO_READ])
    more = {"controls": list(controls)} if controls else None
    return listing(rows, columns, output_format, title=_TITLE, screen=screen, note=note, more=more)


def forest(found: Corroboration, screen: Screen) -> str:
    """Return the figures of a rule as a forest plot in text, marker by marker and drug by drug."""
    parts: list[RenderableType] = [Text(f"\n{verdict_in_words(found)}")]
    for heading, figures in itertools.groupby(found.figures, key=_heading):
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold", pad_edge=False)
        table.add_column("Screen", width=_SCREEN, overflow="fold")
        for name, width in _NUMBERS.items():
            table.add_column(name, justify="right", min_width=width, no_wrap=True)
        table.add_column(f"-{_END}{'0':^{2 * _HALF - 7}}+{_END}", no_wrap=True)
        table.add_column("Verdict", no_wrap=True)
        for one in figures:
            table.add_row(*(Text(printable(cell)) for cell in _row(one)))
        parts += [Text(f"\n{printable(heading)}", style="bold"), table]
    parts += [Text(f"\n{line}") for line in specificity(found.figures)]
    parts.append(
        Text(f"\n{HOW_TO_READ} Least: the smallest rho that so many lines show with a power of 80%.")
    )
    return labelled_page(found.rule, *parts, screen=screen)


def _heading(one: CorroborationFigure) -> str:
    return f"{one.marker}, {one.drug}" + (f" ({one.among})" if one.among else "")


def bar(one: CorroborationFigure) -> str:
    """Return the interval of a figure around zero, its correlation as a dot."""
    places = [" "] * (2 * _HALF + 1)
    low, high = (_place(value) for value in one.adjusted_interval)
    places[low : high + 1] = "-" * (high + 1 - low)
    places[_HALF] = "|"
    places[_place(one.adjusted)] = "o"
    return "".join(places)


def _place(value: float) -> int:
    return _HALF + round(max(-_END, min(_END, value)) / _END * _HALF)


def _row(one: CorroborationFigure) -> tuple[str, ...]:
    return (
        f"{one.screen}{' liver' if one.lines == 'liver' else ''}",
        str(one.n),
        f"{one.rho:+.2f}",
        f"{one.adjusted:+.2f}",
        f"{one.q:.1g}",
        f"{one.detectable:.2f}",
        bar(one),
        one.verdict.replace("-", " "),
    )


def specificity(figures: Iterable[CorroborationFigure]) -> Iterable[str]:
    """Yield for each decided figure which other drugs have a stronger correlation."""
    for one in figures:
        if one.drugs:
            named = f": {', '.join(one.stronger_drugs)}" if one.stronger_drugs else ""
            yield (
                f"{one.marker}, {one.drug}, {one.screen}: {one.stronger} of {one.drugs - 1} other drugs "
                f"have a stronger correlation{named}."
            )


def verdict_json(found: Corroboration) -> str:
    """Return the verdict on a rule as JSON."""
    return labelled(**found.model_dump(mode="json"))


def rule_file(verdicts: Iterable[Corroboration], tables: Iterable[ScreenTable]) -> str:
    """Return verdicts as a rule file."""
    head = (
        "# Made by `make corroborate DATA=DIR`; not edited by hand. Statistics only: no table is in the\n"
        "# project. See docs/corroboration.md.\n"
    )
    sections = {
        "screen_tables": [one.model_dump(mode="json") for one in tables],
        "corroboration": [one.model_dump(mode="json", exclude_defaults=True) for one in verdicts],
    }
    return head + _yaml.dump(sections)
