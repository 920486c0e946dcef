"""The picture over a ranked cohort: strategies, what goes together, what never fires, what is missing."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from .._errors import InputError, Problem
from .._text import did_you_mean_name
from ..knowledge.base import KnowledgeBase
from ..knowledge.ranking_models import GROUPS
from .measuring import MeasurementEffect
from .plan import hash_of
from .sources import parts_of
from .tumours import (
    CohortTumours,
    MarkerCount,
    StateCount,
    StateSubgroup,
    SubgroupSize,
    read_tumours,
    state_name,
)
from .written import load_ranked

_TOGETHER = 12
"""So many add-ons are in the table of what goes together."""
RANKED = "ranked"
"""The group of every add-on where the rule base has no groups."""
_TIERS = [RANKED, *GROUPS]
_BEST = (
    'SELECT profile_id, add_on, min(coalesce(list_position($1, "group"), 1)) AS tier '
    "FROM ranked GROUP BY profile_id, add_on"
)
"""The best group in which a tumour has an add-on, by its place from 1 among `_TIERS`."""
_NONE = CohortTumours(0, 0, {}, [], [], [], [], [], [], 0, {})


class StrategyCount(NamedTuple):
    """How many tumours have a strategy, and how many have it first."""

    rule: str
    add_on: str
    tumours: int
    first: int


class AddOnCount(NamedTuple):
    """How many tumours have an add-on, each counted in the best group in which it has it."""

    add_on: str
    tumours: int
    groups: dict[str, int]


class Combination(NamedTuple):
    """Add-ons that are selected together, and in how many tumours exactly these are."""

    add_ons: list[str]
    tumours: int


class Subgroup(NamedTuple):
    """How many tumours with a marker in a state have an add-on, of how many with that state."""

    marker: str
    state: str
    add_on: str
    tumours: int
    size: int
    selected: int
    """Of these tumours those in which a finding selects it; all where the rule base has no groups."""


class Summary(NamedTuple):
    """All numbers of a summary. From `tumours` on they need the cohort itself."""

    rule_base: str
    """The version of the rule base."""
    profiles: int
    """Tumours in which anything is ranked."""
    rows: int
    groups: dict[str, int]
    """Tumours by the best group of their add-ons."""
    add_ons: list[AddOnCount]
    strategies: list[StrategyCount]
    together: list[tuple[str, str, int]]
    combinations: list[Combination]
    silent: list[str]
    """Strategies that no tumour has."""
    tumours: int | None
    """All tumours; None where the cohort itself was not read."""
    unusable: int
    """Rows of the cohort that cannot be used."""
    nothing: dict[str, int]
    """Why nothing is ranked, and in how many tumours."""
    markers: list[MarkerCount]
    rules: list[tuple[str, int]]
    """Every rule and how many tumours fire it."""
    states: list[StateCount]
    measurements: list[MeasurementEffect]
    tried: int
    """Tumours in which measurements were tried."""
    subgroups: list[Subgroup]
    state_subgroups: list[StateSubgroup]
    sizes: list[SubgroupSize]
    split_by: list[str]
    derived_from: dict[str, list[str]]
    """For each marker of the split the add-ons and states of the pathway that rules derive from it."""


def summarise(
    ranked: Path,
    base: KnowledgeBase,
    *,
    cohort: Path | None,
    by: tuple[str, ...],
    therapies: tuple[str, ...] = (),
    sheet: str | None = None,
    any_disease: bool = False,
) -> Summary:
    """Return the summary of a ranked cohort, a file or a folder of parts as `cohort` wrote it.

    `therapies` are those that were added to every profile when it was ranked, `sheet` is the one of a
    workbook, and `any_disease` whether other diseases were ranked too. Raises InputError.
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
    read = _NONE
    if parts:
        read = read_tumours(parts, base, connection, groups, therapies, any_disease=any_disease)
        held = read.tumours - sum(read.nothing.values())
        if held != profiles:
            what = f"it holds {held:,} of the {profiles:,} tumours that were ranked."
            raise InputError([Problem("", what, "Name the cohort that was ranked.", "cohort")])
    return Summary(
        rule_base=base.info.version,
        profiles=profiles,
        rows=rows,
        groups=_groups(connection),
        add_ons=_add_ons(connection),
        strategies=strategies,
        together=_together(connection),
        combinations=_combinations(connection),
        silent=silent,
        tumours=read.tumours if parts else None,
        subgroups=[
            one for name, table in read.marker_states.items() for one in _subgroup(connection, name, table)
        ],
        split_by=groups,
        derived_from={name: _derived_from(name, base) for name in groups},
        **{name: getattr(read, name) for name in _SHARED},
    )


def _marker(name: str, base: KnowledgeBase) -> str:
    marker = base.vocabulary.marker(name)
    if marker is None:
        near = did_you_mean_name(name, base.vocabulary.marker_spellings())
        raise InputError([Problem("", f"the marker '{name}' is not in the vocabulary.", near, "by")])
    return marker.symbol


def _derived_from(marker: str, base: KnowledgeBase) -> list[str]:
    names = set()
    for rule in base.content.rules:
        ways = base.measured_ways(rule.id)
        if rule.kind == "strategy" and rule.id in base.support_ways:
            ways = [*ways, *base.measured_support(rule.id)]
        if any(atom.kind == "marker" and atom.name == marker for way in ways for atom in way):
            if rule.kind == "strategy":
                names.add(base.add_ons[rule.add_on].name)
            elif rule.conclusion:
                names.add(state_name(base, rule.conclusion.name, rule.conclusion.state))
    return sorted(names)


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


def _groups(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = connection.sql(
        f"SELECT tier, count(*) FROM (SELECT min(tier) AS tier FROM ({_BEST}) GROUP BY profile_id) "  # noqa: S608
        "GROUP BY tier ORDER BY tier",
        params=[_TIERS],
    ).fetchall()
    return {_TIERS[tier - 1]: count for tier, count in found}


def _add_ons(connection: duckdb.DuckDBPyConnection) -> list[AddOnCount]:
    """Add-ons, first those that are in the best group most often."""
    found: dict[str, dict[str, int]] = {}
    for name, tier, count in connection.sql(
        f"SELECT add_on, tier, count(*) FROM ({_BEST}) GROUP BY ALL ORDER BY add_on, tier",  # noqa: S608
        params=[_TIERS],
    ).fetchall():
        found.setdefault(name, {})[_TIERS[tier - 1]] = count
    counts = [AddOnCount(name, sum(groups.values()), groups) for name, groups in found.items()]
    return sorted(counts, key=lambda one: ([-one.groups.get(name, 0) for name in _TIERS], one.add_on))


def _combinations(connection: duckdb.DuckDBPyConnection) -> list[Combination]:
    """Sets of add-ons that are selected, of tumours in which any is."""
    found = connection.sql(
        "SELECT add_ons, count(*) FROM (SELECT profile_id, list_sort(list(add_on)) AS add_ons "  # noqa: S608
        f"FROM ({_BEST}) WHERE tier <= 2 GROUP BY profile_id) GROUP BY add_ons ORDER BY 2 DESC, 1",
        params=[_TIERS],
    ).fetchall()
    return [Combination(*row) for row in found]


def _subgroup(connection: duckdb.DuckDBPyConnection, marker: str, states: pa.Table) -> list[Subgroup]:
    connection.register("states", states)
    found: list[Any] = connection.sql(
        f"WITH best AS ({_BEST}), known AS (SELECT DISTINCT * FROM states WHERE state <> ''), "  # noqa: S608
        "sizes AS (SELECT state, count(*) AS size FROM known GROUP BY state) "
        "SELECT state, add_on, count(*), any_value(size), count(*) FILTER (tier <= 2) "
        "FROM best JOIN known USING (profile_id) JOIN sizes USING (state) "
        "GROUP BY ALL ORDER BY 1, 3 DESC, 2",
        params=[_TIERS],
    ).fetchall()
    connection.unregister("states")
    return [Subgroup(marker, *row) for row in found]


_SHARED = sorted(set(Summary._fields) & set(CohortTumours._fields) - {"tumours"})
"""What a summary takes of the tumours as it is."""
