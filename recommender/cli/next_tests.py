"""`recommender next-tests`: what to measure next."""

from typing import Annotated

import typer

from . import options
from .helping import examples

EXAMPLES = examples(
    "recommender next-tests case.json", "recommender next-tests case.json --top 5 --format json"
)


def next_tests(
    file: options.File,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="Show only the first N.")
    ] = None,
    output_format: options.TableOrJson = "table",
    any_disease: options.AnyDisease = False,
    rules: options.RuleFolders = None,
    weights: options.OwnWeights = None,
    width: options.Width = None,
) -> None:
    """Rank unmeasured markers by what their results could decide."""
    from ..recommender import Recommender
    from ..reports.measurements import measurements
    from ..views.measuring import measuring
    from ..views.plain import labelled
    from ..views.records import NEXT_TESTS, next_test_rows
    from .output import emit, screen, warn
    from .reading import profile_in_file

    profile = profile_in_file(file, rules)
    recommender = Recommender(rules=rules or (), weights=weights)
    found = recommender.next_tests(profile, any_disease=any_disease)[:top]
    warn(recommender.notices(profile, any_disease=any_disease))
    stamp = recommender.rule_base
    if output_format == "json":
        emit(labelled(title=NEXT_TESTS, rows=next_test_rows(found), **stamp.packs_field), None)
        return
    result = recommender.recommend(profile, any_disease=any_disease)
    shown = measurements(found, result, recommender.base)
    note = (
        "Order: the share of the undecided add-ons that a result decides. Top 3: how many of the first "
        "three ranks it could change."
        if shown
        else "Nothing is left to measure that a rule for the therapy given requires."
    )
    text = measuring(shown, [one.top_shift for one in found], note, screen(width))
    emit(text + (f"{packs}\n" if (packs := stamp.packs_in_words()) else ""), None)
