"""The picture over a ranked cohort: strategies, what goes together, what never fires, what is missing."""

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from .._errors import InputError, Problem
from ..knowledge.base import KnowledgeBase
from ..states import AXES
from .encoding import Encoder
from .plan import Plan, hash_of
from .sources import Part, Read, batches, parts_of
from .written import load_ranked

_TOGETHER = 12
"""So many add-ons are in the table of what goes together."""


class StrategyCount(NamedTuple):
    """How many tumours have a strategy, and how many have it first."""

    rule: str
    add_on: str
    tumours: int
    first: int


class MarkerCount(NamedTuple):
    """In how many tumours a marker was measured, of those that were read."""

    marker: str
    axis: str
    measured: int
    tumours: int


class Subgroup(NamedTuple):
    """How many tumours with a marker in a state have an add-on, of how many with that state."""

    marker: str
    state: str
    add_on: str
    tumours: int
    size: int


class Summary(NamedTuple):
    """All numbers of a summary. The last three need the cohort itself."""

    profiles: int
    rows: int
    strategies: list[StrategyCount]
    together: list[tuple[str, str, int]]
    silent: list[str]
    """Strategies that no tumour has."""
    markers: list[MarkerCount]
    rules: list[tuple[str, int]]
    """Every rule and how many tumours fire it."""
    subgroups: list[Subgroup]
    split_by: list[str]


def summarise(
    ranked: Path,
    base: KnowledgeBase,
    *,
    cohort: Path | None,
    by: tuple[str, ...],
    therapies: tuple[str, ...] = (),
    sheet: str | None = None,
) -> Summary:
    """Return the summary of a ranked cohort, a file or a folder of parts as `cohort` wrote it.

    `therapies` are those that were added to every profile when it was ranked, `sheet` is the one of a
    workbook that was read. Raises InputError.
    """
    if by and cohort is None:
        raise InputError([Problem("", "a split needs the cohort itself.", "Name it with `cohort=`.", "by")])
    groups = [_marker(name, base) for name in by]
    parts = parts_of(cohort, sheet=sheet) if cohort else []
    connection = duckdb.connect()
    load_ranked(ranked, connection)
    shas = {sha for (sha,) in connection.sql("SELECT DISTINCT rule_base_sha256 FROM ranked").fetchall()}
    if shas - {hash_of(base)}:
        what = "it was ranked with another rule base than this."
        raise InputError(
            [Problem("", what, "Rank it again, or name its rules with `rules=`.")], source=str(ranked)
        )
    strategies = _strategies(connection, base)
    having = {one.rule for one in strategies}
    silent = sorted(rule.id for rule in base.strategies if rule.id not in having)
    ((rows, profiles),) = connection.sql("SELECT count(*), count(DISTINCT profile_id) FROM ranked").fetchall()
    markers, rules, states = _cohort(parts, base, groups, therapies) if parts else ([], [], {})
    return Summary(
        profiles=profiles,
        rows=rows,
        strategies=strategies,
        together=_together(connection),
        silent=silent,
        markers=markers,
        rules=rules,
        subgroups=[one for key, table in states.items() for one in _subgroup(connection, key, table)],
        split_by=groups,
    )


def _marker(name: str, base: KnowledgeBase) -> str:
    marker = base.vocabulary.marker(name)
    if marker is None:
        from .._text import did_you_mean_name

        near = did_you_mean_name(name, base.vocabulary.marker_spellings())
        raise InputError([Problem("", f"the marker '{name}' is not in the vocabulary.", near, "by")])
    return marker.symbol


def _strategies(connection: duckdb.DuckDBPyConnection, base: KnowledgeBase) -> list[StrategyCount]:
    found = connection.sql(
        "SELECT rule, any_value(add_on), count(DISTINCT profile_id) AS tumours, "
        "count(DISTINCT profile_id) FILTER (rank = 1) "
        "FROM (SELECT profile_id, rank, add_on, unnest(rules) AS rule FROM ranked) "
        "GROUP BY rule ORDER BY tumours DESC, rule"
    ).fetchall()
    return [StrategyCount(*row) for row in found if row[0] in base.rules]


def _together(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """Pairs of the most frequent add-ons, an add-on with itself included, and how many tumours have both."""
    return connection.sql(
        "WITH had AS (SELECT DISTINCT profile_id, add_on FROM ranked), "
        "most AS (SELECT add_on FROM had GROUP BY add_on ORDER BY count(*) DESC, add_on LIMIT $1), "
        "kept AS (SELECT * FROM had JOIN most USING (add_on)) "
        "SELECT a.add_on, b.add_on, count(*) FROM kept a JOIN kept b USING (profile_id) "
        "WHERE a.add_on <= b.add_on GROUP BY ALL ORDER BY ALL",
        params=[_TOGETHER],
    ).fetchall()


def _cohort(
    parts: list[Part], base: KnowledgeBase, groups: list[str], therapies: tuple[str, ...]
) -> tuple[list[MarkerCount], list[tuple[str, int]], dict[str, pa.Table]]:
    """Return what the cohort itself says: measured markers, rules that fire, the states of some markers."""
    plan = Plan(base)
    encoder = Encoder(base, plan.layout, therapies=therapies)
    connection = duckdb.connect(config={"threads": 1})
    query = plan.coverage_query()
    measured: Counter[tuple[str, str]] = Counter()
    fired: Counter[str] = Counter({rule.id: 0 for rule in base.content.rules})
    states: dict[str, list[pa.Table]] = {name: [] for name in groups}
    tumours = 0
    for part in parts:
        for batch in batches(part, base):
            encoded = (
                encoder.from_facts(batch.known) if isinstance(batch, Read) else encoder.from_table(batch)
            )
            usable = np.ones(len(encoded.ids), bool)
            usable[[one.row for one in encoded.rejects]] = False
            known, ids = encoded.batch.filter(pa.array(usable)), encoded.ids.filter(pa.array(usable))
            tumours += len(ids)
            for key, name in plan.layout.finding.items():
                measured[key] += int(np.count_nonzero(known.column(name)))
            connection.register("profiles", known)
            result = connection.sql(query)
            fired.update(dict(zip(result.columns, result.fetchall()[0], strict=True)))
            for name in groups:
                states[name] += _states(ids, known, plan, name)
    counts = [
        MarkerCount(marker, axis, measured[marker, axis], tumours) for marker, axis in plan.layout.finding
    ]
    counts.sort(key=lambda one: (one.measured, one.marker, one.axis))
    rules = sorted(fired.items(), key=lambda one: (-one[1], one[0]))
    return counts, rules, {name: pa.concat_tables(tables) for name, tables in states.items() if tables}


def _states(ids: pa.Array, batch: pa.RecordBatch, plan: Plan, marker: str) -> list[pa.Table]:
    """The state of a marker in each profile, on every axis that rules ask for."""
    found = []
    for (name, axis), column in plan.layout.finding.items():
        if name == marker:
            words = np.array(["", *AXES[axis]])[np.asarray(batch.column(column))]
            found.append(pa.table({"profile_id": ids, "state": pa.array(words)}))
    return found


def _subgroup(connection: duckdb.DuckDBPyConnection, marker: str, states: pa.Table) -> list[Subgroup]:
    connection.register("states", states)
    found: list[Any] = connection.sql(
        "WITH known AS (SELECT DISTINCT * FROM states WHERE state <> ''), "
        "sizes AS (SELECT state, count(*) AS size FROM known GROUP BY state) "
        "SELECT state, add_on, count(DISTINCT profile_id), any_value(size) "
        "FROM ranked JOIN known USING (profile_id) JOIN sizes USING (state) "
        "GROUP BY ALL ORDER BY 1, 3 DESC, 2"
    ).fetchall()
    connection.unregister("states")
    return [Subgroup(marker, *row) for row in found]
