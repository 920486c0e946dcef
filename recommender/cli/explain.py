"""`recommender explain`: why, and why not."""

from typing import Annotated, Literal

import typer

from . import completing, options
from .helping import examples

EXAMPLES = examples(
    "recommender explain case.json",
    "recommender explain case.json 2",
    "recommender explain case.json ADD-ON --format mermaid",
)


def explain(
    file: options.File,
    name: Annotated[
        str,
        typer.Argument(
            metavar="RANK|NAME",
            help="A rank, or an add-on, recommendation, derived fact or rule.",
            autocompletion=completing.rule,
        ),
    ] = "1",
    output_format: Annotated[
        Literal["table", "json", "markdown", "mermaid"],
        typer.Option("--format", metavar="FORMAT", help="Output format: table, json, markdown or mermaid."),
    ] = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    weights: options.OwnWeights = None,
    width: options.Width = None,
) -> None:
    """Show the proof of an add-on, or what blocks it or is not measured."""
    from ..recommender import Recommender
    from ..reports.explained import explained, ids_of, name_of
    from ..views import trees
    from ..views.records import trees_json
    from .output import emit, screen, warn
    from .reading import profile_in_file

    profile = profile_in_file(file, rules)
    recommender = Recommender(rules=rules or (), weights=weights)
    result = recommender.recommend(profile)
    names = ids_of(name, result)
    nodes = [node for one in names for node in recommender.explain(profile, one)]
    warn(recommender.notices(profile))
    packs = recommender.rule_base.packs_in_words()
    asked = " and ".join(names)
    called = " and ".join(name_of(one, result, recommender.base) for one in names)
    title = f"{called} for {profile.id or 'a profile without id'}"
    match output_format:
        case "json":
            text = trees_json(asked, nodes, recommender.rule_base)
        case "markdown":
            text = trees.as_markdown(nodes, title, packs)
        case "mermaid":
            text = trees.as_mermaid(nodes, packs)
        case _:
            found = explained(nodes, result, recommender.base)
            seen = [one.node.rule for one in found if one.corroboration and one.corroboration.figure]
            figures = [f"Figures of drug screens: recommender corroborate --show {rule}" for rule in seen]
            note = "\n".join(filter(None, (*figures, packs)))
            text = trees.tree(found, title, note, screen=screen(width, output))
    emit(text, output)
