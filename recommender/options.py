"""How an answer is asked for: the one record that the library, its commands and the server share."""

from ._values import Value


class Options(Value):
    """Options of an answer. A result keeps those that the answer depends on."""

    brief: bool = False
    """Leave out what is undecided, blocked and next to test, and what these could do to the order."""
    strict: bool = False
    """Make unknown names an error."""
    any_disease: bool = False
    """Rank outside the scope of the rule base as well."""
    verify: bool = False
    """Let both engines answer, and make a difference an error."""
    top: int | None = None
    """List the recommendations of the first ranks only; None for all."""
