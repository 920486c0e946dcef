"""Another reading of the papers: a pack whose rules replace shipped ones, for comparison only."""

from pydantic import Field

from .models import FindingId
from .records import Record, Sentence, Slug, Text


class ReadFinding(Record):
    """A finding of the audit, and the rules in which the two readings differ because of it."""

    finding: FindingId
    printed: tuple[Slug, ...] = Field(default=(), description="Rules of the pack that hold the statement.")
    audited: tuple[Slug, ...] = Field(
        default=(), description="Shipped rules that hold what the paper reports instead."
    )
    reason: str = Field(default="", description="Why no rule can hold the statement, where none does.")


class AnotherReading(Record):
    """What a pack shares with the shipped rules, and what of them it leaves out.

    The cautions stay, but for those that correct a finding. Disputed rules are left out.
    """

    title: Text
    warning: Sentence = Field(description="What every form that shows the pack states about it.")
    shared: tuple[Slug, ...] = Field(description="Shipped rules that are part of this reading as well.")
    omitted: tuple[Slug, ...] = Field(
        default=(), description="Shipped rules on what this reading does not mention."
    )
    findings: tuple[ReadFinding, ...] = Field(min_length=1)
