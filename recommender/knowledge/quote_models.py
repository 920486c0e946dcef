"""Sealed quotes: where the sentence is that supports a rule, without the sentence."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .corroboration_models import Sha256
from .models import Day
from .records import Record, Slug, Text

TextName = Annotated[
    str,
    StringConstraints(
        pattern=r"^(abstract|part of the abstract|full text) of "
        r"(10\.\d{4,9}/\S+|PMID [1-9][0-9]{0,8}|review:[0-9]+)$",
        max_length=200,
    ),
]


class SealedQuote(Record):
    """The place and the digest of a sentence in a text. Texts are in NFC, each white space one space.

    Digests are SHA-256 of UTF-8; offsets and lengths are in characters.
    """

    rule: Slug
    reference: int = Field(ge=1, description="The number of the paper in the review.")
    text: TextName = Field(description="The name of the text, such as `abstract of` and a DOI.")
    text_sha256: Sha256
    text_length: int = Field(ge=1)
    offset: int = Field(ge=0, description="Characters of the text before the sentence.")
    length: int = Field(ge=1)
    sha256: Sha256 = Field(description="Of the sentence.")
    seen: Text = Field(description="Where the text was found.")
    seen_on: Day


class UnsealedRule(Record):
    """A rule without a sealed quote, and the reason."""

    rule: Slug
    searched_on: Day = Field(description="The day of the last search for the text.")
    reason: Text
