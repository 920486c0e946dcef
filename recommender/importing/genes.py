"""Gene symbols and ids of sequencing files, read strictly: such files mean approved symbols."""

import re
from typing import NamedTuple

from .._text import fold, one_of, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Marker
from ..states import axis_of

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mär|mai|okt|dez)"
_DAMAGED = re.compile(
    rf"\d{{1,2}}[-./ ]{_MONTH}(?:[-./ ]\d{{2,4}})?|{_MONTH}[-./ ]\d{{1,4}}|\d{{4}}-\d{{2}}-\d{{2}}(?: .*)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d+(?:[.,]\d+)?e[+]?\d+|\d{5}(?:[.,]\d+)?",
    re.IGNORECASE,
)
"""What a spreadsheet makes of a symbol that looks like a date or a number."""


class Reading(NamedTuple):
    """What a symbol was read as: the marker, or None, and a notice's code and text where one is due."""

    marker: Marker | None
    code: str = ""
    why: str = ""
    candidates: tuple[Marker, ...] = ()
    """Genes of the vocabulary that may be meant, where none was read."""


class Genes:
    """The genes of the vocabulary as sequencing files name them."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._vocabulary = base.vocabulary
        genes = [marker for marker in base.vocabulary.markers.values() if marker.hgnc]
        self._symbols = {marker.symbol.upper(): marker for marker in genes}
        self._previous = {name.upper(): marker for marker in genes for name in marker.previous}
        self._ids = {str(marker.ncbi_gene): marker for marker in genes if marker.ncbi_gene}
        self._read: dict[tuple[str, str], Reading] = {}
        asked = {(atom.name, axis_of(atom.state)) for atom in base.program.atoms if atom.kind == "marker"}
        self._asked = {
            axis: [marker for marker in genes if (marker.symbol, axis) in asked]
            for axis in {axis for _, axis in asked}
        }

    def asked(self, axis: str) -> list[Marker]:
        """Return the genes of which a rule asks something on an axis."""
        return self._asked.get(axis, [])

    def read(self, symbol: str, ncbi_gene: str = "") -> Reading:
        """Return what a symbol and an NCBI Gene id stand for; either may be empty."""
        key = symbol, ncbi_gene
        known = self._read.get(key)
        if known is None:
            known = self._read[key] = self._reading(symbol, ncbi_gene.removesuffix(".0")[:20])
        return known

    def written(self, marker: Marker) -> list[str]:
        """Return the names by which a profile can call a marker: the symbol first, unless it is ambiguous."""
        names = [marker.symbol, marker.hgnc or "", *marker.aliases, *marker.previous]
        return [
            name for name in names if self._vocabulary.marker(name) is marker and not self._ambiguous(name)
        ]

    def _ambiguous(self, name: str) -> bool:
        return self._vocabulary.ambiguous(name) is not None

    def _reading(self, symbol: str, ncbi_gene: str) -> Reading:
        """The id decides what an ambiguous symbol means; it does not overrule another symbol."""
        by_symbol = self._by_symbol(symbol)
        by_id = self._ids.get(ncbi_gene)
        ambiguous = self._vocabulary.ambiguous(symbol) if symbol else None
        if by_id is not None and (not symbol or (ambiguous and by_id.symbol in ambiguous.candidates)):
            return Reading(by_id)
        if by_id is not None and by_symbol.code == "DAMAGED_SYMBOL":
            why = f"'{shortened(symbol)}' is a spreadsheet's symbol; read as {by_id.symbol} by its id."
            return Reading(by_id, by_symbol.code, why)
        given = ncbi_gene.isdecimal() and int(ncbi_gene) > 0
        if given and by_symbol.marker is not by_id:
            candidates = tuple(one for one in (by_symbol.marker, by_id) if one is not None)
            why = f"the symbol {shortened(symbol)} and the NCBI Gene id {ncbi_gene} name two genes; not read."
            return Reading(None, "TWO_GENES", why, candidates)
        return by_symbol

    def _by_symbol(self, symbol: str) -> Reading:
        if not symbol:
            return Reading(None)
        exact = self._symbols.get(symbol.upper())
        if exact is not None:
            return Reading(exact)
        ambiguous = self._vocabulary.ambiguous(symbol)
        if ambiguous is not None:
            gene = self._vocabulary.markers.get(ambiguous.formerly or ambiguous.reading or "")
            said = f"read as {gene.symbol}" if gene else "not read; write the approved symbol"
            why = f"{shortened(symbol)} can mean {one_of(ambiguous.candidates)}; {said}."
            return Reading(gene, "AMBIGUOUS_ALIAS", why)
        previous = self._previous.get(symbol.upper())
        if previous is not None:
            return Reading(previous, "PREVIOUS_SYMBOL", f"{shortened(symbol)} is now {previous.symbol}.")
        alias = self._vocabulary.marker(symbol)
        if alias is not None and (alias.hgnc or fold(symbol) == fold(alias.symbol)):
            return Reading(alias, "ALIAS_READ", f"{shortened(symbol)} is read as {alias.symbol}.")
        if _DAMAGED.fullmatch(symbol):
            why = f"'{shortened(symbol)}' is what a spreadsheet made of a symbol; the gene is not known."
            return Reading(None, "DAMAGED_SYMBOL", why)
        return Reading(None)
