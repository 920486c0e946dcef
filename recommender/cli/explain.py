"""`recommender explain`: why, and why not."""

from typing import Annotated, Literal

import typer

from . import completing, options

EXAMPLES = (
    "Examples: recommender explain case.json ADD-ON; recommender explain case.json RULE --format mermaid"
)


def explain(
    file: options.File,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A rule, recommendation, add-on or derived fact.",
            autocompletion=completing.rule,
        ),
    ],
    output_format: Annotated[
        Literal["table", "json", "markdown", "mermaid"], typer.Option("--format", help="How to show it.")
    ] = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Show the proof of a strategy, or which of its conditions fails and by what."""
    from ..recommender import Recommender
    from ..views import trees
    from ..views.records import trees_json
    from .output import emit, screen, warn
    from .reading import profile_in_file

    profile = profile_in_file(file, rules)
    recommender = Recommender(rules=rules or ())
    nodes = recommender.explain(profile, name)
    warn(recommender.notices(profile))
    packs = recommender.rule_base.packs_in_words()
    title = f"{name} for {profile.id or 'a profile without id'}"
    match output_format:
        case "json":
            text = trees_json(name, nodes, recommender.rule_base)
        case "markdown":
            text = trees.as_markdown(nodes, title, packs)
        case "mermaid":
            text = trees.as_mermaid(nodes, packs)
        case _:
            text = trees.tree(nodes, title, packs, screen=screen(width, output))
    emit(text, output)
