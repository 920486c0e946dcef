"""Names of the vocabulary, and words for directions, found in a text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from ..._text import fold
from ...knowledge.base import KnowledgeBase
from ...knowledge.triage_models import TriageWords
from ...knowledge.vocabulary import add_on_spellings, disease_spellings, marker_spellings, therapy_spellings

WordKind = Literal[
    "marker",
    "therapy",
    "add-on",
    "agent",
    "disease",
    "ferroptosis",
    "resisting",
    "sensitising",
    "raised",
    "lowered",
    "inducing",
    "overcoming",
    "negation",
    "doubt",
    "not-negation",
]
_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[^a-z])|\n+")
_JOINERS = "-'\u2010\u2011\u2012\u2013\u2014\u2019\u2212"
"""Signs between parts of a name that make no difference."""
_MAX_GAP = 3
"""Characters between two parts of a name."""
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)


BY_TARGET = ("target", "gene-therapy")
"""Types of add-ons whose names are a marker and a word for its level, and are read as these."""


class TermMeaning(NamedTuple):
    """What a name or word stands for: a record of the rule base, or a class of words."""

    kind: WordKind
    key: str


class Hit(NamedTuple):
    """A name or word where it was found, and what it stands for."""

    text: str
    meanings: tuple[TermMeaning, ...]
    kinds: frozenset[WordKind]

    def of(self, kind: WordKind) -> list[str]:
        """Return the keys of the meanings of a kind."""
        return [one.key for one in self.meanings if one.kind == kind]


class _Name:
    """All spellings of a name that are one when folded: how it may be written in a text."""

    __slots__ = ("exact", "kinds", "meanings", "signs", "spaces")

    def __init__(self) -> None:
        self.meanings: tuple[TermMeaning, ...] = ()
        self.kinds: frozenset[WordKind] = frozenset()
        self.exact: set[str] | None = set()
        self.spaces = 0
        self.signs: set[str] = set()

    def add(self, meaning: TermMeaning) -> None:
        """Add something that the name stands for."""
        self.meanings = tuple(dict.fromkeys((*self.meanings, meaning)))
        self.kinds = frozenset(one.kind for one in self.meanings)


class Lexicon:
    """The names and words that triage looks for, compiled for texts."""

    def __init__(self, base: KnowledgeBase, words: TriageWords) -> None:
        self._names: dict[str, _Name] = {}
        self._plurals: dict[str, _Name] = {}
        self._beginnings: set[str] = set()
        self._stems: dict[str, TermMeaning] = {}
        left_out = {fold(name) for name in words.not_names}
        for spelling, meaning in _named(base):
            if fold(spelling) not in left_out:
                self._add(spelling, meaning, exact=_is_short(spelling, words.short))
        classes: dict[WordKind, Iterable[str]] = {
            "ferroptosis": words.ferroptosis,
            "resisting": words.resisting,
            "sensitising": words.sensitising,
            "raised": words.raised,
            "lowered": words.lowered,
            "inducing": words.inducing,
            "overcoming": words.overcoming,
            "negation": words.negations,
            "doubt": words.doubts,
            "not-negation": words.not_negations,
        }
        for kind, entries in classes.items():
            for entry in entries:
                meaning = TermMeaning(kind, entry)
                if entry.endswith("*") and " " not in entry:
                    self._stems[fold(entry)] = meaning
                else:
                    self._add(entry.rstrip("*"), meaning, exact=False)
        self._plurals = {f"{key}s": name for key, name in self._names.items() if len(key) > 2}
        for key in (*self._names, *self._plurals):
            self._beginnings.update(key[:length] for length in range(1, len(key) + 1))
        self._shortest = min(map(len, self._stems), default=1)
        self._stem = lru_cache(maxsize=65536)(self._look_up_stem)

    def sentences(self, text: str) -> Iterator[list[Hit]]:
        """Yield what is found in each sentence of a text."""
        for sentence in _SENTENCE.split(text):
            yield list(self._hits(sentence))

    def _add(self, spelling: str, meaning: TermMeaning, *, exact: bool) -> None:
        key = "".join(fold(token) for token in _TOKEN.findall(spelling))
        if len(key) < 2:
            return
        name = self._names.setdefault(key, _Name())
        name.add(meaning)
        name.spaces = max(name.spaces, len(spelling.split()) - 1)
        name.signs.update(sign for sign in spelling if not sign.isalnum() and not sign.isspace())
        if not exact:
            name.exact = None
        elif name.exact is not None:
            name.exact.add(spelling)

    def _look_up_stem(self, token: str) -> TermMeaning | None:
        for length in range(len(token), self._shortest - 1, -1):
            if token[:length] in self._stems:
                return self._stems[token[:length]]
        return None

    def _hits(self, sentence: str) -> Iterator[Hit]:
        tokens = [(fold(found[0]), found.start(), found.end()) for found in _TOKEN.finditer(sentence)]
        at = 0
        while at < len(tokens):
            length, hit = 1, None
            if tokens[at][0] in self._beginnings:
                length, hit = self._name_at(sentence, tokens, at)
            if hit is None:
                length, hit = self._word_at(sentence, tokens, at)
            if hit is not None:
                yield hit
            at += length

    def _name_at(self, sentence: str, tokens: list[tuple[str, int, int]], at: int) -> tuple[int, Hit | None]:
        """The longest name that begins at a token, and how many tokens it has."""
        joined, spaces = "", 0
        signs: set[str] = set()
        best: tuple[int, Hit | None] = (1, None)
        for ahead in range(at, len(tokens)):
            token, start, end = tokens[ahead]
            if ahead > at:
                gap = sentence[tokens[ahead - 1][2] : start]
                if len(gap) > _MAX_GAP:
                    break
                if gap == " ":
                    spaces += 1
                elif gap not in _JOINERS:
                    spaces += not gap.strip()
                    signs.update(sign for sign in gap if not sign.isspace() and sign not in _JOINERS)
            joined += token
            if joined not in self._beginnings:
                break
            written = sentence[tokens[at][1] : end]
            if (name := self._fitting(joined, written, spaces, signs)) is not None:
                best = (ahead - at + 1, Hit(written, name.meanings, name.kinds))
        return best

    def _fitting(self, joined: str, written: str, spaces: int, signs: set[str]) -> _Name | None:
        """The name that a text spells, also in the plural."""
        for name, text in ((self._names.get(joined), written), (self._plurals.get(joined), written[:-1])):
            if name is None or not (name.exact is None or text in name.exact):
                continue
            if spaces <= name.spaces and signs <= name.signs:
                return name
        return None

    def _word_at(self, sentence: str, tokens: list[tuple[str, int, int]], at: int) -> tuple[int, Hit | None]:
        """The word for a direction at a token, also where a hyphen divides it."""
        token, start, end = tokens[at]
        found = self._stem(token)
        if found is not None:
            return 1, Hit(sentence[start:end], (found,), frozenset([found.kind]))
        if at + 1 < len(tokens) and sentence[end : tokens[at + 1][1]] in _JOINERS:
            found = self._stem(token + tokens[at + 1][0])
            if found is not None and len(found.key) > len(token) + 1:
                return 2, Hit(sentence[start : tokens[at + 1][2]], (found,), frozenset([found.kind]))
        return 1, None


def _is_short(spelling: str, short: int) -> bool:
    return len(spelling) <= short and spelling.isalpha()


def _named(base: KnowledgeBase) -> Iterator[tuple[str, TermMeaning]]:
    """Every name of what rules are about, with its meaning."""
    vocabulary = base.vocabulary
    targets = {name for one in base.add_ons.values() for name in one.targets}
    used = targets | {marker for marker, _ in base.read}
    for symbol in sorted(used & vocabulary.markers.keys()):
        for name in marker_spellings(vocabulary.markers[symbol]):
            if vocabulary.ambiguous(name) is None:
                yield name, TermMeaning("marker", symbol)
    for alias in base.content.ambiguous_aliases:
        if alias.reading in used:
            yield alias.alias, TermMeaning("marker", alias.reading)
    for therapy in vocabulary.therapies.values():
        for name in therapy_spellings(therapy):
            yield name, TermMeaning("therapy", therapy.id)
    for add_on in base.add_ons.values():
        if add_on.type in BY_TARGET:
            continue
        for name in (*add_on_spellings(add_on), *(one.name for one in add_on.substances)):
            yield name, TermMeaning("add-on", add_on.id)
    for rule in base.content.rules:
        if rule.kind == "context" and rule.agent:
            yield _ARTICLE.sub("", rule.agent), TermMeaning("agent", rule.id)
    for disease in vocabulary.diseases.values():
        for name in disease_spellings(disease):
            yield name, TermMeaning("disease", disease.id)
