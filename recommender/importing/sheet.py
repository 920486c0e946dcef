"""A table with one tumour a row, as people keep them in spreadsheets, to profiles."""

import re
from pathlib import Path

from .._errors import Problem
from .._text import did_you_mean, fold, one_of, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Marker
from ..states import MUTATION_STATES
from .draft import Draft, Found, Log
from .genes import Genes
from .options import Options
from .tables import Table
from .words import Heard, Words

ID = ("id", "sample_id", "sample", "patient_id", "case", "case_id", "tumour", "tumor")
DISEASE = ("disease", "oncotree_code", "cancer_type", "diagnosis")
THERAPIES = ("therapies", "therapy", "treatment", "treatments")
FAILED = ("resistant_to", "failed", "failed_therapies")
MUTATIONS = ("mutations", "mutation")
NOTE = ("note", "notes", "comment", "comments")

_Z = re.compile(r"(.+?)[\s_.-]*\(?z[\s_-]*(?:score)?\)?", re.IGNORECASE)
_CHANGE = re.compile(r"[pcg]\.\S+|[A-Z*]\d+\S*")


def read(path: Path, base: KnowledgeBase, options: Options, log: Log) -> list[Draft]:
    """Return the tumours of a table. A row that cannot be read is a problem in the log. Raises InputError."""
    return _Reader(Table(path, path.name, delimiter=None), base, options, log).read()


class _Reader:
    def __init__(self, table: Table, base: KnowledgeBase, options: Options, log: Log) -> None:
        self.table = table
        self.log = log
        self.vocabulary = base.vocabulary
        self.words = Words(base)
        self.genes = Genes(base)
        self.high, self.low = options.cut_offs(base.info)
        columns = table.columns
        self.id_at = table.need(*ID)
        self.places = {
            name: columns.find(*accepted)
            for name, accepted in {
                "disease": DISEASE,
                "therapies": THERAPIES,
                "resistant_to": FAILED,
                "mutations": MUTATIONS,
                "note": NOTE,
            }.items()
        }
        self.terms = {
            place: term
            for place, name in enumerate(columns.names)
            if (term := self.words.term(name)) is not None and term.marker
        }
        self.markers = dict(self._marker_columns())

    def read(self) -> list[Draft]:
        drafts: dict[str, Draft] = {}
        for line, cells in self.table.rows():
            at = self.table.at(line)
            before = len(self.log.problems)
            name = self.words.value(cells[self.id_at])
            if not name:
                self._problem(at, "the row has no id.")
            elif name in drafts:
                self._problem(at, f"the id {shortened(name)} stands here again; ids name one tumour each.")
            width = len(self.table.columns.names)
            if any(one.strip() for one in cells[width:]):
                self._problem(at, "the row has more cells than the header has columns.")
            draft = self._row(name, at, cells)
            if len(self.log.problems) == before:
                drafts[name] = draft
        return list(drafts.values())

    def _row(self, name: str, at: str, cells: list[str]) -> Draft:
        def value(field: str) -> str:
            place = self.places[field]
            return "" if place is None else self.words.value(cells[place])

        draft = Draft(name[:400], disease=value("disease")[:400] or None, note=value("note"))
        for text in _several(value("therapies")):
            draft.therapies[text] = ""
        for text in _several(value("resistant_to")):
            draft.resistant_to[text] = ""
        for text in _several(value("mutations")):
            self._mutation(draft, at, text)
        heard = []
        for place, term in self.terms.items():
            text = self.words.value(cells[place])
            if text:
                column = self.table.columns.names[place]
                found_there = self.words.polarity(text)
                if found_there is None:
                    hint = "Write positive or negative."
                    self._problem(
                        f"{at}, column {shortened(column)}", f"'{shortened(text)}' is neither.", hint
                    )
                else:
                    heard.append(Heard(term, found_there, f"{at} {column} = {shortened(text)}"))
        self.words.infections(draft, heard, self.log)
        for place, (marker, is_score) in self.markers.items():
            text = self.words.value(cells[place])
            if text:
                column = self.table.columns.names[place]
                source = f"{at} {column} = {shortened(text)}"
                found = self._score(marker, text, source) if is_score else self._state(marker, text, source)
                if found is None:
                    self._problem(f"{at}, column {shortened(column)}", *self._why(marker, text, is_score))
                else:
                    draft.add(found)
        return draft

    def _marker_columns(self) -> list[tuple[int, tuple[Marker, bool]]]:
        taken = {self.id_at, *self.places.values(), *self.terms}
        found: list[tuple[int, tuple[Marker, bool]]] = []
        where = self.table.at(self.table.columns.line)
        seen: dict[tuple[str, bool], str] = {}
        for place, name in enumerate(self.table.columns.names):
            if place in taken or not name:
                continue
            score = _Z.fullmatch(name)
            marker = self._marker(name, where) or (self._marker(score[1], where) if score else None)
            if marker is None:
                self._unknown_column(name, where)
                continue
            is_score = self.vocabulary.marker(name) is None
            first = seen.setdefault((marker.symbol, is_score), name)
            if first != name or (place, (marker, is_score)) in found:
                self.log.notice(
                    "DUPLICATE_COLUMN",
                    where,
                    f"{shortened(name)} and {shortened(first)} are both {marker.symbol}.",
                )
            found.append((place, (marker, is_score)))
        return found

    def _marker(self, name: str, where: str) -> Marker | None:
        ambiguous = self.vocabulary.ambiguous(name)
        marker = self.vocabulary.marker(name)
        if ambiguous is not None and name != (marker.symbol if marker else ""):
            said = f"read as {marker.symbol}" if marker else "not read; write another name of it"
            what = f"{shortened(name)} can mean {one_of(ambiguous.candidates)}; {said}. {ambiguous.why}"
            self.log.notice("AMBIGUOUS_ALIAS", where, what)
        return marker

    def _unknown_column(self, name: str, where: str) -> None:
        if self.vocabulary.ambiguous(name):
            return
        near = did_you_mean(
            name, [*ID[:1], *DISEASE[:1], "therapies", "mutations", *self.vocabulary.marker_spellings()]
        )
        what = f"the column {shortened(name)} is no marker of the vocabulary; not read. {near}".strip()
        self.log.notice("UNKNOWN_COLUMN", where, what)

    def _mutation(self, draft: Draft, at: str, text: str) -> None:
        gene, *rest = re.split(r"\s+|:(?=[pcg]\.)", text.strip(), maxsplit=1)
        marker = self.vocabulary.marker(gene)
        reading = self.genes.read(gene)
        if marker is None and reading.code == "DAMAGED_SYMBOL":
            self.log.notice(reading.code, at, reading.why)
            return
        if marker is None:
            near = did_you_mean(gene, self.vocabulary.marker_spellings())
            self.log.notice(
                "UNKNOWN_MARKER", at, f"the gene {shortened(gene)} is not in the vocabulary. {near}".strip()
            )
            return
        self._marker(gene, at)
        said = rest[0].strip() if rest else "mutated"
        found = self._state(marker, said, f"{at} mutations = {shortened(text)}")
        if found is None or found.state not in MUTATION_STATES:
            self._problem(f"{at}, mutations", *self._why(marker, said, False))
        else:
            draft.add(found)

    def _state(self, marker: Marker, text: str, source: str) -> Found | None:
        """The state in a cell: a word for it, or a change of the protein."""
        word = fold(text)
        states = {fold(state): state for state in self.vocabulary.states_of(marker)}
        state = states.get(word) or self.words.alteration(text)
        if state is None and marker.hgnc and _CHANGE.fullmatch(text):
            return Found(marker, "mutated", source, change=text)
        read = self.vocabulary.reading_of(marker, state) if state else None
        return Found(marker, read, source) if read else None

    def _score(self, marker: Marker, text: str, source: str) -> Found | None:
        number = text.replace(",", ".") if self.table.delimiter != "," else text
        if (
            not re.fullmatch(r"[-+−]?\d{1,6}(?:\.\d+)?", number)
            or self.vocabulary.reading_of(marker, "high") is None
        ):
            return None
        score = float(number.replace("−", "-"))
        state = "high" if score >= self.high else "low" if score <= self.low else "normal"
        return Found(marker, state, source, value=score, unit="z")

    def _why(self, marker: Marker, text: str, is_score: bool) -> tuple[str, str]:
        if is_score:
            return (
                f"'{shortened(text)}' is no z-score of {marker.symbol}.",
                "A number is expected, such as -2.1.",
            )
        allowed = self.vocabulary.states_of(marker)
        if re.fullmatch(r"[-+−]?\d+(?:[.,]\d+)?", text):
            hint = f"Write a state; for a z-score name the column '{marker.symbol} z'."
            return f"the number {shortened(text)} does not say what {marker.symbol} is.", hint
        hint = did_you_mean(text, allowed)
        return (
            f"{marker.symbol} cannot be '{shortened(text)}'.",
            f"{hint} Allowed: {one_of(allowed)}.".strip(),
        )

    def _problem(self, where: str, what: str, hint: str = "") -> None:
        self.log.problems.append(Problem(where, what, hint))


def _several(text: str) -> list[str]:
    """The entries of a cell that holds a list."""
    return [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
