"""Notices about the papers that rules rest on: retractions, concerns and corrections, by a list of them.

The list is that of Retraction Watch: its table as CSV, the same rows as JSON, or JSON that maps the DOIs of
`retractions` and `concerns` to those of the notices.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .._errors import InputError, Problem
from .._opening import opened
from .._text import fold, shortened
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import NoticeState, Reference
from ..knowledge.phrasing import citation

GRAVITY: tuple[NoticeState, ...] = ("none-found", "correction", "concern", "retracted")
"""The states, the gravest last."""
MAX_LIST = 1_000_000_000
"""Bytes of a list of notices: more than ten times that of Retraction Watch."""
_MIN_TITLE = 25
"""Letters of a title that is compared: a shorter one, such as the name of a disease, is not unique."""
_NATURE: dict[str, NoticeState] = {
    "retraction": "retracted",
    "expressionofconcern": "concern",
    "correction": "correction",
    "reinstatement": "correction",
}
_MAPPED: dict[str, NoticeState] = {"retractions": "retracted", "concerns": "concern"}


class PaperNotice(NamedTuple):
    """A notice about a paper: its kind, and the paper by DOI, PMID and title, as far as the list has them."""

    state: NoticeState
    doi: str
    pmid: str
    title: str


class StateOfPaper(NamedTuple):
    """A paper: its state by the list, that on record, and the rules that rest on it.

    A paper of a pack has no number of the review.
    """

    id: str
    number: int | None
    citation: str
    state: NoticeState
    found_by: str
    recorded: NoticeState | None
    rules: tuple[str, ...]


class LiteratureCheck(NamedTuple):
    """The state of each paper by a list, and the number of notices in the list."""

    notices: int
    papers: tuple[StateOfPaper, ...]

    @property
    def news(self) -> tuple[StateOfPaper, ...]:
        """The papers of which the list has a graver notice than is on record."""
        return tuple(
            one
            for one in self.papers
            if GRAVITY.index(one.state) > GRAVITY.index(one.recorded or "none-found")
        )


def check_literature(base: KnowledgeBase, file: Path) -> LiteratureCheck:
    """Return the state of each paper that the review cites, by a list of notices. Raises InputError."""
    notices = list(read_notices(file))
    by = {
        "DOI": _gravest((one.doi, one.state) for one in notices),
        "PMID": _gravest((one.pmid, one.state) for one in notices),
        "title": _gravest((one.title, one.state) for one in notices),
    }
    resting = resting_on(base)
    papers = []
    for number, reference in sorted(base.references.items()):
        keys = {
            "DOI": [_doi(reference.doi or ""), _doi(reference.doi_as_printed)],
            "PMID": [reference.pmid or ""],
            "title": [_title(reference.title)],
        }
        hits = [(by[how].get(key), how) for how, names in keys.items() for key in names if key in by[how]]
        states = [(state, how) for state, how in hits if state]
        state, how = max(states, key=lambda hit: GRAVITY.index(hit[0])) if states else (GRAVITY[0], "")
        recorded = reference.literature_state.state if reference.literature_state else None
        papers.append(
            StateOfPaper(
                id=reference.id,
                number=None if reference.pack else number,
                citation=citation(reference),
                state=state,
                found_by=how,
                recorded=recorded,
                rules=tuple(resting.get(number, ())),
            )
        )
    return LiteratureCheck(len(notices), tuple(papers))


def resting_on(base: KnowledgeBase) -> dict[int, list[str]]:
    """Return the rules that rest on each paper; a disputed claim does not."""
    found: dict[int, list[str]] = {}
    for rule in base.content.rules:
        for number in rule.references if rule.kind != "disputed" else ():
            found.setdefault(number, []).append(rule.id)
    return found


def is_retracted(reference: Reference) -> bool:
    """Return whether a retraction of a paper is on record."""
    return reference.literature_state is not None and reference.literature_state.state == "retracted"


def read_notices(file: Path) -> Iterator[PaperNotice]:
    """Yield the notices of a list. Raises InputError."""
    try:
        with opened(file) as stream:
            data = stream.read(MAX_LIST + 1)
    except OSError as error:
        problem = Problem("", f"it cannot be read: {error.strerror or error}.", parameter="retractions")
        raise InputError([problem], source=str(file)) from None
    if len(data) > MAX_LIST:
        raise _not_a_list(file)
    text = data.decode("utf-8-sig", errors="replace")
    rows = _from_json(text, file) if text.lstrip()[:1] in ("{", "[") else csv.DictReader(io.StringIO(text))
    read = 0
    try:
        for row in rows:
            notice = _notice(row)
            read += notice is not None
            if notice:
                yield notice
    except csv.Error:
        raise _not_a_list(file) from None
    if not read:
        raise _not_a_list(file)


def _from_json(text: str, file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _not_a_list(file) from None
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))
        return
    for name in _MAPPED:
        mapped = value.get(name, {})
        for doi in mapped if isinstance(mapped, dict | list) else ():
            yield {"RetractionNature": name, "OriginalPaperDOI": doi}


def _notice(row: Mapping[str, Any]) -> PaperNotice | None:
    nature = fold(str(row.get("RetractionNature") or ""))
    state = _NATURE.get(nature) or _MAPPED.get(nature)
    if state is None:
        return None
    pmid = str(row.get("OriginalPaperPubMedID") or "").strip()
    return PaperNotice(
        state,
        _doi(str(row.get("OriginalPaperDOI") or "")),
        pmid if pmid != "0" else "",
        _title(str(row.get("Title") or "")),
    )


def _doi(written: str) -> str:
    found = written.strip().lower()
    return found if found.startswith("10.") else ""


def _title(written: str) -> str:
    found = fold(written)
    return found if len(found) >= _MIN_TITLE else ""


def _gravest(pairs: Iterable[tuple[str, NoticeState]]) -> dict[str, NoticeState]:
    found: dict[str, NoticeState] = {}
    for key, state in pairs:
        if key and GRAVITY.index(state) > GRAVITY.index(found.get(key, "none-found")):
            found[key] = state
    return found


def _not_a_list(file: Path) -> InputError:
    what = f"{shortened(file.name)} is not a list of notices."
    hint = "Give the table of Retraction Watch as CSV or JSON."
    return InputError([Problem("", what, hint, "retractions")], source=str(file))
