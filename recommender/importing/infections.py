"""What clinical records say about infections: tests before histories, and antibodies alone nothing."""

from collections.abc import Iterable
from typing import NamedTuple

from .._text import fold, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.import_models import ClinicalTerm
from .draft import Draft, Found, Log
from .terms import Words

_MEASURED = {"test": "test", "status": "stated status, not a test", "history": "history, not a test"}


class Heard(NamedTuple):
    """A clinical term in a record, whether it was found there, and where and how the record says so."""

    term: ClinicalTerm
    found: bool
    at: str
    said: str


class Infections:
    """Reads clinical cells, and adds to a sample what they amount to."""

    def __init__(self, base: KnowledgeBase, words: Words, log: Log) -> None:
        self._markers = base.vocabulary.markers
        self._words = words
        self._log = log
        self._lists = {fold(name) for name in words.known.lists}

    def listen(self, column: str, text: str, at: str) -> list[Heard]:
        """Return the terms in a clinical cell of a column that lists terms, or of a test's own column."""
        value = self._words.value(text)
        if not value:
            return []
        said = f"{column} = {shortened(value, 120)}"
        if fold(column) in self._lists:
            terms = self._words.terms_in(value)
            if terms is None:
                rest = self._words.unread_part(value)
                what = f"'{shortened(value)}' was not read: '{shortened(rest)}' in it is not understood."
                self._log.notice("UNREAD_TEXT", at, what)
                return []
            return [Heard(term, found, at, said) for term, found in terms]
        term = self._words.term(column)
        if term is None or term.marker is None:
            return []
        found = self._words.polarity(value)
        if found is None:
            what = f"'{shortened(value)}' in {column} says neither found nor not found; not read."
            self._log.notice("UNREAD_TEXT", at, what)
            return []
        return [Heard(term, found, at, said)]

    def add(self, draft: Draft, heard: Iterable[Heard]) -> None:
        """Add what was heard about a sample: a test outweighs a stated status, and that a history."""
        by_marker: dict[str, list[Heard]] = {}
        for one in heard:
            if one.term.marker:
                by_marker.setdefault(one.term.marker, []).append(one)
        for symbol, said in sorted(by_marker.items()):
            self._add(draft, symbol, said)

    def _add(self, draft: Draft, symbol: str, said: list[Heard]) -> None:
        stated = _stated(said, "test") + _stated(said, "status")
        tests = _stated(said, "test") or stated
        positive = [one for one in tests if one[0].found]
        histories = [one for one in _stated(said, "history") if one[0].found]
        exposure = [one for one in said if one.term.evidence == "exposure" and one.found]
        contact = [one for one in said if one.term.evidence == "none" and one.found]
        known = positive or tests or ([] if exposure else histories)
        if known:
            best, state = known[0]
            measured = _MEASURED[best.term.evidence]
            draft.add(Found(self._markers[symbol], state, best.at, best.said, measured=measured))
            other = next((one for one, differing in stated if differing != state), None)
            if other is not None:
                what = f"{draft.id}: {best.said}, but {other.said}; {symbol} is read as {state}."
                self._log.notice("TESTS_DIFFER", other.at, what)
        elif exposure or contact:
            beside = " even with a history" if histories else ""
            what = f"{draft.id}: antibodies or types{beside} are no finding on {symbol}; left unknown."
            self._log.notice("ANTIBODY_ONLY", (exposure or contact)[0].at, what)
        else:
            what = f"{draft.id}: {said[0].said} is no finding on {symbol}; left unknown."
            self._log.notice("NO_FINDING", said[0].at, what)


def _stated(heard: list[Heard], evidence: str) -> list[tuple[Heard, str]]:
    """What is heard of one kind of evidence and amounts to a state of the marker."""
    states = [(one, one.term.found if one.found else one.term.not_found) for one in heard]
    return [(one, state) for one, state in states if state and one.term.evidence == evidence]
