"""The states that a marker can be in, and which of them exclude one another.

States on the same axis are alternatives (high against low), so two of them reported for one
marker contradict each other. States on different axes are independent: a gene can be mutated
and low.
"""

from typing import Literal, get_args

SequenceState = Literal["mutated", "wild-type"]
CopyNumberState = Literal["amplified", "deleted"]
LevelState = Literal["high", "normal", "low"]
TestState = Literal["positive", "negative"]
PresenceState = Literal["present", "absent"]

MutationState = Literal["mutated", "wild-type", "amplified", "deleted"]
State = Literal[
    "high",
    "normal",
    "low",
    "positive",
    "negative",
    "present",
    "absent",
    "mutated",
    "wild-type",
    "amplified",
    "deleted",
]

STATES: tuple[str, ...] = get_args(State)
MUTATION_STATES: tuple[str, ...] = get_args(MutationState)

AXES: dict[str, tuple[str, ...]] = {
    "sequence": get_args(SequenceState),
    "copy-number": get_args(CopyNumberState),
    "level": get_args(LevelState),
    "test": get_args(TestState),
    "presence": get_args(PresenceState),
}

_AXIS_OF = {state: axis for axis, states in AXES.items() for state in states}


def axis_of(state: str) -> str:
    """Return the axis on which `state` lies.

    >>> axis_of("wild-type")
    'sequence'
    """
    return _AXIS_OF[state]
