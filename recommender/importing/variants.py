"""Mutation tables: MAF files and the mutation files of cBioPortal, row by row."""

import re
from collections.abc import Callable
from typing import Literal

from .._text import fold, shortened
from ..knowledge.models import Marker
from .delimited import Table, cell
from .draft import Draft, Found, Log
from .genes import Genes
from .terms import Words

GENE = ("Hugo_Symbol", "Hugo_Gene_Symbol", "Gene", "Gene_Symbol", "Symbol")
GENE_ID = ("Entrez_Gene_Id", "NCBI_Gene_Id", "Entrez_Id")
SAMPLE = ("Tumor_Sample_Barcode", "Sample_Id", "Sample", "Sample_Barcode")
CHANGE = ("HGVSp_Short", "Alteration", "HGVSp", "Amino_Acid_Change", "Protein_Change")
CLASS = ("Variant_Classification", "Mutation_Type", "Consequence")
STATUS = ("Mutation_Status",)
DISEASE = ("OncoTree_Code", "Cancer_Type")

_ENSEMBL = re.compile(r"ENS[A-Z]*\d", re.IGNORECASE)


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
        self.unreadable: dict[str, str] = {}
        """Samples with a row whose gene cannot be told, and where: any gene of theirs may be mutated."""
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
            if any(one.strip() for one in cells[len(columns.names) :]):
                self._log.notice("MALFORMED_ROW", at, "the row has more cells than the header; not read.")
                continue
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
                self._left_out(draft, symbol, ncbi_gene, at)
                for candidate in reading.candidates:
                    draft.mark_unreadable(candidate, "sequence", reading.code)
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

    def _left_out(self, draft: Draft, symbol: str, ncbi_gene: str, at: str) -> None:
        """Count a row of a gene that is not known; a row whose gene cannot be told is worse."""
        named = self._words.value(symbol)
        if (named and not _ENSEMBL.match(named)) or self._words.value(ncbi_gene).strip("0"):
            self.outside += 1
            return
        why = f"'{shortened(named)}' is no symbol" if named else "the row names no gene"
        what = f"{draft.id}: {why}; any gene may be meant, so none of this sample is read as wild type."
        self._log.once(draft.id, "UNKNOWN_GENE", at, what)
        self.unreadable.setdefault(draft.id, at)

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
        state = self._words.alteration(change)
        if state is not None:
            draft.add(Found(marker, state, at, said))
            return
        protein = self._words.change(change)
        kind = self._kind(draft, marker, classification, protein, at)
        if kind == "mutation":
            draft.add(Found(marker, "mutated", at, said, change=protein))
        elif kind == "uncertain":
            draft.mark_unreadable(marker, "sequence", classification)
            what = f"{draft.id}: this row does not say whether {marker.symbol} is mutated; left unknown."
            self._log.notice("UNCERTAIN_VARIANT", at, what)

    def _kind(
        self, draft: Draft, marker: Marker, classification: str, protein: str | None, at: str
    ) -> Literal["mutation", "no mutation", "uncertain"]:
        """What a row says: its class and the change of the protein must not contradict each other."""
        silent = protein is not None and self._words.is_silent(protein)
        value = self._words.value(classification)
        if not value:
            return "uncertain" if protein is None else "no mutation" if silent else "mutation"
        match self._words.variant(value, marker):
            case "splice":
                return "mutation"
            case "mutation":
                return "uncertain" if silent else "mutation"
            case "uncertain":
                return "uncertain" if silent or protein is None else "mutation"
            case "no mutation":
                return "no mutation"
        near = self._log.near(value, self._words.classifications())
        what = (
            f"{draft.id}: the class '{shortened(value)}' is not known; {marker.symbol} left unknown. {near}"
        )
        self._log.notice("UNKNOWN_CLASSIFICATION", at, what.strip())
        draft.mark_unreadable(marker, "sequence", value)
        return "no mutation"
