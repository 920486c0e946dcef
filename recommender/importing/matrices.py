"""Tables of numbers by gene and sample: discrete copy number, wide and long, and z-scores."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from .._text import shortened
from ..knowledge.models import Marker
from ..scores import level_of, score_in
from .clinical import Clinical
from .delimited import Table, cell
from .draft import Draft, Found, Log
from .genes import Genes
from .terms import Words
from .variants import GENE, GENE_ID, SAMPLE

_CALLS = {-2.0: "deleted", -1.5: "deleted", -1.0: None, 0.0: None, 1.0: None, 2.0: "amplified"}
"""GISTIC-like values of cBioPortal and the state of each; only the outer ones are calls."""

_ELEMENT = "Composite.Element.REF"
"""Where files of protein arrays name the gene and the antibody."""

_PHOSPHO = re.compile(r"_p[STY]\d", re.IGNORECASE)
_NOT_SAMPLES = ("Cytoband", _ELEMENT, "Gene_Name", "Locus_ID", *GENE, *GENE_ID)


class Cell(NamedTuple):
    """One number of a matrix: where it stands, whose it is, and its text."""

    at: str
    marker: Marker
    draft: Draft
    text: str


class Matrices:
    """Reads matrices into the drafts of their samples."""

    def __init__(self, words: Words, genes: Genes, log: Log, clinical: Clinical) -> None:
        self._words = words
        self._genes = genes
        self._log = log
        self._clinical = clinical
        self._calls: dict[tuple[str, str], dict[str | None, Cell]] = defaultdict(dict)
        self._levels: dict[tuple[str, str], dict[str, tuple[Cell, float]]] = defaultdict(dict)

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
            draft = self._known(cell(cells, sample_at), table.at(line)) if marker else None
            if marker and draft:
                self._call(Cell(table.at(line), marker, draft, cell(cells, value_at)))

    def settle_calls(self) -> None:
        """Hand the calls on to the samples; what two rows say differently stays unknown."""
        for found in self._calls.values():
            (state, one), *others = found.items()
            if others:
                places = " and ".join(f"{other.text} ({other.at})" for other in found.values())
                self._contradiction(one, "copy number", places)
            elif state is not None:
                one.draft.add(Found(one.marker, state, one.at, f"{one.draft.id} = {one.text}"))

    def levels(self, table: Table, *, measured: str, high: float, low: float) -> None:
        """Read z-scores as high, normal or low; `normal` only where a rule asks for the level of the gene."""
        for one in self._wide(table):
            score = self._number(one)
            if score is not None:
                state: str = level_of(score, high=high, low=low)
                self._levels[one.draft.id, one.marker.symbol].setdefault(state, (one, score))
        asked = {marker.symbol for marker in self._genes.asked("level")}
        for found in self._levels.values():
            (state, (one, score)), *others = found.items()
            if others:
                places = " and ".join(f"{other.text} ({other.at})" for other, _ in found.values())
                self._contradiction(one, "level", places)
            elif state != "normal" or one.marker.symbol in asked:
                said = f"{one.draft.id} = {one.text}"
                one.draft.add(
                    Found(one.marker, state, one.at, said, measured=measured, value=score, unit="z")
                )

    def _contradiction(self, one: Cell, what: str, places: str) -> None:
        message = f"{one.draft.id}: the {what} of {one.marker.symbol} is {places}; left unknown."
        self._log.notice("CONTRADICTION", one.at, message)

    def _known(self, name: str, at: str) -> Draft | None:
        """The sample of a column; one that the clinical tables do not list is none."""
        return self._clinical.sample(name, at, new=False)

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
        number = score_in(one.text, comma_is_decimal=True)
        if number is not None:
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
            if place not in apart and name and (draft := self._known(name, where)) is not None
        ]
        if not samples:
            self._log.notice("NO_SAMPLES", where, "no column of the file is a sample; nothing was read.")
        width = len(table.columns.names)
        outside = 0
        for line, cells in table.rows():
            symbol = cell(cells, gene_at)
            marker = self._gene(table, line, symbol, cell(cells, id_at))
            if marker is None:
                outside += 1
            elif len(cells) != width or table.was_short:
                what = f"the row of {marker.symbol} and the header have not as many cells; not read."
                self._log.notice("MALFORMED_ROW", table.at(line), what)
            elif _PHOSPHO.search(symbol):
                what = f"{shortened(symbol)} is a phosphorylated form of {marker.symbol}; not read."
                self._log.notice("FORM_NOT_READ", table.at(line), what)
            else:
                for place, draft in samples:
                    yield Cell(table.at(line), marker, draft, cells[place].strip())
        if outside:
            what = f"{outside} rows are of genes that the vocabulary does not know; left out."
            self._log.notice("OUTSIDE_VOCABULARY", table.name, what)

    def _gene_columns(self, table: Table) -> tuple[int | None, int | None]:
        found = table.columns.find(*GENE, _ELEMENT), table.columns.find(*GENE_ID)
        if found == (None, None):
            table.need(*GENE, *GENE_ID)
        return found

    def _gene(self, table: Table, line: int, symbol: str, ncbi_gene: str) -> Marker | None:
        # Rows of protein arrays name the gene and the antibody: GENE|antibody.
        reading = self._genes.read(symbol.partition("|")[0], ncbi_gene)
        if reading.code:
            self._log.once(f"{table.name} {symbol}", reading.code, table.at(line), reading.why)
        return reading.marker
