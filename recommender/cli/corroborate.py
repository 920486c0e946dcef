"""`recommender corroborate`: an independent look at the rules in drug screens of cell lines."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import completing, options
from .helping import examples

EXAMPLES = examples(
    "recommender corroborate",
    "recommender corroborate --show RULE",
    "recommender corroborate --data SCREENS -o verdicts.yaml --format yaml",
)


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
            help="Compute the verdicts from your own tables (extra `corroborate`).",
            show_default="the shipped verdicts",
        ),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "yaml"],
        typer.Option(
            "--format", metavar="FORMAT", help="Output format: table, json, or yaml for a rule file."
        ),
    ] = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Hold the rules against drug screens of cell lines: one verdict each, never a weight in the ranking."""
    from .._extras import importing
    from ..curation.verdicts import verdict_of, verdict_rows
    from ..recommender import Recommender
    from ..views import forest
    from .output import emit, screen, tell

    base = Recommender(rules=rules or (), engine="plain").base
    verdicts, tables = base.corroboration, base.content.screen_tables
    controls: list[str] = []
    if data is not None:
        with importing("screens"):
            from ..curation.corroboration.comparing import compare_screens, screening_of
            from ..curation.corroboration.tables import read_screens
        found = compare_screens(base, read_screens(data, screening_of(base)))
        verdicts, tables = {one.rule: one for one in found.rules}, found.tables
        controls = [one.in_words for one in found.controls]
    if output_format == "yaml":
        emit(forest.rule_file(verdicts.values(), tables), output)
        for line in controls:
            tell(line)
    elif show is None:
        rows = verdict_rows(verdicts, base)
        emit(forest.verdicts(rows, output_format, screen(width, output), controls), output)
    elif output_format == "json":
        emit(forest.verdict_json(verdict_of(show, verdicts)), output)
    else:
        emit(forest.forest(verdict_of(show, verdicts), screen(width, output)), output)
