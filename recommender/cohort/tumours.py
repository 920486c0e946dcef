"""The tumours behind a ranked cohort, read again: what the ranked rows do not hold."""

from collections import Counter
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from ..knowledge.base import KnowledgeBase
from ..options import Options
from ..states import AXES
from .coded import coded_columns
from .measuring import MeasurementEffect, Trials
from .plan import Plan
from .ranked import BatchRanker
from .seen import Seen, with_id
from .sources import Part, Read, batches

UNKNOWN = "unknown"
"""The state of a marker that was not measured."""
WITHOUT = ("no-therapy", "outside-scope", "no-strategy")
"""Why nothing is ranked in a tumour."""


class MarkerCount(NamedTuple):
    """In how many tumours a marker was measured, of those that were read."""

    marker: str
    axis: str
    measured: int
    tumours: int


class StateCount(NamedTuple):
    """In how many tumours measured markers imply a state of the pathway."""

    fact: str
    state: str
    name: str
    tumours: int


class StateSubgroup(NamedTuple):
    """How many tumours with a marker in a state have a state of the pathway, of how many with that state."""

    marker: str
    state: str
    fact: str
    value: str
    tumours: int
    size: int


class SubgroupSize(NamedTuple):
    """How many tumours have a marker in a state, "unknown" where it was not measured."""

    marker: str
    state: str
    tumours: int


class CohortTumours(NamedTuple):
    """What the tumours themselves report."""

    tumours: int
    """Profiles that can be used."""
    unusable: int
    nothing: dict[str, int]
    """Why nothing is ranked, and in how many tumours."""
    markers: list[MarkerCount]
    rules: list[tuple[str, int]]
    states: list[StateCount]
    sizes: list[SubgroupSize]
    state_subgroups: list[StateSubgroup]
    measurements: list[MeasurementEffect]
    tried: int
    """Tumours in which measurements were tried."""
    marker_states: dict[str, pa.Table]
    """For each marker of a split the state of each tumour."""


def state_name(base: KnowledgeBase, fact: str, state: str) -> str:
    """Return a state of the pathway in words."""
    return f"{base.facts[fact].short or base.facts[fact].name} {state}"


def read_tumours(
    parts: list[Part],
    base: KnowledgeBase,
    connection: duckdb.DuckDBPyConnection,
    by: list[str],
    therapies: tuple[str, ...],
    *,
    any_disease: bool,
) -> CohortTumours:
    """Return what the tumours of a cohort report; `connection` has the table `ranked`. Raises InputError."""
    reader = _Reader(base, connection, by, therapies, any_disease=any_disease)
    coded = coded_columns(parts, base)
    with Seen() as seen:
        for part in parts:
            for batch in batches(part, base, coded):
                reader.read(batch, seen)
    return reader.found()


class _Reader:
    def __init__(
        self,
        base: KnowledgeBase,
        connection: duckdb.DuckDBPyConnection,
        by: list[str],
        therapies: tuple[str, ...],
        *,
        any_disease: bool,
    ) -> None:
        self._base = base
        self._by = by
        self._plan = Plan(base)
        self._ranker = BatchRanker(self._plan, Options(any_disease=any_disease), therapies)
        self._trials = Trials(self._plan, self._ranker)
        self._ranked = connection
        self._connection = duckdb.connect(config={"threads": 1})
        self._queries = self._plan.coverage_query(), self._plan.facts_query()
        self._tumours = self._unusable = 0
        self._nothing: Counter[str] = Counter(dict.fromkeys(WITHOUT, 0))
        self._measured: Counter[tuple[str, str]] = Counter()
        self._fired: Counter[str] = Counter({rule.id: 0 for rule in base.content.rules})
        self._facts: Counter[tuple[str, str]] = Counter()
        self._sizes: Counter[tuple[str, str]] = Counter()
        self._in_state: Counter[tuple[str, str, str, str]] = Counter()
        self._states: dict[str, list[pa.Table]] = {name: [] for name in by}

    def read(self, batch: Any, seen: Seen) -> None:
        """Count the tumours of a batch."""
        if isinstance(batch, Read):
            encoded = self._ranker.encoder.from_facts(batch.known)
            nameless: Any = batch.nameless
            self._unusable += len(batch.bad)
        else:
            encoded = self._ranker.encoder.from_table(batch)
            nameless = encoded.nameless
        named = with_id(len(encoded.ids), nameless)
        usable = np.ones(len(encoded.ids), bool)
        usable[[one.row for one in encoded.rejects]] = False
        usable[named[seen.again(self._ranker.keys(encoded.ids)[named])]] = False
        known, ids = encoded.batch.filter(pa.array(usable)), encoded.ids.filter(pa.array(usable))
        self._unusable += len(usable) - len(ids)
        self._tumours += len(ids)
        for key, name in self._plan.layout.finding.items():
            self._measured[key] += int(np.count_nonzero(known.column(name)))
        self._connection.register("profiles", known)
        fired, facts = map(self._connection.sql, self._queries)
        self._fired.update(dict(zip(fired.columns, fired.fetchall()[0], strict=True)))
        self._count_facts(facts.to_arrow_table(), known, ids)
        self._connection.unregister("profiles")
        self._count_nothing(known, ids)
        self._trials.add(ids, known)

    def _count_nothing(self, known: pa.RecordBatch, ids: pa.Array) -> None:
        """Count the tumours without a ranked row, by the reason."""
        has = np.diff(np.asarray(known.column("partners").offsets)) > 0
        why = np.where(~has, 0, np.where(np.asarray(known.column("ranks")), 2, 1))
        self._ranked.register("tumours", pa.table({"id": ids, "why": pa.array(why)}))
        counts = self._ranked.sql(
            "SELECT why, count(*) FROM tumours WHERE id NOT IN (SELECT profile_id FROM ranked) GROUP BY why"
        ).fetchall()
        self._ranked.unregister("tumours")
        self._nothing.update({WITHOUT[reason]: count for reason, count in counts})

    def _count_facts(self, found: pa.Table, known: pa.RecordBatch, ids: pa.Array) -> None:
        """Count the states of the pathway, in all tumours and by the states of the markers of a split."""
        facts = {atom: np.asarray(found[name]) for atom, name in self._plan.fact.items()}
        for atom, present in facts.items():
            self._facts[atom.name, atom.state] += int(present.sum())
        for marker in self._by:
            unknown = np.ones(len(ids), bool)
            for (name, axis), column in self._plan.layout.finding.items():
                if name != marker:
                    continue
                codes = np.asarray(known.column(column))
                words = np.array(["", *AXES[axis]])[codes]
                self._states[marker].append(pa.table({"profile_id": ids, "state": pa.array(words)}))
                unknown &= codes == 0
                for state in sorted({*words.tolist()} - {""}):
                    self._sizes[marker, state] += int((words == state).sum())
                    for atom, present in facts.items():
                        self._in_state[marker, state, atom.name, atom.state] += int(
                            (present & (words == state)).sum()
                        )
            self._sizes[marker, UNKNOWN] += int(unknown.sum())

    def found(self) -> CohortTumours:
        """Return what was counted."""
        measured = [
            MarkerCount(marker, axis, self._measured[marker, axis], self._tumours)
            for marker, axis in self._plan.layout.finding
        ]
        states = [
            StateCount(fact, state, state_name(self._base, fact, state), count)
            for (fact, state), count in self._facts.items()
        ]
        return CohortTumours(
            tumours=self._tumours,
            unusable=self._unusable,
            nothing=dict(self._nothing),
            markers=sorted(measured, key=lambda one: (one.measured, one.marker, one.axis)),
            rules=sorted(self._fired.items(), key=lambda one: (-one[1], one[0])),
            states=sorted(states, key=lambda one: (-one.tumours, one.fact, one.state)),
            sizes=[SubgroupSize(*key, count) for key, count in sorted(self._sizes.items())],
            state_subgroups=[
                StateSubgroup(*key, count, self._sizes[key[0], key[1]])
                for key, count in sorted(self._in_state.items())
            ],
            measurements=self._trials.measurements(),
            tried=self._trials.tumours,
            marker_states={name: pa.concat_tables(tables) for name, tables in self._states.items() if tables},
        )
