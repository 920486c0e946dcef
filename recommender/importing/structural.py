"""Structural variants and fusions: no state that rules know, but they shut out wild type."""

from .accounts import OUTSIDE
from .clinical import Clinical
from .delimited import Table, cell
from .doubt import Account, Doubts, left_unknown
from .draft import Log
from .genes import Genes
from .remnants import is_whole, named_in
from .terms import Words
from .variant_columns import GENE, GENE_ID, SAMPLE

_SITES = (
    (("Site1_Hugo_Symbol", "Site1_Gene", "Gene1"), ("Site1_Entrez_Gene_Id", "Site1_NCBI_Gene_Id")),
    (("Site2_Hugo_Symbol", "Site2_Gene", "Gene2"), ("Site2_Entrez_Gene_Id", "Site2_NCBI_Gene_Id")),
    (GENE, GENE_ID),
)
"""For each gene of a row the columns of its symbol and of its id; the last are those of tables of fusions."""


def structural_variants(
    table: Table, words: Words, genes: Genes, clinical: Clinical, doubts: Doubts, log: Log
) -> None:
    """Doubt the genes of structural variants. Raises InputError where too much is not understood.

    A row may name a site by its symbol, by its id, or leave out the site that lies between genes; whatever
    gene another cell of it names is in doubt too.
    """
    sample_at = table.need(*SAMPLE)
    columns = table.columns
    sites = [(columns.find(*symbols), columns.find(*ids)) for symbols, ids in _SITES]
    if all(site == (None, None) for site in sites):
        table.need(*(name for symbols, ids in _SITES for name in (symbols[0], ids[0])))
    known_places = {place for site in sites for place in site} | {sample_at}
    account = Account()
    for line, cells in table.rows():
        at = table.at(line)
        account.rows += 1
        name = words.value(cell(cells, sample_at))
        known = clinical.known(name)
        found = [
            genes.read(cell(cells, symbol_at), cell(cells, id_at))
            for symbol_at, id_at in sites
            if words.value(cell(cells, symbol_at)) or words.value(cell(cells, id_at)).strip("0")
        ]
        clear = known and line in table.short and all(one.candidates is not None for one in found) and found
        if line == table.unended and (line in table.odd or not is_whole(cells, sample_at, clinical, genes)):
            log.notice("MALFORMED_ROW", at, f"the last line has no end; {left_unknown(None, None)}.")
            doubts.add(None, None)
        if line in table.odd and not clear:
            samples, markers = (None, None) if line in table.torn else named_in(cells, genes, clinical)
            log.notice("MALFORMED_ROW", at, f"the row was not understood; {left_unknown(samples, markers)}.")
            account.lose(table.oddity(line))
            doubts.add(samples, markers)
            continue
        draft = clinical.sample(name, at, new=False) if name else None
        samples = [draft] if draft else clinical.may_be(name)
        if samples is None and not name:
            log.notice("MALFORMED_ROW", at, "the row names no sample; any may be meant.")
            account.lose("sample")
        if not found:
            log.notice("UNKNOWN_GENE", at, "the row names no gene; any may be meant.")
            account.lose("gene")
            doubts.add(samples, None)
        beside = (text for place, text in enumerate(cells) if place not in known_places)
        told = dict.fromkeys(gene for text in beside for gene in genes.mentioned(text))
        doubts.add(samples, tuple(told))
        for reading in found:
            if reading.code:
                log.once(f"{table.name} {reading.why}", reading.code, at, reading.why)
            if reading.meant is None:
                account.lose("gene")
            told.update(dict.fromkeys(reading.meant or ()))
            doubts.add(samples, reading.meant)
        if found and not told:
            log.accounts.row(at, OUTSIDE)
        for marker in told:
            whose = draft.id if draft else "a sample"
            what = f"{whose}: a structural variant of {marker.symbol} is not read as a state."
            log.notice("STRUCTURAL_VARIANT", at, what)
    account.judge(table.name)
