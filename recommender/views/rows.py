"""Ranked add-ons as CSV: a row each, and one for a profile without any; every row has the label."""

from typing import Any

from .._cells import line
from ..result.model import Result
from ..result.recommendation import Recommendation

COLUMNS = (
    "profile_id",
    "rank",
    "recommendation_id",
    "add_on",
    "partner",
    "score",
    "marker_match",
    "partner_match",
    "evidence",
    "actionability",
    "penalty",
    "rank_acceptability",
    "extrapolated",
    "group",
    "held_back_because",
    "ferroptosis",
    "evidence_level",
    "rules",
    "references",
    "cautions",
    "audit",
    "notices",
    "label",
    "disclaimer",
    "rule_base_sha256",
    "therapy_cautions",
)


def header() -> str:
    """Return the line of column names."""
    return line(COLUMNS)


def rows(result: Result) -> str:
    """Return a line for each recommendation; where none is ranked, one that says why and has no rank."""
    return "".join(line(tuple(_cell(value) for value in row.values())) for row in row_values(result))


def row_values(result: Result) -> list[dict[str, Any]]:
    """Return the same rows as plain values by the names of the columns; a cell without a value is None."""
    return [_values(result, one) for one in result.recommendations or (None,)]


def _values(result: Result, one: Recommendation | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        **dict.fromkeys(COLUMNS),
        "profile_id": result.profile.id,
        "notices": " ".join(sorted({notice.code for notice in result.notices})),
        "label": result.label,
        "disclaimer": result.disclaimer,
        "rule_base_sha256": result.rule_base.digests,
        "therapy_cautions": " ".join(caution.id for caution in result.therapy_cautions or ()),
    }
    if one is not None:
        values |= vars(one.score_parts)
        values |= {
            "rank": one.rank,
            "recommendation_id": one.id,
            "add_on": one.add_on.name,
            "partner": one.partner,
            "score": one.score,
            "rank_acceptability": one.rank_acceptability,
            "extrapolated": one.extrapolated,
            "group": one.group,
            "held_back_because": " ".join(held.reason for held in one.held_back_because or ()),
            "ferroptosis": one.ferroptosis,
            "evidence_level": one.evidence.level,
            "rules": " ".join(rule.id for rule in one.rules),
            "references": " ".join(str(paper.number or paper.id) for paper in one.papers),
            "cautions": " ".join(caution.id for caution in one.cautions),
            "audit": " ".join(finding.id for finding in one.audit),
        }
    return values


def _cell(value: Any) -> Any:
    """A value as a table writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
