"""Names as people type them: folding, nearest matches, and text that cannot harm a terminal."""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ω": "omega",
}
_GREEK_LETTER = re.compile("|".join(_GREEK))
_MAX_NAME = 200
"""Letters of a name that are compared: no name is longer, and texts come from outside."""

_SHORT = 4
"""Letters and digits of a name that has too many neighbours to be compared by likeness."""
_NUMBER = re.compile(r"\d+")

_MEANT = {
    word: state
    for state, words in {
        "high": "elevated increased overexpressed upregulated up raised strong",
        "low": "reduced decreased underexpressed downregulated down weak loss lost",
        "wild-type": "wt wildtype unmutated",
        "mutated": "mutant mut mutation",
        "amplified": "amp amplification gain",
        "deleted": "del deletion homdel",
        "positive": "pos reactive",
        "negative": "neg nonreactive",
    }.items()
    for word in words.split()
}
"""The words that people write for a state, to be named in a hint."""


_DOUBT = re.compile(
    r"[?!~<>\u00ac\u00b1\u2260\u2264\u2265\uff01\uff1f\uff5e]"
    r"|^\s*[-+\u2010\u2011\u2013\u2014\u2212]|[-+\u2010\u2011\u2013\u2014\u2212]\s*$"
)
"""Signs of doubt or denial anywhere; plus and minus before or behind a name, where they are no hyphens."""


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return `name` without case, spaces and punctuation, Greek letters spelled out.

    >>> fold("PD-L1") == fold("pd l1")
    True
    >>> fold("HIF-1α")
    'hif1alpha'
    """
    if name.isascii():
        text = name[:_MAX_NAME].lower()
    else:
        text = unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold()
        text = _GREEK_LETTER.sub(lambda match: _GREEK[match.group()], text)
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def is_doubted(name: str) -> bool:
    """Return whether a name or word has a sign that may turn it into its opposite or into a question.

    `fold` leaves such signs out, so what has one must not be looked up by it.

    >>> [is_doubted(name) for name in ("HCC?", ">high", "CD8+", "HBV-", "PD-L1", "TACE + sorafenib")]
    [True, True, True, True, False, False]
    """
    return _DOUBT.search(name) is not None


def nearest(word: str, allowed: Iterable[str], *, count: int = 3) -> list[str]:
    """Return up to `count` of the allowed words that look like `word`, nearest first.

    >>> nearest("hihg", ["high", "low", "normal"])
    ['high']
    """
    import difflib

    allowed = list(allowed)
    meant = _MEANT.get(fold(word))
    if meant in allowed:
        return [meant]
    spelled: dict[str, str] = {}
    for option in allowed:
        spelled.setdefault(fold(option), option)
    close = difflib.get_close_matches(fold(word)[:60], spelled, n=count, cutoff=0.7)
    return [spelled[match] for match in close]


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the nearest allowed words, shortened, or nothing when none is near.

    >>> did_you_mean("sorafenb", ["sorafenib", "lenvatinib"])
    'Did you mean sorafenib?'
    """
    return _hint(nearest(word, allowed))


def nearest_names(name: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """Return up to `count` of the known names of markers, therapies or diseases that `name` may be a slip of.

    A number is part of what a name means, so it must be the same, or be all that is missing at the end. A
    short name has many neighbours, and only one that continues it, or swaps two of its letters, is near.

    >>> nearest_names("KEAP", ["KEAP1"])
    ['KEAP1']
    >>> nearest_names("CD206", ["CDC20"]) + nearest_names("DCP", ["CP"]) + nearest_names("LIHB", ["LIHC"])
    []
    """
    import difflib

    word = fold(name)[:60]
    spelled: dict[str, str] = {}
    for option in known:
        spelled.setdefault(fold(option), option)
    if len(word) > _SHORT:
        numbers = _NUMBER.findall(word)
        alike = [one for one in spelled if not numbers or _NUMBER.findall(one) == numbers]
        close = difflib.get_close_matches(word, alike, n=count, cutoff=0.8)
    else:
        close = [one for one in spelled if _continues(word, one) or _swaps(word, one)][:count]
    return [spelled[match] for match in close]


def _continues(word: str, longer: str) -> bool:
    """Return whether a name is a short one with its number."""
    rest = longer[len(word) :]
    return len(word) > 2 and longer.startswith(word) and not word[-1].isdigit() and rest.isdigit()


def _swaps(word: str, other: str) -> bool:
    """Return whether a name is a short one with two neighbouring letters swapped."""
    if len(word) != len(other) or len(word) < _SHORT:
        return False
    differing = [at for at, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return False
    at = differing[0]
    return word[at] == other[at + 1] and word[at + 1] == other[at] and word[at : at + 2].isalpha()


def did_you_mean_name(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known names, or nothing when none is near.

    >>> did_you_mean_name("sorafenb", ["sorafenib", "lenvatinib"])
    'Did you mean sorafenib?'
    """
    return _hint(nearest_names(name, known))


def _hint(close: list[str]) -> str:
    return f"Did you mean {' or '.join(map(shortened, close))}?" if close else ""


def one_of(words: Iterable[str]) -> str:
    """Return the words as a list for a sentence.

    >>> one_of(["high", "low"])
    'high or low'
    """
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun, and the words behind it, in the form that the number needs.

    >>> counted(1, "row is", "rows are"), counted(2, "row")
    ('1 row is', '2 rows')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def capital(text: str) -> str:
    """Return a text as a sentence begins: a word of small letters gets a capital, a name with one does not.

    >>> capital("sorafenib and TACE"), capital("xCT is active")
    ('Sorafenib and TACE', 'xCT is active')
    """
    first = text.split(" ", maxsplit=1)[0]
    return f"{text[0].upper()}{text[1:]}" if first.islower() else text


def kind_in_words(value: object) -> str:
    """Return what kind of value of JSON or YAML something is, in the words of its users.

    >>> [kind_in_words(value) for value in ("x", 2, [1], {}, True, None)]
    ['text', 'a number', 'a list', 'an object', 'true', 'nothing (null)']
    """
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true" if value else "false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return "another kind of value"


def ordinal(number: int) -> str:
    """Return the number of a place in a list, from 1.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def printable(text: str) -> str:
    """Return `text` with every character that could steer a terminal made visible.

    Control characters, escape sequences, bidirectional marks, surrogates and the like become
    `\\u` escapes; letters of all scripts stay.

    >>> printable("a\\x1b[31mb")
    'a\\\\u001b[31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character == " " or unicodedata.category(character)[0] not in "CZ"
        else f"\\u{ord(character):04x}"
        for character in text
    )


def shortened(text: str, limit: int = 60) -> str:
    """Return `text` printable and at most `limit` characters long, for use in a message.

    >>> shortened("x" * 100, 10)
    'xxxxxxxxx…'
    """
    return printable(text if len(text) <= limit else text[: limit - 1] + "…")


def indented_json(value: Any, newline: str = "\n") -> str:
    """Return what `json.dumps` does with sorted keys, two spaces and `default=vars`, three times as fast.

    With an indent the library goes through generators; an answer is written often.

    >>> print(indented_json({"b": [1, None], "a": "x"}))
    {
      "a": "x",
      "b": [
        1,
        null
      ]
    }
    """
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is int:
        return str(value)
    if kind is float and isfinite(value):
        return repr(value)
    if value is None or isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=False)
    inner = newline + "  "
    if isinstance(value, list | tuple):
        if not value:
            return "[]"
        return f"[{inner}{f',{inner}'.join([indented_json(one, inner) for one in value])}{newline}]"
    if getattr(kind, "shared", False):
        return _kept_json(value, newline)
    return _object_json(value if isinstance(value, dict) else vars(value), newline)


_KEPT: dict[tuple[int, str], tuple[Any, str]] = {}
MAX_KEPT_TEXTS = 4096
"""Texts of shared records that are kept: those of a rule base several times over."""


def _kept_json(value: Any, newline: str) -> str:
    """The text of a frozen record that many answers share, made once."""
    key = id(value), newline
    kept = _KEPT.get(key)
    if kept is not None and kept[0] is value:
        return kept[1]
    text = _object_json(vars(value), newline)
    if len(_KEPT) >= MAX_KEPT_TEXTS:
        _KEPT.clear()
    _KEPT[key] = value, text
    return text


def _object_json(fields: dict[str, Any], newline: str) -> str:
    if not fields:
        return "{}"
    inner = newline + "  "
    items = [f"{named}{indented_json(fields[name], inner)}" for name, named in _in_order(tuple(fields))]
    return f"{{{inner}{f',{inner}'.join(items)}{newline}}}"


@lru_cache(maxsize=1024)
def _in_order(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The names of fields in their order, each as JSON too: records of a kind have the same."""
    return [(name, f"{encode_basestring(name)}: ") for name in sorted(names)]


_STEERING = (
    "[\ud800-\udfff\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def safe_json(text: str) -> str:
    """Return JSON with the characters that could steer a terminal written as escapes.

    >>> safe_json('"a\u202eb"')
    '"a\\\\u202eb"'
    """
    return re.sub(_STEERING, lambda match: json.dumps(match.group())[1:-1], text)
