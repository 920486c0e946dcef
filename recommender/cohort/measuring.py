"""Which single measurement could change most in a cohort: every finding that a tumour lacks is tried.

A marker that was not measured is given each state that its assay can report, and the tumour is ranked
again by the same query. Equal tumours are tried once. What takes two new findings at once is not found.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..knowledge.ranking_models import GROUPS
from ..ranking.next_tests import assay_of
from ..states import AXES, axis_of
from .cells import Key
from .plan import Layout, Plan
from .ranked import BatchRanker

MAX_TUMOURS = 1_000
"""Tumours that are tried, so that a summary takes seconds: shares of so many are within four per cent."""
_CHUNK = 65_536
"""Trials that are ranked at once."""
_SELECTED = GROUPS.index("selected")
_OWN = ("row_number", "id", "digest")
"""What differs between tumours that are otherwise equal."""

_Finding = tuple[Key, str]
"""A marker and an axis, and a state on it."""


class MeasurementEffect(NamedTuple):
    """What a measurement could do, as numbers of the tumours that were tried."""

    marker: str
    axis: str
    assay: str
    missing: int
    """Tumours in which it was not made."""
    first: int
    """Tumours in which a result could change what ranks first."""
    selects: int
    """Tumours in which a result could select an add-on that nothing selects now."""
    results: list[str]
    """The states that could change what ranks first."""
    leads: list[str]
    """The add-ons that could then rank first."""
    score: float
    """The best score of these."""


class _Standing(NamedTuple):
    """The numbers of the suggestions that rank first in a tumour, with their scores, and of the selected."""

    first: dict[int, int]
    selected: set[int]


class Trials:
    """Keeps the tumours to try: of more than `MAX_TUMOURS` those whose ids have the lowest digests."""

    def __init__(self, plan: Plan, ranker: BatchRanker) -> None:
        self._plan = plan
        self._ranker = ranker
        self._connection = duckdb.connect(config={"threads": 1})
        self._kept: pa.Table | None = None
        self._keys = _keys_of_ranks(plan)

    def add(self, ids: pa.Array, profiles: pa.RecordBatch) -> None:
        """Add those of some encoded profiles that can be ranked."""
        given = pa.Table.from_batches([profiles]).append_column("id", ids)
        new = self._query("SELECT *, md5(id) AS digest FROM given WHERE ranks", given)
        kept = pa.concat_tables([self._kept, new]) if self._kept else new
        self._kept = kept.sort_by("digest").slice(0, MAX_TUMOURS)

    @property
    def tumours(self) -> int:
        """The number of tumours that are tried."""
        return self._kept.num_rows if self._kept else 0

    def measurements(self) -> list[MeasurementEffect]:
        """Return what each measurement could do, first those that could change the first rank most often.

        Of equals the one comes first whose add-on would score best; what could change nothing is left out.
        """
        if not self.tumours:
            return []
        unlike = self._query(
            f"SELECT *, (row_number() OVER () - 1)::INTEGER AS row_number FROM (SELECT * EXCLUDE "  # noqa: S608
            f"({', '.join(_OWN)}), count(*)::INTEGER AS weight FROM given GROUP BY ALL)",
            self._kept,
        )
        weights = np.asarray(unlike["weight"])
        profiles = unlike.drop_columns(["weight"])
        before = self._standing(profiles)
        first: defaultdict[Key, set[int]] = defaultdict(set)
        selects: defaultdict[Key, set[int]] = defaultdict(set)
        results: defaultdict[Key, set[str]] = defaultdict(set)
        leads: defaultdict[Key, dict[int, int]] = defaultdict(dict)
        for trials, findings, rows in self._trials(profiles):
            for trial, after in self._standing(trials).items():
                (key, state), row = findings[trial], int(rows[trial])
                if after.first.keys() != before[row].first.keys():
                    first[key].add(row)
                    results[key].add(state)
                    for pair in after.first.keys() - before[row].first.keys():
                        leads[key][pair] = max(after.first[pair], leads[key].get(pair, 0))
                if self._plan.base.grouped and not after.selected <= before[row].selected:
                    selects[key].add(row)
        found = [
            MeasurementEffect(
                *key,
                assay=assay_of(self._plan.base, key[0], [key[1]]),
                missing=int(weights[self._missing(profiles, key)].sum()),
                first=int(weights[list(first[key])].sum()),
                selects=int(weights[list(selects[key])].sum()),
                results=[state for state in AXES[key[1]] if state in results[key]],
                leads=sorted({self._add_on(pair) for pair in leads[key]}),
                score=max(leads[key].values(), default=0) / 100,
            )
            for key in {*first, *selects}
        ]
        return sorted(found, key=lambda one: (-one.first, -one.score, one.marker, one.axis))

    def _add_on(self, pair: int) -> str:
        return self._plan.base.add_ons[self._plan.pairs[pair][0]].name

    def _trials(self, profiles: pa.Table) -> Iterator[tuple[pa.Table, list[_Finding], np.ndarray[Any, Any]]]:
        """Yield profiles with one more finding each, these findings, and the rows they were added to."""
        vocabulary = self._plan.base.vocabulary
        columns = list(self._plan.layout.finding.values())
        codes = np.stack([np.asarray(profiles[name]) for name in columns], axis=1)
        other = profiles.drop_columns([*columns, "row_number"])
        made: list[tuple[_Finding, Any, Any]] = []
        for key in self._keys:
            rows = self._missing(profiles, key)
            for state in vocabulary.states_on(key[1], vocabulary.markers[key[0]]):
                tried = codes[rows]
                tried[:, columns.index(self._plan.layout.finding[key])] = Layout.code(state)
                made.append(((key, state), rows, tried))
            if sum(len(rows) for _, rows, _ in made) > _CHUNK:
                yield _joined(made, columns, other)
                made = []
        if made:
            yield _joined(made, columns, other)

    def _missing(self, profiles: pa.Table, key: Key) -> np.ndarray[Any, Any]:
        """The rows in which a marker was not measured.

        Where another marker of its group is present it cannot be, and is known.
        """
        finding = self._plan.layout.finding
        known = np.asarray(profiles[finding[key]]) != 0
        for group in self._plan.base.vocabulary.groups:
            if key[0] in group and key[1] == "presence":
                for other in {(symbol, key[1]) for symbol in group} & finding.keys():
                    known |= np.asarray(profiles[finding[other]]) == Layout.code("present")
        return np.flatnonzero(~known)

    def _standing(self, profiles: pa.Table) -> defaultdict[int, _Standing]:
        found: defaultdict[int, _Standing] = defaultdict(lambda: _Standing({}, set()))
        ranked = self._ranker.numbers(profiles)
        matters = pc.or_(pc.equal(ranked["rank"], 1), pc.equal(ranked["tier"], _SELECTED))
        names = ("row_number", "rank", "tier", "pair", "total")
        columns = (ranked.filter(matters)[name].to_pylist() for name in names)
        for row, rank, tier, pair, total in zip(*columns, strict=True):
            if rank == 1:
                found[row].first[pair] = total
            if tier == _SELECTED:
                found[row].selected.add(pair)
        return found

    def _query(self, query: str, given: Any) -> pa.Table:
        self._connection.register("given", given)
        found = self._connection.sql(query).to_arrow_table().combine_chunks()
        self._connection.unregister("given")
        return found


def _keys_of_ranks(plan: Plan) -> list[Key]:
    """The markers and axes that could change a rank: strategies and cautions ask about them."""
    base = plan.base
    ways = [way for rule in (*base.strategies, *base.cautions) for way in base.measured_ways(rule.id)]
    ways += [way for rule in base.support_ways for way in base.measured_support(rule)]
    asked = {(atom.name, axis_of(atom.state)) for way in ways for atom in way if atom.kind == "marker"}
    return sorted(asked & plan.layout.finding.keys())


def _joined(
    made: list[tuple[_Finding, Any, Any]], columns: list[str], other: pa.Table
) -> tuple[pa.Table, list[_Finding], np.ndarray[Any, Any]]:
    rows = np.concatenate([rows for _, rows, _ in made])
    codes = np.concatenate([codes for _, _, codes in made])
    table = other.take(pa.array(rows))
    for at, name in enumerate(columns):
        table = table.append_column(name, pa.array(np.ascontiguousarray(codes[:, at])))
    table = table.append_column("row_number", pa.array(np.arange(len(rows), dtype=np.int32)))
    return table, [finding for finding, rows, _ in made for _ in rows], rows
