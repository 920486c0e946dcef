"""`recommender export`: the knowledge, and answers, for other programs."""

from pathlib import Path
from typing import Annotated

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


@app.command(
    epilog=examples("recommender export civic -o civic.json", "recommender export civic --rules my-pack")
)
def civic(output: options.Output = None, rules: options.RuleFolders = None) -> None:
    """Write drafts of evidence items for CIViC, for a person to check and submit. Nothing is sent."""
    from ..exporting.civic import civic as drafts
    from ..recommender import Recommender
    from .output import emit

    recommender = Recommender(rules=rules or (), engine="plain")
    emit(drafts(recommender.base, recommender.rule_base.packs_in_words()), output)


@app.command(epilog=examples("recommender export csv -o rules.csv", "recommender export csv --rules my-pack"))
def csv(output: options.Output = None, rules: options.RuleFolders = None) -> None:
    """Write the rules as a sheet: a row each, conditions and evidence as columns."""
    from ..exporting.sheet import sheet
    from ..recommender import Recommender
    from .output import emit

    recommender = Recommender(rules=rules or (), engine="plain")
    emit(sheet(recommender.base, recommender.rule_base.digests), output)


@app.command(
    epilog=examples(
        "recommender export fhir case.json -o case.fhir.json", "recommender export fhir nrf2-active-sorafenib"
    )
)
def fhir(
    file: options.File,
    output: options.Output = None,
    any_disease: options.AnyDisease = False,
    rules: options.RuleFolders = None,
) -> None:
    """Write the answer to a profile as FHIR R4: a Bundle of preliminary implications (Genomics Reporting).

    Preclinical evidence, not for treatment decisions.
    """
    from ..exporting.fhir import fhir as as_bundle
    from ..recommender import Recommender
    from .output import emit, warn
    from .reading import profile_in_file

    recommender = Recommender(rules=rules or ())
    result = recommender.recommend(profile_in_file(file, rules), any_disease=any_disease)
    warn(result.notices)
    emit(as_bundle(result), output)


@app.command(
    epilog=examples("recommender export kgx -o graph", "recommender export kgx --rules my-pack -o graph")
)
def kgx(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Folder for the files.")],
    rules: options.RuleFolders = None,
) -> None:
    """Write the rules as a knowledge graph: Biolink nodes and edges (KGX, JSON lines)."""
    from ..exporting.kgx import kgx as files_of_the_graph
    from ..recommender import Recommender
    from .output import emit_all, tell

    recommender = Recommender(rules=rules or (), engine="plain")
    made = files_of_the_graph(recommender.base, recommender.rule_base.packs_in_words())
    emit_all(output, made, inputs=rules or ())
    tell(f"{len(made)} files written to {output}.")


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
