"""`recommender recommend`: the main job."""

from typing import Annotated, Literal

import typer

from . import options

EXAMPLES = (
    "Examples: recommender recommend case.json; recommender recommend - --format json --top 3 < case.yaml"
)


def recommend(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A profile in JSON or YAML; - is stdin.")
    ] = "-",
    output_format: Annotated[
        Literal["table", "json", "ndjson", "markdown"], typer.Option("--format", help="How to show it.")
    ] = "table",
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show the first N ranks only.")] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out what is undecided, blocked and next to test.")
    ] = False,
    strict: options.Strict = False,
    any_disease: options.AnyDisease = False,
    engine: options.EngineChoice = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Let both engines answer; exit code 4 if they differ.")
    ] = False,
    output: options.Output = None,
    rules: options.Rules = None,
    width: options.Width = None,
) -> None:
    """Rank the ferroptosis-inducing add-ons for a tumour profile.

    Preclinical evidence, not for treatment decisions.
    """
    from ..recommender import Recommender
    from ..views import emit, render
    from .reading import read_profile

    profile = read_profile(file)
    result = Recommender(rules=rules or (), engine=engine).recommend(
        profile, brief=brief, strict=strict, any_disease=any_disease, verify=verify
    )
    if top is not None:
        result = result.first(top)
    emit(render(result, output_format, width=width, to_file=output is not None), output)
