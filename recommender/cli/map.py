"""`recommender map`: the ferroptosis pathway with one tumour's findings on it."""

from typing import Annotated, Literal

import typer

from . import options
from .helping import examples

EXAMPLES = examples("recommender map case.json", "recommender map case.json -o map.svg")
_BY_SUFFIX = {".svg": "svg", ".png": "png", ".json": "json", ".txt": "table"}


def map(  # noqa: A001 - a command's function has its name
    file: options.File,
    output: options.Output = None,
    output_format: Annotated[
        Literal["table", "json", "svg", "png"] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Output format: table, json, svg or png (extra `report`).",
            show_default="by the name of the output, else table",
        ),
    ] = None,
    any_disease: options.AnyDisease = False,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Draw the ferroptosis pathway: which defences are active, lost or unknown, and where add-ons act.

    Preclinical evidence, not for treatment decisions.
    """
    from ..recommender import Recommender
    from ..reports.tumour_map import tumour_map
    from .output import emit, screen, warn
    from .reading import profile_in_file
    from .writing import format_for

    kind = format_for(output, output_format, _BY_SUFFIX, default="table", binary="png")
    recommender = Recommender(rules=rules or ())
    result = recommender.recommend(profile_in_file(file, rules), any_disease=any_disease)
    warn(result.notices)
    drawn = tumour_map(result, recommender.base)
    if kind == "png":
        from ..views.drawing import as_png

        emit(as_png(drawn), output)
    elif kind == "svg":
        from ..views.drawing import as_svg

        emit(as_svg(drawn), output)
    elif kind == "json":
        from ..views.plain import as_json

        emit(as_json(drawn.to_dict()), output)
    else:
        from ..views.maps import map_table

        emit(map_table(drawn, screen=screen(width, output)), output)
