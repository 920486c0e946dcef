"""The answer: what every view shows and every pipeline reads. The label is part of the type.

Its parts are in `parts`, `recommendation` and `outlook`.
"""

import json
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import WithJsonSchema

from .._label import Labelled
from .._text import counted, indented_json, printable, safe_json, shortened
from .outlook import (
    Blocked,
    Combinations,
    GroupView,
    NextTest,
    Order,
    Undecided,
    UndecidedContext,
)
from .parts import (
    Derived,
    DiseaseGiven,
    Disputed,
    EngineStamp,
    Fact,
    NoticeView,
    OptionsView,
    ProfileStamp,
    RuleBaseStamp,
    TherapyGiven,
)
from .recommendation import ContextEntry, Recommendation, TherapyCaution


class Result(Labelled):
    """The whole answer for one profile."""

    _left_out = frozenset({"disease", "groups", "therapy_cautions", "undecided_context"})
    schema_version: Annotated[Literal["1.0", "1.1"], WithJsonSchema({"const": "1.1", "type": "string"})] = (
        "1.1"
    )
    """Version of the format. Rules of before 1.1 are answered in 1.0."""
    options: OptionsView
    """Options of the answer, which `recommender replay` uses again."""
    profile: ProfileStamp
    """Which profile was answered."""
    engine: EngineStamp
    """Which engine fired the rules. It changes nothing else in the result."""
    rule_base: RuleBaseStamp
    """The rules that were used."""
    disease: DiseaseGiven | None = None
    """The disease given; left out where none is given, or none that the vocabulary knows."""
    therapies: tuple[TherapyGiven, ...]
    """The therapies given that the vocabulary knows."""
    resistant_to: tuple[TherapyGiven, ...]
    """The therapies that have failed, as the vocabulary knows them."""
    facts: tuple[Fact, ...]
    """The findings, as rules read them."""
    derived: tuple[Derived, ...]
    """Implications of the findings for the ferroptosis pathway."""
    recommendations: tuple[Recommendation, ...]
    """The ranked add-ons, best first."""
    groups: tuple[GroupView, ...] | None = None
    """The groups of the recommendations, in their order. Empty where nothing is ranked."""
    order: Order | None
    """Null where nothing is ranked, and when brief."""
    combinations: Combinations | None
    """Null where nothing is ranked, and when brief."""
    disputed: tuple[Disputed, ...]
    """Claims for this profile that only the wording of the review supports. Never ranked."""
    therapy_cautions: tuple[TherapyCaution, ...] | None = None
    """Warnings on the therapies given, the gravest first. They change no score or rank."""
    context: tuple[ContextEntry, ...]
    """The meaning of findings for a therapy, apart from any add-on. Never ranked."""
    undecided: tuple[Undecided, ...]
    """Strategies that would fire if more were measured. Empty when brief."""
    undecided_context: tuple[UndecidedContext, ...] | None = None
    """Contexts of which a finding is met and another was not measured. Empty when brief."""
    blocked: tuple[Blocked, ...]
    """Strategies that something measured rules out. Empty when brief."""
    next_tests: tuple[NextTest, ...]
    """Markers to measure next, the most decisive first. Empty when brief."""
    notices: tuple[NoticeView, ...]
    """Remarks that a reader should know about this answer."""

    def first(self, ranks: int) -> "Result":
        """Return the result with the recommendations of the first ranks only."""
        kept = tuple(one for one in self.recommendations if one.rank <= ranks)
        return replace(self, recommendations=kept, options=replace(self.options, top=ranks))

    def __repr__(self) -> str:
        """Return one line: the case, how many add-ons, and the first of them. `to_json` has the rest."""
        first = ", ".join(one.add_on.name for one in self.recommendations if one.rank == 1)
        count = counted(len(self.recommendations), "add-on")
        case = printable(shortened(self.profile.id or "profile without id"))
        return f"<Result of {case}: {count}{f', rank 1: {first}' if first else ''}; {self.label}>"

    def _repr_html_(self) -> str:
        """Return the first screen of the answer as HTML, which notebooks show."""
        from ..views.notebook import fragment

        return fragment(self)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each recommendation, for `pandas.DataFrame` or `polars.DataFrame`.

        The columns are those of the CSV. A result without a recommendation has one row without a rank,
        which carries the notices and the label.
        """
        from ..views.rows import row_values

        return row_values(self)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the result as JSON with sorted keys: the same bytes for the same answer.

        Characters that could steer a terminal are written as escapes.
        """
        if indent == 2:
            return safe_json(indented_json(self))
        # A frozen record cannot hold itself, so the writer need not look for circles.
        text = json.dumps(
            self, default=vars, sort_keys=True, indent=indent, ensure_ascii=False, check_circular=False
        )
        return safe_json(text)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values, the same as its JSON holds."""
        plain: dict[str, Any] = json.loads(self.to_json(indent=None))
        return plain
