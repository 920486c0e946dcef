"""The table of ranks, once for the terminal, Markdown and the pages: headings, and the texts of its cells."""

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
DISPUTED = "Disputed claims: stated by the review, not supported by the paper that it cites"


class RankRow(NamedTuple):
    """A recommendation as the table of ranks shows it, in the order of the columns."""

    rank: str
    add_on: str
    partner: str
    score: str
    stability: str
    evidence: str
    references: str


HEADINGS = RankRow("#", "Add-on", "Added to", "Score", "Rank stability", "Evidence", "Ref")


class RankGroup(NamedTuple):
    """Recommendations under a heading, which is empty where the rule base has no groups."""

    title: str
    note: str
    """What to say where the group is empty."""
    recommendations: tuple[Recommendation, ...]


def rank_groups(result: Result) -> list[RankGroup]:
    """Return the recommendations by group; an empty group only where there is something to say of it."""
    if not result.groups:
        return [RankGroup("", "", result.recommendations)] if result.recommendations else []
    found = []
    for group in result.groups:
        members = tuple(one for one in result.recommendations if one.group == group.id)
        next_ones = f" What to measure next: {', '.join(group.measure)}." if group.measure else ""
        if members or group.note:
            found.append(RankGroup(group.title, group.note + next_ones, members))
    return found


def rank_row(one: Recommendation, group: RankGroup) -> RankRow:
    """Return the cells of a recommendation in a group; it has no stability where it is alone there."""
    return RankRow(
        str(one.rank),
        one.add_on.name,
        f"replaces {one.partner}" if one.replaces_partner else one.partner,
        f"{one.score:.1f}",
        f"{one.rank_acceptability:.0%}" if group.recommendations[1:] or not group.title else "",
        f"{one.evidence.level_meaning} ({one.evidence.civic_level})",
        ", ".join(one.paper_marks),
    )


def not_selected(one: Recommendation) -> str:
    """Return why no finding selects an add-on."""
    chosen = one.selection
    if chosen and chosen.not_measured:
        return f"not measured: {', '.join(missing.marker for missing in chosen.not_measured)}"
    if chosen and chosen.against:
        return f"not selected: {', '.join(f'{match.marker} {match.state}' for match in chosen.against)}"
    return "not selected by a marker"


def about(one: Recommendation) -> str:
    """Return the targets and the status of an add-on, for the line under its name."""
    targets = f"{', '.join(one.add_on.targets)}; " if one.add_on.targets else ""
    return f"{targets}{STATUS[one.add_on.status]}"
