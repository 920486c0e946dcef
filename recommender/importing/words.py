"""What the words of clinical records and variant files mean, by the rule base."""

import re
from typing import NamedTuple

from .._errors import Problem, RuleBaseError
from .._text import fold, shortened
from ..facts import SILENT
from ..knowledge.base import KnowledgeBase
from ..knowledge.import_models import ClinicalTerm, Importing
from ..knowledge.models import Marker
from .draft import Draft, Found, Log
from .tables import words

_LONGEST_CELL = 200
_MEASURED = {"test": "test", "status": "stated status, not a test", "history": "history, not a test"}
_CHANGE = re.compile(r"[0-9]|^[pcgnm]\.")
_SIGNS = re.compile(r"[?!]|[-\u2212\u2013\u2014](?!\w)|(?<!\w)[-\u2212\u2013\u2014]")
"""Signs that may turn a term into its opposite, or into a question."""


class Heard(NamedTuple):
    """A clinical term in a record, whether it was found there, and where the record stands."""

    term: ClinicalTerm
    found: bool
    source: str


class Words:
    """The words of the rule base, ready for looking up."""

    def __init__(self, base: KnowledgeBase) -> None:
        if base.content.importing is None:
            what = "no file has the section importing, which says what the words of other files mean."
            raise RuleBaseError([Problem("", what)])
        self.known: Importing = base.content.importing
        self._base = base
        self._nulls = words(self.known.nulls)
        self._positive, self._negative = words(self.known.positive), words(self.known.negative)
        self._terms = {fold(name): term for term in self.known.terms for name in term.names}
        self.lists = {fold(name) for name in self.known.lists}
        variants = self.known.variants
        self._variants = {
            **{fold(name): "mutation" for name in variants.mutation},
            **{fold(name): "no mutation" for name in variants.no_mutation},
            **{fold(name): "uncertain" for name in variants.uncertain},
        }
        self._promoter = {fold(name) for name in variants.promoter}
        self._alterations = {fold(name): state for name, state in self.known.alterations.items()}
        polarity = {fold(word): True for word in self.known.positive} | {
            fold(word): False for word in self.known.negative
        }
        self._polarity = {word: found for word, found in polarity.items() if len(word) > 2}
        self._phrase = re.compile(
            f"({_either(self._terms)})({_either(self._polarity)})?",
        )

    def is_null(self, text: str) -> bool:
        """Return whether a cell means: no value."""
        return text.strip().casefold() in self._nulls

    def value(self, text: str) -> str:
        """Return a cell without its outer spaces, and nothing where it means: no value."""
        return "" if self.is_null(text) else text.strip()

    def polarity(self, text: str) -> bool | None:
        """Return whether a word says that something was found, was not found, or neither."""
        word = text.strip().casefold()
        if word in self._positive:
            return True
        return False if word in self._negative else None

    def term(self, name: str) -> ClinicalTerm | None:
        """Return the clinical term of this name."""
        return self._terms.get(fold(name))

    def terms_in(self, text: str) -> list[tuple[ClinicalTerm, bool]] | None:
        """Return the terms in a text, with or without separators, or None where not all of it is known."""
        rest = fold(text)
        if len(text) > _LONGEST_CELL or _SIGNS.search(text):
            return None
        heard = []
        while rest:
            match = self._phrase.match(rest)
            if match is None:
                return None
            heard.append((self._terms[match[1]], self._polarity.get(match[2] or "", True)))
            rest = rest[match.end() :]
        return heard

    def unread_part(self, text: str) -> str:
        """Return why a text could not be read: a sign in it, or what is left without the known terms."""
        sign = _SIGNS.search(text)
        return sign[0] if sign else self._phrase.sub("", fold(text))

    def variant(self, classification: str, marker: Marker) -> str | None:
        """Return "mutation", "no mutation" or "uncertain" for a variant of a gene; None for an unknown class.

        Several classes joined by `&` or commas, as annotation tools write them, count as the gravest.
        """
        found: set[str | None] = set()
        for part in re.split(r"[&,;|]", classification):
            name = fold(part)
            if name in self._promoter and marker.symbol in self.known.variants.promoter_genes:
                found.add("mutation")
            else:
                found.add(self._variants.get(name))
        return next((kind for kind in ("mutation", "uncertain", None, "no mutation") if kind in found), None)

    def classifications(self) -> list[str]:
        """Return every variant class that is known."""
        variants = self.known.variants
        return [*variants.mutation, *variants.no_mutation, *variants.uncertain]

    def alteration(self, text: str) -> str | None:
        """Return the state that a word such as Amplification stands for."""
        return self._alterations.get(fold(text))

    def change(self, text: str) -> str | None:
        """Return a change of a protein or gene, or None where the text names none."""
        value = self.value(text)
        return value if value and value not in ("p.?", "p.") and _CHANGE.search(value) else None

    def therapy(self, names: list[str]) -> str:
        """Return the first of several names of one treatment that the vocabulary knows, else the first."""
        said = [name for name in names if name]
        known = [name for name in said if not self._base.vocabulary.therapies_in(name)[1]]
        return (known or said)[0]

    @staticmethod
    def is_silent(change: str) -> bool:
        """Return whether a change leaves the protein as it is."""
        return re.fullmatch(SILENT, change) is not None

    def infections(self, draft: Draft, heard: list[Heard], log: Log) -> None:
        """Add what clinical terms say about a sample; a test outweighs a history."""
        for symbol in sorted({one.term.marker for one in heard if one.term.marker}):
            said = [one for one in heard if one.term.marker == symbol]
            marker = self._base.vocabulary.markers[symbol]
            tests = _stated(said, "test") or _stated(said, "status")
            found = [one for one in tests if one[0].found]
            history = [one for one in said if one.term.evidence == "history" and one.found]
            exposure = [one for one in said if one.term.evidence == "exposure" and one.found]
            contact = [one for one in said if one.term.evidence == "none" and one.found]
            if tests:
                best, state = (found or tests)[0]
                draft.add(Found(marker, state, best.source, measured=_MEASURED[best.term.evidence]))
                other = next((one for one, _ in tests if found and not one.found), None)
                if other is not None:
                    what = f"{draft.id}: one test of {symbol} found it, another did not; read as {state}."
                    log.notice("TESTS_DIFFER", other.source.partition(" ")[0], what)
            elif history and not exposure:
                past = history[0]
                assert past.term.found, "a history that says nothing is a fault of the rule base"
                draft.add(Found(marker, past.term.found, past.source, measured=_MEASURED["history"]))
            elif exposure or contact:
                beside = " even with a history" if history else ""
                what = (
                    f"{draft.id}: antibodies or types alone{beside} are no finding on {symbol}; left unknown."
                )
                log.notice("ANTIBODY_ONLY", (exposure or contact)[0].source.partition(" ")[0], what)

    def listen(self, column: str, text: str, source: str, log: Log) -> list[Heard]:
        """Return the terms in a clinical cell of a column that lists terms, or of a test's own column."""
        value = self.value(text)
        if not value:
            return []
        shown = f"{source} {column} = {shortened(value, 120)}"
        if fold(column) in self.lists:
            terms = self.terms_in(value)
            if terms is None:
                rest = self.unread_part(value)
                what = f"'{shortened(value)}' was not read, because of '{shortened(rest)}' in it."
                log.notice("UNREAD_TEXT", source, what)
                return []
            return [Heard(term, found, shown) for term, found in terms]
        term = self.term(column)
        if term is None or term.evidence == "none":
            return []
        polarity = self.polarity(value)
        if polarity is None:
            what = f"'{shortened(value)}' in {column} says neither found nor not found; not read."
            log.notice("UNREAD_TEXT", source, what)
            return []
        return [Heard(term, polarity, shown)]


def _stated(heard: list[Heard], evidence: str) -> list[tuple[Heard, str]]:
    """What is heard of one kind of evidence and amounts to a state of the marker."""
    states = [(one, one.term.found if one.found else one.term.not_found) for one in heard]
    return [(one, state) for one, state in states if state and one.term.evidence == evidence]


def _either(names: dict[str, object] | dict[str, bool] | dict[str, ClinicalTerm]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
