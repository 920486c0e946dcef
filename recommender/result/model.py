"""The answer: what every view shows and every pipeline reads. The label is part of the type.

Its parts stand in `parts`.
"""

import json
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from .._label import Labelled
from .._text import indented_json, safe_json
from .outlook import (
    Blocked,
    Combinations,
    NextTest,
    Order,
    Undecided,
)
from .parts import (
    Derived,
    Disputed,
    EngineStamp,
    Fact,
    NoticeView,
    Options,
    ProfileStamp,
    RuleBaseStamp,
    TherapyGiven,
)
from .recommendation import ContextEntry, Recommendation


class Result(Labelled):
    """The whole answer for one profile."""

    schema_version: Literal["1.0"] = "1.0"
    options: Options
    profile: ProfileStamp
    engine: EngineStamp
    rule_base: RuleBaseStamp
    therapies: tuple[TherapyGiven, ...]
    resistant_to: tuple[TherapyGiven, ...]
    facts: tuple[Fact, ...]
    derived: tuple[Derived, ...]
    recommendations: tuple[Recommendation, ...]
    order: Annotated[Order | None, Field(description="Null where nothing is ranked, and when brief.")]
    combinations: Annotated[
        Combinations | None, Field(description="Null where nothing is ranked, and when brief.")
    ]
    disputed: tuple[Disputed, ...]
    context: tuple[ContextEntry, ...]
    undecided: tuple[Undecided, ...]
    blocked: tuple[Blocked, ...]
    next_tests: tuple[NextTest, ...]
    notices: tuple[NoticeView, ...]

    def first(self, ranks: int) -> "Result":
        """Return the result with the recommendations of the first ranks only."""
        kept = tuple(one for one in self.recommendations if one.rank <= ranks)
        return replace(self, recommendations=kept, options=replace(self.options, top=ranks))

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the result as JSON with sorted keys: the same bytes for the same answer.

        Characters that could steer a terminal are written as escapes.
        """
        if indent == 2:
            return safe_json(indented_json(self))
        return safe_json(json.dumps(self, default=vars, sort_keys=True, indent=indent, ensure_ascii=False))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values, the same as its JSON holds."""
        plain: dict[str, Any] = json.loads(self.to_json(indent=None))
        return plain
