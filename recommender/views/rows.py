"""Ranked add-ons as CSV: a row each, and one for a profile without any; every row has the label."""

import csv
import io
import re
from typing import Any

from .._text import printable
from ..result.model import Result
from ..result.recommendation import Recommendation

_FORMULA = re.compile(r"(?:^|(?<=;))(?=[\s\"]*[=+\-@|%＝＋－＠])")

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
    return _line(COLUMNS)


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
    return _line(tuple(values[name] for name in COLUMNS))


def _line(values: tuple[Any, ...]) -> str:
    """A line of comma-separated values, in quotes where a spreadsheet splits at semicolons."""
    text = io.StringIO()
    cells = [_harmless(value) for value in values]
    split = any(";" in cell for cell in cells if isinstance(cell, str))
    write = csv.writer(
        text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if split else csv.QUOTE_MINIMAL
    )
    write.writerow(cells)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """A text is printable; what a spreadsheet would take for a formula begins with an apostrophe.

    So does what would be one behind a semicolon, at which a spreadsheet may split in spite of quotes.
    """
    if not isinstance(value, str):
        return value
    return _FORMULA.sub("'", printable(value))
