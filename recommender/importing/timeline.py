"""Timelines of treatments: the therapies that each patient was given, and those that failed."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from .._text import fold, is_doubted, shortened
from .accounts import NO_TREATMENT
from .clinical import PATIENT, Clinical
from .delimited import Table, cell
from .doubt import cut_off
from .draft import Log
from .endings import is_usual
from .terms import Words

_NOT_GIVEN = re.compile(r"\b(?:no|not|never|without)\b", re.IGNORECASE)


class _Given(NamedTuple):
    """A therapy that a patient was given: from which day on, where it stands, and where that it failed."""

    patient: str
    day: float
    therapy: str
    source: str
    failed: str


def treatments(table: Table, words: Words, clinical: Clinical, log: Log) -> None:
    """Read a treatment timeline: the therapies that each patient was given, in their order."""
    columns = table.columns
    if columns.find("AGENT") is None and columns.find("TREATMENT_TYPE") is None:
        table.close()
        log.notice("FILE_NOT_READ", table.name, "it is not read: a timeline without treatments.")
        return
    given = _Timeline(table, words, clinical, log).read()
    for one in sorted(given, key=lambda one: one[:2]):
        for draft in clinical.samples_of(one.patient):
            draft.therapies.setdefault(one.therapy, one.source)
            if one.failed:
                draft.resistant_to.setdefault(one.therapy, one.failed)


class _Timeline:
    def __init__(self, table: Table, words: Words, clinical: Clinical, log: Log) -> None:
        self.table, self.words, self.clinical, self.log = table, words, clinical, log
        columns = table.columns
        self.patient_at = table.need(*PATIENT)
        self.names_at = [columns.find(name) for name in ("AGENT", "SUBTYPE", "TREATMENT_TYPE")]
        self.event_at, self.start_at, self.stop_at = map(
            columns.find, ("EVENT_TYPE", "START_DATE", "STOP_DATE")
        )
        self.responses_at = columns.all(*words.known.response_columns)

    def read(self) -> Iterator[_Given]:
        for line, cells in self.table.rows():
            kind = fold(cell(cells, self.event_at))
            if kind and not kind.startswith("treatment"):
                self.log.accounts.row(self.table.at(line), NO_TREATMENT)
                continue
            at = self.table.at(line)
            is_last = line == self.table.unended
            if line in self.table.odd and (is_last or line not in self.table.short):
                self.log.notice("MALFORMED_ROW", at, "the row has not the cells of the header; not read.")
                continue
            if is_last and not self._is_whole(cells):
                place = len(cells) - 1
                is_beside = place in (self.start_at, *self.responses_at)
                what = f"{cut_off(shortened(self.table.columns.names[place]))}; not read."
                self.log.notice("MALFORMED_ROW", at, what, left_out=not is_beside)
                if not is_beside:
                    continue
                cells[place] = ""
            yield from self._row(at, cells)

    def _is_whole(self, cells: list[str]) -> bool:
        """Return whether the last cell of the last row is whole, where nothing ends it."""
        place = len(cells) - 1
        text = cells[place].strip()
        if place == self.patient_at:
            return self.clinical.is_whole_patient(text)
        if place in self.names_at:
            others = [self.words.value(cell(cells, other)) for other in self.names_at if other != place]
            known = any(map(self.words.names_therapy, filter(None, others)))
            return self.words.is_whole_treatment(text) if text else known
        if place == self.event_at:
            return bool(text)
        if place == self.stop_at:
            return _day(text) is not None
        return is_usual(text, self.table.texts(place)[:-1])

    def _row(self, at: str, cells: list[str]) -> Iterator[_Given]:
        patient = cell(cells, self.patient_at)
        values = [self.words.value(cell(cells, place)) for place in self.names_at]
        if not any(values):
            self.log.notice("MALFORMED_ROW", at, "the treatment has no agent and no type; not read.")
            return
        denied = next((value for value in values if _NOT_GIVEN.search(value) or is_doubted(value)), None)
        if denied is None:
            others = (text for place, text in enumerate(cells) if place not in self.responses_at)
            denied = next(filter(self.words.may_be_withheld, others), None)
        if denied is not None:
            what = f"'{shortened(denied)}' does not say that it was given; not read."
            self.log.notice("UNREAD_TEXT", at, what, left_out=True)
            return
        first, last = cell(cells, self.start_at), cell(cells, self.stop_at)
        day = _day(first)
        if day is None and self.words.value(first):
            what = f"START_DATE is '{shortened(first)}' and not a number of days; the therapy is kept."
            self.log.notice("UNKNOWN_VALUE", at, what)
        if not self.clinical.samples_of(patient):
            what = f"{shortened(patient)} has no sample; not read."
            self.log.once(patient, "PATIENT_WITHOUT_SAMPLE", at, what)
            return
        days = f", day {first}" + (f" to {last}" if self.words.value(last) else "") if day is not None else ""
        failed = self._failed(at, cells)
        for name in self._names(at, values):
            yield _Given(patient, math.inf if day is None else day, name, at + days, failed)

    def _names(self, at: str, values: list[str]) -> list[str]:
        """The therapies of a row: the agents, or where none is known, what its other columns say."""
        names = self.words.therapies(values[0]) if values[0] else []
        if any(map(self.words.names_therapy, names)):
            return names
        name = self.words.therapy(values)
        if values[0] and name == values[0]:
            return names
        if values[0]:
            what = f"'{shortened(values[0])}' is not in the vocabulary; read as {shortened(name)}."
            self.log.once(values[0], "UNREAD_TEXT", at, what)
        return [name]

    def _failed(self, at: str, cells: list[str]) -> str:
        """Return where and how a row says that its treatment failed, or nothing."""
        for place in self.responses_at:
            outcome = self.words.value(cell(cells, place))
            failed = self.words.failed(outcome) if outcome else False
            if failed:
                return f"{at} {shortened(outcome)}"
            if failed is None:
                what = f"the response '{shortened(outcome)}' is not understood; not read."
                self.log.once(outcome, "UNKNOWN_RESPONSE", at, what)
        return ""


def _day(text: str) -> float | None:
    try:
        day = float(text)
    except ValueError:
        return None
    return day if math.isfinite(day) else None
