"""Sealed quotes: is the sentence that supports a rule in a text that the user fetched?"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from .. import _yaml
from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Reference
from ..knowledge.quote_models import SealedQuote
from .fetched import FetchedText, fetched_texts

QuoteState = Literal["in-place", "elsewhere", "not-found", "text-missing"]
QUOTE_STATES: tuple[QuoteState, ...] = get_args(QuoteState)
"""The best one first: where there are several texts of a paper, the best counts."""


class CheckedQuote(NamedTuple):
    """A rule, its paper, and whether the sentence that supports the rule is in a text of it.

    `same_text` is whether the text is the one that was sealed, to the letter.
    """

    rule: str
    reference: str
    text: str
    state: QuoteState
    same_text: bool
    offset: int | None
    source: str


class QuoteCheck(NamedTuple):
    """All sealed quotes, the number of texts that were found, and the text files that are of no paper."""

    texts: int
    others: tuple[str, ...]
    quotes: tuple[CheckedQuote, ...]

    @property
    def missed(self) -> tuple[CheckedQuote, ...]:
        """The quotes that are not in the text of their paper."""
        return tuple(one for one in self.quotes if one.state == "not-found")


def normal(text: str) -> str:
    """Return a text as it is sealed: in NFC, each white space one space, none at the ends.

    >>> normal(" a\\u0308\\u00a0 b\\n")
    'ä b'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def check_quotes(base: KnowledgeBase, folder: Path) -> QuoteCheck:
    """Return whether each sealed quote is in the texts of a folder. Raises InputError."""
    texts = fetched_texts(folder, base.references.values())
    checked = []
    for quote in base.quotes.quotes:
        reference = base.references[quote.reference]
        found = [_checked(quote, reference, text) for text in texts.of.get(quote.reference, ())]
        missing = CheckedQuote(quote.rule, reference.id, quote.text, "text-missing", False, None, "")
        best = min(found, key=lambda one: (QUOTE_STATES.index(one.state), not one.same_text), default=missing)
        checked.append(best)
    return QuoteCheck(sum(map(len, texts.of.values())), texts.others, tuple(checked))


def _checked(quote: SealedQuote, reference: Reference, fetched: FetchedText) -> CheckedQuote:
    text = normal(fetched.text)
    same = len(text) == quote.text_length and digest_of(text) == quote.text_sha256
    at = _offset(quote, text)
    state: QuoteState = "not-found" if at is None else "in-place" if at == quote.offset else "elsewhere"
    return CheckedQuote(quote.rule, reference.id, quote.text, state, same, at, fetched.source)


def _offset(quote: SealedQuote, text: str) -> int | None:
    """The place of a sealed sentence in a text: the sealed one, or else the first."""
    last = len(text) - quote.length
    places = range(last + 1)
    for at in (quote.offset, *places) if quote.offset in places else places:
        if digest_of(text[at : at + quote.length]) == quote.sha256:
            return at
    return None


def seal(base: KnowledgeBase, folder: Path, sentences: Path) -> list[SealedQuote]:
    """Return seals of the sentences that a file lists for rules, in texts of a folder. Raises InputError.

    The file is YAML or JSON, a list of records with `rule`, `sentence`, `seen`, `seen_on`, and `reference`
    where the rule cites several papers.
    """
    texts = fetched_texts(folder, base.references.values()).of
    problems: list[Problem] = []
    made = []
    for number, record in enumerate(_records(sentences), 1):
        try:
            made.append(_sealed(base, texts, record))
        except InputError as error:
            problems += [Problem(f"record {number}", one.what, one.hint) for one in error.problems]
    if problems:
        raise InputError(problems, source=str(sentences))
    return made


def _records(file: Path) -> list[Any]:
    try:
        value = _yaml.parse(file.read_text("utf-8")).value
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Problem("", f"it cannot be read: {error}.")], source=str(file)) from None
    except _yaml.YamlError as error:
        raise InputError([Problem(f"line {error.line}", f"{error}.")], source=str(file)) from None
    if not isinstance(value, list):
        hint = "Give a list of records with rule, sentence, seen and seen_on."
        raise InputError([Problem("", "it holds no list.", hint)], source=str(file))
    return value


def _sealed(base: KnowledgeBase, texts: Mapping[int, list[FetchedText]], record: Any) -> SealedQuote:
    """The seal of a record. Raises InputError."""
    given = record if isinstance(record, dict) else {}
    missing = [
        name for name in ("rule", "sentence", "seen", "seen_on") if not isinstance(given.get(name), str)
    ]
    if missing:
        raise _refused(f"{', '.join(missing)} must be given as text.")
    rule = base.rules.get(given["rule"])
    if rule is None:
        raise _refused(
            f"the rule '{shortened(given['rule'])}' is not known.", did_you_mean(given["rule"], base.rules)
        )
    number = given.get("reference", rule.references[0] if len(rule.references) == 1 else None)
    if number not in rule.references:
        raise _refused(
            f"reference must be one of those of {rule.id}: {', '.join(map(str, rule.references))}."
        )
    sentence = normal(given["sentence"])
    found = [
        text for text in map(_normal_text, texts.get(number, ())) if sentence and text.count(sentence) == 1
    ]
    if not found:
        raise _refused(f"the sentence for {rule.id} is not in a text of paper {number}, or is there twice.")
    text, reference = found[0], base.references[number]
    part = {"full-text": "full text", "abstract-part": "part of the abstract"}.get(
        str(given.get("part", reference.read)), "abstract"
    )
    whose = reference.doi or (f"PMID {reference.pmid}" if reference.pmid else reference.id)
    return SealedQuote(
        rule=rule.id,
        reference=number,
        text=f"{part} of {whose}",
        text_sha256=digest_of(text),
        text_length=len(text),
        offset=text.index(sentence),
        length=len(sentence),
        sha256=digest_of(sentence),
        seen=given["seen"],
        seen_on=given["seen_on"],
    )


def _normal_text(fetched: FetchedText) -> str:
    return normal(fetched.text)


def _refused(what: str, hint: str = "") -> InputError:
    return InputError([Problem("", what, hint)])


def seals_as_yaml(seals: Iterable[SealedQuote]) -> str:
    """Return seals as the section of a rule file."""
    return _yaml.dump({"quotes": [one.model_dump() for one in seals]})


def without_quote(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A rule without a sealed quote and without the reason for that, while other rules have a quote.

    A seal is the place and the digest of the sentence that supports the rule, so that anyone who has the text
    can verify that it is there. Fetch the text and seal the sentence, as the page on sealed quotes describes;
    or give the reason and the day of the search under `without_quote`. Rules that cite no paper and rules of
    packs are left out. A quote of a rule that does not exist is found here as well.
    """
    sealed = {one.rule for one in base.quotes.quotes}
    known = sealed | {one.rule for one in base.quotes.without_quote}
    for name in sorted(known - base.rules.keys()):
        yield name, "it has a sealed quote, or a reason for having none, and does not exist"
    for rule in base.content.rules if sealed else ():
        if rule.references and rule.id not in base.pack_of and rule.id not in known:
            yield rule.id, "no quote is sealed, and no reason is given"
