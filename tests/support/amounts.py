"""How many examples hypothesis makes."""

from hypothesis import settings


def at_most(examples: int) -> settings:
    """Return the settings of a law whose examples take long: as many as others have, up to a number."""
    return settings(max_examples=min(examples, settings().max_examples))
