"""Ranked add-ons as CSV: one row each, every row with the label."""

import csv
import io
import re
from typing import Any

from ..result import Result

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
    "ferroptosis",
    "evidence_level",
    "rules",
    "references",
    "cautions",
    "audit",
    "label",
    "disclaimer",
    "rule_base_sha256",
)


def header() -> str:
    """Return the line of column names."""
    return _line(COLUMNS)


def rows(result: Result) -> str:
    """Return a line for each recommendation; nothing where none is ranked."""
    lines = []
    for one in result.recommendations:
        parts = one.score_parts
        values = (
            result.profile.id or "",
            one.rank,
            one.id,
            one.add_on.name,
            one.partner,
            one.score,
            parts.marker_match,
            parts.partner_match,
            parts.evidence,
            parts.actionability,
            parts.penalty,
            one.rank_acceptability,
            "yes" if one.extrapolated else "no",
            one.ferroptosis,
            one.evidence.level,
            " ".join(rule.id for rule in one.rules),
            " ".join(str(reference.number) for reference in one.references),
            " ".join(caution.id for caution in one.cautions),
            " ".join(finding.id for finding in one.audit),
            result.label,
            result.disclaimer,
            result.rule_base.sha256,
        )
        lines.append(_line(values))
    return "".join(lines)


def _line(values: tuple[Any, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_harmless(value) for value in values])
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, str) and re.match(r"\s*[=+\-@\t\r|%]", value):
        return f"'{value}"
    return value
