"""A table with one tumour a row, as people keep them in spreadsheets, to profiles."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from .._errors import InputError, Problem
from .._text import did_you_mean, fold, one_of, shortened
from ..changes import is_silent, split_mutation
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Marker
from ..scores import level_of, score_in
from ..states import MUTATION_STATES, STATES, axis_of
from .accounts import INVALID
from .codes import coded, is_code, is_number
from .columns import Columns
from .cut_rows import END_IT, is_whole_cell
from .delimited import UNNAMED, Table
from .doubt import cut_off
from .draft import Draft, Found, Log
from .genes import Genes
from .infections import Heard, Infections
from .marker_columns import Column, heading_of, of_unknown_specimen, specimen_of
from .options import ImportOptions
from .orientation import genes_in, names_markers
from .terms import Words
from .variant_columns import GENE

USES = frozenset({"sheet", "z_high", "z_low"})

ID = ("id", "sample_id", "sample", "patient_id", "case", "case_id", "tumour", "tumor")
FIELDS = {
    "disease": ("disease", "oncotree_code", "cancer_type", "diagnosis"),
    "therapies": ("therapies", "therapy", "treatment", "treatments"),
    "resistant_to": ("resistant_to", "failed", "failed_therapies", "failed_therapy"),
    "mutations": ("mutations", "mutation"),
    "note": ("note", "notes", "comment", "comments"),
}

ID_AGAIN = "the id '{id}' is in a row above already: an id names one tumour"

RowCells: TypeAlias = Sequence[str] | Mapping[int, str]
"""The cells of a row by their places."""


class Header(Protocol):
    """The columns of a table, however it is read."""

    columns: Columns
    delimiter: str

    def need(self, *accepted: str) -> int:
        """Return the place of a column that must be there under one of the names. Raises InputError."""

    def at(self, line: int) -> str:
        """Return the place of a line."""

    def error(self, where: str, what: str, hint: str = "") -> InputError:
        """Return the error for something wrong in the table."""

    def close(self) -> None:
        """Close the file."""


def read(path: Path, base: KnowledgeBase, options: ImportOptions, log: Log) -> list[Draft]:
    """Return the tumours of a table. A row that cannot be read is a problem in the log. Raises InputError."""
    table = Table(path, path.name, delimiter=None, quotes=True, sheet=options.sheet)
    log.sheets(log.accounts.table(table))
    return TableReader(table, base, options, log).read(table)


class TableReader:
    """Reads the rows of a table by what its columns hold: an id, fields, tests and markers."""

    def __init__(self, table: Header, base: KnowledgeBase, options: ImportOptions, log: Log) -> None:
        """Raises InputError where there is no column of ids."""
        self.table = table
        self.log = log
        self.vocabulary = base.vocabulary
        self.words = Words(base)
        self.infections = Infections(base, self.words, log)
        self.genes = Genes(base)
        self.read_by_rules = {marker for marker, _ in base.read}
        self.high, self.low = options.cut_offs(base.info)
        if table.columns.find(*ID) is None and table.columns.find(*GENE) is not None:
            table.close()
            raise self.turned()
        self.id_at = table.need(*ID)
        self.fields = {name: self._field(name, *accepted) for name, accepted in FIELDS.items()}
        self._field("id", table.columns.names[self.id_at])
        self.disease_at = table.columns.copies(*FIELDS["disease"])
        self.headings = [table.columns.once(name) for name in table.columns.names]
        """The names of the columns, each copy of a column under the name of the first."""
        self.terms = {
            place: name
            for place, name in enumerate(self.headings)
            if self.infections.lists(name)
            or ((term := self.infections.term(name)) is not None and term.marker)
        }
        where = table.at(table.columns.line)
        known = {*self.disease_at, *(place for place in self.fields.values() if place is not None)}
        others = (name for place, name in enumerate(self.headings) if place not in known)
        self.infections.tell_columns((name for name in others if self.vocabulary.marker(name) is None), where)
        self.markers = list(self._marker_columns())
        self.maybe_blood = of_unknown_specimen(self.markers, self.headings, self.vocabulary, self.words.known)
        for column in self.markers:
            if column.place in self.maybe_blood:
                log.notice("SPECIMEN_NOT_STATED", where, specimen_of(column))
        if not (self.markers or self.terms) and names_markers(table.columns):
            table.close()
            what = "it has a row for each finding, with the gene or marker in a column."
            raise table.error("", what, "Make it wide: one row a tumour, and one column a marker.")
        self.coded: set[int] = set()
        """The places of columns of a status whose numbers are codes that the file does not explain."""
        self.statuses = frozenset(self._status_columns())

    def read(self, table: Table) -> list[Draft]:
        """Return the tumours of the rows; a row that cannot be read is a problem in the log."""
        drafts: dict[str, Draft] = {}
        seen: set[str] = set()
        needed = sorted(self._needed)
        rows = []
        for line, cells in table.rows():
            for place in self.statuses:
                self._note_code(place, cells[place], table.at(table.columns.line))
            rows.append((line, {place: cells[place] for place in needed}))
        if self.are_turned([kept[self.id_at] for _, kept in rows]):
            raise self.turned()
        last, others = len(table.columns.names) - 1, lambda: table.texts(last)[:-1]
        for line, kept in rows:
            at = table.at(line)
            before = len(self.log.problems)
            name = self.words.value(kept[self.id_at])
            if not name:
                self._problem(at, "the row has no id.")
            elif name in seen:
                self._problem(at, f"{ID_AGAIN.format(id=shortened(name))}.")
            seen.add(name)
            if line in table.long:
                self._problem(at, "the row has more cells than the header has columns.")
            elif line in table.short:
                what = "the row has fewer cells than the header has columns, so any may be of another column."
                self._problem(at, what)
            elif line == table.unended and (what := self.cut(kept.get(last, ""), others)):
                self._problem(at, what, END_IT)
            draft = self.row(name, at, kept)
            if len(self.log.problems) == before:
                drafts[name] = draft
            else:
                self.log.accounts.row(at, INVALID)
        return list(drafts.values())

    @property
    def _needed(self) -> set[int]:
        """The places of the columns that are read."""
        places = {*self.fields.values(), *self.disease_at, *self.terms, *(one.place for one in self.markers)}
        return {self.id_at} | {place for place in places if place is not None}

    def cut(self, text: str, others: Callable[[], list[str]]) -> str:
        """Return what is to be said of the last cell that nothing ends; nothing where it is whole."""
        names = self.table.columns.names
        place = len(names) - 1
        of = {column.is_score: column.marker for column in self.markers if column.place == place}
        marker = {"state_of": of.get(False), "score_of": of.get(True)}
        if place not in self._needed or is_whole_cell(self, place, text.strip(), others, **marker):
            return ""
        return f"{cut_off(shortened(names[place]))}."

    def row(self, name: str, at: str, cells: RowCells, only: Collection[int] | None = None) -> Draft:
        """Return the tumour of a row; a cell that cannot be read is a problem in the log.

        The cells of markers at the places `only` can be read alone.
        """
        given = {
            field: "" if place is None else self.words.value(cells[place])
            for field, place in self.fields.items()
        }
        draft = Draft(
            name[:400],
            disease=self._disease(name, at, cells),
            therapies=dict.fromkeys(self.words.therapies(given["therapies"]), ""),
            resistant_to=dict.fromkeys(self.words.therapies(given["resistant_to"]), ""),
            note=given["note"],
        )
        for text in re.split(r"[;,|\n]", given["mutations"]):
            if text.strip():
                self._mutation(draft, at, text.strip())
        self.infections.add(draft, self._heard(at, cells))
        for column in self.markers:
            if only is not None and column.place not in only:
                continue
            text = self.words.value(cells[column.place])
            if text and self._is_coded(column.place, text):
                self._void(draft, column.marker)
            elif text:
                self._finding(draft, column, at, text)
        return draft

    def _void(self, draft: Draft, marker: Marker) -> None:
        """Let nothing be said of a marker of which a code says something that is not known."""
        for meant in (self.words.finding(marker, word) for word in "01"):
            if meant is not None:
                draft.void(marker, axis_of(meant.state))

    def _field(self, field: str, *accepted: str) -> int | None:
        """The first column of a field. Raises InputError where it is there twice, and either may count."""
        columns, found = self.table.columns, self.table.columns.copies(*accepted)
        names = [columns.names[place] for place in found]
        copies = [name for name in names if fold(columns.once(name)) == fold(columns.once(names[0]))]
        if len(names) > 1 and field not in ("disease", "note"):
            if len(copies) > 1:
                self.table.close()
                what = f"the columns {shortened(copies[0])} and {shortened(copies[1])} have one name."
                raise self.table.error(self.table.at(columns.line), what, "Keep the one that counts.")
            what = f"{shortened(names[0])} and {shortened(names[1])} are both {field}; the first is read."
            self.log.notice("DUPLICATE_COLUMN", self.table.at(columns.line), what)
        return found[0] if found else None

    def _status_columns(self) -> Iterator[int]:
        """Return the places of columns in which 1 and 0 would be read as found and not found."""
        for place, name in self.terms.items():
            if not self.infections.lists(name) and self.infections.polarity(name, "1") is not None:
                yield place
        for column in self.markers:
            if not column.is_score and self.words.finding(column.marker, "1") is not None:
                yield column.place

    def note_code(self, place: int, text: str) -> str:
        """Note a number of a column that is neither 0 nor 1. Return what is to be said of the first one."""
        if place in self.coded or place not in self.statuses or not is_code(text):
            return ""
        self.coded.add(place)
        return coded(self.table.columns.names[place], text)

    def _note_code(self, place: int, text: str, where: str) -> None:
        if text.strip() and (what := self.note_code(place, text)):
            self.log.notice("CODED_COLUMN", where, what)

    def _is_coded(self, place: int, text: str) -> bool:
        return place in self.coded and is_number(text)

    def _disease(self, name: str, at: str, cells: RowCells) -> str | None:
        """The disease in the cells that may name it; names that do not agree are stated together."""
        disease, agree = self.words.agreed_disease(cells[place] for place in self.disease_at)
        if not agree:
            what = f"{shortened(name)}: the row states {shortened(disease or '')} as the disease."
            self.log.notice("CONTRADICTION", at, f"{what} It counts as none.")
        return disease[:400] if disease else None

    def _heard(self, at: str, cells: RowCells) -> Iterator[Heard]:
        """Return what the columns of tests say."""
        for place, name in self.terms.items():
            text, term = self.words.value(cells[place]), self.infections.term(name)
            if self.infections.lists(name):
                yield from self.infections.listen(name, text, at)
            elif text and term is not None and self._is_coded(place, text):
                yield Heard(term, None, at, "")
            elif text and term is not None:
                found = self.infections.polarity(name, text)
                if found is None:
                    what = f"'{shortened(text)}' is neither positive nor negative."
                    self._problem(f"{at}, column {shortened(name)}", what, "Write one of the two.")
                else:
                    yield Heard(term, found, at, f"{name} = {shortened(text)}")

    def _finding(self, draft: Draft, column: Column, at: str, text: str) -> None:
        said = f"{column.name} = {shortened(text)}"
        if column.place in self.maybe_blood:
            meant = self.words.finding(column.marker, text)
            if meant is None or meant.state not in MUTATION_STATES:
                return
        read = self._score if column.is_score else self._state
        found = read(column.marker, at, text, said)
        if found is not None:
            if what := self.words.other_axis(column.marker, text):
                self.log.once(f"{column.name} {text}", "AMBIGUOUS_STATE", at, what)
            self._add(draft, found)
            return
        if column.is_score:
            what = f"'{shortened(text)}' is no z-score of {column.marker.symbol}."
            why = what, "Write a number such as -2.1."
        else:
            why = self._why(column.marker, text)
        if column.marker.symbol not in self.read_by_rules:
            what = f"{shortened(column.name)}: {why[0]} No rule reads it, so it is left unknown."
            self.log.once(column.name, "UNREAD_TEXT", at, what)
            return
        self._problem(f"{at}, column {shortened(column.name)}", *why)

    def _add(self, draft: Draft, found: Found) -> None:
        if found.change is not None and is_silent(found.change):
            what = f"{draft.id}: {found.marker.symbol} {found.change} leaves the protein as it is."
            self.log.notice("SILENT_CHANGE", found.at, what)
        else:
            draft.add(found)

    def _marker_columns(self) -> Iterator[Column]:
        taken = {self.id_at, *self.disease_at, *self.fields.values(), *self.terms}
        where = self.table.at(self.table.columns.line)
        seen: dict[tuple[str, bool], str] = {}
        for place, name in enumerate(self.headings):
            if place in taken or not name or UNNAMED.fullmatch(name):
                continue
            meant, is_score, is_tumour = heading_of(name, self.vocabulary)
            marker = self.vocabulary.marker(meant)
            self._tell_ambiguity(meant, marker, where)
            if marker is None:
                if not self.vocabulary.ambiguous(meant):
                    self._unknown_column(name, where)
                continue
            key = marker.symbol, is_score
            if key in seen:
                what = f"{shortened(seen[key])} and {shortened(name)} are both {marker.symbol}."
                self.log.notice("DUPLICATE_COLUMN", where, what)
            seen.setdefault(key, name)
            yield Column(place, name, marker, is_score, is_tumour)

    def _tell_ambiguity(self, name: str, marker: Marker | None, where: str) -> None:
        ambiguous = self.vocabulary.ambiguous(name)
        if ambiguous is not None and (marker is None or name != marker.symbol):
            said = f"read as {marker.symbol}" if marker else "not read; write another name of it"
            what = f"{shortened(name)} can mean {one_of(ambiguous.candidates)}; {said}. {ambiguous.why}"
            self.log.once(name, "AMBIGUOUS_ALIAS", where, what)

    def _unknown_column(self, name: str, where: str) -> None:
        known = [*ID, *(one for accepted in FIELDS.values() for one in accepted)]
        if fold(name) in map(fold, known) or self.infections.looks_alike(name):
            return
        near = self.log.near_name(name, [*known, *self.vocabulary.marker_spellings()])
        what = f"the column {shortened(name)} is neither a field nor a marker; not read. {near}".strip()
        self.log.notice("UNKNOWN_COLUMN", where, what)

    def _mutation(self, draft: Draft, at: str, text: str) -> None:
        gene, rest = split_mutation(text)
        marker = self.vocabulary.marker(gene)
        self._tell_ambiguity(gene, marker, at)
        if marker is None:
            damaged = self.genes.read(gene)
            if damaged.code == "DAMAGED_SYMBOL":
                self.log.notice(damaged.code, at, damaged.why)
            elif not self.vocabulary.ambiguous(gene):
                near = self.log.near_name(gene, self.vocabulary.marker_spellings())
                what = f"the gene {shortened(gene)} is not in the vocabulary. {near}".strip()
                self.log.notice("UNKNOWN_MARKER", at, what)
            return
        said = rest or "mutated"
        found = self._state(marker, at, said, f"mutations = {shortened(text)}")
        if found is None or found.state not in MUTATION_STATES:
            self._problem(f"{at}, mutations", *self._why(marker, said, MUTATION_STATES))
        else:
            self._add(draft, found)

    def _state(self, marker: Marker, at: str, text: str, said: str) -> Found | None:
        """The state in a cell: a word for it, or a change of the protein."""
        meant = self.words.finding(marker, text)
        return Found(marker, meant.state, at, said, change=meant.change) if meant else None

    def _score(self, marker: Marker, at: str, text: str, said: str) -> Found | None:
        score = score_in(text, comma_is_decimal=self.table.delimiter != ",")
        if score is None or self.vocabulary.reading_of(marker, "high") is None:
            return None
        state = level_of(score, high=self.high, low=self.low)
        return Found(marker, state, at, said, value=score, unit="z")

    def _why(self, marker: Marker, text: str, among: Collection[str] = STATES) -> tuple[str, str]:
        """Return why a cell is not a state, and which of the states `among` all to write."""
        allowed = [one for one in self.vocabulary.states_of(marker) if one in among] or list(among)
        if re.match(r"[-+−]?\d", text):
            hint = f"Write a state, as scores are not interpreted; z-scores in a column '{marker.symbol} z'."
            return f"'{shortened(text)}' does not say what {marker.symbol} is.", hint
        hint = did_you_mean(text, allowed)
        what = f"{marker.symbol} cannot be '{shortened(text)}'."
        return what, f"{hint} Allowed: {one_of(allowed)}.".strip()

    def are_turned(self, ids: Sequence[str]) -> bool:
        """Return whether the tumours are in columns: the ids are names of genes, and no column is a finding.

        With a column that a table of tumours may have as well, such as the disease, most of them must be.
        """
        known = {field for field, place in self.fields.items() if place is not None} - {"note"}
        if "mutations" in known or self.terms or self.markers:
            return False
        genes = genes_in(ids, self.vocabulary)
        return genes > len(ids) / 2 and genes > 1 if known else genes > 0

    def turned(self) -> InputError:
        """Return the error for a table with a gene in each row."""
        what = "it has a gene in each row and a tumour in each column."
        hint = "Transpose it: a tumour a row. Copy numbers and z-scores by gene are read in a study folder."
        return self.table.error("", what, hint)

    def _problem(self, where: str, what: str, hint: str = "") -> None:
        self.log.problems.append(Problem(where, what, hint))
