"""Which step of the marker match holds for a strategy: the one order, which every evaluator compiles."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

Predicate = Literal[
    "fires-by-marker",
    "fires-by-target",
    "fires-by-fact",
    "called-for-by-markers",
    "called-for-by-target",
    "called-for",
    "support-excluded",
    "fires-by-history",
    "can-be-called-for",
    "always",
]
"""The condition of a step for a strategy that fires:

- `fires-by-marker`, `fires-by-fact`, `fires-by-history`: one of the clauses by which it fires requires a
  marker, a derived fact, a failed therapy;
- `can-be-called-for`: it names findings that raise its rank;
- `called-for`: such findings hold, measured or derived; `called-for-by-markers`: without a derived fact;
- `support-excluded`: it names such findings, and measured values exclude all of them;
- `fires-by-target`, `called-for-by-target`: a derived fact is behind it, but follows from measured targets
  of the add-on alone.
"""


class MarkerStep(NamedTuple):
    """A step of the marker match, and the condition under which it holds."""

    step: str
    condition: Predicate


PRECEDENCE = (
    MarkerStep("required", "fires-by-marker"),
    MarkerStep("required", "fires-by-target"),
    MarkerStep("required-derived", "fires-by-fact"),
    MarkerStep("called-for", "called-for-by-markers"),
    MarkerStep("called-for", "called-for-by-target"),
    MarkerStep("called-for-derived", "called-for"),
    MarkerStep("spoken-against", "support-excluded"),
    MarkerStep("history", "fires-by-history"),
    MarkerStep("not-measured", "can-be-called-for"),
    MarkerStep("unselected", "always"),
)
"""The first step whose condition holds is the one that counts; the last one always holds."""

_REQUIRING: frozenset[Predicate] = frozenset({"fires-by-marker", "fires-by-target", "fires-by-fact"})


def possible_steps(*, requires_findings: bool) -> Iterator[str]:
    """Yield the steps that a strategy can have, whatever is found, by whether it requires findings."""
    for step, condition in PRECEDENCE:
        if requires_findings or condition not in _REQUIRING:
            yield step
