"""The words by which new papers are matched to rules."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .records import Record, Slug

WordList = tuple[Annotated[str, StringConstraints(pattern=r"^[^\s*][^*]*\*?$", max_length=60)], ...]


class TriageWords(Record):
    """WordList of titles and abstracts. One with a star stands for every word that begins so."""

    short: int = Field(
        ge=0,
        description="Names of up to so many letters, without a digit, must be written as in the vocabulary.",
    )
    ferroptosis: WordList = Field(min_length=1, description="What names ferroptosis, or what makes it up.")
    resisting: WordList = Field(min_length=1, description="A tumour is resistant to a therapy.")
    sensitising: WordList = Field(min_length=1, description="A tumour responds to a therapy.")
    raised: WordList = Field(min_length=1, description="There is more of a gene, or of an effect.")
    lowered: WordList = Field(min_length=1, description="There is less of a gene, or of an effect.")
    inducing: WordList = Field(default=(), description="What induces ferroptosis.")
    overcoming: WordList = Field(default=(), description="What ends a resistance.")
    negations: WordList = Field(
        min_length=1, description="A sentence with one of these denies, and states no direction."
    )
    doubts: WordList = Field(
        default=(), description="A sentence with one of these neither states nor denies a direction."
    )
    not_negations: WordList = Field(default=(), description="Phrases in which such a word denies nothing.")
    not_names: WordList = Field(
        default=(), description="Names of the vocabulary that mean something else in most texts."
    )
    thin: tuple[Slug, ...] = Field(default=(), description="Levels of evidence that are thin.")
