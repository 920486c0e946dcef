"""The last cell of a file that nothing ends: whether it is whole, as far as that can be known."""

from collections.abc import Callable, Collection, Iterable

from ..scores import level_of


def is_whole(text: str, read: Callable[[str], object], known: Iterable[str]) -> bool:
    """Return whether a text is understood, and begins no known text that is understood otherwise.

    >>> meanings = {"no": False, "not tested": "", "negative": False, "neg": False}
    >>> [is_whole(text, meanings.get, meanings) for text in ("neg", "no", "n")]
    [True, False, False]
    """
    begun, meant = text.strip().casefold(), read(text)
    return meant is not None and all(
        read(one) == meant for one in known if one.strip().casefold().startswith(begun)
    )


def is_usual(text: str, others: Collection[str]) -> bool:
    """Return whether other cells of the column hold the same text, and none a longer one that begins so."""
    return bool(text) and text in others and not any(one != text and one.startswith(text) for one in others)


def is_as_long(text: str, others: Collection[str]) -> bool:
    """Return whether an id is as long as every other of the column, and none of them."""
    return {len(one) for one in others} == {len(text)} and text not in others


def is_level(text: str, score: float, *, high: float, low: float) -> bool:
    """Return whether a z-score is of the same level with whatever digits that its end may lack."""
    if "." not in text:
        return False
    more = (-1 if text.startswith("-") else 1) * 10.0 ** -len(text.partition(".")[2])
    return level_of(score, high=high, low=low) == level_of(score + more, high=high, low=low)
