"""A MAF, with its clinical table where there is one, to profiles."""

from pathlib import Path

from .._errors import InputError, Problem
from .._text import shortened
from ..knowledge.base import KnowledgeBase
from .clinical import Clinical
from .delimited import Table
from .doubt import Doubts
from .draft import Draft, Log
from .genes import Genes
from .infections import Infections
from .options import ImportOptions
from .sequencing import Coverage, read_panel
from .terms import Words
from .variant_columns import CHANGE, CLASS, GENE, GENE_ID, SAMPLE
from .variants import Variants

USES = frozenset({"clinical", "sheet", "panels", "assume_exome"})


def looks_like(table: Table) -> bool:
    """Return whether a table has the columns of a MAF."""
    columns = table.columns
    gene = columns.find(*GENE, *GENE_ID) is not None
    return gene and columns.find(*SAMPLE) is not None and columns.find(*CLASS, *CHANGE) is not None


def read(path: Path, base: KnowledgeBase, options: ImportOptions, log: Log) -> list[Draft]:
    """Return the samples of a MAF. Raises InputError."""
    words, genes = Words(base), Genes(base)
    clinical = Clinical(words, Infections(base, words, log), log)
    if options.clinical is not None:
        beside = Table(options.clinical, options.clinical.name, delimiter=None)
        beside.refuse_unsaved()
        clinical.read_samples(log.accounts.table(beside))
    doubts = Doubts()
    variants = Variants(words, genes, log, clinical, doubts, case_counts=True)
    table = Table(path, path.name, delimiter=None, sheet=options.sheet)
    table.refuse_unsaved()
    log.sheets(log.accounts.table(table))
    variants.read(table)
    panels = [read_panel(panel, panel.name, genes, log) for panel in options.panels]
    if len(panels) > 1:
        what = f"{len(panels)} panels are given, and a MAF does not say which sample had which."
        raise InputError([Problem("", what, "Give one.", "panels")])
    coverage = Coverage(
        words,
        log,
        panels={panel.id: panel for panel in panels},
        everywhere=(panels[0].id, panels[0].shown) if panels else None,
        assume_exome=options.assume_exome,
    )
    drafts = clinical.drafts(variants.disease_of)
    coverage.add_wild_types(drafts, genes.asked("sequence"), variants, doubts)
    variants.tell_outside(path.name)
    for draft in drafts:
        draft.note = f"Imported from {shortened(path.name)}"
    return drafts
