"""Mutation tables: MAF files and the mutation files of cBioPortal, row by row."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice

from .._errors import InputError, Problem
from .._text import fold, shortened
from ..changes import is_silent, usual_form
from ..knowledge.models import Marker
from .accounts import NO_SAMPLE, OUTSIDE
from .calls import Calls
from .clinical import Clinical
from .delimited import Row, Table, cell
from .doubt import Account, Doubts, cut_off, left_unknown, outside_vocabulary
from .draft import Draft, Log
from .genes import OTHER, Genes, Reading
from .remnants import SHORT, Remnants, named_in
from .terms import Words
from .variant_columns import VariantColumns, changed_in, class_column, columns_of, may_change

_ID = re.compile(r"\w[^;,|\"'<>=%?*\t\r\n]*")
"""What the id of a sample looks like; two ids in one cell, or a damaged one, do not."""

_SAMPLED = 50
"""Rows that are looked at for a column of classes that has another name."""


class Variants:
    """Reads the rows of mutation tables into the drafts of their samples."""

    def __init__(
        self,
        words: Words,
        genes: Genes,
        log: Log,
        clinical: Clinical,
        doubts: Doubts,
        *,
        case_counts: bool = False,
    ) -> None:
        """With `case_counts` ids of one file that differ in case only are those of several tumours."""
        self.disease_of: dict[str, str] = {}
        """The disease that the rows of a sample state; nothing where they contradict each other."""
        self.rows_of: Counter[str] = Counter()
        """How many rows each sample has."""
        self.outside = 0
        """Rows of genes that the vocabulary does not know."""
        self._words = words
        self._genes = genes
        self._log = log
        self._clinical = clinical
        self._doubts = doubts
        self._calls = Calls(words, log)
        self._account = Account()
        self._nowhere = 0
        """Rows of samples that are left out, or that cannot be told from one another."""
        self._whose: dict[str, Draft | None] = {}
        self._sample_at, self._case_counts = 0, case_counts
        self._remnants = Remnants(words, genes, clinical)

    def read(self, table: Table) -> None:
        """Read all rows. Raises InputError for missing columns, and where too much is not understood."""
        columns = columns_of(table, self._words)
        if table.has_row_names:
            what = "the header has no name for the first column; it is read as the row names of R."
            self._log.notice("ROW_NAMES", table.at(table.columns.line), what)
        rows: Iterable[Row] = table.rows()
        if columns.classification is None:
            first = list(islice(rows, _SAMPLED))
            place = class_column(columns, table.columns.names, first, self._words)
            if place is not None:
                name = shortened(table.columns.names[place])
                what = f"the column {name} holds classes of variants; it is read as such."
                self._log.notice("CLASS_COLUMN", table.at(table.columns.line), what)
            columns = columns._replace(classification=place)
            rows = chain(first, rows)
        self._account, self._whose, self._sample_at = Account(), {}, columns.sample
        outside, self._nowhere = self.outside, 0
        self._rows(table, columns, rows)
        self._log.accounts.rows(table.name, OUTSIDE, self.outside - outside)
        self._log.accounts.rows(table.name, NO_SAMPLE, self._nowhere)
        self._account.judge(table.name)
        self._judge_samples(table.name)

    @property
    def strangers(self) -> list[str]:
        """The ids of samples that have rows, but are in none of the clinical tables that there are."""
        return [name for name in self.rows_of if self._clinical.is_listed(name) is False]

    @property
    def has_no_list(self) -> bool:
        """True where no clinical table lists the samples."""
        return self._clinical.is_listed("") is None

    def _judge_samples(self, source: str) -> None:
        """Raises InputError where most samples with rows, and most samples of the clinical tables, differ."""
        strangers = len(self.strangers)
        listed = self._clinical.listed()
        without = sum(one.id not in self.rows_of for one in listed)
        if strangers > 1 and 2 * strangers > len(self.rows_of) and 2 * without > len(listed):
            what = f"{strangers} of its {len(self.rows_of)} samples are in no clinical table."
            hint = (
                f"Are the ids of another kind? It has {shortened(self.strangers[0])}, "
                f"{self._clinical.list_name} has {shortened(listed[0].id)}."
                if listed
                else f"{self._clinical.list_name} names no sample."
            )
            raise InputError([Problem("", what, hint)], source=source)

    def tell_outside(self, file: str) -> None:
        """Add the notice of the rows that were left out because the vocabulary does not know their genes."""
        if self.outside:
            self._log.notice("OUTSIDE_VOCABULARY", file, outside_vocabulary(self.outside))

    def _rows(self, table: Table, columns: VariantColumns, rows: Iterable[Row]) -> None:
        gene_at = columns.genes[0] if len(columns.genes) == 1 else None
        id_at, sample_at = columns.gene_id, columns.sample
        headers = {fold(name) for name in table.columns.names}
        whose, read, uneven = self._whose, self._genes.read, table.odd
        by_draft = columns.disease is None
        change_at = columns.changes[0] if columns.changes else None
        class_at, clear, usual = columns.classification, self._remnants.clear, usual_form().fullmatch
        count = outside = 0
        odd: list[Row] = []
        for row in rows:
            line, cells = row
            count += 1
            if line in uneven or line == table.unended:
                odd.append(row)
                continue
            barcode = cells[sample_at].strip()
            symbol = cells[gene_at].strip() if gene_at is not None else self._symbol(columns, cells)
            reading = read(symbol, "" if id_at is None else cells[id_at].strip())
            draft = whose.get(barcode)
            if draft is None and self._says_nothing(columns, cells):
                odd.append(row)
                continue
            draft = draft or self._sample(table, barcode, line, headers)
            if (
                (class_at is not None and cells[class_at] not in clear)
                or (change_at is not None and len(cells[change_at]) > SHORT and not usual(cells[change_at]))
                or " " in symbol
                or (" " in cells[-1] and "_" in cells[-1])
            ) and (others := self._remnants.merged(columns, cells, reading.marker)) is not None:
                self._with_others(table.at(line), draft, reading, others)
            elif draft is None:
                self._without_sample(table, columns, row, reading)
            elif by_draft and reading is OTHER:
                outside += 1
                self.rows_of[draft.id] += 1
            else:
                self._take(table, columns, row, draft, symbol, reading)
        self._account.rows += count
        self.outside += outside
        if len(set(table.short.values())) == 1 and len(table.short) > count // 2:
            # Something took the empty cells from the ends of most rows, so that none is in another's place.
            for line, cells in odd:
                if line in table.short and not self._says_nothing(columns, cells):
                    self._sample(table, cells[sample_at].strip(), line, headers)
        for row in odd:
            if row.line == table.unended:
                self._last(table, columns, row, headers)
            else:
                self._odd(table, columns, row)

    def _last(self, table: Table, columns: VariantColumns, row: Row, headers: set[str]) -> None:
        """Read the last row where nothing ends it, so that its last cell may be cut off, or several."""
        line, cells = row
        if line in table.odd:
            if line in table.short:
                self._doubts.add(None, None)
            self._odd(table, columns, row)
            return
        barcode, symbol = cell(cells, columns.sample), self._symbol(columns, cells)
        reading = self._genes.read(symbol, cell(cells, columns.gene_id))
        draft = self._clinical.known(barcode)
        if draft is None and columns.sample < len(cells) - 1 and not self._says_nothing(columns, cells):
            draft = self._sample(table, barcode, line, headers)
        about = self._remnants.cut(columns, cells, draft, reading)
        others = self._remnants.merged(columns, cells, reading.marker)
        if about is None and draft and others is None:
            self._take(table, columns, row, draft, symbol, reading)
            return
        samples, genes = about or ([draft] if draft else None, reading.meant)
        if others:
            samples, genes = None, (*others, *genes) if genes is not None else None
        what = f"{cut_off('its last cell')}; not read"
        told = f"; {left_unknown(samples, genes)}" if genes != () else ""
        self._log.notice("MALFORMED_ROW", table.at(line), f"{what}{told}.")
        self.rows_of.update(one.id for one in samples or ())
        self._doubts.add(samples, genes)

    def _with_others(
        self, at: str, draft: Draft | None, reading: Reading, others: tuple[Marker, ...]
    ) -> None:
        """Doubt what a row may be about that holds cells of another row."""
        samples, own = [draft] if draft else None, reading.meant
        told = [left_unknown(one, of) for one, of in ((samples, own), (None, others)) if of != ()]
        what = "; ".join(["the row holds cells of another row; not read", *told])
        self._log.notice("MALFORMED_ROW", at, f"{what}.")
        self._account.lose("merged")
        self.rows_of.update(one.id for one in samples or ())
        self._doubts.add(samples, own)
        self._doubts.add(None, others)

    def _says_nothing(self, columns: VariantColumns, cells: list[str]) -> bool:
        """Return whether a row has neither a class nor a change, and may be of another kind, as a sum."""
        places = (*columns.changes, columns.classification)
        return not any(self._words.value(cell(cells, place)) for place in places)

    def _symbol(self, columns: VariantColumns, cells: list[str]) -> str:
        """The first of several names of a gene that can be identified, such as a symbol and an id."""
        said = [cells[place].strip() for place in columns.genes]
        clear = (one for one in said if self._genes.read(one).candidates is not None)
        return next(clear, next(filter(None, said), ""))

    def _sample(self, table: Table, barcode: str, line: int, headers: set[str]) -> Draft | None:
        """The sample of an id; None where it is none, or where it cannot be told whose it is."""
        if barcode not in self._whose:
            is_id = bool(self._words.value(barcode)) and not self._is_other(barcode, headers)
            self._whose[barcode] = self._named(table, barcode, line) if is_id else None
        return self._whose[barcode]

    def _named(self, table: Table, barcode: str, line: int) -> Draft | None:
        """The sample of an id, which may be spelled in another way in a clinical table."""
        if self._case_counts and self._clinical.in_other_case(barcode):
            names = table.texts(self._sample_at)
            alike = {one for one in names if one.casefold() == barcode.casefold()}
            if len(alike) > 1:
                return self._clinical.sample(barcode, table.at(line), apart=alike)
        return self._clinical.sample(barcode, table.at(line))

    def _is_other(self, text: str, headers: set[str]) -> bool:
        """Return whether a cell for the sample holds what belongs into another column, or is damaged."""
        if not _ID.fullmatch(text):
            return True
        parts = text.split()
        return fold(text) in headers or any(
            (self._words.variant(one) is not None and (one == text or "_" in one))
            or (one.startswith("p.") and self._words.change(one) is not None)
            or self._genes.is_symbol(one)
            for one in parts
        )

    def _take(
        self, table: Table, columns: VariantColumns, row: Row, draft: Draft, symbol: str, reading: Reading
    ) -> None:
        """Read a row of a sample."""
        line, cells = row
        self.rows_of[draft.id] += 1
        if columns.disease is not None:
            self._disease(draft, self._words.value(cells[columns.disease]), table.at(line))
        marker = reading.marker
        if marker is None:
            self._without_gene(table, columns, row, draft, symbol, reading)
            return
        at = table.at(line)
        if reading.code:
            self._log.once(f"{table.name} {symbol}", reading.code, at, reading.why)
        names = table.columns.names
        statuses = [(names[place], column, cell(cells, place)) for place, column in columns.statuses]
        if not self._calls.counts(draft, marker, statuses, at):
            return
        against = self._against(columns, cells, names)
        if against:
            self._calls.leave(draft, marker, *against, at)
            return
        if len(columns.changes) > 1 and may_change(columns, cells, self._words):
            self._calls.uncertain(draft, marker, "change", at)
            return
        changed = changed_in(columns, cells, self._words)
        said = [
            (names[place], cell(cells, place))
            for place in (columns.classification, changed)
            if place is not None
        ]
        self._calls.add(
            draft,
            marker,
            classification=cell(cells, columns.classification),
            change=cell(cells, changed),
            at=at,
            said=", ".join(f"{name} = {shortened(value)}" for name, value in said if value),
        )

    def _against(self, columns: VariantColumns, cells: list[str], names: list[str]) -> tuple[str, str] | None:
        """A column, and its cell, by which a row is not a mutation of the tumour."""
        for place in columns.others:
            if (text := cells[place]) and self._words.denies(text):
                return names[place], text
        reference, tumour = columns.alleles
        if reference is not None and tumour and (allele := cell(cells, reference).upper()):
            found = {cell(cells, place).upper() for place in tumour} - {""}
            if found == {allele} and (allele != "." and cell(cells, tumour[-1])):
                return names[tumour[-1]], cells[tumour[-1]]
        return None

    def _without_gene(
        self, table: Table, columns: VariantColumns, row: Row, draft: Draft, symbol: str, reading: Reading
    ) -> None:
        """Count a row of a gene that is not known; where it cannot be told which it is, any may be meant."""
        meant = self._meant(columns, row.cells, reading)
        at = table.at(row.line)
        if reading.code and (meant or reading.code != "SEVERAL_GENES"):
            self._log.once(f"{table.name} {symbol}", reading.code, at, reading.why)
        if meant is None:
            why = f"'{shortened(symbol)}' is no symbol" if symbol else "the row names no gene"
            what = f"{draft.id}: {why}; any gene may be meant, so none of this sample is read as wild type."
            self._log.once(draft.id, "UNKNOWN_GENE", at, what)
            self._account.lose("gene")
        elif not meant:
            self.outside += 1
        else:
            self._log.accounts.row(at, reading.code or "UNKNOWN_GENE")
        self._doubts.add([draft], meant)

    def _without_sample(self, table: Table, columns: VariantColumns, row: Row, reading: Reading) -> None:
        """Doubt the gene of a row in all samples whose row it may be."""
        barcode = cell(row.cells, columns.sample)
        samples = self._clinical.may_be(barcode)
        if samples is None:
            what = (
                f"'{shortened(barcode)}' is not the id of a sample" if barcode else "the row names no sample"
            )
            self._log.notice("MALFORMED_ROW", table.at(row.line), f"{what}; not read.")
            self._account.lose("sample")
            self._doubts.add(None, self._genes.mentioned(barcode))
        else:
            self._nowhere += 1
        self.rows_of.update(one.id for one in samples or ())
        self._doubts.add(samples, self._meant(columns, row.cells, reading))

    def _meant(
        self, columns: VariantColumns, cells: list[str], reading: Reading
    ) -> tuple[Marker, ...] | None:
        """The genes that a row may say to be mutated; None for any."""
        classification, changed = cell(cells, columns.classification), changed_in(columns, cells, self._words)
        protein = self._words.change(cell(cells, changed))
        silent = protein is None or is_silent(protein)
        if not silent or self._words.variant(classification) != "no mutation":
            return reading.meant
        if not self._words.may_be_promoter(classification):
            return ()
        promoters, meant = self._genes.promoters, reading.meant
        return tuple(one for one in promoters if meant is None or one in meant)

    def _odd(self, table: Table, columns: VariantColumns, row: Row) -> None:
        """Read a row that has not as many cells as the header, as far as that can be done with certainty.

        Cells at the end of a row may be lost where they are empty. Otherwise any cell may be in the place
        of another, so that the row is about the genes and samples that it names anywhere.
        """
        line, cells = row
        at = table.at(line)
        cells = [cells[0].lstrip("#"), *cells[1:]]
        barcode = cell(cells, columns.sample)
        draft = self._whose.get(barcode) or self._clinical.known(barcode)
        symbol = self._symbol(columns, cells)
        reading = self._genes.read(symbol, cell(cells, columns.gene_id))
        classification = self._words.value(cell(cells, columns.classification))
        clear = not classification or self._words.variant(classification) is not None
        torn = line in table.torn
        even = not torn and (line in table.short or line not in table.odd)
        if even and line not in table.commented and draft and clear and reading.candidates is not None:
            self._take(table, columns, row, draft, symbol, reading)
            return
        if line not in table.odd:
            what = "the row has neither a class nor a change, and its sample has no other row; not read."
            self._log.notice("MALFORMED_ROW", at, what)
            self._doubts.add(None, reading.meant)
            return
        long, short = line in table.long, line in table.short
        self._account.lose(table.oddity(line))
        samples, named = (None, None) if torn else named_in(cells, self._genes, self._clinical)
        if long and columns.sample == 0:  # the id of the next line may be at the end of another cell
            samples = None
        if not named and draft is not None and symbol and reading.candidates == () and not torn:
            named = ()
        said = "more cells than" if long else "fewer cells than" if short else "a # not in"
        if torn:
            said = "a quote that is not closed, unlike"
        about = f"; {left_unknown(samples, named)}" if named != () else ""
        self._log.notice("MALFORMED_ROW", at, f"the row has {said} the header; not read{about}.")
        self.rows_of.update(one.id for one in samples or ())
        self._doubts.add(samples, named)

    def _disease(self, draft: Draft, stated: str, at: str) -> None:
        """Keep the disease that a row states; what two rows say differently stays unknown."""
        if not stated:
            return
        first = self.disease_of.setdefault(draft.id, stated)
        if first and not self._words.same_disease(first, stated):
            what = f"{draft.id} is {shortened(stated)} here and {shortened(first)} before; left unknown."
            self._log.once(draft.id, "CONTRADICTION", at, what)
            self.disease_of[draft.id] = ""
