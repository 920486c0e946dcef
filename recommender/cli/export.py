"""`recommender export`: the knowledge, and answers, for other programs."""

import typer

from . import options
from .helping import HelpedGroup, examples

EXAMPLES = examples("recommender export csv -o rules.csv", "recommender export sssom -o ids.sssom.tsv")

app = typer.Typer(
    cls=HelpedGroup,
    no_args_is_help=True,
    help="Write the knowledge in formats of other programs.",
    epilog=EXAMPLES,
)


@app.command(epilog=examples("recommender export csv -o rules.csv", "recommender export csv --rules my-pack"))
def csv(output: options.Output = None, rules: options.RuleFolders = None) -> None:
    """Write the rules as a sheet: a row each, conditions and evidence as columns."""
    from ..exporting.sheet import sheet
    from ..recommender import Recommender
    from .output import emit

    recommender = Recommender(rules=rules or (), engine="plain")
    emit(sheet(recommender.base, recommender.rule_base.digests), output)


@app.command(
    epilog=examples("recommender export sssom -o ids.sssom.tsv", "recommender export sssom --rules my-pack")
)
def sssom(output: options.Output = None, rules: options.RuleFolders = None) -> None:
    """Write the ids of drugs, genes and diseases as a mapping set (SSSOM)."""
    from ..exporting.sssom import sssom as mapping_set
    from ..recommender import Recommender
    from .output import emit

    recommender = Recommender(rules=rules or (), engine="plain")
    emit(mapping_set(recommender.base, recommender.rule_base.packs_in_words()), output)
