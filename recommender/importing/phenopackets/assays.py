"""Measurements and diagnostic markers of phenopackets: assay and value to a finding."""

import re

from ..._text import fold, shortened
from ...knowledge.base import KnowledgeBase
from ...knowledge.import_models import ClinicalTerm
from ...knowledge.models import Marker
from ..draft import Draft, Found, Log
from ..infections import Heard
from ..terms import Words
from .models import AssayResult, Quantity, Term

_MAX_LABEL = 400
"""Letters of a label that are searched, for labels come from outside."""
_SERUM = re.compile(r"\b(?:serum|plasma|blood)\b", re.IGNORECASE)


class Assays:
    """Reads what assays found into the draft of a sample."""

    def __init__(self, base: KnowledgeBase, words: Words, log: Log) -> None:
        self.vocabulary = base.vocabulary
        self.words = words
        self.log = log

    def measurement(self, draft: Draft, one: AssayResult, at: str) -> list[Heard]:
        """Add the finding of a measurement at a place; return what it says about infections."""
        label = (one.assay.label or one.assay.id)[:_MAX_LABEL]
        quantity = one.value.quantity if one.value else None
        word = one.value.ontology_class if one.value else None
        term, marker = self._assayed(label)
        if term is None and marker is None:
            near = self.log.near_name(label, self.vocabulary.marker_spellings())
            what = (
                f"the assay '{shortened(label)}' names no marker of the vocabulary; not read. {near}".strip()
            )
            self.log.notice("UNKNOWN_ASSAY", at, what)
            return []
        if marker is not None and _SERUM.search(label) and not self.vocabulary.reads_blood(marker):
            what = f"'{shortened(label)}' is measured in blood, not in the tumour; not read."
            self.log.notice("NOT_OF_THE_TUMOUR", at, what)
            return []
        if term is not None:
            found = self.words.polarity(word.label) if word else _above(quantity)
            if found is None:
                what = f"the value of '{shortened(label)}' says neither found nor not found; not read."
                self.log.notice("UNREAD_TEXT", at, what)
                return []
            amount = f"{quantity.value:g}" if quantity and quantity.value is not None else ""
            said = f"{shortened(label)} = {shortened(word.label) if word else amount}"
            return [Heard(term, found, at, said)]
        assert marker is not None
        state = self._quantity_state(quantity) if quantity else self._word_state(marker, word)
        read = self.vocabulary.reading_of(marker, state) if state else None
        if read is None:
            why = "no reference range" if quantity else "no state that the marker can have"
            self.log.notice(
                "UNREAD_TEXT",
                at,
                f"the value of '{shortened(label)}' has {why}; {marker.symbol} left unknown.",
            )
            return []
        value = quantity.value if quantity else None
        said = f"{value:g}" if value is not None else shortened(word.label if word else "")
        unit = (quantity.unit.label or quantity.unit.id) if quantity else None
        draft.add(
            Found(
                marker,
                read,
                at,
                f"{shortened(label)} = {said}",
                assay=label[:400],
                value=value,
                unit=unit or None,
            )
        )
        return []

    def _assayed(self, label: str) -> tuple[ClinicalTerm | None, Marker | None]:
        """Return what the label of an assay names: a clinical term, or a marker."""
        rest = re.sub(r"\[.*?\]|\(.*?\)", " ", label)
        rest = re.sub(r"(?i)\bin (?:serum|plasma|blood|tissue|tumou?r)\b.*", " ", rest)
        for text in (label, rest, self.words.assay_words.sub(" ", rest)):
            name = text.strip(" ,;:-")
            term = self.words.term(name)
            if term is not None and term.marker:
                return term, None
            marker = self.vocabulary.marker(name)
            if marker is not None:
                return None, marker
        return None, None

    def _quantity_state(self, quantity: Quantity) -> str | None:
        limits, value = quantity.reference_range, quantity.value
        if limits is None or value is None:
            return None
        if limits.high is not None and value > limits.high:
            return "high"
        if limits.low is not None and value < limits.low:
            return "low"
        return "normal" if limits.low is not None or limits.high is not None else None

    def _word_state(self, marker: Marker, word: Term | None) -> str | None:
        states = {fold(state): state for state in self.vocabulary.states_of(marker)}
        return states.get(fold(word.label)) if word else None

    def marker(self, draft: Draft, term: Term, at: str) -> list[Heard]:
        """Add a diagnostic marker: its name and, as the last word, its state; return as above."""
        name, _, last = term.label[:_MAX_LABEL].strip().rpartition(" ")
        clinical, marker = self._assayed(name)
        said = shortened(term.label)
        found = self.words.polarity(last)
        if clinical is not None and found is not None:
            return [Heard(clinical, found, at, said)]
        state = self._word_state(marker, Term(label=last)) if marker else None
        read = self.vocabulary.reading_of(marker, state) if marker and state else None
        if marker is None or read is None:
            self.log.notice(
                "UNKNOWN_ASSAY", at, f"'{shortened(term.label)}' names no marker with a state; not read."
            )
            return []
        draft.add(Found(marker, read, at, said))
        return []


def _above(quantity: Quantity | None) -> bool | None:
    """Return whether an amount is above its reference range; None where that cannot be told, or is not so."""
    limits = quantity.reference_range if quantity else None
    if quantity is None or limits is None or limits.high is None or quantity.value is None:
        return None
    return True if quantity.value > limits.high else None
