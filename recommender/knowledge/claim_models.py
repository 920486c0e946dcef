"""The register of what the review claims, and what became of it."""

from pydantic import Field

from .models import FindingId
from .records import Record, Sentence, Slug


class Claim(Record):
    """A claim of the review, in our own words, and what became of it."""

    id: Slug
    section: Slug
    claim: Sentence
    in_review: bool = Field(
        default=True, description="False for what a cited work shows and the review leaves out."
    )
    references: tuple[int, ...] = ()
    rules: tuple[Slug, ...] = ()
    disputed: tuple[Slug, ...] = ()
    excluded: str = Field(default="", description="Why nothing encodes it.")
    audit: tuple[FindingId, ...] = ()


class UnusedReference(Record):
    """A reference of the review that nothing cites, and why."""

    number: int
    reason: Sentence
