"""Ranked add-ons as CSV: a row each, and one for a profile without any; every row has the label."""

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
)


def header() -> str:
    """Return the line of column names."""
    return line(COLUMNS)


def rows(result: Result) -> str:
    """Return a line for each recommendation; where none is ranked, one that says why and has no rank."""
    return "".join(_row(result, one) for one in result.recommendations) or _row(result, None)


def _row(result: Result, one: Recommendation | None) -> str:
    values: dict[str, str | float] = {
        **dict.fromkeys(COLUMNS, ""),
        "profile_id": result.profile.id or "",
        "notices": " ".join(sorted({notice.code for notice in result.notices})),
        "label": result.label,
        "disclaimer": result.disclaimer,
        "rule_base_sha256": result.rule_base.digests,
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
            "extrapolated": "yes" if one.extrapolated else "no",
            "group": one.group or "",
            "held_back_because": " ".join(held.reason for held in one.held_back_because or ()),
            "ferroptosis": one.ferroptosis,
            "evidence_level": one.evidence.level,
            "rules": " ".join(rule.id for rule in one.rules),
            "references": " ".join(str(reference.number) for reference in one.references if reference.number),
            "cautions": " ".join(caution.id for caution in one.cautions),
            "audit": " ".join(finding.id for finding in one.audit),
        }
    return line(tuple(values[name] for name in COLUMNS))
