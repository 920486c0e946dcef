"""The names that people use for markers, therapies and diseases, and what they stand for."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from .._text import fold, is_doubted
from .._values import cached_property
from ..states import AXES
from .models import AmbiguousAlias, Disease, Marker, Therapy
from .rule_models import RuleFile

JOINING = ("", "with", "plus", "and")
"""Words that may be between the names of two therapies given in one text, as names are folded."""
_JOINED = re.compile(r"\s+(?:with|plus|and)\s+|\s*[+&]\s*", re.IGNORECASE)


class Clash(NamedTuple):
    """One name that two records claim."""

    name: str
    first: str
    second: str


class Vocabulary:
    """Look-up of every name in the rule base, without regard to case, spaces and punctuation.

    A name with a sign that may deny or doubt it ("HCC?", "HBV-", "PD-L1+") is not known, unless it is the
    spelling of a record ("Fe2+").
    """

    def __init__(self, content: RuleFile) -> None:
        self._content = content
        self.markers = {marker.symbol: marker for marker in content.markers}
        self.therapies = {therapy.id: therapy for therapy in content.therapies}
        self.diseases = {disease.id: disease for disease in content.diseases}
        self._kinds = {kind.id: kind for kind in content.marker_kinds}
        self._ambiguous = {fold(alias.alias): alias for alias in content.ambiguous_aliases}
        self._ancestors: dict[str, frozenset[str]] = {}

    def marker(self, name: str) -> Marker | None:
        """Return the marker that `name` stands for, or None when it is unknown or has no reading."""
        ambiguous = self.ambiguous(name)
        if ambiguous is not None:
            return self.markers[ambiguous.reading] if ambiguous.reading else None
        symbol = _look_up(self._marker_names, name)
        return self.markers[symbol] if symbol else None

    def ambiguous(self, name: str) -> AmbiguousAlias | None:
        """Return the record of `name` where it stands for more than one marker."""
        return None if is_doubted(name) else self._ambiguous.get(fold(name))

    def states_of(self, marker: Marker) -> tuple[str, ...]:
        """Return the states that can be reported for `marker`, those that mean another one last."""
        kind = self._kinds[marker.kind]
        return (*kind.states, *kind.read_as)

    def reading_of(self, marker: Marker, state: str) -> str | None:
        """Return what `state` means for `marker`, or None where it cannot be reported for it."""
        kind = self._kinds[marker.kind]
        read = kind.read_as.get(state, state)  # type: ignore[call-overload]
        return read if read in kind.states else None

    def states_on(self, axis: str, marker: Marker) -> list[str]:
        """Return the states of an axis that can be reported for `marker`, in the order of the axis."""
        reportable = self.states_of(marker)
        return [state for state in AXES[axis] if state in reportable]

    def therapy(self, name: str) -> Therapy | None:
        """Return the therapy that `name` stands for."""
        found = _look_up(self._therapy_names, name)
        return self.therapies[found] if found else None

    def therapies_in(self, name: str) -> tuple[list[Therapy], list[str]]:
        """Return the therapies that `name` mentions, and the parts that are unknown.

        A combination may be written as one text, such as "TACE with doxorubicin".
        """
        whole = self.therapy(name)
        if whole is not None:
            return [whole], []
        parts = [part for part in _JOINED.split(name[:400]) if part.strip()] or [name]
        found = [(part, self.therapy(part)) for part in parts]
        return [known for _, known in found if known], [part for part, known in found if not known]

    def lineage(self, therapy: str) -> frozenset[str]:
        """Return the therapy and every class above it."""
        known = self._ancestors.get(therapy)
        if known is None:
            known = frozenset([therapy]).union(
                *(self.lineage(parent) for parent in self.therapies[therapy].parents)
            )
            self._ancestors[therapy] = known
        return known

    def falls_under(self, therapy: str, classes: Collection[str]) -> bool:
        """Return whether a therapy is, or falls under, one of the therapies and classes."""
        return not self.lineage(therapy).isdisjoint(classes)

    def disease(self, name: str) -> Disease | None:
        """Return the disease that `name`, a name or a code, stands for."""
        found = _look_up(self._disease_names, name)
        return self.diseases[found] if found else None

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The markers, by symbol, of each group of which at most one can be present."""
        found: dict[str, list[str]] = {}
        for marker in self._content.markers:
            if marker.group:
                found.setdefault(marker.group, []).append(marker.symbol)
        return tuple(map(tuple, found.values()))

    def marker_spellings(self) -> Iterator[str]:
        """Every name under which a marker is known."""
        for marker in self._content.markers:
            yield from marker_spellings(marker)

    def therapy_spellings(self) -> Iterator[str]:
        """Every name under which a therapy is known."""
        for therapy in self._content.therapies:
            yield from therapy_spellings(therapy)

    def disease_spellings(self) -> Iterator[str]:
        """Every name and code under which a disease is known."""
        for disease in self._content.diseases:
            yield from disease_spellings(disease)

    def clashes(self) -> list[Clash]:
        """Return the names that two records of one kind claim, ambiguous aliases apart."""
        return [
            *(
                clash
                for clash in _clashes((m.symbol, marker_spellings(m)) for m in self._content.markers)
                if fold(clash.name) not in self._ambiguous
            ),
            *_clashes((t.id, therapy_spellings(t)) for t in self._content.therapies),
            *_clashes((d.id, disease_spellings(d)) for d in self._content.diseases),
        ]

    @cached_property
    def _marker_names(self) -> dict[str, str]:
        return _index((m.symbol, marker_spellings(m)) for m in self._content.markers)

    @cached_property
    def _therapy_names(self) -> dict[str, str]:
        return _index((t.id, therapy_spellings(t)) for t in self._content.therapies)

    @cached_property
    def _disease_names(self) -> dict[str, str]:
        return _index((d.id, disease_spellings(d)) for d in self._content.diseases)


Spellings = Iterable[tuple[str, Iterable[str]]]


def _index(records: Spellings) -> dict[str, str]:
    index: dict[str, str] = {}
    for key, names in records:
        for name in names:
            index[fold(name)] = key
            if is_doubted(name):
                index[_spelled(name)] = key
    return index


def _look_up(index: dict[str, str], name: str) -> str | None:
    return index.get(_spelled(name) if is_doubted(name) else fold(name))


def _spelled(name: str) -> str:
    """A name with its signs; longer than any is not looked for."""
    return name.strip()[:400].casefold()


def _clashes(records: Spellings) -> Iterator[Clash]:
    owner: dict[str, str] = {}
    for key, names in records:
        for name in names:
            first = owner.setdefault(fold(name), key)
            if first != key:
                yield Clash(name, first, key)


def marker_spellings(marker: Marker) -> Iterator[str]:
    """Yield every name under which a marker is known."""
    yield marker.symbol
    yield from marker.aliases
    yield from marker.previous
    if marker.hgnc:
        yield marker.hgnc


def therapy_spellings(therapy: Therapy) -> Iterator[str]:
    """Yield every name under which a therapy is known."""
    yield therapy.name
    yield therapy.id
    yield from therapy.synonyms
    yield from therapy.brands


def disease_spellings(disease: Disease) -> Iterator[str]:
    """Yield every name under which a disease is known."""
    yield disease.name
    yield disease.id
    yield from disease.synonyms
    for code in disease.codes:
        yield code.code
        yield f"{code.system}:{code.code}"
