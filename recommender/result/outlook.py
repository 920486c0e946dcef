"""The parts of a result that are about what is not measured: what it would decide, and what it could move."""

from typing import Annotated

from pydantic import Field

from .._values import Value
from ..knowledge.ranking_models import GroupName
from ..knowledge.rule_models import ContextEffect
from .parts import Match


class Missing(Value):
    """A finding that would be needed."""

    marker: str
    """The name of what is not measured, or not given."""
    needs: tuple[str, ...]
    """The states that would meet the condition."""

    def __str__(self) -> str:
        return f"{self.marker} {'/'.join(self.needs)}"


class Undecided(Value):
    """A strategy for a therapy given that would fire if more were measured."""

    id: str
    """The id of the rule."""
    add_on: str
    """The add-on that it would add."""
    partner: str
    """The therapy that it is added to."""
    missing: tuple[Missing, ...]
    """The smallest set of findings that would fire it."""
    minimal_sets: tuple[tuple[Missing, ...], ...]
    """All sets of findings that would fire it and hold nothing needless, to a limit."""
    capped: bool
    """True where there are more sets than are listed."""


class UndecidedContext(Value):
    """A context of which a finding is met and another was not measured."""

    id: str
    """The id of the rule."""
    effect: ContextEffect
    """The effect that the findings would have on the therapy."""
    text: str
    """The meaning, in words."""
    met: tuple[Match, ...]
    """The findings that are met."""
    missing: tuple[Missing, ...]
    """The fewest findings that would complete it."""
    references: tuple[int, ...]
    """Reference numbers behind it."""


class BlockedBy(Value):
    """A measured value that excludes the strategy."""

    marker: str
    """The name of what was measured."""
    measured: str
    """Its state."""
    needs: tuple[str, ...]
    """The states that the strategy requires."""
    source: str
    """JSON pointer into the profile."""


class Blocked(Value):
    """A strategy for a therapy given that no further measurement can fire."""

    id: str
    """The id of the rule."""
    add_on: str
    """The add-on that it would add."""
    partner: str
    """The therapy that it is added to."""
    blocked_by: tuple[BlockedBy, ...]
    """The measured values that exclude it."""


class NextTest(Value):
    """An unmeasured marker that could decide something."""

    _left_out = frozenset({"would_select", "would_hold_back"})
    marker: str
    """The marker to measure."""
    needs: tuple[str, ...]
    """States that would help to fire a strategy."""
    gain: Annotated[float, Field(ge=0, le=1)]
    """Mean share of undecided strategies that a state of it decides."""
    would_decide: tuple[str, ...]
    """Strategies that it could fire or rule out."""
    would_fire: tuple[str, ...]
    """Strategies that a state of it would fire."""
    would_rule_out: tuple[str, ...]
    """Strategies that a state of it would rule out."""
    assay: str
    """The kind of assay that measures it."""
    top_shift: int | None
    """How many of the first three places it could change; null where not computed."""
    would_select: tuple[str, ...] | None = None
    """Strategies that fire anyway and that a state of it would select."""
    would_hold_back: tuple[str, ...] | None = None
    """Strategies that fire anyway and that are held back in one of its states."""


class PossibleLeader(Value):
    """An add-on that could come first, and under which further findings."""

    id: str
    """The id of the recommendation."""
    add_on: str
    """The add-on."""
    partner: str
    """The therapy that it is added to."""
    needs: tuple[tuple[Missing, ...], ...]
    """Smallest sets of findings; an empty one where nothing further is needed."""


class Order(Value):
    """The effects that unmeasured markers could have on the first place."""

    verdict: str
    """How sure the first place is, in words."""
    possible_first: tuple[PossibleLeader, ...]
    """Every add-on that could come first."""
    exact: bool
    """True where every case was looked at, false where a sample was."""


class Hits(Value):
    """Which active defences a recommendation acts on."""

    id: str
    """The id of the recommendation."""
    add_on: str
    """The add-on."""
    defences: tuple[str, ...]
    """The defences that it acts on."""


class Alternatives(Value):
    """Recommendations that act on the same part of the ferroptosis pathway."""

    acts_on: str
    """The part of the ferroptosis pathway."""
    recommendations: tuple[str, ...]
    """Ids of recommendations."""


class Combinations(Value):
    """Active defences against the add-ons that act on them. No synergy is claimed."""

    note: str
    """Limits of this analysis: conclusions that it does not show."""
    defences: tuple[str, ...]
    """The active defences of this tumour."""
    matrix: tuple[Hits, ...]
    """Which add-on acts on which of them."""
    alternatives: tuple[Alternatives, ...]
    """Add-ons that act on the same."""
    complementary: tuple[tuple[str, str], ...]
    """Pairs that act on different defences and on nothing in common."""


class GroupView(Value):
    """A group of recommendations, which come before those of the next group."""

    id: GroupName
    """The group, as a fixed word for programs."""
    title: str
    """The heading above it."""
    meaning: str
    """What it means to be in it."""
    size: int
    """How many recommendations are in it, those that `top` leaves out included."""
    note: str
    """What to say where it is empty; else an empty text."""
    measure: tuple[str, ...]
    """Where it is empty, markers whose findings could bring something into it."""
