"""Searches for papers outside the review."""

from pydantic import Field

from .models import Day
from .other_evidence_models import PaperId
from .records import Record, Slug, Text


class PaperLeftOut(Record):
    """A paper that a search brought up and that was not entered, and why."""

    what: Text
    why: Text


class Search(Record):
    """A search for papers outside the review: where, when, and what became of its hits."""

    id: Slug
    query: Text
    corpus: Text = Field(description="What was searched.")
    day: Day
    strategies: tuple[Slug, ...] = Field(default=(), description="The strategies for which it was made.")
    kept: tuple[PaperId, ...] = Field(default=(), description="The papers of which a record was made.")
    left_out: tuple[PaperLeftOut, ...] = Field(default=(), description="The others that were looked at.")
    note: str = Field(default="", max_length=400)
