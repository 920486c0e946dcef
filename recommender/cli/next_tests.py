"""`recommender next-tests`: what to measure next."""

from typing import Annotated

import typer

from . import options

EXAMPLES = "Example: recommender next-tests case.json --top 5"


def next_tests(
    file: options.File,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show the first N only.")] = None,
    output_format: options.TableOrJson = "table",
    any_disease: options.AnyDisease = False,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Rank unmeasured markers by what knowing them could decide."""
    from ..recommender import Recommender
    from ..views.listing import listing
    from ..views.records import NEXT_TESTS, next_test_rows
    from .output import emit, screen, warn
    from .reading import profile_in_file

    profile = profile_in_file(file, rules)
    recommender = Recommender(rules=rules or ())
    found = recommender.next_tests(profile, any_disease=any_disease)[:top]
    warn(recommender.notices(profile, any_disease=any_disease))
    rows = next_test_rows(found)
    columns = {
        "marker": "Marker",
        "needs": "Decisive state",
        "gain": "Gain",
        "top_shift": "Top 3",
        "would_fire": "Could fire",
        "assay": "Assay",
    }
    note = (
        "Gain: mean share of the undecided strategies that a result decides. Top 3: how many of the first "
        "three places it could change."
        if rows
        else "Nothing that a strategy for a therapy given here asks for is unmeasured."
    )
    if packs := recommender.rule_base.packs_in_words():
        note += f"\n{packs}"
    text = listing(
        rows,
        columns,
        output_format,
        title=NEXT_TESTS,
        screen=screen(width),
        note=note,
        more=recommender.rule_base.packs_field,
    )
    emit(text, None)
