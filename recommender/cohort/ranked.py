"""The seam: a batch of profiles to a batch of ranked rows, the same on one machine and on Spark."""

from collections.abc import Iterable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from .._label import DISCLAIMER, LABEL
from ..evaluation.facts import Facts
from ..knowledge.ranking_models import GROUPS, HOLD_REASONS
from ..knowledge.suggestion_ids import suggestion_id
from ..options import Options
from .encoding import Encoded, Encoder
from .plan import Plan, hash_of

SCHEMA = pa.schema(
    [
        ("profile_id", pa.string()),
        ("rank", pa.uint16()),
        ("recommendation_id", pa.string()),
        ("add_on", pa.string()),
        ("partner", pa.string()),
        ("score", pa.float64()),
        ("marker_match", pa.int16()),
        ("partner_match", pa.int16()),
        ("evidence", pa.int16()),
        ("actionability", pa.int16()),
        ("penalty", pa.int16()),
        ("extrapolated", pa.bool_()),
        ("group", pa.string()),
        ("held_back_because", pa.list_(pa.string())),
        ("rules", pa.list_(pa.string())),
        ("label", pa.string()),
        ("disclaimer", pa.string()),
        ("rule_base_sha256", pa.string()),
    ]
)
"""The ranked long table: a row for each suggestion of each profile, by profile, rank and id.

Where the rule base has no groups, `group` is null and `held_back_because` is empty.
"""

_HELD = pa.array(
    [
        [reason for at, reason in enumerate(HOLD_REASONS) if bits >> at & 1]
        for bits in range(1 << len(HOLD_REASONS))
    ],
    pa.list_(pa.string()),
)
"""The reasons to hold back, by the bits that stand for them."""


class BatchRanker:
    """Ranks batches of profiles with one thread of DuckDB. Make one for each thread."""

    def __init__(
        self,
        plan: Plan,
        options: Options | None = None,
        therapies: tuple[str, ...] = (),
        encoder: Encoder | None = None,
    ) -> None:
        """`therapies` are added to every profile. Of the options a cohort has `any_disease` and `top`.

        An `encoder` made for these can be given, which rankers share.
        """
        options = options or Options()
        base = plan.base
        self._base = base
        self._plan = plan
        self._top = options.top
        self.encoder = encoder or Encoder(
            base, plan.layout, therapies=therapies, any_disease=options.any_disease
        )
        self._connection = duckdb.connect(config={"threads": 1})
        candidates = self._plan.candidates
        table = {
            "partner": pa.array([one.partner for one in candidates], pa.int16()),
            "slot": pa.array([one.slot for one in candidates], pa.int32()),
            "pair": pa.array([one.pair for one in candidates], pa.int32()),
            "extrapolated": pa.array([one.extrapolated for one in candidates], pa.bool_()),
            **{
                name: pa.array([getattr(one, name) for one in candidates], pa.int32())
                for name in ("partner_match", "evidence", "actionability", "fixed_penalty", "fixed_held")
            },
            **{
                f"mask{at}": pa.array([one.masks[at] for one in candidates], pa.uint64())
                for at in range(len(self._plan.points))
            },
            **{
                f"hold{at}": pa.array([one.holds[at] for one in candidates], pa.uint64())
                for at in range(len(self._plan.reasons))
            },
        }
        self._connection.register("candidate_rows", pa.table(table))
        self._connection.execute("CREATE TABLE candidates AS SELECT * FROM candidate_rows")
        # A view is parsed once. It needs a table of profiles for its columns, and reads the one of that name.
        self._connection.register("profiles", self.encoder.from_facts(()).batch)
        self._connection.execute(f"CREATE TEMP VIEW ranking AS {self._plan.query}")
        self._connection.unregister("profiles")
        vocabulary = base.vocabulary.therapies
        pairs = self._plan.pairs
        self._ids = pa.array([suggestion_id(*pair) for pair in pairs], pa.string())
        self._add_ons = pa.array([base.add_ons[add_on].name for add_on, _ in pairs], pa.string())
        self._partners = pa.array([vocabulary[partner].name for _, partner in pairs], pa.string())
        self._groups = pa.array(GROUPS if base.grouped else [None] * len(GROUPS), pa.string())
        self._rules = pa.array([rule.id for rule in self._plan.strategies], pa.string())

    def rank_table(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Encoded]:
        """Return the ranked rows of a table of profiles, and how it was read. Raises InputError."""
        encoded = self.encoder.from_table(batch)
        return self.rank(encoded), encoded

    def rank_facts(self, known: Iterable[tuple[str, Facts]]) -> tuple[pa.RecordBatch, Encoded]:
        """Return the ranked rows of profiles that were read one by one."""
        encoded = self.encoder.from_facts(known)
        return self.rank(encoded), encoded

    def rank(self, encoded: Encoded) -> pa.RecordBatch:
        """Return the ranked rows of encoded profiles."""
        found = self.numbers(encoded.batch)
        if self._top is not None:
            found = found.filter(pa.compute.less_equal(found["rank"], self._top)).combine_chunks()
        return self._written(found, encoded.ids)

    def numbers(self, profiles: pa.RecordBatch | pa.Table) -> pa.Table:
        """Return the suggestions of encoded profiles by row and rank, with numbers for all names."""
        self._connection.register("profiles", profiles)
        found = self._connection.sql("FROM ranking").to_arrow_table().combine_chunks()
        self._connection.unregister("profiles")
        return found

    def keys(self, ids: pa.Array) -> np.ndarray[Any, Any]:
        """Return a number of 64 bits for each id, equal ids having equal ones."""
        self._connection.register("ids", pa.table({"id": ids}))
        found = self._connection.sql("SELECT hash(id) AS key FROM ids").to_arrow_table()
        self._connection.unregister("ids")
        return np.asarray(_one(found["key"]))

    def _written(self, found: pa.Table, ids: pa.Array) -> pa.RecordBatch:
        """Numbers to names, each name kept once."""
        rows = found.num_rows

        def named(numbers: str, names: pa.Array) -> pa.Array:
            return pa.DictionaryArray.from_arrays(_one(found[numbers]).cast(pa.int32()), names)

        def same(text: str) -> pa.Array:
            return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))

        slots = _one(found["slots"])
        rules = pa.ListArray.from_arrays(
            slots.offsets, pa.DictionaryArray.from_arrays(slots.values.cast(pa.int32()), self._rules)
        )
        columns = {
            "profile_id": named("row_number", ids),
            "rank": _one(found["rank"]),
            "recommendation_id": named("pair", self._ids),
            "add_on": named("pair", self._add_ons),
            "partner": named("pair", self._partners),
            "score": pa.compute.divide(_one(found["total"]).cast(pa.float64()), 100.0),
            **{
                name: _one(found[name]).cast(pa.int16())
                for name in ("marker_match", "partner_match", "evidence", "actionability", "penalty")
            },
            "extrapolated": _one(found["extrapolated"]),
            "group": named("tier", self._groups),
            "held_back_because": _HELD.take(_one(found["held"]).cast(pa.int8())),
            "rules": rules,
            "label": same(LABEL),
            "disclaimer": same(DISCLAIMER),
            "rule_base_sha256": same(hash_of(self._base)),
        }
        return pa.RecordBatch.from_pydict(columns)


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else whole.chunk(0)
