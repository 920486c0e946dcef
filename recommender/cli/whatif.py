"""`recommender whatif`: what a change of the profile would do."""

from typing import Annotated

import typer

from . import completing, options
from .helping import examples

EXAMPLES = examples(
    "recommender whatif case.json --set MARKER=high --unset MARKER",
    "recommender whatif case.json --therapy +radiotherapy --format json",
)


def whatif(
    file: options.File,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="MARKER=STATE",
            help="Set a finding; may be repeated.",
            autocompletion=completing.marker_state,
        ),
    ] = None,
    unset: Annotated[
        list[str] | None,
        typer.Option(
            "--unset",
            metavar="MARKER",
            help="Treat a marker as not measured; may be repeated.",
            autocompletion=completing.marker,
        ),
    ] = None,
    therapy: Annotated[
        list[str] | None,
        typer.Option(
            "--therapy",
            metavar="+NAME|-NAME",
            help="Add or remove a therapy; may be repeated.",
            autocompletion=completing.therapy,
        ),
    ] = None,
    output_format: options.TableOrJson = "table",
    any_disease: options.AnyDisease = False,
    rules: options.RuleFolders = None,
    weights: options.OwnWeights = None,
    width: options.Width = None,
) -> None:
    """Show which add-ons are new, lost or moved after a change to the profile, and why."""
    from ..recommender import Recommender
    from ..reports.comparison import comparison
    from ..reports.screenful import screenful
    from ..views.changes import changes as view
    from ..views.records import effect_json
    from ..whatif import Changes, changed, effect
    from .output import emit, screen, warn
    from .reading import profile_in_file

    profile = profile_in_file(file, rules)
    recommender = Recommender(rules=rules or (), weights=weights)
    changes = Changes(set_ or (), unset or (), therapy or ())
    before = recommender.recommend(profile, any_disease=any_disease)
    after = recommender.recommend(changed(profile, changes, recommender.base), any_disease=any_disease)
    warn(after.notices)
    if output_format == "json":
        emit(effect_json(changes, effect(before, after), after), None)
        return
    found = comparison(before, after, recommender.base)
    verdict = screenful(after, recommender.base).verdict if found else "Nothing changes."
    asked = ", ".join(changes.in_words())
    note = "\n".join(part for part in (verdict, after.rule_base.packs_in_words()) if part)
    emit(view(found, f"What if {asked or 'nothing changes'}", note, screen=screen(width)), None)
