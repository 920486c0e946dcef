"""The columns of a mutation table: by which names they are known, and where they are."""

from typing import NamedTuple

from .._text import fold, shortened
from ..changes import is_silent
from ..knowledge.import_models import StatusColumn
from .delimited import Row, Table, cell
from .terms import Words

GENE = ("Hugo_Symbol", "Hugo_Gene_Symbol", "Gene", "Gene_Symbol", "Symbol", "Gene_Name", "HGNC_Symbol")
GENE_ID = ("Entrez_Gene_Id", "NCBI_Gene_Id", "Entrez_Id")
SAMPLE = ("Tumor_Sample_Barcode", "Sample_Id", "Sample", "Sample_Barcode")
CHANGE = ("HGVSp_Short", "Alteration", "HGVSp", "Amino_Acid_Change", "Protein_Change", "AAChange")
CLASS = ("Variant_Classification", "Mutation_Type", "Consequence", "Effect", "Mutation_Effect")
DISEASE = ("OncoTree_Code", "Cancer_Type")


class VariantColumns(NamedTuple):
    """Where the cells of a row are; several places in the order in which they are asked."""

    genes: tuple[int, ...]
    gene_id: int | None
    sample: int
    changes: tuple[int, ...]
    classification: int | None
    statuses: tuple[tuple[int, StatusColumn], ...]
    disease: int | None
    others: tuple[int, ...]
    """Columns that are looked at only for words by which a row is not a mutation."""
    alleles: tuple[int | None, tuple[int, ...]]
    """Those of the reference and of the tumour."""


def columns_of(table: Table, words: Words) -> VariantColumns:
    """Return where the cells of a mutation table are. Raises InputError where a column is missing."""
    columns = table.columns
    genes, gene_id = columns.all(*GENE), columns.find(*GENE_ID)
    if not genes and gene_id is None:
        table.need(*GENE)
    sample = table.need(*SAMPLE)
    changes, classification = columns.all(*CHANGE), columns.find(*CLASS)
    if not changes and classification is None:
        table.need(*CLASS, *CHANGE)
    known = words.known
    of_status = (name for one in known.status_columns for name in one.names)
    read = map(fold, (*GENE, *GENE_ID, *SAMPLE, *CHANGE, *CLASS, *of_status))
    twice = {fold(name): name for name in columns.repeated()}
    if both := twice.keys() & set(read):
        table.close()
        what = f"the column {shortened(twice[min(both)])} is there twice."
        raise table.error(f"line {columns.line}", what, "Keep the one that counts.")
    statuses = tuple((place, one) for one in known.status_columns for place in columns.all(*one.names))
    disease = columns.find(*DISEASE)
    taken = {*genes, gene_id, sample, *changes, classification, disease, *(place for place, _ in statuses)}
    others = tuple(place for place in range(len(columns.names)) if place not in taken)
    alleles = columns.find(*known.reference_alleles), columns.all(*known.tumour_alleles)
    return VariantColumns(genes, gene_id, sample, changes, classification, statuses, disease, others, alleles)


def class_column(columns: VariantColumns, names: list[str], rows: list[Row], words: Words) -> int | None:
    """Return the column that holds classes by the words of the first rows, where none has a name for it."""
    taken = {*columns.genes, *columns.changes, columns.sample, columns.gene_id}
    for place in range(len(names)):
        said = {words.value(row.cells[place]) for row in rows} - {""}
        found = {words.variant(one) for one in said}
        if place not in taken and None not in found and {"mutation", "splice"} & found:
            return place
    return None


def changed_in(columns: VariantColumns, cells: list[str], words: Words) -> int | None:
    """Return the place of the first cell for the change that says one."""
    filled = (place for place in columns.changes if words.value(cells[place]))
    return next(filled, columns.changes[0] if columns.changes else None)


def may_change(columns: VariantColumns, cells: list[str], words: Words) -> bool:
    """Return whether one cell for the change is silent, and another one is not, or may not be.

    An empty cell may be part of a merged one, as spreadsheets save it, where no class says more.
    """
    said = [words.value(cells[place]) for place in columns.changes]
    found = [words.change(one) for one in said if one]
    silent = [is_silent(one) for one in found if one is not None]
    whole = all(said) or bool(words.value(cell(cells, columns.classification)))
    return any(silent) and not (all(silent) and whole)
