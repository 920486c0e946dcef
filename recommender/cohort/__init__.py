"""Cohorts: the rule base as columnar expressions, on one machine or on Spark (extras `cohort`, `spark`)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .._extras import importing
from ..knowledge.base import KnowledgeBase

if TYPE_CHECKING:
    from .tables import RankedTable


class HasRules(Protocol):
    """What has a rule base, as a `Recommender` has."""

    base: KnowledgeBase


def recommend_table(
    table: Any,
    recommender: HasRules,
    *,
    therapies: Sequence[str] = (),
    any_disease: bool = False,
    top: int | None = None,
) -> "RankedTable":
    """Return the ranked add-ons of a table with a row for each profile, as `recommender cohort` does.

    `table` is a `pyarrow.Table`, or what has its C stream: a data frame of Polars, or of pandas 2.2 and
    newer. Its columns are those of `docs/cohorts.md`. `therapies` are added to every profile; `top` leaves
    out what ranks behind. Rows that cannot be used are in `unusable`, with the reason.

    Raises InputError, also without the extra `cohort`.
    """
    with importing("cohorts"):
        from .tables import ranked_table
    return ranked_table(table, recommender.base, tuple(therapies), any_disease=any_disease, top=top)
