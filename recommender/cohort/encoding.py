"""Profiles to columns of numbers: what the query reads, and the rows that cannot be used.

Every different value of a column is read once, by the same code as a single profile; the rows then
take the numbers of their values. No profile is looked at by itself.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .._errors import InputError, Problem
from .._text import did_you_mean, one_of, shortened
from ..changes import stands_alone
from ..evaluation.facts import Facts, facts_and_problems
from ..importing.table import FIELDS, ID, score_column
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Marker
from ..knowledge.state_words import StateWords
from ..profile import Profile
from ..scores import NUMBER, score_in
from ..states import axis_of
from .plan import Layout

Key = tuple[str, str]
"""Marker and axis."""

_MAX_DIFFERENT = 100_000
"""A column with more different values than this in one batch is no column of states."""


class Reject(NamedTuple):
    """A row that cannot be used: its number in the batch, its id, and why."""

    row: int
    id: str
    why: str


Array = np.ndarray[Any, Any]


class Encoded(NamedTuple):
    """A batch in numbers, the rows that cannot be used, and how often each notice was due."""

    ids: pa.Array
    batch: pa.RecordBatch
    rejects: list[Reject]
    notices: Counter[str]


class Encoder:
    """Turns profiles, or a table of them, into the columns of a layout."""

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
        self._words = StateWords(base.content.importing, base.vocabulary)
        self._layout = layout
        self._any_disease = any_disease
        self._added, unknown = self._therapies(";".join(therapies))
        if unknown:
            near = did_you_mean(unknown[0], base.vocabulary.therapy_spellings())
            raise InputError(
                [Problem("", f"the therapy '{shortened(unknown[0])}' is not known.", near, "therapies")]
            )
        self._number = {therapy: at for at, therapy in enumerate(layout.partners)}
        self._values: dict[tuple[str, str], tuple[tuple[Key, int] | None, str]] = {}
        self._mutations: dict[str, tuple[dict[Key, int], str]] = {}

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
            given.append(tuple(one.therapy for one in facts.therapies))
            failed.append(tuple(one.therapy for one in facts.resistant_to))
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

    def from_table(self, batch: pa.RecordBatch) -> Encoded:
        """Return the columns of a table with a row for each profile. Raises InputError for its header."""
        header = Header(batch.schema.names, self._base)
        ids = _text(batch.column(header.id)).fill_null("")
        problems: dict[int, list[str]] = {}
        notices: Counter[str] = Counter({"UNKNOWN_COLUMN": len(header.unknown)} if header.unknown else {})

        def bad(mask: Array, why: str) -> None:
            for row in np.flatnonzero(mask):
                problems.setdefault(int(row), []).append(why)

        bad(np.asarray(pc.equal(pc.utf8_trim_whitespace(ids), "")), "the row has no id")
        codes: dict[Key, Array] = {}

        def put(key: Key, values: Array, column: str) -> None:
            known = codes.get(key)
            if known is None:
                codes[key] = values
                return
            differ = (known != 0) & (values != 0) & (known != values)
            bad(differ, f"{column}: {key[0]} has another state in another column")
            codes[key] = np.where(known == 0, values, known)

        for place, name, marker, is_score in header.markers:
            column = batch.column(place)
            if is_score:
                scores, wrong = self._scores(column)
                bad(wrong, f"{name}: it is no z-score")
                for state in ("high", "normal", "low"):
                    rows = scores == Layout.code(state)
                    read = self._base.vocabulary.reading_of(marker, state)
                    if read is None:
                        bad(rows, f"{name}: {marker.symbol} cannot be {state}")
                    elif rows.any():
                        put(
                            (marker.symbol, axis_of(read)),
                            np.where(rows, Layout.code(read), 0).astype(np.int8),
                            name,
                        )
                continue
            indices, values = _dictionary(column, name)
            by_key: dict[Key, Array] = {}
            for at, value in enumerate(values):
                finding, why = self._value(name, marker, value)
                if why:
                    bad(indices == at, f"{name}: {why}")
                elif finding is not None:
                    key, code = finding
                    by_key.setdefault(key, np.zeros(len(values) + 1, np.int8))[at] = code
            for key, lookup in by_key.items():
                put(key, lookup[indices], name)
        if header.mutations is not None:
            indices, values = _dictionary(_listed(batch.column(header.mutations)), "mutations")
            lookups: dict[Key, Array] = {}
            for at, value in enumerate(values):
                several, why = self._several(value)
                if why:
                    bad(indices == at, f"mutations: {why}")
                for key, code in several.items():
                    lookups.setdefault(key, np.zeros(len(values) + 1, np.int8))[at] = code
            for key, lookup in lookups.items():
                put(key, lookup[indices], "mutations")
        given = self._given(batch, header.therapies, notices)
        failed = self._given(batch, header.resistant_to, notices)
        scoped = self._scoped(batch, header.disease, notices)
        names = ids.to_pylist() if problems else []
        rejects = [Reject(row, names[row], "; ".join(why)) for row, why in sorted(problems.items())]
        return self._encoded(ids, codes, *given, *failed, scoped, rejects, notices)

    def _scoped(self, batch: pa.RecordBatch, place: int | None, notices: Counter[str]) -> Array:
        if place is None:
            notices["DISEASE_NOT_STATED"] += batch.num_rows
            return np.ones(batch.num_rows, bool)
        indices, values = _dictionary(_text(batch.column(place)), "disease")
        known = [
            self._base.vocabulary.disease(value) if value.strip() else self._base.scope for value in values
        ]
        lookup = np.array([*(one is not None and one.in_scope for one in known), True], bool)
        scoped: Array = lookup[indices]
        return scoped

    def _given(
        self, batch: pa.RecordBatch, place: int | None, notices: Counter[str]
    ) -> tuple[Array, list[tuple[str, ...]]]:
        """For each row the number of its set of therapies, and the sets."""
        if place is None:
            return np.zeros(batch.num_rows, np.int64), [()]
        indices, values = _dictionary(_listed(batch.column(place)), "therapies")
        sets: list[tuple[str, ...]] = []
        for at, value in enumerate(values):
            known, unknown = self._therapies(value)
            sets.append(known)
            if unknown:
                notices["UNKNOWN_THERAPY"] += int((indices == at).sum())
        return indices, [*sets, ()]

    def _therapies(self, text: str) -> tuple[tuple[str, ...], list[str]]:
        known: set[str] = set()
        unknown: list[str] = []
        for part in text.split(";"):
            if part.strip():
                found, others = self._base.vocabulary.therapies_in(part.strip())
                known.update(one.id for one in found)
                unknown += others
        return tuple(sorted(known)), unknown

    def _value(self, column: str, marker: Marker, value: str) -> tuple[tuple[Key, int] | None, str]:
        """What a value of a column means, read as in a single profile; or why it means nothing."""
        known = self._values.get((column, value))
        if known is None:
            found, why = (
                ({}, "") if self._words.is_null(value) else self._read(self._written(column, marker, value))
            )
            known = (next(iter(found.items()), None), why)
            if len(self._values) < _MAX_DIFFERENT:
                self._values[column, value] = known
        return known

    def _written(self, column: str, marker: Marker, value: str) -> dict[str, Any]:
        """The part of a profile that a cell stands for: a state, a word for it, or a change of a gene."""
        text = value.strip()
        if stands_alone(text) and self._base.vocabulary.reading_of(marker, "mutated"):
            return {"mutations": [{"gene": column, "change": text}]}
        return {"markers": {column: self._words.state(marker, text) or text}}

    def _several(self, value: str) -> tuple[dict[Key, int], str]:
        known = self._mutations.get(value)
        if known is None:
            texts = [part.strip() for part in value.split(";") if part.strip()]
            known = self._read({"mutations": texts}) if texts else ({}, "")
            if len(self._mutations) < _MAX_DIFFERENT:
                self._mutations[value] = known
        return known

    def _read(self, given: Mapping[str, Any]) -> tuple[dict[Key, int], str]:
        try:
            facts, problems = facts_and_problems(Profile.parse(given), self._base)
        except InputError as error:
            problems = list(error.problems)
            return {}, " ".join(f"{one.what} {one.hint}".strip() for one in problems)
        if problems:
            return {}, " ".join(f"{one.what} {one.hint}".strip() for one in problems)
        return {(one.marker, axis_of(one.state)): Layout.code(one.state) for one in facts.findings}, ""

    def _scores(self, column: pa.Array) -> tuple[Array, Array]:
        """Codes of z-scores by the cut-offs of the rule base, and which rows hold something that is none."""
        wrong = np.zeros(len(column), bool)
        if not pa.types.is_floating(column.type) and not pa.types.is_integer(column.type):
            text = pc.utf8_trim_whitespace(_text(column).fill_null(""))
            plain = pc.match_substring_regex(text, f"^(?:{NUMBER})$")
            column = pc.cast(pc.if_else(plain, text, pa.scalar(None, pa.string())), pa.float64())
            scores = np.asarray(pc.fill_null(column, float("nan"))).copy()
            read: dict[str, float | None] = {}
            for row in np.flatnonzero(np.asarray(pc.and_not(pc.not_equal(text, ""), plain))):
                written = text[int(row)].as_py()
                if written not in read:
                    read[written] = float("nan") if self._words.is_null(written) else score_in(written)
                score = read[written]
                wrong[row] = score is None
                scores[row] = float("nan") if score is None else score
        else:
            scores = np.asarray(pc.fill_null(pc.cast(column, pa.float64()), float("nan")))
        wrong |= np.isinf(scores)
        info = self._base.info
        codes = np.where(scores >= info.z_score_high, Layout.code("high"), Layout.code("normal"))
        codes = np.where(scores <= info.z_score_low, Layout.code("low"), codes)
        return np.where(np.isfinite(scores), codes, 0).astype(np.int8), wrong

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


class Header:
    """The columns of a table of profiles by what they hold. Raises InputError."""

    def __init__(self, names: list[str], base: KnowledgeBase) -> None:
        folded = {name.strip().casefold(): at for at, name in reversed(list(enumerate(names)))}
        place = next((folded[name] for name in ID if name in folded), None)
        if place is None:
            has = ", ".join(shortened(name, 30) for name in names[:12])
            raise InputError([Problem("", f"there is no column id; it has {has}.")])
        self.id = place
        fields = {
            field: next((folded[name] for name in accepted if name in folded), None)
            for field, accepted in FIELDS.items()
        }
        self.disease, self.therapies = fields["disease"], fields["therapies"]
        self.resistant_to, self.mutations = fields["resistant_to"], fields["mutations"]
        taken = {self.id, *fields.values()}
        self.markers: list[tuple[int, str, Marker, bool]] = []
        self.unknown: list[str] = []
        for at, name in enumerate(names):
            if at in taken:
                continue
            marker, is_score = score_column(name, base.vocabulary)
            ambiguous = base.vocabulary.ambiguous(name)
            if marker is None and ambiguous is not None:
                what = f"the column {shortened(name)} can mean {one_of(ambiguous.candidates)}."
                raise InputError([Problem("", what, "Name it by the HGNC id of the one that is meant.")])
            if marker is None:
                self.unknown.append(name)
            else:
                self.markers.append((at, name, marker, is_score))


def _distinct(sets: list[tuple[str, ...]]) -> tuple[Array, list[tuple[str, ...]]]:
    numbers: dict[tuple[str, ...], int] = {}
    which = [numbers.setdefault(one, len(numbers)) for one in sets]
    return np.array(which, np.int64), [*numbers, ()]


def _text(column: pa.Array) -> pa.Array:
    """A column as text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())


def _listed(column: pa.Array) -> pa.Array:
    """A column of lists, or of texts with semicolons, as texts with semicolons."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        texts = pc.cast(column, pa.list_(pa.string()))
        # One missing entry would make the whole list missing.
        return pc.binary_join(pa.ListArray.from_arrays(texts.offsets, texts.values.fill_null("")), ";")
    return _text(column)


def _dictionary(column: pa.Array, name: str) -> tuple[Array, list[str]]:
    """For each row the number of its value, and the values; a missing value has the number after the last."""
    known = pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)
    encoded = column if known else pc.dictionary_encode(_text(column))
    values = [value if isinstance(value, str) else "" for value in encoded.dictionary.to_pylist()]
    if len(values) > _MAX_DIFFERENT:
        raise InputError(
            [Problem(name, f"{len(values)} different values are too many for a column of states.")]
        )
    indices = np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), len(values)))
    return indices, values
