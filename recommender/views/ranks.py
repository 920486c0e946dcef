"""The table of ranks, once for the terminal, Markdown and the pages: its headings and what its cells hold."""

from typing import NamedTuple

from ..result.model import Result
from ..result.recommendation import Recommendation

STATUS = {
    "approved-for-other-use": "licensed for another use",
    "investigational": "investigational",
    "tool-compound": "tool compound",
    "formulation": "experimental formulation",
    "genetic-only": "target, no agent",
    "abandoned": "abandoned in trials",
    "not-established": "status not established",
}
OTHER_TUMOUR = "other tumour type"


class RankRow(NamedTuple):
    """A recommendation as the table of ranks shows it, in the order of the columns."""

    rank: str
    add_on: str
    partner: str
    score: str
    stability: str
    evidence: str
    references: str


HEADINGS = RankRow("#", "Add-on", "Beside", "Score", "Holds in", "Evidence", "Ref")


def rank_row(one: Recommendation) -> RankRow:
    """Return the cells of a recommendation."""
    return RankRow(
        str(one.rank),
        one.add_on.name,
        f"replaces {one.partner}" if one.replaces_partner else one.partner,
        f"{one.score:.1f}",
        f"{one.rank_acceptability:.0%}",
        f"{one.evidence.level_meaning} ({one.evidence.civic_level})",
        ", ".join(str(reference.number) for reference in one.references if reference.number),
    )


def rank_rows(result: Result) -> list[RankRow]:
    """Return the cells of all recommendations, in their order."""
    return [rank_row(one) for one in result.recommendations]


def about(one: Recommendation) -> str:
    """Return the targets and the status of an add-on, for the line under its name."""
    targets = f"{', '.join(one.add_on.targets)}; " if one.add_on.targets else ""
    return f"{targets}{STATUS[one.add_on.status]}"
