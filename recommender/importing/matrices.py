"""Tables of numbers by gene and sample: discrete copy number, wide and long, and z-scores."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from .._errors import InputError
from .._text import one_of, shortened
from ..knowledge.models import Marker
from ..scores import level_of, score_in
from .accounts import NO_SAMPLE, OUTSIDE
from .clinical import Clinical
from .delimited import UNNAMED, Table, cell
from .doubt import Account, Doubts, cut_off, left_unknown, outside_vocabulary
from .draft import Draft, Found, Log
from .endings import is_normal
from .genes import Genes, Reading
from .remnants import named_in
from .terms import Words
from .variant_columns import GENE, GENE_ID, SAMPLE

_CALLS = {-2.0: "deleted", -1.5: "deleted", -1.0: None, 0.0: None, 1.0: None, 2.0: "amplified"}
"""GISTIC-like values of cBioPortal and the state of each; only the outer ones are calls."""

_ELEMENT = "Composite.Element.REF"
"""Where files of protein arrays name the gene and the antibody."""

_PHOSPHO = re.compile(r"_p[STY]\d", re.IGNORECASE)
_NOT_SAMPLES = ("Cytoband", _ELEMENT, "Gene_Name", "Locus_ID", *GENE, *GENE_ID)

_CUT_CALLS = ("", "-", "-1", "-1.")
"""What may be left of a deletion where the end of a file is lost."""

_LARGE_SCORE = 100
"""z-scores beyond this in most cells are no z-scores."""


class Cell(NamedTuple):
    """One number of a matrix: where it stands, whose it is, and its text."""

    at: str
    marker: Marker
    draft: Draft
    text: str
    may_be_cut: bool = False
    """Whether it ends the file and no line end follows, so that its end may be lost."""


class GeneRow(NamedTuple):
    """The numbers of a gene in a matrix: where they stand, whose they are, and their texts."""

    at: str
    marker: Marker
    drafts: list[Draft]
    texts: list[str]
    cut: int | None
    """The place of the one that may be cut off."""

    def cell(self, place: int) -> Cell:
        """Return one of the numbers."""
        return Cell(self.at, self.marker, self.drafts[place], self.texts[place], place == self.cut)


_Scores: TypeAlias = tuple[GeneRow, list[float | None]]
"""A row with the scores in it."""


class Matrices:
    """Reads matrices into the drafts of their samples.

    A number that is not understood leaves its gene unknown whatever other rows say. A gene that may be
    deleted is not wild type, so that what is not understood of copy number is a doubt of that too.
    """

    def __init__(self, words: Words, genes: Genes, log: Log, clinical: Clinical, doubts: Doubts) -> None:
        self._words = words
        self._genes = genes
        self._log = log
        self._clinical = clinical
        self._doubts = doubts
        self._account = Account()
        self._calls: dict[tuple[str, str], dict[str | None, Cell]] = defaultdict(dict)

    def copy_number(self, table: Table) -> None:
        """Read discrete calls, one column per sample. Raises InputError where too many are not calls."""
        self._account = Account()
        for row in self._wide(table, "copy-number"):
            for place in range(len(row.texts)):
                self._call(row.cell(place))
        self._account.judge(table.name)

    def copy_number_long(self, table: Table) -> None:
        """Read discrete calls, one per row. Raises InputError where too many are not calls."""
        self._account = Account()
        sample_at, value_at = table.need(*SAMPLE), table.need("Value")
        gene_at, id_at = self._gene_columns(table)
        for line, cells in table.rows():
            at, value = table.at(line), cell(cells, value_at)
            name = cell(cells, sample_at)
            reading = self._gene(table, line, cell(cells, gene_at), cell(cells, id_at))
            genes = reading.meant
            draft = self._known(name, at) if self._words.value(name) else None
            odd = line in table.odd or (line == table.unended and not self._is_whole_call(cells, value_at))
            if line in table.torn or (
                line == table.unended and (line in table.odd or value_at < len(cells) - 1)
            ):
                genes = None
            if reading.marker and draft and not odd:
                self._account.rows += 1
                self._call(Cell(at, reading.marker, draft, value))
            elif odd or (genes != () and self._may_delete(value)):
                others = (self._clinical.may_be(name) or []) if self._words.value(name) and not odd else None
                self._lost(at, [draft] if draft else others, genes)
            else:
                self._log.accounts.row(at, OUTSIDE if genes == () else NO_SAMPLE)
        self._account.judge(table.name)

    def _is_whole_call(self, cells: list[str], value_at: int) -> bool:
        """Return whether the last cell of the last row is a call that is not the beginning of another."""
        return value_at == len(cells) - 1 and cells[value_at].strip() not in _CUT_CALLS

    def settle_calls(self) -> None:
        """Hand the calls on to the samples; what two rows say differently stays unknown."""
        for found in self._calls.values():
            (state, one), *others = found.items()
            if others:
                places = " and ".join(f"{other.text} ({other.at})" for other in found.values())
                self._contradiction(one, "copy number", places)
                if "deleted" in found:
                    self._doubts.add([one.draft], [one.marker])
            elif state is not None:
                one.draft.add(Found(one.marker, state, one.at, f"{one.draft.id} = {one.text}"))

    def levels(self, table: Table, *, measured: str, high: float, low: float) -> None:
        """Read z-scores as high, normal or low; `normal` only where a rule asks for the level of the gene.

        Raises InputError where too many are no numbers, or far too large for z-scores.
        """
        self._account = Account()
        count = large = 0
        rows: defaultdict[str, list[_Scores]] = defaultdict(list)
        for row in self._wide(table, "level"):
            scores = self._scores(row, high, low)
            count += len(scores) - scores.count(None)
            large += sum(score is not None and abs(score) > _LARGE_SCORE for score in scores)
            rows[row.marker.symbol].append((row, scores))
        self._account.judge(table.name)
        if large * 2 > count:
            what = f"{large} of {count} values are beyond {_LARGE_SCORE:g}, so they are no z-scores."
            raise table.error("", what, "Is it the file of the expression values themselves?")
        asked = {marker.symbol for marker in self._genes.asked("level")}
        for symbol, of_gene in rows.items():
            for found in _levels(of_gene, high, low, normal_counts=symbol in asked):
                (level, (one, score)), *others = found.items()
                if others:
                    places = " and ".join(f"{other.text} ({other.at})" for other, _ in found.values())
                    self._contradiction(one, "level", places)
                elif level != "normal" or symbol in asked:
                    said = f"{one.draft.id} = {one.text}"
                    one.draft.add(
                        Found(one.marker, level, one.at, said, measured=measured, value=score, unit="z")
                    )

    def _scores(self, row: GeneRow, high: float, low: float) -> list[float | None]:
        """The scores of a row, None for a cell that is none or may be cut off."""
        scores = [score_in(text, comma_is_decimal=True) for text in row.texts]
        for place in [place for place, score in enumerate(scores) if score is None]:
            self._not_a_number(row.cell(place), "level")
        if row.cut is not None and not is_normal(row.texts[row.cut], high, low):
            self._cut_off(row.cell(row.cut), "level")
            scores[row.cut] = None
        return scores

    def _contradiction(self, one: Cell, what: str, places: str) -> None:
        message = f"{one.draft.id}: the {what} of {one.marker.symbol} is {places}; left unknown."
        self._log.notice("CONTRADICTION", one.at, message)

    def _known(self, name: str, at: str) -> Draft | None:
        """The sample of a column; one that the clinical tables do not list is none."""
        return self._clinical.sample(name, at, new=False)

    def _call(self, one: Cell) -> None:
        if one.may_be_cut and one.text in _CUT_CALLS:
            self._cut_off(one, "copy-number")
            return
        number = score_in(one.text, comma_is_decimal=True)
        if number is None:
            self._not_a_number(one, "copy-number")
            return
        if number not in _CALLS:
            what = (
                f"{one.draft.id}: '{shortened(one.text)}' is no copy-number call for {one.marker.symbol}; "
                "left unknown. Calls are -2, -1.5, -1, 0, 1 and 2."
            )
            self._log.notice("UNKNOWN_VALUE", one.at, what)
            self._not_read(one, "copy-number")
            return
        self._calls[one.draft.id, one.marker.symbol].setdefault(_CALLS[number], one)

    def _not_a_number(self, one: Cell, axis: str) -> None:
        """Report a cell that is not a number, unless it means: no value."""
        if self._words.is_null(one.text):
            return
        what = f"{one.draft.id}: '{shortened(one.text)}' is no number for {one.marker.symbol}; left unknown."
        self._log.notice("UNKNOWN_VALUE", one.at, what)
        self._not_read(one, axis)

    def _cut_off(self, one: Cell, axis: str) -> None:
        what = cut_off(f"'{shortened(one.text)}'")
        about = f"{one.marker.symbol} of {one.draft.id}"
        self._log.notice("UNKNOWN_VALUE", one.at, f"{what}; {about} left unknown.")
        self._not_read(one, axis)

    def _not_read(self, one: Cell, axis: str) -> None:
        self._account.lose("value")
        one.draft.void(one.marker, axis)
        if axis == "copy-number":
            self._doubts.add([one.draft], [one.marker])

    def _may_delete(self, text: str) -> bool:
        """Return whether a call means that a gene is deleted, or is not understood."""
        number = score_in(text, comma_is_decimal=True)
        return not self._words.is_null(text) and (number not in _CALLS or _CALLS[number] == "deleted")

    def _lost(self, at: str, samples: list[Draft] | None, genes: tuple[Marker, ...] | None) -> None:
        """Doubt what a row of calls may say that was not read."""
        named = one_of(one.symbol for one in genes) if genes else "its gene"
        self._log.notice("MALFORMED_ROW", at, f"the row was not understood; {named} left unknown.")
        for draft in samples if samples is not None else self._clinical.all():
            for marker in genes or ():
                draft.void(marker, "copy-number")
        self._doubts.add(samples, genes)

    def _wide(self, table: Table, axis: str) -> Iterator[GeneRow]:
        gene_at, id_at = self._gene_columns(table)
        apart = {table.columns.find(name) for name in _NOT_SAMPLES}
        where = table.at(table.columns.line)
        named = [
            (place, name)
            for place, name in enumerate(table.columns.names)
            if place not in apart and name and not UNNAMED.fullmatch(name)
        ]
        samples = [(place, draft) for place, name in named if (draft := self._known(name, where)) is not None]
        unsure = [(place, may_be) for place, name in named if (may_be := self._clinical.may_be(name))]
        if not samples:
            self._no_samples(table, gene_at, axis, where)
            return
        places, drafts = [place for place, _ in samples], [draft for _, draft in samples]
        outside = 0
        for line, cells in table.rows():
            symbol = cell(cells, gene_at)
            reading = self._gene(table, line, symbol, cell(cells, id_at))
            marker = reading.marker
            if line in table.odd:
                self._account.rows += len(samples)
                self._account.lose(table.oddity(line), len(samples))
                damaged = line in table.torn or line == table.unended
                self._uneven(table.at(line), cells, reading, axis, any_gene=damaged)
            elif line == table.unended and len(cells) - 1 in (gene_at, id_at):
                self._uneven(table.at(line), cells, reading, axis, any_gene=True)
            elif marker is None:
                outside += reading.candidates == ()
                self._without_gene(table, line, cells, samples, reading, axis)
            elif _PHOSPHO.search(symbol):
                what = f"{shortened(symbol)} is a phosphorylated form of {marker.symbol}; not read."
                self._log.notice("FORM_NOT_READ", table.at(line), what)
            else:
                at = table.at(line)
                self._account.rows += len(samples)
                last = len(cells) - 1 if line == table.unended else None
                texts = [cells[place].strip() for place in places]
                yield GeneRow(at, marker, drafts, texts, places.index(last) if last in places else None)
                if axis == "copy-number":
                    for place, may_be in unsure:
                        if self._may_delete(cells[place]):
                            self._doubts.add(may_be, [marker])
        self._log.accounts.rows(table.name, OUTSIDE, outside)
        if outside:
            self._log.notice("OUTSIDE_VOCABULARY", table.name, outside_vocabulary(outside))

    def _without_gene(
        self,
        table: Table,
        line: int,
        cells: list[str],
        samples: list[tuple[int, Draft]],
        reading: Reading,
        axis: str,
    ) -> None:
        """A row whose gene cannot be told: those that may be meant are unknown, and perhaps deleted."""
        if reading.candidates == ():
            return
        if reading.candidates is None:
            what = "the row names no gene that can be identified; not read."
            self._log.notice("UNKNOWN_GENE", table.at(line), what)
        elif reading.candidates:
            self._log.accounts.row(table.at(line), reading.code or "UNKNOWN_GENE")
        for place, draft in samples:
            for marker in reading.candidates or ():
                draft.void(marker, axis)
            if axis == "copy-number" and self._may_delete(cells[place]):
                self._doubts.add([draft], reading.candidates)

    def _uneven(
        self, at: str, cells: list[str], reading: Reading, axis: str, *, any_gene: bool = False
    ) -> None:
        """A row that was not understood: the genes that it names anywhere are unknown, and perhaps others."""
        _, genes = named_in(cells, self._genes, self._clinical)
        if genes is None and reading.marker is None and reading.candidates == ():
            genes = ()
        doubted = None if any_gene else genes
        about = f"; {left_unknown(None, doubted)}" if doubted != () else ""
        why = "is torn or cut off" if any_gene else "has not as many cells as the header"
        self._log.notice("MALFORMED_ROW", at, f"the row {why}; not read{about}.")
        for draft in self._clinical.all():
            for marker in genes or ():
                draft.void(marker, axis)
        if axis == "copy-number":
            self._doubts.add(None, doubted)

    def _no_samples(self, table: Table, gene_at: int | None, axis: str, where: str) -> None:
        """Report that a matrix has no sample, and whether it is turned round. Raises InputError."""
        if any(self._clinical.known(cell(cells, gene_at)) for _, cells in table.rows()):
            raise self._turned(table)
        self._log.notice("NO_SAMPLES", where, "no column of the file is a sample; nothing was read.")
        self._log.accounts.rows(table.name, NO_SAMPLE, table.count)
        if axis == "copy-number":
            self._doubts.add(None, None)

    def _turned(self, table: Table) -> InputError:
        what = "it has a sample in each row and a gene in each column."
        return table.error("", what, "Transpose it: a gene a row, a sample a column.")

    def _gene_columns(self, table: Table) -> tuple[int | None, int | None]:
        found = table.columns.find(*GENE, _ELEMENT), table.columns.find(*GENE_ID)
        if found == (None, None):
            if any(map(self._genes.is_symbol, table.columns.names)):
                table.close()
                raise self._turned(table)
            table.need(*GENE, *GENE_ID)
        return found

    def _gene(self, table: Table, line: int, symbol: str, ncbi_gene: str) -> Reading:
        # Rows of protein arrays name the gene and the antibody: GENE|antibody. GISTIC adds an id or a place.
        first, *rest = symbol.split("|")
        reading = self._genes.read(first, ncbi_gene)
        others = self._genes.others_in(rest, reading.marker)
        if others:
            meant = (*(reading.meant or ()), *others)
            why = f"'{shortened(symbol)}' names {one_of(one.symbol for one in meant)}; not read."
            reading = Reading(None, "SEVERAL_GENES", why, meant)
        if reading.code:
            self._log.once(f"{table.name} {symbol}", reading.code, table.at(line), reading.why)
        return reading


def _levels(
    rows: list[_Scores], high: float, low: float, *, normal_counts: bool
) -> Iterable[dict[str, tuple[Cell, float]]]:
    """Return for each sample its levels of a gene, each with the first score.

    A normal one that does not count is left out where no other can contradict it: in almost every cell.
    """
    ids = [draft.id for row, _ in rows for draft in row.drafts]
    alone = len({*ids}) == len(ids) and not normal_counts
    found: defaultdict[str, dict[str, tuple[Cell, float]]] = defaultdict(dict)
    for row, scores in rows:
        for place, score in enumerate(scores):
            if score is None:
                continue
            level = level_of(score, high=high, low=low)
            if level != "normal" or not alone:
                found[row.drafts[place].id].setdefault(level, (row.cell(place), score))
    return found.values()
