"""Profiles to columns of numbers: what the query reads, and the rows that cannot be used.

Every different value of a column is read once, by the code that imports tables; the rows then take
the numbers of their values. No profile is looked at by itself.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .._errors import InputError, Problem
from .._text import did_you_mean_name, shortened
from ..evaluation.facts import Facts
from ..knowledge.base import KnowledgeBase
from ..scores import MAX_SCORE, NUMBER
from ..states import axis_of
from .cells import CODED, DELIMITER, TOLD, UNENDED, Cells, Key, Meaning
from .plan import Layout
from .texts import Array, as_listed, as_text, numbered, together

_CONTRADICTION = -1
_PRESENT = Layout.code("present")
_FIRST = 20
"""Ids of a batch by which a table with tumours in its columns is known."""


class Reject(NamedTuple):
    """A row that cannot be used: its number in the batch, its id, and why."""

    row: int
    id: str
    why: str


class Encoded(NamedTuple):
    """A batch in numbers, the rows that cannot be used, and how often each notice was due."""

    ids: pa.Array
    batch: pa.RecordBatch
    rejects: list[Reject]
    notices: Counter[str]
    told: tuple[str, ...] = ()
    """What is to be said of the columns."""
    nameless: Array = np.zeros(0, np.int64)
    """The rows without an id."""


class Encoder:
    """Turns profiles, or a table of them, into the columns of a layout. Threads can share it."""

    def __init__(
        self,
        base: KnowledgeBase,
        layout: Layout,
        *,
        therapies: tuple[str, ...] = (),
        any_disease: bool = False,
    ) -> None:
        """`therapies` are added to every profile. Raises InputError for an unknown one."""
        self._base = base
        self._layout = layout
        self._any_disease = any_disease
        found = [base.vocabulary.therapies_in(name) for name in therapies]
        self._added = tuple(sorted({one.id for known, _ in found for one in known}))
        unknown = [name for _, names in found for name in names]
        if unknown:
            near = did_you_mean_name(unknown[0], base.vocabulary.therapy_spellings())
            raise InputError(
                [Problem("", f"the therapy '{shortened(unknown[0])}' is not known.", near, "therapies")]
            )
        self._number = {therapy: at for at, therapy in enumerate(layout.partners)}
        self._cells: dict[tuple[tuple[str, ...], str, str], Cells] = {}

    def from_facts(self, known: Iterable[tuple[str, Facts]]) -> Encoded:
        """Return the columns of profiles that were read one by one."""
        ids: list[str] = []
        found: list[dict[Key, int]] = []
        given: list[tuple[str, ...]] = []
        failed: list[tuple[str, ...]] = []
        scoped: list[bool] = []
        notices: Counter[str] = Counter()
        for name, facts in known:
            ids.append(name)
            found.append({(one.marker, axis_of(one.state)): Layout.code(one.state) for one in facts.findings})
            given.append(facts.partners)
            failed.append(facts.failed)
            scoped.append(facts.disease is not None and facts.disease.in_scope)
            notices.update(one.code for one in facts.notices)
        rows = len(ids)
        codes: dict[Key, Array] = {}
        for row, findings in enumerate(found):
            for key, code in findings.items():
                if key not in codes:
                    codes[key] = np.zeros(rows, np.int8)
                codes[key][row] = code
        return self._encoded(
            pa.array(ids, pa.string()),
            codes,
            *_distinct(given),
            *_distinct(failed),
            np.array(scoped, bool),
            [],
            notices,
        )

    def ids(self, batch: pa.RecordBatch) -> tuple[pa.Array, Array]:
        """Return the ids in a table, and the rows without one. Raises InputError for its header."""
        table = _Batch(batch, self._cells_of(batch))
        table.ids()
        return table.names, table.nameless

    def from_table(self, batch: pa.RecordBatch) -> Encoded:
        """Return the columns of a table with a row for each profile. Raises InputError for its header."""
        cells = self._cells_of(batch)
        table = _Batch(batch, cells)
        table.ids()
        unended = (batch.schema.metadata or {}).get(UNENDED)
        if unended is not None:
            table.cut(int(unended))
        table.learn(self._cut_offs)
        for column in cells.columns:
            if column.is_score:
                table.scores(column.place, self._cut_offs)
            elif column.place not in cells.tests:
                table.read((column.place,))
        if cells.tests:
            table.read(cells.tests)
        mutations = cells.field("mutations")
        if mutations is not None:
            table.read((mutations,))
        given = table.therapies("therapies")
        failed = table.therapies("resistant_to")
        scoped = table.scoped()
        codes = table.states(self._layout.finding)
        return self._encoded(
            table.names, codes, *given, *failed, scoped, table.rejects(), table.notices
        )._replace(told=(*_told(batch), *cells.told), nameless=table.nameless)

    @property
    def _cut_offs(self) -> tuple[float, float]:
        return self._base.info.z_score_high, self._base.info.z_score_low

    def _cells_of(self, batch: pa.RecordBatch) -> Cells:
        """The meaning of the cells of a table, kept for its next batch."""
        about = batch.schema.metadata or {}
        delimiter, coded = about.get(DELIMITER, b",").decode(), about.get(CODED, b"{}").decode()
        key = tuple(batch.schema.names), delimiter, coded
        known = self._cells.get(key)
        if known is None:
            known = Cells(batch.schema.names, self._base, delimiter, json.loads(coded))
            self._cells = {key: known}
        return known

    def _encoded(
        self,
        ids: pa.Array,
        codes: Mapping[Key, Array],
        given: Array,
        given_sets: list[tuple[str, ...]],
        failed: Array,
        failed_sets: list[tuple[str, ...]],
        scoped: Array,
        rejects: list[Reject],
        notices: Counter[str],
    ) -> Encoded:
        rows = len(ids)
        base, layout = self._base, self._layout
        given_sets = [tuple(sorted({*one, *self._added})) for one in given_sets]
        numbers = [[self._number[therapy] for therapy in one] for one in given_sets]
        partners = pa.array(numbers, pa.list_(pa.int16())).take(pa.array(given))
        usable = np.ones(rows, bool)
        usable[[one.row for one in rejects]] = False
        has = np.array([bool(one) for one in given_sets], bool)[given]
        ranks = usable & has & (scoped | self._any_disease)
        notices["NO_THERAPY"] += int((usable & ~has).sum())
        notices["OUTSIDE_SCOPE"] += int((usable & has & ~scoped).sum())
        columns: dict[str, Any] = {
            "row_number": pa.array(np.arange(rows, dtype=np.int32)),
            "partners": partners,
            "ranks": pa.array(ranks),
        }
        nothing = pa.array(np.zeros(rows, np.int8))
        for key, name in layout.finding.items():
            columns[name] = pa.array(codes[key]) if key in codes else nothing
        lineages = [frozenset().union(*map(base.vocabulary.lineage, one)) for one in given_sets]
        failures = [frozenset().union(*map(base.vocabulary.lineage, one)) for one in failed_sets]
        for atom, name in layout.atom.items():
            sets, which = (lineages, given) if atom.kind == "therapy" else (failures, failed)
            columns[name] = pa.array(np.array([atom.name in one for one in sets], bool)[which])
        return Encoded(ids, pa.RecordBatch.from_pydict(columns), rejects, notices)


def _told(batch: pa.RecordBatch) -> list[str]:
    text = (batch.schema.metadata or {}).get(TOLD)
    return text.decode().split("\n") if text else []


class _Batch:
    """A batch of a table while its columns are read."""

    def __init__(self, batch: pa.RecordBatch, cells: Cells) -> None:
        self._batch = batch
        self._cells = cells
        self._columns: defaultdict[Key, list[tuple[Array, Array]]] = defaultdict(list)
        """What columns hold of a marker: its states by number, and for each row its number."""
        self._rows: dict[tuple[int, ...], tuple[Array, list[tuple[str, ...]]]] = {}
        """What `learn` found in columns, until they are read."""
        self._problems: dict[int, list[str]] = {}
        self.notices: Counter[str] = Counter()
        given = as_text(batch.column(cells.id)).fill_null("")
        self.nameless = np.zeros(0, np.int64)
        self.names = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(given), 0, 400)

    def ids(self) -> None:
        """Find the rows without an id. Raises InputError where the ids are names of genes."""
        self._cells.refuse_turned(self.names[:_FIRST].to_pylist())
        nulls = pa.array(self._cells.nulls, pa.string())
        nameless = np.asarray(pc.is_in(pc.utf8_lower(self.names), nulls))
        self._bad(nameless, "the row has no id")
        self.nameless = np.flatnonzero(nameless)

    def cut(self, row: int) -> None:
        """Look whether a row is whole that nothing ends."""
        column = as_text(self._batch.column(self._batch.num_columns - 1)).fill_null("")
        why = self._cells.cut(column[row].as_py(), lambda: [one.strip() for one in column.to_pylist()[:row]])
        if why:
            self._problems.setdefault(row, []).append(why)

    def learn(self, cut_offs: tuple[float, float]) -> None:
        """Read the different cells of all columns of markers together."""
        given: dict[int, list[str]] = {}
        for column in self._cells.columns:
            if column.is_score:
                given[column.place] = _of_levels(cut_offs)
            elif column.place not in self._cells.tests:
                found = self._rows[column.place,] = self._numbered((column.place,))
                given[column.place] = [text for (text,) in found[1]]
        self._cells.learn(given)

    def _numbered(self, places: tuple[int, ...]) -> tuple[Array, list[tuple[str, ...]]]:
        """For each row the number of its cells in some columns, and the different ones."""
        columns = [
            numbered(as_listed(self._batch.column(place)), self._batch.schema.names[place])
            for place in places
        ]
        indices, rows = together(columns)
        self._cells.note_codes(places, rows)
        return indices, rows

    def read(self, places: tuple[int, ...]) -> None:
        """Read columns whose cells mean something together, each different row of them once."""
        indices, rows = self._rows.pop(places) if places in self._rows else self._numbered(places)
        meanings = [self._cells.meaning(places, values) for values in rows]
        self._take(indices, meanings)

    def scores(self, place: int, cut_offs: tuple[float, float]) -> None:
        """Read a column of z-scores: plain numbers at once, and others as texts."""
        column = self._batch.column(place)
        rest = None
        if not pa.types.is_floating(column.type) and not pa.types.is_integer(column.type):
            text = pc.utf8_trim_whitespace(as_text(column).fill_null(""))
            plain = pc.match_substring_regex(text, f"^(?:{NUMBER})$")
            nothing = pa.scalar(None, pa.string())
            rest = pc.if_else(pc.or_(plain, pc.equal(text, "")), nothing, text)
            column = pc.if_else(plain, text, nothing)
        scores = np.asarray(pc.fill_null(pc.cast(column, pa.float64()), float("nan")))
        high, low = cut_offs
        measured = np.isfinite(scores) & (np.abs(scores) < MAX_SCORE)
        levels = np.where(scores >= high, 0, np.where(scores <= low, 1, 2))
        levels[~measured] = 3
        self._take(levels, [self._cells.meaning((place,), (text,)) for text in _of_levels(cut_offs)])
        name = self._batch.schema.names[place]
        self._bad(~measured & ~np.isnan(scores), f"{name}: it is not a z-score")
        if rest is not None and rest.null_count < len(rest):
            indices, values = numbered(rest, name)
            self._take(indices, [self._cells.meaning((place,), (value,)) for value in values])

    def _take(self, indices: Array, meanings: list[Meaning]) -> None:
        """Take for each row the meaning of its number; the number after the last means nothing."""
        by_key: dict[Key, Array] = {}
        for at, meaning in enumerate(meanings):
            if meaning.why or meaning.notices:
                rows = indices == at
                if meaning.why:
                    self._bad(rows, meaning.why)
                for notice, count in meaning.notices.items():
                    self.notices[notice] += count * int(rows.sum())
            for key, code in meaning.codes.items():
                by_key.setdefault(key, np.zeros(len(meanings) + 1, np.int8))[at] = code
        for key, lookup in by_key.items():
            self._columns[key].append((lookup, indices))

    def states(self, wanted: Collection[Key]) -> dict[Key, Array]:
        """Return what is wanted of the states of each row by number, 0 where nothing is known.

        Where several markers are present of which only one can be, none of them counts.
        """
        grouped = [[(symbol, "presence") for symbol in group] for group in self._cells.groups]
        needed = {*wanted, *(key for keys in grouped for key in keys)}
        codes = {
            key: self._agreed(columns)
            for key, columns in self._columns.items()
            if key in needed or len(columns) > 1
        }
        for group in grouped:
            keys = [key for key in group if key in codes]
            counts = sum((codes[key] == _PRESENT).astype(np.int8) for key in keys)
            differ = np.asarray(counts) > 1
            if differ.any():
                self.notices["CONTRADICTION"] += int(differ.sum())
                for key in keys:
                    codes[key] = np.where(differ, _CONTRADICTION, codes[key])
        return {key: np.maximum(values, 0).astype(np.int8, copy=False) for key, values in codes.items()}

    def _agreed(self, columns: list[tuple[Array, Array]]) -> Array:
        """The states in columns, each as its states by number and the numbers; none where two differ."""
        known, *others = (lookup[indices] for lookup, indices in columns)
        for values in others:
            differ = (known > 0) & (values > 0) & (known != values)
            self.notices["CONTRADICTION"] += int(differ.sum())
            known = np.where(differ, _CONTRADICTION, np.where(known == 0, values, known))
        return known

    def _bad(self, mask: Array, why: str) -> None:
        for row in np.flatnonzero(mask):
            self._problems.setdefault(int(row), []).append(why)

    def rejects(self) -> list[Reject]:
        """Return the rows that cannot be used."""
        found = sorted(self._problems.items())
        return [Reject(row, self.names[row].as_py(), "; ".join(why)) for row, why in found]

    def scoped(self) -> Array:
        """Return which rows are of a disease in the scope."""
        places = self._cells.diseases
        if not places:
            self.notices["DISEASE_NOT_STATED"] += self._batch.num_rows
            return np.ones(self._batch.num_rows, bool)
        indices, values = together([numbered(self._batch.column(place), "disease") for place in places])
        known = [self._cells.disease(value) for value in values]
        lookup = np.array([*(one is not None and one.in_scope for _, one in known), True], bool)
        stated = np.array([*(name is not None for name, _ in known), False], bool)
        unknown = np.array([*(one is None for _, one in known), False], bool)
        for code, rows in (("DISEASE_NOT_STATED", ~stated[indices]), ("UNKNOWN_DISEASE", unknown[indices])):
            if rows.any():
                self.notices[code] += int(rows.sum())
        scoped: Array = lookup[indices]
        return scoped

    def therapies(self, field: str) -> tuple[Array, list[tuple[str, ...]]]:
        """Return for each row the number of its set of therapies, and the sets."""
        place = self._cells.field(field)
        if place is None:
            return np.zeros(self._batch.num_rows, np.int64), [()]
        indices, values = numbered(as_listed(self._batch.column(place)), field)
        sets: list[tuple[str, ...]] = []
        for at, value in enumerate(values):
            known, unknown = self._cells.therapies(value)
            sets.append(tuple(sorted({one.id for one in known})))
            if unknown:
                self.notices["UNKNOWN_THERAPY"] += len(unknown) * int((indices == at).sum())
        return indices, [*sets, ()]


def _of_levels(cut_offs: tuple[float, float]) -> list[str]:
    """A z-score that is high, one that is low, and one that is neither."""
    high, low = cut_offs
    return [repr(high), repr(low), repr((high + low) / 2)]


def _distinct(sets: list[tuple[str, ...]]) -> tuple[Array, list[tuple[str, ...]]]:
    numbers: dict[tuple[str, ...], int] = {}
    which = [numbers.setdefault(one, len(numbers)) for one in sets]
    return np.array(which, np.int64), [*numbers, ()]
