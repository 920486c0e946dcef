"""What the cells of a table mean, read by the code that imports tables, each different value once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from pydantic import ValidationError

from .._errors import InputError, Problem, faults_and_hints
from .._text import shortened
from .._validation import problems_of
from ..evaluation.facts import Facts, facts_and_problems
from ..importing.columns import Columns
from ..importing.cut_rows import END_IT
from ..importing.draft import Draft, Log
from ..importing.genes import Genes
from ..importing.marker_columns import Column
from ..importing.options import ImportOptions
from ..importing.table import TableReader
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Disease, Therapy
from ..profile import Profile
from ..states import axis_of
from .plan import Layout

Key = tuple[str, str]
"""Marker and axis."""
_Cell = tuple[tuple[int, ...], tuple[str, ...], tuple[bool, ...]]
"""Some cells of a row: their places, their texts, and which of them are in columns of codes."""

DELIMITER = b"delimiter"
"""The key of the metadata of a batch that came from text: the sign between its cells."""

TOLD = b"told"
"""The key of the metadata of a batch for what is to be said of its part."""

CODED = b"coded"
"""The key of the metadata of a batch for the columns whose numbers are codes anywhere in the input."""

UNENDED = b"unended"
"""The key of the metadata of a batch for its last row where nothing ends it, so that it may be cut off."""

MAX_DIFFERENT = 100_000
"""A column with more different values than this in one batch is not a column of states."""


class ColumnRoles(NamedTuple):
    """What the names of columns say of them."""

    words: frozenset[int]
    """The places of the columns of which every different cell is read once."""
    statuses: frozenset[str]
    """The names of the columns in which a number other than 0 and 1 is a code."""


@lru_cache(maxsize=1)
def roles_of(names: tuple[str, ...], base: KnowledgeBase) -> ColumnRoles:
    """Return what the names of columns say of them. Raises InputError where there is no column of ids."""
    cells = Cells(names, base, "")
    return ColumnRoles(frozenset(cells.words), frozenset(names[place] for place in cells.statuses))


class Meaning(NamedTuple):
    """What some cells of a row amount to: states by number, or why they cannot be read; and notices."""

    codes: dict[Key, int]
    why: str
    notices: Counter[str]


class _Header:
    """The header of a table that is read by columns, for the reader of rows."""

    def __init__(self, names: Sequence[str], delimiter: str) -> None:
        self.columns = Columns(names, 1)
        self.delimiter = delimiter

    def need(self, *accepted: str) -> int:
        found = self.columns.find(*accepted)
        if found is None:
            has = ", ".join(shortened(name, 30) for name in self.columns.names[:12])
            raise InputError([Problem("", f"there is no column {accepted[0]}; it has {has}.")])
        return found

    def at(self, _: int) -> str:
        return ""

    def error(self, where: str, what: str, hint: str = "") -> InputError:
        return InputError([Problem(where, what, hint)])

    def close(self) -> None:
        pass


class Cells:
    """The columns of a table by what they hold, and the meaning of their cells."""

    def __init__(
        self, names: Sequence[str], base: KnowledgeBase, delimiter: str, coded: Mapping[str, str] = {}
    ) -> None:
        """`delimiter` is the sign between the cells of a text table, which tells a decimal comma.

        The columns `coded` hold codes, of which each has one.

        Raises InputError where there is no column of ids.
        """
        self._base = base
        self._log = Log()
        self._genes = Genes(base)
        self._reader = TableReader(_Header(names, delimiter), base, ImportOptions(), self._log)
        self._names = names
        self._read: dict[_Cell, Meaning] = {}
        count = Counter(one.marker.symbol for one in self.columns)
        grouped = {symbol for group in self.groups for symbol in group}
        self._alone = {
            one.place: one.marker.symbol
            for one in self.columns
            if count[one.marker.symbol] == 1 and one.marker.symbol not in grouped
        }
        """The markers of the columns, by place, whose cells no other cell of a row can contradict."""
        self._lock = Lock()
        """Held while cells are read: what is said of them is gathered in one log."""
        self.told = tuple(f"{one.code}: {one.message}" for one in self._log.notices)
        """What is to be said of the columns."""
        for place, name in enumerate(names):
            self.note_codes((place,), [(coded.get(name, ""),)])

    @property
    def statuses(self) -> frozenset[int]:
        """The places of the columns in which a number other than 0 and 1 is a code."""
        return self._reader.statuses

    @property
    def words(self) -> set[int]:
        """The places of the columns of which every different cell is read once."""
        fields = [self.field(name) for name in ("disease", "therapies", "resistant_to", "mutations")]
        markers = [one.place for one in self.columns if not one.is_score]
        return {*markers, *self.tests, *self.diseases, *(one for one in fields if one is not None)} - {
            self.id
        }

    @property
    def id(self) -> int:
        """The place of the column of ids."""
        return self._reader.id_at

    @property
    def columns(self) -> list[Column]:
        """The columns of markers."""
        return self._reader.markers

    @property
    def tests(self) -> tuple[int, ...]:
        """The places of the columns of tests, which are read together: one outweighs another."""
        return tuple(self._reader.terms)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The markers of each group of which at most one can be present."""
        return self._genes.groups

    def field(self, name: str) -> int | None:
        """Return the place of the column of a field, or None."""
        return self._reader.fields[name]

    def refuse_turned(self, names: Sequence[str]) -> None:
        """Raises InputError where ids show that the tumours are in the columns."""
        if self._reader.are_turned(names):
            raise self._reader.turned()

    def note_codes(self, places: Sequence[int], rows: Iterable[Sequence[str]]) -> None:
        """Note which columns hold codes that the table does not explain."""
        for values in rows:
            for place, text in zip(places, values, strict=True):
                if what := self._reader.note_code(place, text):
                    self.told = (*self.told, f"CODED_COLUMN: {what}")

    def is_null(self, text: str) -> bool:
        """Return whether a cell means: no value."""
        return self._reader.words.is_null(text)

    @property
    def nulls(self) -> list[str]:
        """The texts that mean no value, in small letters."""
        return [one.strip().casefold() for one in self._reader.words.known.nulls]

    def learn(self, given: Mapping[int, Iterable[str]]) -> None:
        """Read different cells of columns ahead, as rows of many markers: faster than each by itself.

        What is not plain in such a row is left for `meaning`, which reads each cell alone.
        """
        with self._lock:
            waiting = {
                place: [text for text in texts if self._key((place,), (text,)) not in self._read]
                for place, texts in given.items()
                if place in self._alone
            }
            while row := {place: texts.pop() for place, texts in waiting.items() if texts}:
                if len(self._read) < MAX_DIFFERENT:
                    self._read_row(row)

    def _read_row(self, row: dict[int, str]) -> None:
        """Keep the meaning of the cells in a row, if there is nothing to be said of any."""
        reader = copy(self._reader)  # with a log of its own: what is said once would not be said again
        reader.log = log = Log()
        draft = reader.row("row", "", defaultdict(str, row), only=row)
        profile = draft.findings(self._genes, log)
        if profile is None or log.notices or log.problems:
            return
        facts, problems = facts_and_problems(profile, self._base)
        codes: defaultdict[str, dict[Key, int]] = defaultdict(dict)
        for (marker, axis), code in _codes(facts).items():
            codes[marker][marker, axis] = code
        if problems or not codes.keys() <= {self._alone[place] for place in row}:
            return
        for place, text in row.items():
            meaning = Meaning(codes[self._alone[place]], "", Counter())
            self._read[self._key((place,), (text,))] = meaning

    def _key(self, places: tuple[int, ...], values: tuple[str, ...]) -> _Cell:
        return places, values, tuple(place in self._reader.coded for place in places)

    def meaning(self, places: tuple[int, ...], values: tuple[str, ...]) -> Meaning:
        """Return what cells at some places of a row mean."""
        key = self._key(places, values)
        known = self._read.get(key)
        if known is None:
            with self._lock:
                known = self._read.get(key) or self._mean(places, values)
            if len(self._read) < MAX_DIFFERENT:
                self._read[key] = known
        return known

    def cut(self, text: str, others: Callable[[], list[str]]) -> str:
        """Return what is to be said of the last cell of a text that nothing ends, if it may be cut off."""
        what = self._reader.cut(text, others)
        return f"{what} {END_IT}" if what else ""

    def therapies(self, value: str) -> tuple[list[Therapy], list[str]]:
        """Return the therapies in a cell, and the names that are not known."""
        words, vocabulary = self._reader.words, self._base.vocabulary
        found = [vocabulary.therapies_in(name) for name in words.therapies(words.value(value))]
        return [one for known, _ in found for one in known], [one for _, more in found for one in more]

    @property
    def diseases(self) -> tuple[int, ...]:
        """The places of the columns that name the disease."""
        return self._reader.disease_at

    def disease(self, values: Sequence[str]) -> tuple[str | None, Disease | None]:
        """Return the disease that cells name, and its record; that of the scope where none is stated."""
        stated, _ = self._reader.words.agreed_disease(values)
        return stated, self._base.vocabulary.disease(stated) if stated else self._base.scope

    def _mean(self, places: tuple[int, ...], values: tuple[str, ...]) -> Meaning:
        cells: defaultdict[int, str] = defaultdict(str, zip(places, values, strict=True))
        self._log.problems.clear()
        self._log.notices.clear()
        draft = self._reader.row("", "", cells, only=places)
        problems = list(self._log.problems)
        codes = {} if problems else self._codes(draft, problems)
        column = " and ".join(shortened(self._names[place], 60) for place in places)
        why = faults_and_hints(problems)
        notices = Counter(one.code for one in self._log.notices)
        return Meaning(codes, f"{column}: {why}" if problems else "", notices)

    def _codes(self, draft: Draft, problems: list[Problem]) -> dict[Key, int]:
        """The states of a draft by number; problems are added where a profile cannot hold them."""
        try:
            profile = draft.profile(self._genes, self._log)
        except ValidationError as error:
            problems += [Problem("", one.what, one.hint) for one in problems_of(error, Profile, {})]
            return {}
        facts, more = facts_and_problems(profile, self._base)
        problems += more
        if more:
            return {}
        return _codes(facts)


def _codes(facts: Facts) -> dict[Key, int]:
    return {(one.marker, axis_of(one.state)): Layout.code(one.state) for one in facts.findings}
