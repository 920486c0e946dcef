"""`recommender replay`: does an archived result still follow?"""

from pathlib import Path
from typing import Annotated

import typer

from . import options

EXAMPLES = "Example: recommender replay result.json case.json"


def replay(
    result: Annotated[Path, typer.Argument(metavar="RESULT.json", help="A result that was kept.")],
    file: Annotated[str, typer.Argument(metavar="PROFILE", help="The profile that it answers.")],
    output_format: options.TableOrJson = "table",
    rules: options.Rules = None,
) -> None:
    """Answer a profile again and compare with a result that was kept. Exit code 4 where they differ."""
    from .._errors import DifferenceError
    from ..recommender import Recommender
    from ..replay import replay as replay_result
    from ..result import LABEL
    from ..views import emit
    from ..views.plain import labelled
    from .reading import read_json, read_profile

    profile = read_profile(file)
    found = replay_result(read_json(result), profile, Recommender(rules=rules or ()))
    if output_format == "json":
        emit(labelled(follows=not found, differences=found), None)
    else:
        said = "follows" if not found else "does not follow any more"
        emit(f"{LABEL}, not for treatment decisions.\nThe result {said} from the profile.\n", None)
    if found:
        raise DifferenceError(
            "The result does not follow any more:\n" + "\n".join(f"  {one}" for one in found)
        )
