"""The last cell of a file that nothing ends: whether it is whole, as far as that can be known."""

from collections.abc import Callable, Collection, Iterable

from ..scores import level_of, score_in


def says_the_same(text: str, read: Callable[[str], object], known: Iterable[str]) -> bool:
    """Return whether a text is understood, and begins no known text that is understood otherwise.

    >>> meanings = {"no": False, "not tested": "", "negative": False, "neg": False}
    >>> [says_the_same(text, meanings.get, meanings) for text in ("neg", "no", "n")]
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


def is_normal(text: str, high: float, low: float) -> bool:
    """Return whether a z-score is normal with whatever digits that its end may lack.

    Only then: an exponent may follow as well, which makes of any other score a small one.
    """
    score = score_in(text)
    if score is None or "." not in text:
        return False
    digits = len(text.partition(".")[2])
    more = (-1 if text.startswith("-") else 1) * 10.0**-digits
    return {level_of(score, high=high, low=low), level_of(score + more, high=high, low=low)} == {"normal"}
