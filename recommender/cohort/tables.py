"""A cohort that is in memory: an Arrow table in, Arrow tables out."""

import json
from collections import Counter
from typing import Any, NamedTuple

import pyarrow as pa

from .._errors import InputError, Problem
from .._text import kind_in_words
from ..knowledge.base import KnowledgeBase
from ..options import Options
from .coded import codes_in
from .ranked import SCHEMA
from .run import Workers, ranked_batches
from .seen import Seen
from .sources import ROWS, about_codes
from .tally import Tally

UNUSABLE = pa.schema([("row", pa.int64()), ("profile_id", pa.string()), ("why", pa.string())])
"""Rows that cannot be used: their number from 1."""


class RankedTable(NamedTuple):
    """The answers to a table of profiles."""

    ranked: pa.Table
    """A row for each suggestion of each profile, by profile, rank and id; with the label."""
    unusable: pa.Table
    """A row for each profile that cannot be used: `row` from 1, `profile_id`, `why`."""
    notices: Counter[str]
    """How often each notice was due."""


def ranked_table(
    table: Any, base: KnowledgeBase, therapies: tuple[str, ...], *, any_disease: bool, top: int | None
) -> RankedTable:
    """Return the ranked rows of a table, and what cannot be used of it. Raises InputError."""
    given = _table(table).combine_chunks().to_batches(max_chunksize=ROWS)
    if not given:
        raise InputError([Problem("", "it is empty: it holds no profile.")], source="table")
    coded = codes_in(given, base) if given[1:] else {}
    tally = Tally()
    rows: list[pa.RecordBatch] = []
    unusable: list[dict[str, Any]] = []
    options = Options(any_disease=any_disease, top=top)
    with Workers(base, options, therapies) as workers, Seen() as seen:
        made = ranked_batches("", about_codes(given, coded), workers, tally, seen, lambda _: None)
        for ranked, rejects in made:
            rows.append(ranked.cast(SCHEMA))
            unusable += map(json.loads, rejects)
    kept = [{name: one[name] for name in UNUSABLE.names} for one in unusable]
    return RankedTable(
        pa.Table.from_batches(rows, SCHEMA), pa.Table.from_pylist(kept, UNUSABLE), +tally.notices
    )


def _table(given: Any) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    what = f"a cohort is a table of Arrow or a data frame, not {kind_in_words(given)}."
    raise InputError([Problem("", what)], source="table")
