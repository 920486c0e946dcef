"""Gene symbols and ids of sequencing files, read strictly: such files mean approved symbols."""

import re
from typing import NamedTuple

from .._text import fold, is_doubted, one_of, shortened
from .._values import cached_property
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Marker

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|mär|mai|okt|dez)"
_DAMAGED = re.compile(
    rf"\d{{1,2}}[-./ ]{_MONTH}(?:[-./ ]\d{{2,4}})?|{_MONTH}[-./ ]\d{{1,4}}|\d{{4}}-\d{{2}}-\d{{2}}(?: .*)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d+(?:[.,]\d+)?e[+]?\d+|\d{5}(?:[.,]\d+)?",
    re.IGNORECASE,
)
"""What a spreadsheet makes of a symbol that looks like a date or a number."""


_DATED = re.compile(rf"{_MONTH}-?\d{{1,2}}|\d+e\d+", re.IGNORECASE)
"""A symbol that a spreadsheet takes for a date or a number."""

_ACCESSION = re.compile(
    r"ENS[A-Z]*\d{6,}(?:\.\d+)?|[NX][MRP]_\d+(?:\.\d+)?|LRG_\d+.*|CCDS\d+(?:\.\d+)?|OTTHUM[A-Z]\d+"
    r"|uc\d{3}[a-z]{3}\.\d+|chr[0-9XYM]{1,2}T?[:_.-]\d.*",
    re.IGNORECASE,
)
"""An id of a transcript or of a gene that is not read, or a place, so that any gene may be meant."""

_MAX_CELL = 2_000
"""Characters of a cell in which several names are looked for; a longer cell is not a list of genes."""

_WELL_FORMED = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9@._-]*")
_ALIAS = re.compile(r"[\w .+/-]+|(?i:HGNC):\d+")
"""What a name may be spelled with; the vocabulary passes over all punctuation."""

_ORDINARY = re.compile(r"(?!(?i:ENS|OTTHUM|CCDS|LOC\d))[A-Za-z][A-Za-z0-9]*")
"""A symbol that is that of a gene, though of none of the vocabulary, unless the vocabulary has the name."""

_SEVERAL = re.compile(r"[;,|/&()\[\]:\s]+")
_JOINS = re.compile(r"[_.@^]+")
"""Signs that join a symbol with what is not part of it, where R or another program made one name of two."""

_LOCUS = re.compile(r"(?:LOC)?(\d{3,9})", re.IGNORECASE)
"""An NCBI Gene id in a cell for the symbol."""

_TRANSCRIPT = re.compile(r"(?:AS|DT|IT|OT|P)\d*|[01]?\d?")
"""What HGNC puts behind a symbol for another gene beside it, such as an antisense transcript."""

_PART = re.compile(r"[A-Za-z0-9@._-]+|dist=.*")
"""What may be in a cell of several names, with the distances that annotation tools write."""


class Reading(NamedTuple):
    """What a symbol was read as: the marker, or None, and a notice's code and text where one is due."""

    marker: Marker | None
    code: str = ""
    why: str = ""
    candidates: tuple[Marker, ...] | None = ()
    """Genes of the vocabulary that may be meant where none was read; None where any may be."""

    @property
    def meant(self) -> tuple[Marker, ...] | None:
        """The marker, or the candidates where none was read; None where any gene may be meant."""
        return (self.marker,) if self.marker else self.candidates


OTHER = Reading(None)
"""A gene that the vocabulary does not know."""


class Genes:
    """The genes of the vocabulary as sequencing files name them."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._vocabulary = base.vocabulary
        self.groups = base.vocabulary.groups
        """Markers, by symbol, of which at most one can be present."""
        genes = [marker for marker in base.vocabulary.markers.values() if marker.hgnc]
        self._symbols = {marker.symbol.upper(): marker for marker in genes}
        self._previous = {name.upper(): marker for marker in genes for name in marker.previous}
        self._ids = {str(marker.ncbi_gene): marker for marker in genes if marker.ncbi_gene}
        self._read: dict[tuple[str, str], Reading] = {}
        self._written: dict[str, list[str]] = {}
        self._dated = tuple(
            marker
            for marker in genes
            if any(_DATED.fullmatch(name) for name in (marker.symbol, *marker.aliases, *marker.previous))
        )
        importing = base.content.importing
        self.promoters = tuple(
            marker for marker in genes if importing and marker.symbol in importing.variants.promoter_genes
        )
        """Genes whose promoter counts as the gene."""
        self._nulls = {one.strip().casefold() for one in importing.nulls} if importing else {""}
        self._asked = {
            axis: [marker for marker in genes if (marker.symbol, axis) in base.read]
            for axis in {axis for _, axis in base.read}
        }

    def is_symbol(self, text: str) -> bool:
        """Return whether a text is the approved symbol of a gene of the vocabulary, as it is written."""
        found = self._symbols.get(text)
        return found is not None and found.symbol == text

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

    def can_be(self, marker: Marker, state: str) -> bool:
        """Return whether a marker of this kind can have a state."""
        return self._vocabulary.reading_of(marker, state) is not None

    def at_end(self, text: str) -> Marker | None:
        """Return the gene whose symbol a text ends with, as where the end of a line was lost before it."""
        names = self._endings
        ends = (text[-length:] for length in range(min(len(text), self._longest), 0, -1))
        return next((names[one] for one in ends if one in names), None)

    def beginning(self, text: str) -> tuple[Marker, ...]:
        """Return the genes of which a name or id begins with a text, as where its end was lost."""
        begun = text.upper()
        names = {**self._symbols, **self._previous, **self._ids}
        found = [marker for name, marker in names.items() if name.startswith(begun)]
        found += (
            one for one in self._symbols.values() if any(a.upper().startswith(begun) for a in one.aliases)
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def _endings(self) -> dict[str, Marker]:
        return {**self._previous, **self._symbols}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._endings), default=0)

    def written(self, marker: Marker) -> list[str]:
        """Return the names by which a profile can call a marker: the symbol first, unless it is ambiguous."""
        known = self._written.get(marker.symbol)
        if known is None:
            names = [marker.symbol, marker.hgnc or "", *marker.aliases, *marker.previous]
            known = self._written[marker.symbol] = [
                name
                for name in names
                if self._vocabulary.marker(name) is marker and self._vocabulary.ambiguous(name) is None
            ]
        return known

    def _reading(self, symbol: str, ncbi_gene: str) -> Reading:
        """The id decides what an ambiguous symbol means; it does not overrule another symbol."""
        symbol = "" if symbol.casefold() in self._nulls else symbol
        by_id = self._ids.get(ncbi_gene)
        if by_id is None and _ORDINARY.fullmatch(symbol) and not self._vocabulary.names_marker(symbol):
            return OTHER
        by_symbol = self._by_symbol(symbol)
        given = ncbi_gene.isdecimal() and int(ncbi_gene) > 0
        ambiguous = self._vocabulary.ambiguous(symbol) if symbol else None
        nameless = not symbol or _ACCESSION.fullmatch(symbol) is not None
        if by_id is not None and (nameless or (ambiguous and by_id.symbol in ambiguous.candidates)):
            return Reading(by_id)
        if by_id is not None and by_symbol.code == "DAMAGED_SYMBOL":
            why = f"'{shortened(symbol)}' is a spreadsheet's symbol; read as {by_id.symbol} by its id."
            return Reading(by_id, by_symbol.code, why)
        if nameless:
            return OTHER if given else Reading(None, candidates=None)
        if symbol.isdecimal() and symbol in self._ids:
            meant = (*(by_symbol.candidates or ()), self._ids[symbol])
            genes = one_of(dict.fromkeys(one.symbol for one in meant))
            return Reading(None, "UNKNOWN_GENE", f"'{symbol}' is not a symbol; {genes} may be meant.", meant)
        if given and by_symbol.marker is not by_id:
            both = (*(by_symbol.candidates or ()), by_symbol.marker, by_id)
            candidates = tuple(one for one in both if one is not None)
            why = f"the symbol {shortened(symbol)} and the NCBI Gene id {ncbi_gene} name two genes; not read."
            return Reading(None, "TWO_GENES", why, candidates)
        return by_symbol

    def _by_symbol(self, symbol: str) -> Reading:
        if not symbol:
            return OTHER
        exact = self._symbols.get(symbol.upper())
        if exact is not None:
            return Reading(exact)
        ambiguous = self._vocabulary.ambiguous(symbol)
        if ambiguous is not None:
            gene = self._vocabulary.markers.get(ambiguous.formerly or ambiguous.reading or "")
            gene = gene if gene and gene.hgnc else None
            said = f"read as {gene.symbol}" if gene else "not read; write the approved symbol"
            why = f"{shortened(symbol)} can mean {one_of(ambiguous.candidates)}; {said}."
            others = (self._vocabulary.markers.get(name) for name in ambiguous.candidates)
            meant = () if gene else tuple(one for one in others if one is not None)
            return Reading(gene, "AMBIGUOUS_ALIAS", why, meant)
        named = self._named(symbol)
        if named is not None:
            if symbol.upper() in self._previous:
                return Reading(named, "PREVIOUS_SYMBOL", f"{shortened(symbol)} is now {named.symbol}.")
            return Reading(named, "ALIAS_READ", f"{shortened(symbol)} is read as {named.symbol}.")
        if _DAMAGED.fullmatch(symbol):
            why = f"'{shortened(symbol)}' is what a spreadsheet made of a symbol; the gene is not known."
            return Reading(None, "DAMAGED_SYMBOL", why, self._dated)
        if re.fullmatch(r"(?i:HGNC):\d+", symbol):
            return OTHER
        if is_doubted(symbol):
            return self._several(symbol.strip("-+ "))
        return self._joined(symbol) if _WELL_FORMED.fullmatch(symbol) else self._several(symbol)

    def _joined(self, symbol: str) -> Reading:
        """Return what a symbol with joining signs is read as: any gene that a part names may be meant."""
        parts = [part for part in _JOINS.split(symbol) if part]
        found = tuple(dict.fromkeys(one for part in parts for one in self._hyphened(part)))
        if not found:
            return OTHER
        genes = " and ".join(one.symbol for one in found)
        why = f"'{shortened(symbol)}' may be a fusion or a name made of two; not read. {genes} may be meant."
        return Reading(None, "SEVERAL_GENES", why, found)

    def _hyphened(self, text: str) -> list[Marker]:
        """The genes that a part of a symbol names: a fusion names two, the gene of an antisense RNA none."""
        locus = _LOCUS.fullmatch(text)
        by_id = self._ids.get(locus[1]) if locus else None
        if by_id is not None:
            return [by_id]
        whole = self._symbols.get(text.upper()) or self._named(text)
        if whole is not None:
            return [whole]
        parts = re.split(r"-+", text.upper())
        if len(parts) < 2 or any(_TRANSCRIPT.fullmatch(part) for part in parts):
            return []
        return [self._symbols[part] for part in parts if part in self._symbols]

    def mentioned(self, text: str) -> tuple[Marker, ...]:
        """Return the genes that a text of any kind may name."""
        words = set(re.findall(r"[A-Za-z][\w-]+", text[:_MAX_CELL]))
        words |= {part for word in words for part in re.split(r"[\W_]+", word)}
        found: list[Marker] = []
        for word in sorted(words):
            if len(word) > 2 and (word.isupper() or self.is_symbol(word)):
                reading = self.read(word)
                found += reading.meant or ()
        return tuple(dict.fromkeys(found))

    def others_in(self, texts: list[str], first: Marker | None) -> tuple[Marker, ...]:
        """Return the genes of other symbols or ids among texts than the first gene."""
        found = (self._symbols.get(one.strip()) or self._ids.get(one.strip()) for one in texts)
        return tuple(dict.fromkeys(one for one in found if one is not None and one is not first))

    def _named(self, name: str) -> Marker | None:
        """The gene that a name other than an approved symbol stands for."""
        previous = self._previous.get(name.upper())
        if previous is not None:
            return previous
        alias = self._vocabulary.marker(name) if _ALIAS.fullmatch(name) else None
        return alias if alias is not None and (alias.hgnc or fold(name) == fold(alias.symbol)) else None

    def _several(self, text: str) -> Reading:
        """Return what a cell is read as that is not one symbol: it may name several genes, or be damaged."""
        parts = [part for part in _SEVERAL.split(text[:_MAX_CELL]) if part]
        meant: list[Marker] = []
        for part in parts:
            by_id = self._ids.get(part)
            meant += [by_id] if by_id else (one for bit in _JOINS.split(part) for one in self._hyphened(bit))
        found = tuple(dict.fromkeys(meant))
        if found:
            genes = " and ".join(one.symbol for one in found)
            why = f"'{shortened(text)}' is not one symbol; not read. {genes} may be meant."
            return Reading(None, "SEVERAL_GENES", why, found)
        understood = all(_PART.fullmatch(part) for part in parts) and any(map(_WELL_FORMED.fullmatch, parts))
        return OTHER if understood else Reading(None, candidates=None)
