"""The state of the literature: notices about papers, and whether sealed quotes were found."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..curation.literature import LiteratureCheck
from ..curation.quotes import QUOTE_STATES, QuoteCheck, QuoteState
from .listing import listing
from .plain import labelled
from .screen import Screen

_STATE = "State of the literature"
_QUOTES = "Sealed quotes"
_IN_WORDS: dict[QuoteState, str] = {
    "in-place": "in its place",
    "elsewhere": "elsewhere",
    "not-found": "not found",
    "text-missing": "text missing",
}


def state_table(found: LiteratureCheck, output_format: str, screen: Screen, stamp: Mapping[str, Any]) -> str:
    """Return the state of the papers as "table" or "json"."""
    if output_format == "json":
        rows = [one._asdict() for one in found.papers]
        return labelled(title=_STATE, notices=found.notices, rows=rows, **stamp)
    columns = {
        "id": "Paper",
        "state": "State",
        "found_by": "Found by",
        "recorded": "On record",
        "rules": "Rules",
    }
    known = [one._asdict() for one in found.papers if one.state != "none-found"]
    note = (
        f"{len(known)} of {len(found.papers)} papers are among {found.notices} notices; "
        f"{len(found.news)} not on record. No notice does not mean that a paper is sound."
    )
    return listing(known, columns, "table", title=_STATE, screen=screen, note=note)


def quote_table(found: QuoteCheck, output_format: str, screen: Screen, stamp: Mapping[str, Any]) -> str:
    """Return whether the sealed quotes were found as "table" or "json"."""
    counts = Counter(one.state for one in found.quotes)
    if output_format == "json":
        rows = [one._asdict() for one in found.quotes]
        count = {state: counts[state] for state in QUOTE_STATES}
        return labelled(title=_QUOTES, texts=found.texts, counts=count, rows=rows, **stamp)
    columns = {"name": "Rule", "reference": "Paper", "state": "Sentence"}
    rows = [
        one._asdict() | {"name": one.rule, "state": _IN_WORDS[one.state]}
        for one in found.quotes
        if one.state != "text-missing"
    ]
    listed = ", ".join(f"{counts[state]} {words}" for state, words in _IN_WORDS.items())
    note = (
        f"{len(found.quotes)} quotes: {listed}. A sentence supports a rule as far as its words do: read "
        "it. In another copy of a text a sentence may be written otherwise."
    )
    return listing(rows, columns, "table", title=_QUOTES, screen=screen, note=note)
