"""The parts of a result that are about what is not measured: what it would decide, and what it could move."""

from typing import Annotated

from pydantic import Field

from .._values import Value


class Missing(Value):
    """A finding that would be needed."""

    marker: str
    needs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.marker} {'/'.join(self.needs)}"


class Undecided(Value):
    """A strategy for a therapy given that would fire if more were measured."""

    id: str
    add_on: str
    partner: str
    missing: Annotated[
        tuple[Missing, ...], Field(description="The smallest set of findings that would fire it.")
    ]
    minimal_sets: Annotated[
        tuple[tuple[Missing, ...], ...],
        Field(description="All sets of findings that would fire it and hold nothing needless, to a limit."),
    ]
    capped: Annotated[bool, Field(description="Whether there are more sets than are listed.")]


class BlockedBy(Value):
    """A measured value that stands in the way."""

    marker: str
    measured: str
    needs: tuple[str, ...]
    source: str


class Blocked(Value):
    """A strategy for a therapy given that no further measurement can fire."""

    id: str
    add_on: str
    partner: str
    blocked_by: tuple[BlockedBy, ...]


class NextTest(Value):
    """An unmeasured marker that could decide something."""

    marker: str
    needs: Annotated[tuple[str, ...], Field(description="States that would help to fire a strategy.")]
    gain: Annotated[
        float,
        Field(ge=0, le=1, description="Mean share of undecided strategies that a state of it decides."),
    ]
    would_decide: Annotated[tuple[str, ...], Field(description="Strategies that it could fire or rule out.")]
    would_fire: tuple[str, ...]
    would_rule_out: tuple[str, ...]
    assay: str
    top_shift: Annotated[
        int | None,
        Field(description="How many of the first three places it could change; null where not asked for."),
    ]


class PossibleLeader(Value):
    """An add-on that could come first, and under which further findings."""

    id: str
    add_on: str
    partner: str
    needs: Annotated[
        tuple[tuple[Missing, ...], ...],
        Field(description="Smallest sets of findings; an empty one where nothing further is needed."),
    ]


class Order(Value):
    """What unmeasured markers could do to the first place."""

    verdict: str
    possible_first: tuple[PossibleLeader, ...]
    exact: Annotated[bool, Field(description="Whether every case was looked at, or a sample.")]


class Hits(Value):
    """Which active defences a recommendation acts on."""

    id: str
    add_on: str
    defences: tuple[str, ...]


class Alternatives(Value):
    """Recommendations that act on the same part of the machinery."""

    acts_on: str
    recommendations: tuple[str, ...]


class Combinations(Value):
    """Active defences against the add-ons that act on them. No synergy is claimed."""

    note: str
    defences: tuple[str, ...]
    matrix: tuple[Hits, ...]
    alternatives: tuple[Alternatives, ...]
    complementary: tuple[tuple[str, str], ...]
