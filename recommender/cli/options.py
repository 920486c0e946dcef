"""Options that several commands have."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from . import completing

RULES_VARIABLE = "RECOMMENDER_RULES"


def _named(context: typer.Context, folders: list[Path] | None) -> list[Path] | None:
    """The folders of rules. An empty part of the variable is not the current folder, as a path would be."""
    source = context.get_parameter_source("rules")
    if source is None or source.name != "ENVIRONMENT":
        return folders
    parts = os.environ[RULES_VARIABLE].split(os.pathsep)
    named = [Path(part) for part in parts if part.strip()]
    if len(named) < len(parts) and not context.resilient_parsing:
        from .output import tell

        tell(f"{RULES_VARIABLE} has an empty part, which is ignored; write . for the current folder.")
    return named


RuleFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        envvar=RULES_VARIABLE,
        callback=_named,
        metavar="DIR",
        help="Overlay the shipped rules with those in your own folder; may be repeated.",
    ),
]
OwnWeights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="Order by your own weights of the dimensions, in YAML or JSON.",
        show_default="those of the rule base",
    ),
]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE|CASE|-",
        help="A profile in JSON or YAML, or a shipped case; - for stdin.",
        autocompletion=completing.profile,
    ),
]
Width = Annotated[
    int | None,
    typer.Option(
        "--width", metavar="N", min=40, max=400, help="Columns of the table.", show_default="as the terminal"
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file, atomically."),
]
TableOrJson = Annotated[
    Literal["table", "json"],
    typer.Option("--format", metavar="FORMAT", help="Output format: table or json."),
]
TableJsonMarkdown = Annotated[
    Literal["table", "json", "markdown"],
    typer.Option("--format", metavar="FORMAT", help="Output format: table, json or markdown."),
]
TableJsonSarif = Annotated[
    Literal["table", "json", "sarif"],
    typer.Option("--format", metavar="FORMAT", help="Output format: table, json or sarif."),
]
EngineChoice = Annotated[
    Literal["durable", "plain"] | None,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="Engine that fires the rules: durable or plain.",
        show_default="durable where it loads",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Treat an unknown marker or therapy as an error.")]
AnyDisease = Annotated[
    bool, typer.Option("--any-disease", help="Also rank for tumours other than hepatocellular carcinoma.")
]
Top = Annotated[int | None, typer.Option("--top", metavar="N", min=1, help="Show only the first N ranks.")]
Brief = Annotated[
    bool, typer.Option("--brief", help="Ranking only: no undecided or blocked add-ons, no tests.")
]
Verify = Annotated[bool, typer.Option("--verify", help="Compare both engines; exit code 4 if they differ.")]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook to read.", show_default="the first"),
]
AddTherapy = Annotated[
    list[str] | None,
    typer.Option(
        "--therapy",
        metavar="NAME",
        help="Add a therapy to every profile; may be repeated.",
        autocompletion=completing.therapy,
    ),
]
