"""Clinical tables: which samples there are, of which patient and disease, tested and treated how."""

import math
import re
from collections.abc import Iterable, Mapping

from .._text import fold, shortened
from .delimited import Table, cell
from .draft import Draft, Log
from .infections import Heard, Infections
from .terms import Words

_SAMPLE = ("SAMPLE_ID", "Tumor_Sample_Barcode", "SAMPLE", "SAMPLE_BARCODE")
_PATIENT = ("PATIENT_ID", "PATIENT", "CASE_ID", "PATIENT_BARCODE")
_DISEASE = ("ONCOTREE_CODE", "CANCER_TYPE_DETAILED", "CANCER_TYPE", "DISEASE")
_KIND = ("SAMPLE_TYPE", "SAMPLE_CLASS")
_TCGA = re.compile(r"(?P<sample>(?P<patient>TCGA-\w\w-\w{4})-\d\d)")
_NOT_GIVEN = re.compile(r"\bplacebo\b|\b(?:no|not|never|without|declined|refused|planned)\b", re.IGNORECASE)
_TCGA_NORMAL = re.compile(r"TCGA-\w\w-\w{4}-1[0-4]")


class Clinical:
    """The samples and patients of a study, and what is known of them."""

    def __init__(self, words: Words, infections: Infections, log: Log) -> None:
        self._words = words
        self._infections = infections
        self._log = log
        self._drafts: dict[str, Draft] = {}
        self._patient_of: dict[str, str] = {}
        self._samples_of: dict[str, list[str]] = {}
        self._heard: dict[str, list[Heard]] = {}
        self._patient_heard: dict[str, list[Heard]] = {}
        self._patient_disease: dict[str, str] = {}
        self._by_case: dict[str, list[str]] = {}
        self._by_barcode: dict[str, list[str]] = {}
        self._sample_of_patient: dict[str, str] = {}
        self._left_out: set[str] = set()
        self._listed = False

    def read_samples(self, table: Table) -> None:
        """Read a table with one sample a row; without a column of samples each patient is one."""
        patient_at = table.columns.find(*_PATIENT)
        sample_at = table.columns.find(*_SAMPLE)
        if sample_at is None:
            sample_at = table.need(*_SAMPLE, *_PATIENT)
        self._listed = True
        for line, cells in self._rows(table):
            at = table.at(line)
            name = self._words.value(cell(cells, sample_at))
            if not name:
                self._log.notice("MALFORMED_ROW", at, "the row names no sample; not read.")
                continue
            if name in self._drafts and name in self._patient_of:
                self._log.notice(
                    "DUPLICATE_ROW", at, f"{shortened(name)} stands here again; the first row counts."
                )
                continue
            kind = next((value for column in _KIND if (value := self._cell(table, cells, column))), "")
            if self._words.is_reference(kind) or _TCGA_NORMAL.match(name):
                what = f"{shortened(name)} is no tumour ({shortened(kind or 'by its barcode')}); left out."
                self._log.once(name, "REFERENCE_SAMPLE", at, what)
                self._left_out.add(name)
                continue
            patient = self._words.value(cell(cells, patient_at)) or name
            draft = self._drafts.get(name) or self._made(name)
            draft.disease = self._disease(table, line, cells)
            self._patient_of[name] = patient
            self._samples_of.setdefault(patient, []).append(name)
            self._heard[name] = self._listen(table, line, cells)

    def read_patients(self, table: Table) -> None:
        """Read a table with one patient a row."""
        patient_at = table.need(*_PATIENT)
        for line, cells in self._rows(table):
            patient = self._words.value(cell(cells, patient_at))
            if not patient:
                self._log.notice("MALFORMED_ROW", table.at(line), "the row names no patient; not read.")
                continue
            if patient in self._patient_heard:
                what = f"{shortened(patient)} stands here again; the first row counts."
                self._log.notice("DUPLICATE_ROW", table.at(line), what)
                continue
            self._patient_heard[patient] = self._listen(table, line, cells)
            disease = self._disease(table, line, cells)
            if disease:
                self._patient_disease[patient] = disease

    def sample(self, name: str, at: str, *, new: bool = True) -> Draft | None:
        """Return the draft of a sample as some file names it, or None where it cannot be told whose it is.

        A sample that no file named before is made unless `new` is False.
        """
        known = self._drafts.get(name)
        if known is not None:
            return known
        if name in self._left_out:
            return None
        if _TCGA_NORMAL.match(name):
            what = f"{shortened(name)} is a normal sample by its barcode; left out."
            self._log.once(name, "REFERENCE_SAMPLE", at, what)
            return None
        of_patient = self._samples_of.get(name, []) if self._listed else []
        if of_patient:
            one = of_patient[0] if len(of_patient) == 1 else None
            said = f"read as the one sample {one}" if one else f"with {len(of_patient)} samples; not read"
            self._log.once(name, "PATIENT_ID_AS_SAMPLE", at, f"{name} is a patient; {said}.")
            return self._drafts[one] if one else None
        alike = self._same_sample(name)
        if alike:
            one = alike[0] if len(alike) == 1 else None
            said = f"is read as the sample {one}" if one else "can mean several samples; not read"
            self._log.once(name, "BARCODE_SHORTENED", at, f"{shortened(name)} {said}.")
            return self._drafts[one] if one else None
        if self._listed:
            near = self._log.near(name, self._drafts)
            kept = "its disease is that of the study" if new else "not read"
            what = f"{shortened(name)} is in no clinical table; {kept}. {near}".strip()
            self._log.once(name, "NOT_IN_CLINICAL", at, what)
        return self._made(name) if new or not self._listed else None

    def _made(self, name: str) -> Draft:
        """A new draft, to be found by its id in any case and by its TCGA barcode."""
        draft = self._drafts[name] = Draft(name)
        self._by_case.setdefault(name.casefold(), []).append(name)
        match = _TCGA.match(name)
        if match:
            self._by_barcode.setdefault(match["sample"], []).append(name)
        return draft

    def _same_sample(self, name: str) -> list[str]:
        """The samples that an id can mean which is longer or shorter, or differs in case.

        A TCGA barcode names patient, sample and aliquot. A patient stands for the sample that is named first.
        """
        match = _TCGA.match(name)
        same = self._by_case.get(name.casefold()) or (
            self._by_barcode.get(match["sample"]) if match else None
        )
        if same or match is None or match["patient"] not in self._drafts:
            return same or []
        taken = self._sample_of_patient.setdefault(match["patient"], match["sample"])
        if taken == match["sample"]:
            return [match["patient"]]
        what = f"{shortened(name)} is another sample of the patient of {taken}; a tumour of its own."
        self._log.once(name, "NOT_IN_CLINICAL", "", what)
        return []

    def samples_of(self, patient: str) -> list[Draft]:
        """Return the samples of a patient; a patient without a table of samples is a sample."""
        names = self._samples_of.get(patient, [patient])
        return [self._drafts[name] for name in names if name in self._drafts]

    def drafts(self, stated: Mapping[str, str] | None = None, *, study: str = "") -> list[Draft]:
        """Return the samples by id, with the findings of the clinical tables.

        The disease of a sample is that of its own row, else that of its patient, else what other files
        `stated`, else that of the `study`.
        """
        placed = {patient for patient, names in self._samples_of.items() if names}
        lost = sorted(name for name in self._patient_heard if name not in placed and name not in self._drafts)
        if lost:
            what = f"{len(lost)} patients have no sample, such as {shortened(lost[0])}; left out."
            self._log.notice("PATIENT_WITHOUT_SAMPLE", "", what)
        for name, draft in self._drafts.items():
            patient = self._patient_of.get(name, name)
            heard = [*self._heard.get(name, []), *self._patient_heard.get(patient, [])]
            self._infections.add(draft, heard)
            elsewhere = self._patient_disease.get(patient) or (stated or {}).get(name)
            draft.disease = draft.disease or elsewhere or study or None
            if not draft.disease:
                self._log.once(
                    name, "DISEASE_NOT_STATED", "", f"no file states the disease of {shortened(name)}."
                )
        return [self._drafts[name] for name in sorted(self._drafts)]

    def _rows(self, table: Table) -> Iterable[tuple[int, list[str]]]:
        repeated = table.columns.repeated()
        if repeated:
            what = f"the column {shortened(repeated[0])} stands twice; the first counts."
            self._log.notice("DUPLICATE_COLUMN", table.at(table.columns.line), what)
        width = len(table.columns.names)
        for line, cells in table.rows():
            if table.was_short:
                what = "the row has fewer cells than the header has columns; the others are unknown."
                self._log.notice("MALFORMED_ROW", table.at(line), what)
            if len(cells) > width and any(one.strip() for one in cells[width:]):
                what = "the row has more cells than the header has columns; the others were left out."
                self._log.notice("MALFORMED_ROW", table.at(line), what)
            yield line, cells

    def _disease(self, table: Table, line: int, cells: list[str]) -> str | None:
        """The disease of a row, by the first column that states one."""
        stated = [value for name in _DISEASE if (value := self._cell(table, cells, name))]
        known = {
            one.id: value for value in reversed(stated) if (one := self._words.disease(value)) is not None
        }
        if len(known) > 1:
            named = " and ".join(shortened(one) for one in stated)
            what = f"the row is {named}; read as {shortened(stated[0])}."
            self._log.notice("CONTRADICTION", table.at(line), what)
        return stated[0][:400] if stated else None

    def _cell(self, table: Table, cells: list[str], name: str) -> str:
        return self._words.value(cell(cells, table.columns.find(name)))

    def _listen(self, table: Table, line: int, cells: list[str]) -> list[Heard]:
        return [
            one
            for column, text in zip(table.columns.names, cells, strict=False)
            if column and text
            for one in self._infections.listen(column, text, table.at(line))
        ]


def treatments(table: Table, words: Words, clinical: Clinical, log: Log) -> None:
    """Read a treatment timeline: the therapies that each patient was given, in their order."""
    columns = table.columns
    agent, subtype, sort = columns.find("AGENT"), columns.find("SUBTYPE"), columns.find("TREATMENT_TYPE")
    if agent is None and sort is None:
        table.close()
        log.notice("FILE_NOT_READ", table.name, "it is not read: a timeline without treatments.")
        return
    patient_at = table.need(*_PATIENT)
    event, start, stop = columns.find("EVENT_TYPE"), columns.find("START_DATE"), columns.find("STOP_DATE")
    given: list[tuple[str, float, str, str]] = []
    for line, cells in table.rows():
        kind = fold(cell(cells, event))
        if kind and not kind.startswith("treatment"):
            continue
        at = table.at(line)
        patient = cell(cells, patient_at)
        values = [words.value(cell(cells, place)) for place in (agent, subtype, sort)]
        said = next((value for value in values if value), "")
        if not said:
            log.notice("MALFORMED_ROW", at, "the treatment has no agent and no type; not read.")
            continue
        if _NOT_GIVEN.search(values[0]):
            log.notice(
                "UNREAD_TEXT", at, f"'{shortened(values[0])}' does not say that it was given; not read."
            )
            continue
        first, last = cell(cells, start), cell(cells, stop)
        day = _day(first)
        if day is None and words.value(first):
            what = f"START_DATE is '{shortened(first)}' and not a number of days; the therapy is kept."
            log.notice("UNKNOWN_VALUE", at, what)
        if not clinical.samples_of(patient):
            log.once(patient, "PATIENT_WITHOUT_SAMPLE", at, f"{shortened(patient)} has no sample; not read.")
            continue
        days = f", day {first}" + (f" to {last}" if words.value(last) else "") if day is not None else ""
        names = words.therapies(values[0]) if values[0] else [words.therapy(values)]
        given += [(patient, day if day is not None else math.inf, name, at + days) for name in names]
    for patient, _, name, source in sorted(given, key=lambda one: one[:2]):
        for draft in clinical.samples_of(patient):
            draft.therapies.setdefault(name, source)


def _day(text: str) -> float | None:
    try:
        day = float(text)
    except ValueError:
        return None
    return day if math.isfinite(day) else None
