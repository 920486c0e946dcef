"""What clinical records say about infections: tests before histories, and antibodies alone nothing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._text import fold, is_doubted, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.import_models import ClinicalTerm
from .codes import coded, is_code, is_number
from .draft import Draft, Found, Log
from .endings import says_the_same
from .terms import Words

_MEASURED = {"test": "test", "status": "stated status, not a test", "history": "history, not a test"}


class Heard(NamedTuple):
    """A clinical term in a record, whether it was found there, and where and how the record states it."""

    term: ClinicalTerm
    found: bool | None
    """None where the record was not understood, so that it may say either."""
    at: str
    said: str
    code: str = ""
    """The column, where it is said by a number, which may be a code."""


class Infections:
    """Reads clinical cells, and adds to a sample what they amount to."""

    def __init__(self, base: KnowledgeBase, words: Words, log: Log) -> None:
        self._markers = base.vocabulary.markers
        self._words = words
        self._log = log
        self._lists = {fold(name) for name in words.known.lists}
        self._columns = {
            fold(name): column for column in words.known.hepatitis_columns for name in column.names
        }
        self._cells_told: set[str] = set()
        self._coded: set[str] = set()
        """The columns whose numbers are codes that the file does not explain."""
        self._parts = tuple(map(fold, words.known.hepatitis_words))
        of_status = [term for term in words.known.terms if term.marker and term.evidence == "status"]
        self._status = {term.marker: term for term in reversed(of_status)}
        """For each infection the term for a status that somebody stated."""

    def lists(self, column: str) -> bool:
        """Return whether a column lists terms in its cells."""
        return fold(column) in self._lists

    def term(self, column: str) -> ClinicalTerm | None:
        """Return the term that a column is about: a test, or the status that it states."""
        own = self._columns.get(fold(column))
        return self._status.get(own.marker) if own else self._words.term(column)

    def polarity(self, column: str, text: str) -> bool | None:
        """Return whether a cell of a column says found, not found, or neither."""
        own = None if is_doubted(text) else self._columns.get(fold(column))
        if own is not None and fold(text) in map(fold, own.found):
            return True
        if own is not None and fold(text) in map(fold, own.not_found):
            return False
        term = self._words.term(column)
        if term is not None and term.is_quantity and text.strip()[:1].isdecimal():
            return None
        return self._words.polarity(text)

    def is_whole(self, column: str, text: str) -> bool:
        """Return whether a cell of a test says the same with whatever its end may lack."""
        known = self._words.known
        own = self._columns.get(fold(column))
        words = (*known.positive, *known.negative, *known.nulls, *(own.found + own.not_found if own else ()))
        return not is_number(text) and says_the_same(text, lambda one: self.polarity(column, one), words)

    def looks_alike(self, name: str) -> bool:
        """Return whether a name looks like that of an infection."""
        return any(part in fold(name) for part in self._parts)

    def tell_columns(self, columns: Iterable[str], where: str) -> None:
        """Add notices of columns that look as if they held an infection and are not known."""
        for column in columns:
            if self.looks_alike(column) and not self.lists(column) and self.term(column) is None:
                what = f"the column {shortened(column)} may hold an infection, and is not known; not read."
                self._log.notice("HEPATITIS_COLUMN", where, what)

    def listen(self, column: str, text: str, at: str) -> list[Heard]:
        """Return the terms in a clinical cell of a column that lists terms, or of a test's own column."""
        value = self._words.value(text)
        self._tell_cell(column, value, at)
        if not value:
            return self.missing([column], at) if self._words.is_disputed(text) else []
        if self.lists(column):
            return self._listed(column, value, at)
        term = self.term(column)
        if term is None or term.marker is None:
            return []
        found = self.polarity(column, value)
        if is_code(value) and found is None and not term.is_quantity:
            if column not in self._coded:
                self._coded.add(column)
                self._log.notice("CODED_COLUMN", at, coded(column, value))
        elif found is None:
            what = f"'{shortened(value)}' in {column} says neither found nor not found; not read."
            self._log.notice("UNREAD_TEXT", at, what)
        return [Heard(term, found, at, _said(column, value), column if is_number(value) else "")]

    def _listed(self, column: str, value: str, at: str) -> list[Heard]:
        """The terms in a cell of a column that lists terms."""
        said = _said(column, value)
        terms = self._words.terms_in(value)
        if terms is None:
            rest = self._words.unread_part(value)
            why = f"'{shortened(rest)}' in it" if rest else "it"
            what = f"'{shortened(value)}' was not read: {why} is not understood."
            self._log.notice("UNREAD_TEXT", at, what)
            return [Heard(term, None, at, said) for term in self._status.values()]
        return [Heard(term, found, at, said) for term, found in terms]

    def _tell_cell(self, column: str, value: str, at: str) -> None:
        """Add a notice where a column that is not known, whatever its name, holds an infection."""
        term = self._words.term(value) if value else None
        if term is None or not term.marker:  # first, as hardly any cell holds one
            return
        about = self._words.term(column)
        if about is not None and about.marker:
            return
        if fold(column) in self._cells_told or self.lists(column) or self.looks_alike(column):
            return
        self._cells_told.add(fold(column))
        what = f"the column {shortened(column)} holds '{shortened(value)}', and is not known; not read."
        self._log.notice("HEPATITIS_COLUMN", at, what)

    def missing(self, columns: Sequence[str], at: str) -> list[Heard]:
        """Return what is not known because the cells of columns are lost."""
        if any(map(self.lists, columns)):
            return [Heard(term, None, at, "") for term in self._status.values()]
        terms = [term for name in columns if (term := self.term(name)) is not None and term.marker]
        return [Heard(term, None, at, "") for term in terms]

    def differing(self, one: Iterable[Heard], other: Iterable[Heard]) -> list[str]:
        """Return the infections of which two records say different things."""
        first, second = self._states(one), self._states(other)
        return sorted(symbol for symbol in first.keys() & second.keys() if first[symbol] != second[symbol])

    def void(self, draft: Draft, symbols: Iterable[str] | None = None) -> None:
        """Let nothing be said about infections of a sample; about all of them where none is named."""
        for symbol in self._status if symbols is None else symbols:
            draft.void(self._markers[symbol or ""], "test")

    def add(self, draft: Draft, heard: Iterable[Heard]) -> None:
        """Add what was heard about a sample: a test outweighs a stated status, and that a history."""
        known = (one._replace(found=None) if one.code in self._coded else one for one in heard)
        for symbol, said in sorted(_by_marker(known).items()):
            self._add(draft, symbol, said)

    def _states(self, heard: Iterable[Heard]) -> dict[str, str]:
        known = {symbol: _known(said) for symbol, said in _by_marker(heard).items()}
        return {symbol: found[0][1] for symbol, found in known.items() if found}

    def _add(self, draft: Draft, symbol: str, said: list[Heard]) -> None:
        stated = _stated(said, "test") + _stated(said, "status")
        histories = [one for one in _stated(said, "history") if one[0].found]
        exposure = [one for one in said if one.term.evidence == "exposure" and one.found]
        contact = [one for one in said if one.term.evidence == "none" and one.found]
        known = _known(said)
        two_ways = _contradicted(said)
        if two_ways is not None:
            places = " and ".join(f"{one.said} ({one.at})" for one in two_ways)
            what = f"{shortened(draft.id)}: {places}; {symbol} is left unknown."
            self._log.notice("CONTRADICTION", two_ways[1].at, what)
        elif known:
            best, state = known[0]
            measured = _MEASURED[best.term.evidence]
            draft.add(Found(self._markers[symbol], state, best.at, best.said, measured=measured))
            other = next((one for one, differing in stated if differing != state), None)
            if other is not None:
                what = f"{draft.id}: {best.said}, but {other.said}; {symbol} is read as {state}."
                self._log.notice("TESTS_DIFFER", other.at, what)
        elif any(one.found is None for one in said):
            return
        elif exposure or contact:
            beside = " even with a history" if histories else ""
            what = f"{draft.id}: antibodies or types{beside} are no finding on {symbol}; left unknown."
            self._log.notice("ANTIBODY_ONLY", (exposure or contact)[0].at, what)
        else:
            what = f"{draft.id}: {said[0].said} is no finding on {symbol}; left unknown."
            self._log.notice("NO_FINDING", said[0].at, what)


def _said(column: str, value: str) -> str:
    return f"{column} = {shortened(value, 120)}"


def _by_marker(heard: Iterable[Heard]) -> dict[str, list[Heard]]:
    by_marker: dict[str, list[Heard]] = {}
    for one in heard:
        if one.term.marker:
            by_marker.setdefault(one.term.marker, []).append(one)
    return by_marker


def _contradicted(said: list[Heard]) -> tuple[Heard, Heard] | None:
    """Two records of one test or status of which one found the infection and the other did not."""
    found = [one for one in said if one.found and one.term.not_found]
    denied = [one for one in said if one.found is False and one.term.not_found]
    return next(((one, other) for one in found for other in denied if one.term is other.term), None)


def _known(said: list[Heard]) -> list[tuple[Heard, str]]:
    """Return what is known of one infection, the weightiest first; nothing where the rest may differ.

    Only a test that found the infection holds whatever else a record may say.
    """
    tests = _stated(said, "test")
    stated = tests + _stated(said, "status")
    considered = tests or stated
    positive = [one for one in considered if one[0].found]
    if any(one.found is None for one in said):
        return [one for one in positive if one[0].term.evidence == "test"]
    exposure = any(one.term.evidence == "exposure" and one.found for one in said)
    histories = [one for one in _stated(said, "history") if one[0].found]
    return positive or considered or ([] if exposure else histories)


def _stated(heard: list[Heard], evidence: str) -> list[tuple[Heard, str]]:
    """Return what is heard of one kind of evidence and amounts to a state of the marker."""
    understood = [one for one in heard if one.found is not None]
    states = [(one, one.term.found if one.found else one.term.not_found) for one in understood]
    return [(one, state) for one, state in states if state and one.term.evidence == evidence]
