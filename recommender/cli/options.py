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
        help="Lay a folder of your own rule files over the shipped ones. May be given more than once.",
    ),
]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE|CASE|-",
        help="A profile in JSON or YAML, or a shipped case; - is stdin.",
        autocompletion=completing.profile,
    ),
]
Width = Annotated[int | None, typer.Option("--width", min=40, max=400, help="Columns of a table.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file, complete or not at all."),
]
TableOrJson = Annotated[Literal["table", "json"], typer.Option("--format", help="How to show it.")]
TableJsonMarkdown = Annotated[
    Literal["table", "json", "markdown"], typer.Option("--format", help="How to show it.")
]
EngineChoice = Annotated[
    Literal["durable", "plain"] | None, typer.Option("--engine", help="Which engine fires the rules.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Make an unknown marker or therapy an error.")]
AnyDisease = Annotated[
    bool, typer.Option("--any-disease", help="Rank outside hepatocellular carcinoma as well.")
]
Top = Annotated[int | None, typer.Option("--top", min=1, help="Show the first N ranks only.")]
Brief = Annotated[
    bool, typer.Option("--brief", help="Leave out what is undecided, blocked and next to test.")
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Let both engines answer; exit code 4 if they differ.")
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook to read; by default the first."),
]
AddTherapy = Annotated[
    list[str] | None,
    typer.Option(
        "--therapy",
        help="Add a therapy to every profile; may be repeated.",
        autocompletion=completing.therapy,
    ),
]
