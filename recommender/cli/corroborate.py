"""`recommender corroborate`: an independent look at the rules in drug screens of cell lines."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import completing, options
from .helping import examples

if TYPE_CHECKING:
    from ..curation.corroboration.tables import Screens
    from ..knowledge.base import KnowledgeBase
    from ..knowledge.corroboration_models import Corroboration
    from ..views.sheets import Plot

EXAMPLES = examples(
    "recommender corroborate",
    "recommender corroborate --show RULE",
    "recommender corroborate --show RULE -o forest.svg",
    "recommender corroborate --data SCREENS -o verdicts.yaml",
)
_BY_SUFFIX = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".txt": "table",
    ".svg": "svg",
    ".png": "png",
    ".html": "html",
}
_DRAWN = ("svg", "png", "html")


def corroborate(
    show: Annotated[
        str | None,
        typer.Option(
            "--show",
            metavar="RULE",
            help="The figures of one rule, with a forest plot.",
            autocompletion=completing.rule,
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Compute the verdicts from your own tables (extra `corroborate`); drawings then show "
            "each cell line.",
            show_default="the shipped verdicts",
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "yaml", "svg", "png", "html"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: table, json, or yaml for a rule file; one rule also svg, png or html "
            "(extra `report`).",
            show_default="by the name of the output, else table",
        ),
    ] = None,
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Hold the rules against drug screens of cell lines: one verdict each, never a weight in the ranking."""
    from .._errors import InputError, Problem
    from .._extras import importing
    from ..curation.verdicts import verdict_of, verdict_rows
    from ..knowledge.loading import load_rules
    from ..views import forest
    from .output import emit, screen, tell
    from .writing import format_for

    kind = format_for(output, output_format, _BY_SUFFIX, default="table", binary="png")
    if kind in _DRAWN and show is None:
        raise InputError([Problem("", "a drawing is of one rule.", "Name it: --show RULE", "format")])
    base = load_rules(rules or ())
    verdicts, tables, screens = base.corroboration, base.content.screen_tables, None
    controls: list[str] = []
    if data is not None:
        with importing("screens"):
            from ..curation.corroboration.comparing import compare_screens, screening_of
            from ..curation.corroboration.tables import read_screens
        screens = read_screens(data, screening_of(base))
        found = compare_screens(base, screens)
        verdicts, tables = {one.rule: one for one in found.rules}, found.tables
        controls = [one.in_words for one in found.controls]
    if kind == "yaml":
        emit(forest.rule_file(verdicts.values(), tables), output)
        for line in controls:
            tell(line)
    elif show is None:
        rows = verdict_rows(verdicts, base)
        emit(forest.verdicts(rows, kind, screen(width, output), controls), output)
    elif kind in _DRAWN:
        emit(_drawn(kind, verdict_of(show, verdicts), base, screens), output)
    elif kind == "json":
        emit(forest.verdict_json(verdict_of(show, verdicts)), output)
    else:
        emit(forest.forest(verdict_of(show, verdicts), screen(width, output)), output)


def _drawn(
    kind: str, found: "Corroboration", base: "KnowledgeBase", screens: "Screens | None"
) -> str | bytes:
    """Return the drawing of a verdict: of its figures, and with tables of the lines behind them.

    Raises InputError.
    """
    from .._errors import InputError, Problem
    from .._extras import needs
    from ..curation.verdicts import verdict_in_words

    if not found.figures:
        what = f"there is nothing to draw: {verdict_in_words(found)}."
        raise InputError([Problem("", what, parameter="show")])
    needs("pictures")
    from ..views.screen_plots import forest_plot
    from ..views.sheets import draw

    plots = _scattered(found, screens) if screens else []
    whole = forest_plot(found, base.rules[found.rule].title)
    if kind == "html":
        from ..views.screen_pages import verdict_page

        return verdict_page(found, base, [whole, *plots])
    made = draw({found.rule: plots[0] if plots else whole}, [kind])[f"{found.rule}.{kind}"]
    return made.decode() if kind == "svg" else made


def _scattered(found: "Corroboration", screens: "Screens") -> "list[Plot]":
    """Return the lines behind the figures that decide, those behind the chief one first."""
    from ..curation.corroboration.points import points_of
    from ..views.screen_plots import scatter_plot

    deciding = sorted(found.deciding, key=lambda one: one != found.chief)
    return [scatter_plot(one, points_of(one, screens)) for one in deciding]
