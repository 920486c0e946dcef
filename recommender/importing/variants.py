"""Mutation tables: MAF files and the mutation files of cBioPortal, row by row."""

from collections.abc import Callable

from .._text import fold, nearest, shortened
from ..knowledge.models import Marker
from .draft import Draft, Found, Log
from .genes import Genes
from .tables import Table, cell
from .words import Words

GENE = ("Hugo_Symbol", "Hugo_Gene_Symbol", "Gene", "Gene_Symbol", "Symbol")
GENE_ID = ("Entrez_Gene_Id", "NCBI_Gene_Id", "Entrez_Id")
SAMPLE = ("Tumor_Sample_Barcode", "Sample_Id", "Sample", "Sample_Barcode")
CHANGE = ("HGVSp_Short", "Alteration", "HGVSp", "Amino_Acid_Change", "Protein_Change")
CLASS = ("Variant_Classification", "Mutation_Type", "Consequence")
STATUS = ("Mutation_Status",)
DISEASE = ("OncoTree_Code", "Cancer_Type")


class Variants:
    """Reads the rows of a mutation table into the drafts of their samples."""

    def __init__(
        self, words: Words, genes: Genes, log: Log, sample: Callable[[str, str], Draft | None]
    ) -> None:
        """`sample` returns the draft for an id as it is written, and where; None where there is none."""
        self.disease_of: dict[str, str] = {}
        """The disease that the rows of a sample state, where they do."""
        self._words = words
        self._genes = genes
        self._log = log
        self._sample = sample
        self.rows_of: dict[str, int] = {}
        """How many rows each sample has."""
        self.outside = 0
        """Rows of genes that the vocabulary does not know."""

    def read(self, table: Table) -> None:
        """Read all rows. Raises InputError where columns are missing."""
        columns = table.columns
        gene_at, id_at = columns.find(*GENE), columns.find(*GENE_ID)
        if gene_at is None and id_at is None:
            table.need(*GENE)
        sample_at = table.need(*SAMPLE)
        change_at, class_at, status_at = columns.find(*CHANGE), columns.find(*CLASS), columns.find(*STATUS)
        disease_at = columns.find(*DISEASE)
        if change_at is None and class_at is None:
            table.need(*CLASS, *CHANGE)
        for line, cells in table.rows():
            at = table.at(line)
            barcode = cell(cells, sample_at)
            if not barcode:
                self._log.notice("MALFORMED_ROW", at, "the row names no sample; not read.")
                continue
            draft = self._sample(barcode, at)
            if draft is None:
                continue
            self.rows_of[draft.id] = self.rows_of.get(draft.id, 0) + 1
            self._disease(draft, self._words.value(cell(cells, disease_at)), at)
            symbol, ncbi_gene = cell(cells, gene_at), cell(cells, id_at)
            reading = self._genes.read(symbol, ncbi_gene)
            if reading.code:
                self._log.once(f"{table.name} {symbol}", reading.code, at, reading.why)
            if reading.marker is None:
                self.outside += 1
                if not symbol and not ncbi_gene:
                    self._log.notice("MALFORMED_ROW", at, "the row names no gene; not read.")
                continue
            places = [place for place in (class_at, change_at) if place is not None]
            said = [(columns.names[place], cell(cells, place)) for place in places]
            self._row(
                draft,
                reading.marker,
                classification=cell(cells, class_at),
                change=cell(cells, change_at),
                status=cell(cells, status_at),
                at=at,
                said=", ".join(f"{name} = {shortened(value)}" for name, value in said if value),
            )

    def tell_outside(self, file: str) -> None:
        """Add the notice of the rows that were left out because the vocabulary does not know their genes."""
        if self.outside:
            what = f"{self.outside} rows are of genes that the vocabulary does not know; left out."
            self._log.notice("OUTSIDE_VOCABULARY", file, what)

    def _disease(self, draft: Draft, stated: str, at: str) -> None:
        if stated and self.disease_of.setdefault(draft.id, stated) != stated:
            what = (
                f"{draft.id} is {shortened(stated)} here and {shortened(self.disease_of[draft.id])} before."
            )
            self._log.once(draft.id, "CONTRADICTION", at, what)

    def _row(
        self,
        draft: Draft,
        marker: Marker,
        *,
        classification: str,
        change: str,
        status: str,
        at: str,
        said: str,
    ) -> None:
        if fold(status) == "germline":
            what = f"{draft.id}: the variant of {marker.symbol} is of the germline; left unknown."
            self._log.notice("GERMLINE_VARIANT", at, what)
            draft.mark_unreadable(marker, "sequence", "germline")
            return
        if self._words.alteration(status) == "wild-type":
            return
        state = self._words.alteration(change) or self._words.alteration(classification)
        if state is not None:
            draft.add(Found(marker, state, at, said))
            return
        protein = self._words.change(change.rpartition(":")[2])
        kind = self._kind(draft, marker, classification, change, at)
        if kind == "uncertain" and protein is not None:
            kind = "mutation"
        if kind == "mutation" and self._words.is_silent(protein or ""):
            kind = "no mutation"
        if kind == "mutation":
            draft.add(Found(marker, "mutated", at, said, change=protein))
        elif kind == "uncertain":
            draft.mark_unreadable(marker, "sequence", classification)
            what = (
                f"{draft.id}: whether {marker.symbol} is mutated cannot be told from this row; left unknown."
            )
            self._log.notice("UNCERTAIN_VARIANT", at, what)

    def _kind(self, draft: Draft, marker: Marker, classification: str, change: str, at: str) -> str:
        value = self._words.value(classification)
        if not value:
            return "mutation" if self._words.change(change.rpartition(":")[2]) else "uncertain"
        kind = self._words.variant(value, marker)
        if kind is None:
            near = nearest(value, self._words.classifications())
            hint = f"; did you mean {' or '.join(near)}?" if near else "."
            what = f"the class '{shortened(value)}' is not known; {draft.id}: {marker.symbol} left open{hint}"
            self._log.notice("UNKNOWN_CLASSIFICATION", at, what)
            draft.mark_unreadable(marker, "sequence", value)
            return "no mutation"
        return kind
