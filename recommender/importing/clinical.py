"""Clinical tables: which samples there are, of which patient and disease, tested and treated how."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .._text import counted, shortened
from .delimited import Table, cell
from .doubt import cut_off
from .draft import Draft, Log
from .endings import is_as_long, is_usual
from .infections import Heard, Infections
from .terms import Words

_SAMPLE = ("SAMPLE_ID", "Tumor_Sample_Barcode", "SAMPLE", "SAMPLE_BARCODE")
PATIENT = ("PATIENT_ID", "PATIENT", "CASE_ID", "PATIENT_BARCODE")
_DISEASE = ("ONCOTREE_CODE", "CANCER_TYPE_DETAILED", "CANCER_TYPE", "DISEASE")
_DISPUTED = "stated differently by the rows of the sample"
_KIND = ("SAMPLE_TYPE", "SAMPLE_CLASS")
_TCGA = re.compile(r"(?P<sample>(?P<patient>TCGA-\w\w-\w{4})-\d\d)")
_R_NUMBER = re.compile(r"^X(?=\d)")
"""What R puts before the name of a column that begins with a digit."""
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
        self._samples: dict[str, _Record] = {}
        self._patients: dict[str, _Record] = {}
        self._by_case: dict[str, list[str]] = {}
        self._by_barcode: dict[str, list[str]] = {}
        self._sample_of_patient: dict[str, str] = {}
        self._left_out: set[str] = set()
        self._refused: dict[str, list[str]] = {}
        self._listed = False
        self.list_name = ""
        """The name of the file that lists the samples."""
        self._lost_row = False

    def read_samples(self, table: Table) -> None:
        """Read a table with one sample a row; without a column of samples each patient is one."""
        patient_at = table.columns.find(*PATIENT)
        sample_at = table.columns.find(*_SAMPLE)
        if sample_at is None:
            sample_at = table.need(*_SAMPLE, *PATIENT)
        self._listed = True
        self.list_name = table.name
        for line, cells in self._rows(table):
            at = table.at(line)
            name = self._words.value(cell(cells, sample_at))
            if not name:
                self._lost_row = True
                self._log.notice("MALFORMED_ROW", at, "the row names no sample; not read.")
                continue
            record = self._record(table, line, cells)
            patient = self._words.value(cell(cells, patient_at)) or name
            given = table.short.get(line, len(cells))
            if any(place >= given for place in table.columns.all(*_KIND)):
                what = f"whether {shortened(name)} is a tumour is not known; left out."
                self._log.notice("MALFORMED_ROW", at, what)
                self._left_out.add(name)
                continue
            if patient_at is not None and patient_at >= given:
                patient, record = "", record._replace(is_open=True)
            if name in self._samples:
                self._again(self._samples, name, record, at)
                self._same_patient(name, patient, at)
                continue
            kind = next((value for column in _KIND if (value := self._cell(table, cells, column))), "")
            if self._words.is_reference(kind) or _TCGA_NORMAL.match(name):
                what = f"{shortened(name)} is no tumour ({shortened(kind or 'by its barcode')}); left out."
                self._log.once(name, "REFERENCE_SAMPLE", at, what, left_out=True)
                self._left_out.add(name)
                continue
            if name not in self._drafts:
                self._made(name)
            self._patient_of[name] = patient
            if patient:
                self._samples_of.setdefault(patient, []).append(name)
            self._samples[name] = record

    def read_patients(self, table: Table) -> None:
        """Read a table with one patient a row."""
        patient_at = table.need(*PATIENT)
        for line, cells in self._rows(table):
            patient = self._words.value(cell(cells, patient_at))
            if not patient:
                self._log.notice("MALFORMED_ROW", table.at(line), "the row names no patient; not read.")
                continue
            record = self._record(table, line, cells)
            if patient in self._patients:
                self._again(self._patients, patient, record, table.at(line))
            else:
                self._patients[patient] = record

    def _again(self, records: dict[str, "_Record"], name: str, record: "_Record", at: str) -> None:
        """A further row about a sample or patient: what it says differently stays unknown."""
        first = records[name]
        differing = self._infections.differing(first.heard, record.heard)
        two = [one.disease for one in (first, record) if one.disease]
        other_disease = len(two) > 1 and not self._words.same_disease(*two)
        if differing or other_disease:
            about = ", ".join([*(["the disease"] if other_disease else []), *differing])
            what = f"{shortened(name)} has another row, which says something else; left unknown: {about}."
            self._log.notice("CONTRADICTION", at, what)
        else:
            what = f"{shortened(name)} is in the table again; only what the first row leaves empty is added."
            self._log.notice("DUPLICATE_ROW", at, what)
        records[name] = first._replace(
            disease=" or ".join(two)[:400] if other_disease else (two[0] if two else None),
            heard=(*first.heard, *record.heard),
            is_open=first.is_open or record.is_open,
            void=(*first.void, *differing),
        )

    def _same_patient(self, name: str, patient: str, at: str) -> None:
        """Keep what is known of a patient from a sample that is said to be of two."""
        first = self._patient_of[name]
        if first == patient:
            return
        what = f"{shortened(name)} is of {shortened(patient)} here"
        what += f" and of {shortened(first)} before" if first else ""
        self._log.notice("CONTRADICTION", at, f"{what}; what is known of its patient is not read.")
        if first:
            self._samples_of[first].remove(name)
        self._patient_of[name] = ""
        self._samples[name] = self._samples[name]._replace(is_open=True)

    def in_other_case(self, name: str) -> bool:
        """Return whether a sample has an id that differs in case only."""
        alike = self._by_case.get(_plain(name), ())
        return name not in self._drafts and any(one.casefold() == name.casefold() for one in alike)

    def sample(self, name: str, at: str, *, new: bool = True, apart: Collection[str] = ()) -> Draft | None:
        """Return the draft of a sample as some file names it, or None where it cannot be told whose it is.

        A sample that no file named before is made unless `new` is False. Those `apart` are other samples.
        """
        known = self._drafts.get(name)
        if known is not None:
            return known
        if self._words.is_null(name):
            return None
        if name in self._left_out:
            self._refused[name] = []
            return None
        if _TCGA_NORMAL.match(name):
            what = f"{shortened(name)} is a normal sample by its barcode; left out."
            self._log.once(name, "REFERENCE_SAMPLE", at, what)
            self._refused[name] = []
            return None
        of_patient = self._samples_of.get(name, []) if self._listed else []
        if of_patient:
            one = of_patient[0] if len(of_patient) == 1 else None
            said = f"read as the one sample {one}" if one else f"with {len(of_patient)} samples; not read"
            self._log.once(name, "PATIENT_ID_AS_SAMPLE", at, f"{name} is a patient; {said}.")
            self._refused[name] = of_patient
            return self._drafts[one] if one else None
        alike = self._same_sample(name) or [one for one in _as_number(name) if one in self._drafts]
        alike = [one for one in alike if one not in apart]
        if alike:
            one = alike[0] if len(alike) == 1 and not apart else None
            said = f"is read as the sample {one}" if one else "can mean several samples; not read"
            self._log.once(name, "BARCODE_SHORTENED", at, f"{shortened(name)} {said}.")
            self._refused[name] = alike
            return self._drafts[one] if one else None
        if self._listed:
            near = self._log.near(name, self._drafts)
            kept = "its disease and patient are not known from there" if new else "not read"
            what = f"{shortened(name)} is in no clinical table; {kept}. {near}".strip()
            self._log.once(name, "NOT_IN_CLINICAL", at, what)
        return self._made(name) if new or not self._listed else None

    def is_listed(self, name: str) -> bool | None:
        """Return whether the clinical tables name a sample or patient of this id; None without tables."""
        return name in self._samples or name in self._patients if self._listed else None

    def listed(self) -> list[Draft]:
        """Return the samples that the clinical tables name."""
        return [draft for name, draft in self._drafts.items() if self.is_listed(name)]

    def known(self, name: str) -> Draft | None:
        """Return the sample of exactly this id, or None."""
        return self._drafts.get(name)

    def beginning(self, text: str) -> list[Draft]:
        """Return the samples whose id begins with a text, as where its end was lost."""
        return [one for name, one in self._drafts.items() if name.casefold().startswith(text.casefold())]

    def is_whole(self, name: str) -> bool:
        """Return whether a name is the id of a sample, and not the beginning of another one."""
        return [one.id for one in self.beginning(name)] == [name]

    def is_whole_patient(self, name: str) -> bool:
        """Return whether a name is the id of a patient, and not the beginning of another one."""
        patients = self._samples_of or self._drafts
        return [one for one in patients if one.casefold().startswith(name.casefold())] == [name]

    def all(self) -> list[Draft]:
        """Return every sample that is known."""
        return list(self._drafts.values())

    def may_be(self, name: str) -> list[Draft] | None:
        """Return the samples that an id may stand for of which `sample` could not tell; None for any."""
        names = self._refused.get(name)
        return None if names is None else [self._drafts[one] for one in names if one in self._drafts]

    def _made(self, name: str) -> Draft:
        """A new draft, to be found by its id in any case and with other separators, and by its barcode."""
        draft = self._drafts[name] = Draft(name)
        self._by_case.setdefault(_plain(name), []).append(name)
        match = _TCGA.match(name)
        if match:
            self._by_barcode.setdefault(match["sample"], []).append(name)
        return draft

    def _same_sample(self, name: str) -> list[str]:
        """The samples that an id can mean which is longer or shorter, or differs in case or separators.

        A TCGA barcode names patient, sample and aliquot. A patient stands for the sample that is named first.
        """
        match = _TCGA.match(name)
        alike = self._by_case.get(_plain(name)) or self._by_case.get(_plain(_R_NUMBER.sub("", name))) or []
        in_case = [one for one in alike if one.casefold() == name.casefold()]
        # Other separators stand for an id of the clinical table, and not for that of another file.
        spelled = in_case or [one for one in alike if one in self._patient_of]
        same = spelled or (self._by_barcode.get(match["sample"]) if match else None)
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
        lost = sorted(name for name in self._patients if name not in placed and name not in self._drafts)
        if lost:
            many = counted(len(lost), "patient has", "patients have")
            what = f"{many} no sample, such as {shortened(lost[0])}; left out."
            self._log.notice("PATIENT_WITHOUT_SAMPLE", "", what)
        elsewhere = stated or {}
        for name, draft in self._drafts.items():
            own = self._samples.get(name, _Record(is_open=self._lost_row and self._listed))
            of_patient = self._patients.get(self._patient_of.get(name, name), _Record())
            self._infections.void(draft, (*own.void, *of_patient.void))
            self._infections.add(draft, [*own.heard, *of_patient.heard])
            draft.disease = self._disease_of(name, own, of_patient, elsewhere.get(name)) or (
                None if own.is_open or of_patient.is_open else study or None
            )
            if not draft.disease:
                self._log.once(
                    name, "DISEASE_NOT_STATED", "", f"no file states the disease of {shortened(name)}."
                )
        return [self._drafts[name] for name in sorted(self._drafts)]

    def _disease_of(
        self, name: str, own: "_Record", of_patient: "_Record", elsewhere: str | None
    ) -> str | None:
        """The disease that the files state of a sample; what contradicts itself is stated as it is."""
        if elsewhere == "":
            return _DISPUTED
        others = () if own.is_open and not own.disease else (of_patient.disease, elsewhere)
        disease, agree = self._words.agreed_disease(one or "" for one in (own.disease, *others))
        if not agree and disease != own.disease:
            what = f"the files state {shortened(disease or '')} of {shortened(name)}; it counts as neither."
            self._log.notice("CONTRADICTION", "", what)
        return disease

    def _rows(self, table: Table) -> Iterable[tuple[int, list[str]]]:
        columns, where = table.columns, table.at(table.columns.line)
        repeated = columns.repeated()
        if repeated:
            what = f"the column {shortened(repeated[0])} stands twice; the first counts."
            self._log.notice("DUPLICATE_COLUMN", where, what)
        self._infections.tell_columns(columns.names, where)
        for line, cells in table.rows():
            if line in table.commented:
                self._log.accounts.row(table.at(line), "MALFORMED_ROW")
                continue
            if line in table.short:
                what = "the row has fewer cells than the header has columns; the others are unknown."
                self._log.notice("MALFORMED_ROW", table.at(line), what, left_out=False)
            elif line in table.long:
                what = "the row has more cells than the header has columns; only its id was read."
                self._log.notice("MALFORMED_ROW", table.at(line), what, left_out=False)
            if line == table.unended and line not in table.long:
                self._cut(table, line, cells)
            yield line, cells

    def _cut(self, table: Table, line: int, cells: list[str]) -> None:
        """Let the last row lack its last cell where nothing ends it, unless the cell is whole."""
        place = table.short.get(line, len(cells)) - 1
        if not self._is_whole(table, place, cells[place].strip()):
            cells[place] = ""
            table.short[line] = place
            what = f"{cut_off(shortened(table.columns.names[place]))}; not read."
            self._log.notice("MALFORMED_ROW", table.at(line), what, left_out=False)

    def _is_whole(self, table: Table, place: int, text: str) -> bool:
        """Return whether the last cell of a file is whole, or is not read."""
        columns = table.columns
        name = columns.names[place]
        if place in columns.all(*_SAMPLE, *PATIENT):
            return is_as_long(text, table.texts(place)[:-1])
        if place in columns.all(*_KIND):
            return is_usual(text, table.texts(place)[:-1])
        if place in columns.copies(*_DISEASE):
            return self._words.is_whole_disease(text) or is_usual(text, table.texts(place)[:-1])
        if self._infections.lists(name):
            return False
        return self._infections.term(name) is None or self._infections.is_whole(name, text)

    def _record(self, table: Table, line: int, cells: list[str]) -> "_Record":
        """Return what a row says of its sample or patient, as far as it was understood."""
        names = table.columns.names
        if line in table.long:
            return _Record(None, tuple(self._infections.missing(self._words.known.lists, "")), is_open=True)
        given, at = table.short.get(line, len(names)), table.at(line)
        heard = [
            one
            for column, text in zip(names[:given], cells, strict=False)
            if column and text
            for one in self._infections.listen(column, text, at)
        ]
        heard += self._infections.missing(names[given:], at)
        disease = self._disease(table, line, cells)
        if given == len(names):
            return _Record(disease, tuple(heard))
        known = disease is not None and self._words.disease(disease) is not None
        return _Record(disease if known else None, tuple(heard), is_open=not known)

    def _disease(self, table: Table, line: int, cells: list[str]) -> str | None:
        """The disease of a row, by the first column that states one and where the others agree."""
        disease, agree = self._words.agreed_disease(
            cell(cells, place) for place in table.columns.copies(*_DISEASE)
        )
        if not agree:
            what = f"the row states {shortened(disease or '')} as the disease, which counts as none."
            self._log.notice("CONTRADICTION", table.at(line), what)
        return disease[:400] if disease else None

    def _cell(self, table: Table, cells: list[str], name: str) -> str:
        return self._words.value(cell(cells, table.columns.find(name)))


class _Record(NamedTuple):
    """What a clinical row says of a sample or patient."""

    disease: str | None = None
    heard: tuple[Heard, ...] = ()
    void: tuple[str, ...] = ()
    """Infections of which rows say different things."""
    is_open: bool = False
    """Whether the disease is unknown even where other files state one."""


def _as_number(name: str) -> tuple[str, ...]:
    """The other spelling of an id that is a whole number: pandas writes 1.0 in a column with empty cells."""
    whole, _, rest = name.partition(".")
    return (f"{name}.0", whole)[rest == "0" :] if whole.isdecimal() and rest in ("", "0") else ()


def _plain(name: str) -> str:
    """An id without regard to case, and to what R makes of the signs in names of columns."""
    return re.sub(r"[\W_]", "-", name.strip()).casefold()
