"""Where each record of a rule base was written, and how it is named where something is wrong with it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import _yaml
from .._errors import Path, Problem
from .._validation import RecordName, place_in_words

RECORDS = {
    "diseases": RecordName("disease", "id"),
    "marker_kinds": RecordName("marker kind", "id"),
    "markers": RecordName("marker", "symbol"),
    "ambiguous_aliases": RecordName("ambiguous alias", "alias"),
    "therapies": RecordName("therapy", "id"),
    "add_ons": RecordName("add-on", "id"),
    "derived_facts": RecordName("derived fact", "id"),
    "references": RecordName("reference", "number"),
    "sources": RecordName("source", "id"),
    "audit": RecordName("audit finding", "id"),
    "evidence_levels": RecordName("evidence level", "id"),
    "claims": RecordName("claim", "id"),
    "unused_references": RecordName("unused reference", "number"),
    "screen_tables": RecordName("table of a screen", "name"),
    "corroboration": RecordName("corroboration", "rule"),
    "quotes": RecordName("sealed quote", "rule"),
    "without_quote": RecordName("rule without a quote", "rule"),
    "other_evidence": RecordName("other evidence", "id"),
    "searches": RecordName("search", "id"),
    "rules": RecordName("rule", "id"),
}
"""How the records of each section are named, and the field in which no two are alike."""


@dataclass(slots=True)
class Placed:
    """Where each record of the merged rule base was written."""

    _places: dict[tuple[str, int | None], tuple[str, _yaml.Document, Path]] = field(default_factory=dict)
    packs: dict[tuple[str, int | None], str] = field(default_factory=dict)

    def add(
        self,
        section: str,
        index: int | None,
        name: str,
        document: _yaml.Document,
        path: Path,
        pack: str,
    ) -> None:
        """Note that a record of `section` was read from `path` in a file."""
        self._places[section, index] = (name, document, path)
        self.packs[section, index] = pack

    def add_part(self, section: str, index: int, path: Path, as_section: str, as_index: int) -> None:
        """Note that what is at `path` in a record is also a record of another section."""
        name, document, start = self._places[section, index]
        self.add(as_section, as_index, name, document, (*start, *path), self.packs[section, index])

    def keep(self, section: str, kept: Sequence[int]) -> None:
        """Note that of the records of a section only those at the places `kept` are left, in this order."""
        left = [(self._places[section, index], self.packs[section, index]) for index in kept]
        for known in (self._places, self.packs):
            for key in [key for key in known if key[0] == section]:
                del known[key]
        for index, (place, pack) in enumerate(left):
            self._places[section, index], self.packs[section, index] = place, pack

    def of(self, section: str, index: int | None = None, path: Path = ()) -> str:
        """Return `file:line` of a record, or of a place inside it."""
        name, document, start = self._places[section, index]
        return f"{name}:{document.line_of((*start, *path))}"

    def problem(self, section: str, index: int | None, path: Path, what: str, hint: str = "") -> Problem:
        """Return a problem at a place inside a record, which it names with the field."""
        _, document, start = self._places[section, index]
        fields = itertools.takewhile(lambda step: isinstance(step, str), path)
        where = place_in_words((*start, *fields), document.value, RECORDS)
        return Problem(self.of(section, index, path), f"{where}: {what}", hint)
