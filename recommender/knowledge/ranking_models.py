"""How suggestions are ordered: the part of the rule base that holds weights and points."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from .records import Record, Sentence, Slug

Percent = Annotated[int, Field(ge=0, le=100)]

DimensionName = Literal["marker_match", "partner_match", "evidence", "actionability", "penalty"]
DIMENSIONS: tuple[DimensionName, ...] = get_args(DimensionName)


class Step(Record):
    """The value that a ranking dimension takes in one situation, and why."""

    points: Annotated[int, Field(ge=-100, le=100)]
    reason: Sentence


class Dimension(Record):
    """A dimension of the ranking: its weight in the score, and its steps."""

    weight: Percent
    meaning: Sentence
    steps: dict[Slug, Step] = Field(default_factory=dict)


class Ranking(Record):
    """How suggestions are ordered."""

    dimensions: dict[DimensionName, Dimension]
    samples: int = Field(ge=100, le=20000, description="Random weightings for the acceptability.")
    seed: int
