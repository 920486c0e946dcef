"""How suggestions are ordered: the part of the rule base that holds groups, weights and points."""

from collections import Counter
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .._errors import FieldError
from .records import Flag, Record, Sentence, Slug, Text

Percent = Annotated[int, Field(ge=0, le=100)]

DimensionName = Literal["marker_match", "partner_match", "evidence", "actionability", "penalty"]
DIMENSIONS: tuple[DimensionName, ...] = get_args(DimensionName)
GroupName = Literal["selected", "unselected", "held-back"]
GROUPS: tuple[GroupName, ...] = get_args(GroupName)
HoldReason = Literal["spoken-against", "contraindicated", "target-lost", "review-only", "other-tumour"]
HOLD_REASONS: tuple[HoldReason, ...] = get_args(HoldReason)
Grade = Literal["note", "limit", "contraindication"]


class Step(Record):
    """The value that a ranking dimension takes in one situation, and why."""

    points: Annotated[int, Field(ge=-100, le=100)]
    reason: Sentence


class Dimension(Record):
    """A dimension of the ranking: its weight in the score, and its steps."""

    weight: Percent
    meaning: Sentence
    steps: dict[Slug, Step] = Field(default_factory=dict)


class HoldBack(Record):
    """A reason to hold a suggestion back, in words, and what gives it by itself."""

    words: Sentence
    short: Flag = Field(default="", description="The same in a few words, for one line of a table.")
    steps: tuple[Slug, ...] = Field(default=(), description="Steps of the marker match that give it.")
    grades: tuple[Grade, ...] = Field(default=(), description="Grades of a caution that give it.")


class Group(Record):
    """A group of suggestions, which come before those of the next group."""

    title: Text
    meaning: Sentence
    steps: tuple[Slug, ...] = Field(default=(), description="Steps of the marker match that lead to it.")
    when_empty: str = Field(default="", description="What an answer says where nothing is in the group.")
    reasons: dict[HoldReason, HoldBack] = Field(
        default_factory=dict, description="What holds a suggestion back; for that group alone."
    )


class Ranking(Record):
    """How suggestions are ordered."""

    groups: dict[GroupName, Group] = Field(
        default_factory=dict,
        description="Without groups what rests on other tumours stands after all else, as up to 2026.11.",
    )
    dimensions: dict[DimensionName, Dimension]
    samples: int = Field(ge=100, le=20000, description="Random weightings for the acceptability.")
    seed: int

    @model_validator(mode="after")
    def _check_groups(self) -> "Ranking":
        """Every group and reason is there, and every step of the marker match leads to one place."""
        if not self.groups:
            return self
        if missing := [name for name in GROUPS if name not in self.groups]:
            raise FieldError("groups", f"{missing[0]} is missing.")
        *others, held_back = (self.groups[name] for name in GROUPS)
        reasons = held_back.reasons
        if reasons.keys() != set(HOLD_REASONS) or any(one.reasons for one in others):
            raise FieldError("groups", f"held-back alone has the reasons {', '.join(HOLD_REASONS)}.")
        led = Counter(step for one in (*others, held_back) for step in one.steps)
        led += Counter(step for one in reasons.values() for step in one.steps)
        for step in {*led, *self.dimensions["marker_match"].steps}:
            if led[step] != 1 or step not in self.dimensions["marker_match"].steps:
                raise FieldError("groups", f"the step {step} of marker_match is named {led[step]} times.")
        return self
