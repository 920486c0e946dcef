"""`recommender replay`: does an archived result still follow?"""

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .helping import examples

EXAMPLES = examples(
    "recommender replay result.json case.json", "recommender replay old.json case.json --base DIR"
)


def replay(
    result: Annotated[Path, typer.Argument(metavar="RESULT.json", help="An archived result in JSON.")],
    file: Annotated[
        str, typer.Argument(metavar="PROFILE", help="The profile that it answers, or a shipped case.")
    ],
    output_format: options.TableOrJson = "table",
    base: Annotated[
        Path | None,
        typer.Option(
            "--base", metavar="DIR", help="Answer with this whole rule base, such as that of an old release."
        ),
    ] = None,
    rules: options.RuleFolders = None,
) -> None:
    """Answer a profile again and compare it with an archived result. Exit code 4 if they differ."""
    from .._errors import DifferenceError
    from .._label import LABEL
    from ..recommender import Recommender
    from ..replay import replay as replay_result
    from ..replay import rule_base_of
    from ..views.plain import labelled
    from .output import emit
    from .reading import profile_in_file, read_json

    profile = profile_in_file(file, rules)
    kept = read_json(result)
    found = replay_result(kept, profile, Recommender(rules=rules or (), base=base))
    if output_format == "json":
        emit(labelled(follows=not found, differences=found), None)
    else:
        said = "follows" if not found else "no longer follows"
        emit(f"{LABEL}, not for treatment decisions.\nThe result {said} from the profile.\n", None)
    if found:
        told = ["The result no longer follows:", *(f"  {one}" for one in found)]
        version = rule_base_of(kept)
        if base is None and any(one.startswith("/rule_base/") for one in found):
            told.append(f"It was made with rule base {version}. To use that rule base: --base DIR")
        raise DifferenceError("\n".join(told))
