"""The names that people use for markers, therapies and diseases, and what they stand for."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .._text import fold, is_doubted
from .._values import cached_property
from ..states import AXES
from .models import AddOn, AmbiguousAlias, Disease, Marker, Therapy

if TYPE_CHECKING:
    from .rule_file import RuleFile

JOINING = ("", "with", "plus", "and")
"""Words that may be between the names of two therapies given in one text, as names are folded."""
_JOINED = re.compile(r"\s+(?:with|plus|and)\s+|\s+w/(?!o\b)\s*|\s*[+&/]\s*", re.IGNORECASE)
_SLASH = re.compile(r"(?<!\sw)/|w/o\b")
_OPTIONAL = re.compile(r"(?<=[\w-])(\([^\W\d_]\))(?=\w)")
_WORDS = re.compile(r"[\s/-]+")
_CLAUSES = re.compile(r"[,;:()\[\]]|(?<!\w)(?:with|and)(?!\w)", re.IGNORECASE)
"""What may be between two names of a disease, and between a name and its further description."""


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

    def __init__(self, content: "RuleFile") -> None:
        self._markers = content.markers
        self._therapies = content.therapies
        self._diseases = content.diseases
        self.markers = {marker.symbol: marker for marker in content.markers}
        self.therapies = {therapy.id: therapy for therapy in content.therapies}
        self.diseases = {disease.id: disease for disease in content.diseases}
        self._kinds = {kind.id: kind for kind in content.marker_kinds}
        self._ambiguous = {fold(alias.alias): alias for alias in content.ambiguous_aliases}
        self._ancestors: dict[str, frozenset[str]] = {}

    def complete(self) -> None:
        """Make the look-up of names now, so that a pickle has it."""
        for name in ("_marker_names", "_therapy_names", "_disease_names", "_symbols"):
            getattr(self, name)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the patterns, which a pickle would hold as a call of a function."""
        return {name: value for name, value in self.__dict__.items() if name != "_qualifiers"}

    def marker(self, name: str) -> Marker | None:
        """Return the marker that `name` stands for, or None when it is unknown or has no reading."""
        known = self._symbols.get(name)
        if known is not None:
            return known
        ambiguous = self.ambiguous(name)
        if ambiguous is not None:
            return self.markers[ambiguous.reading] if ambiguous.reading else None
        symbol = _look_up(self._marker_names, name)
        return self.markers[symbol] if symbol else None

    @cached_property
    def _symbols(self) -> dict[str, Marker]:
        """The markers by those symbols that stand for them alone, which are sooner found than folded."""
        return {symbol: one for symbol, one in self.markers.items() if self._stands_alone(symbol)}

    def _stands_alone(self, symbol: str) -> bool:
        return self.ambiguous(symbol) is None and _look_up(self._marker_names, symbol) == symbol

    def names_marker(self, name: str) -> bool:
        """Return whether a name of letters and digits is one of a marker, or of several."""
        folded = fold(name)
        return folded in self._marker_names or folded in self._ambiguous

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

    def reads_blood(self, marker: Marker) -> bool:
        """Return whether a finding in blood is a finding of the marker, as that of a virus is."""
        return marker.in_blood or self._kinds[marker.kind].in_blood

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

        A combination may be written as one text, such as "TACE with doxorubicin" or "atezo/bev". A slash may
        also mean one or the other, so a text with one is unknown where it names two drugs of one class, such
        as two kinase inhibitors, or anything that is not known.
        """
        whole = self.therapy(name)
        if whole is not None:
            return [whole], []
        known: list[Therapy] = []
        unknown: list[str] = []
        for part in [part for part in _JOINED.split(name[:400]) if part.strip()] or [name]:
            found = self._side_by_side(part)
            known += found
            unknown += [] if found else [part]
        if _SLASH.search(name) and (unknown or self._alternatives(known)):
            return [], [name]
        return list(dict.fromkeys(known)), unknown

    def _side_by_side(self, text: str) -> list[Therapy]:
        """The therapy of a name, or those of a text that is nothing but their names: "TACE lenvatinib"."""
        whole = self.therapy(text)
        if whole is not None:
            return [whole]
        found = [self.therapy(word) for word in _WORDS.split(text.strip())]
        known = [therapy for therapy in found if therapy is not None]
        return known if len(known) == len(found) and not self._alternatives(known) else []

    @staticmethod
    def _alternatives(given: list[Therapy]) -> bool:
        """Return whether two different drugs among those given are of one class."""
        drugs = dict.fromkeys(therapy for therapy in given if therapy.kind == "drug" and therapy.parents)
        return len({therapy.parents for therapy in drugs}) < len(drugs)

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
        """Return the disease that `name`, a name or a code, stands for.

        Words for its stage, its grade and the like may go with the name: "unresectable HCC, BCLC-C".
        """
        found = _look_up(self._disease_names, name)
        if found is None and not is_doubted(name):
            found = self._qualified_disease(name)
        return self.diseases[found] if found else None

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The markers, by symbol, of each group of which at most one can be present."""
        found: dict[str, list[str]] = {}
        for marker in self._markers:
            if marker.group:
                found.setdefault(marker.group, []).append(marker.symbol)
        return tuple(map(tuple, found.values()))

    def _qualified_disease(self, name: str) -> str | None:
        """The disease that is left where the words that change nothing are taken from a text."""
        for disease, qualifiers in self._qualifiers.items():
            clauses = _CLAUSES.split(qualifiers.sub(" , ", name[:400]))
            named = [clause for clause in clauses if fold(clause)]
            if named and all(_look_up(self._disease_names, clause) == disease for clause in named):
                return disease
        return None

    def marker_spellings(self) -> Iterator[str]:
        """Every name under which a marker is known."""
        for marker in self._markers:
            yield from marker_spellings(marker)

    def therapy_spellings(self) -> Iterator[str]:
        """Every name under which a therapy is known."""
        for therapy in self._therapies:
            yield from therapy_spellings(therapy)

    def disease_spellings(self) -> Iterator[str]:
        """Every name and code under which a disease is known."""
        for disease in self._diseases:
            yield from disease_spellings(disease)

    def clashes(self) -> list[Clash]:
        """Return the names that two records of one kind claim, ambiguous aliases apart."""
        return [
            *(
                clash
                for clash in _clashes((m.symbol, marker_spellings(m)) for m in self._markers)
                if fold(clash.name) not in self._ambiguous
            ),
            *_clashes((t.id, therapy_spellings(t)) for t in self._therapies),
            *_clashes((d.id, disease_spellings(d)) for d in self._diseases),
        ]

    @cached_property
    def _qualifiers(self) -> dict[str, re.Pattern[str]]:
        return {one.id: _any_of(one.qualifiers) for one in self._diseases if one.qualifiers}

    @cached_property
    def _marker_names(self) -> dict[str, str]:
        return _index((m.symbol, marker_spellings(m)) for m in self._markers)

    @cached_property
    def _therapy_names(self) -> dict[str, str]:
        return _index((t.id, therapy_spellings(t)) for t in self._therapies)

    @cached_property
    def _disease_names(self) -> dict[str, str]:
        return _index((d.id, disease_spellings(d)) for d in self._diseases)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """The expression for any of the words, the longest first, with a space, a hyphen or nothing between."""
    longest = sorted(words, key=len, reverse=True)
    either = "|".join(r"[\s_-]*".join(map(re.escape, re.split(r"[\s-]+", word))) for word in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


Spellings = Iterable[tuple[str, Iterable[str]]]


def _index(records: Spellings) -> dict[str, str]:
    index: dict[str, str] = {}
    for key, names in records:
        for name in names:
            index[_folded(name)] = key
            if is_doubted(name):
                index[_spelled(name)] = key
    return index


def _look_up(index: dict[str, str], name: str) -> str | None:
    return index.get(_spelled(name) if is_doubted(name) else _folded(name))


def _folded(name: str) -> str:
    """A name as names are compared: a letter that may be left out, as in PD-(L)1, keeps its brackets."""
    if "(" not in name:
        return fold(name)
    return "".join(part if at % 2 else fold(part) for at, part in enumerate(_OPTIONAL.split(name[:400])))


def _spelled(name: str) -> str:
    """A name with its signs; longer than any is not looked for."""
    return name.strip()[:400].casefold()


def _clashes(records: Spellings) -> Iterator[Clash]:
    owner: dict[str, str] = {}
    for key, names in records:
        for name in names:
            first = owner.setdefault(_folded(name), key)
            if first != key:
                yield Clash(name, first, key)


def marker_spellings(marker: Marker) -> Iterator[str]:
    """Yield every name under which a marker is known."""
    yield marker.symbol
    yield from marker.aliases
    yield from marker.previous
    if marker.hgnc:
        yield marker.name
        yield marker.hgnc


def therapy_spellings(therapy: Therapy) -> Iterator[str]:
    """Yield every name under which a therapy is known."""
    yield therapy.name
    yield therapy.id
    yield from therapy.synonyms
    yield from therapy.brands


def add_on_spellings(add_on: AddOn) -> Iterator[str]:
    """Yield every name under which an add-on is known."""
    yield add_on.name
    yield add_on.id
    yield from add_on.synonyms


def disease_spellings(disease: Disease) -> Iterator[str]:
    """Yield every name under which a disease is known."""
    yield disease.name
    yield disease.id
    yield from disease.synonyms
    for code in disease.codes:
        yield code.code
        yield f"{code.system}:{code.code}"
