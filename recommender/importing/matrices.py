"""Tables of numbers by gene and sample: discrete copy number, wide and long, and z-scores."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .._text import shortened
from ..knowledge.models import Marker
from .draft import Draft, Found, Log
from .genes import Genes
from .tables import Table, cell
from .variants import GENE, GENE_ID, SAMPLE
from .words import Words

_CALLS = {-2.0: "deleted", -1.5: "deleted", -1.0: None, 0.0: None, 1.0: None, 2.0: "amplified"}
"""GISTIC-like values of cBioPortal and the state of each; only the outer ones are calls."""

_NOT_SAMPLES = ("Cytoband", "Composite.Element.REF", "Gene_Name", "Locus_ID", *GENE, *GENE_ID)


class Cell(NamedTuple):
    """One number of a matrix: where it stands, whose it is, and its text."""

    at: str
    marker: Marker
    draft: Draft
    text: str


class Matrices:
    """Reads matrices into the drafts of their samples."""

    def __init__(
        self, words: Words, genes: Genes, log: Log, sample: Callable[[str, str], Draft | None]
    ) -> None:
        self._words = words
        self._genes = genes
        self._log = log
        self._sample = sample
        self._calls: dict[tuple[str, str], dict[str | None, Cell]] = defaultdict(dict)

    def copy_number(self, table: Table) -> None:
        """Read discrete calls, a sample a column."""
        for one in self._wide(table):
            self._call(one)

    def copy_number_long(self, table: Table) -> None:
        """Read discrete calls, one a row."""
        sample_at, value_at = table.need(*SAMPLE), table.need("Value")
        gene_at, id_at = self._gene_columns(table)
        for line, cells in table.rows():
            marker = self._gene(table, line, cell(cells, gene_at), cell(cells, id_at))
            draft = self._sample(cell(cells, sample_at), table.at(line)) if marker else None
            if marker and draft:
                self._call(Cell(table.at(line), marker, draft, cell(cells, value_at)))

    def settle_calls(self) -> None:
        """Hand the calls on to the samples; what two rows say differently stays unknown."""
        for found in self._calls.values():
            (state, one), *others = found.items()
            if others:
                places = " and ".join(f"{other.text} ({other.at})" for other in found.values())
                what = f"{one.draft.id}: the copy number of {one.marker.symbol} is {places}; left unknown."
                self._log.notice("CONTRADICTION", one.at, what)
            elif state is not None:
                one.draft.add(Found(one.marker, state, one.at, f"{one.draft.id} = {one.text}"))

    def levels(self, table: Table, *, measured: str, high: float, low: float) -> None:
        """Read z-scores as high, normal or low; `normal` only where a rule asks for the level of the gene."""
        asked = {marker.symbol for marker in self._genes.asked("level")}
        for one in self._wide(table):
            score = self._number(one)
            if score is None:
                continue
            state = "high" if score >= high else "low" if score <= low else "normal"
            if state != "normal" or one.marker.symbol in asked:
                said = f"{one.draft.id} = {one.text}"
                found = Found(one.marker, state, one.at, said, measured=measured, value=score, unit="z")
                one.draft.add(found)

    def _call(self, one: Cell) -> None:
        number = self._number(one)
        if number is None:
            return
        if number not in _CALLS:
            what = (
                f"{one.draft.id}: '{shortened(one.text)}' is no copy-number call for {one.marker.symbol}; "
                "left unknown. Calls are -2, -1.5, -1, 0, 1 and 2."
            )
            self._log.notice("UNKNOWN_VALUE", one.at, what)
            return
        self._calls[one.draft.id, one.marker.symbol].setdefault(_CALLS[number], one)

    def _number(self, one: Cell) -> float | None:
        if self._words.is_null(one.text):
            return None
        try:
            number = float(one.text)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        what = f"{one.draft.id}: '{shortened(one.text)}' is no number for {one.marker.symbol}; left unknown."
        self._log.notice("UNKNOWN_VALUE", one.at, what)
        return None

    def _wide(self, table: Table) -> Iterator[Cell]:
        gene_at, id_at = self._gene_columns(table)
        apart = {table.columns.find(name) for name in _NOT_SAMPLES}
        where = table.at(table.columns.line)
        samples = [
            (place, draft)
            for place, name in enumerate(table.columns.names)
            if place not in apart and name and (draft := self._sample(name, where)) is not None
        ]
        if not samples:
            self._log.notice("NO_SAMPLES", where, "no column of the file is a sample; nothing was read.")
        width = len(table.columns.names)
        for line, cells in table.rows():
            marker = self._gene(table, line, cell(cells, gene_at), cell(cells, id_at))
            if marker is None:
                continue
            if len(cells) > width:
                what = "the row has more cells than the header has columns; not read."
                self._log.notice("MALFORMED_ROW", table.at(line), what)
                continue
            for place, draft in samples:
                yield Cell(table.at(line), marker, draft, cells[place].strip())

    def _gene_columns(self, table: Table) -> tuple[int | None, int | None]:
        found = table.columns.find(*GENE), table.columns.find(*GENE_ID)
        if found == (None, None):
            table.need(*GENE, *GENE_ID)
        return found

    def _gene(self, table: Table, line: int, symbol: str, ncbi_gene: str) -> Marker | None:
        # Rows of protein arrays name the gene and the antibody: GENE|antibody.
        reading = self._genes.read(symbol.partition("|")[0], ncbi_gene)
        if reading.code:
            self._log.once(f"{table.name} {symbol}", reading.code, table.at(line), reading.why)
        return reading.marker
