"""Profile to facts: every name looked up, every finding a state on an axis, every doubt a notice."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from weakref import WeakKeyDictionary

from .._errors import InputError, Problem
from .._text import did_you_mean, did_you_mean_name, one_of, shortened
from .._values import Value, cached_property, of_one_kind
from ..changes import is_silent
from ..engine.atoms import Atom
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import Disease, Marker
from ..profile import Measurement, Profile, pointer
from ..scores import level_of
from ..states import AXES, MUTATION_STATES, STATES, axis_of

MAX_HINTS = 50
"""Unknown names that get a suggestion."""

Hint = Callable[[str, Iterable[str]], str]

MAX_AT_ONCE = 100
"""Problems of one profile that are reported at once: more than anybody reads."""


@of_one_kind
class Notice(NamedTuple):
    """Something that a reader of the answer should know: a stable code, where, and what."""

    code: str
    path: str
    message: str


@of_one_kind
class Finding(NamedTuple):
    """A marker that was measured: its state, and where in the input that stands."""

    marker: str
    state: str
    source: str
    detail: str = ""


@of_one_kind
class Given(NamedTuple):
    """A therapy of the profile: the vocabulary's id and name, and where it stands."""

    therapy: str
    name: str
    source: str


class Facts(Value):
    """All that is known of a tumour, in the terms of the rule base."""

    findings: tuple[Finding, ...] = ()
    therapies: tuple[Given, ...] = ()
    resistant_to: tuple[Given, ...] = ()
    disease: Disease | None = None
    notices: tuple[Notice, ...] = ()

    def sources(self, base: KnowledgeBase) -> Mapping[Atom, str]:
        """Return every atom that holds, classes of the therapies included, and where it was read."""
        found = self._sources.get(base)
        if found is None:
            found = self._sources[base] = MappingProxyType(self._find_sources(base))
        return found

    @cached_property
    def _sources(self) -> WeakKeyDictionary[KnowledgeBase, Mapping[Atom, str]]:
        """The findings of `sources`, kept for as long as somebody uses the rule base."""
        return WeakKeyDictionary()

    def _find_sources(self, base: KnowledgeBase) -> dict[Atom, str]:
        found = {Atom("marker", one.marker, one.state): one.source for one in self.findings}
        for given in self.therapies:
            for therapy in base.vocabulary.lineage(given.therapy):
                found.setdefault(Atom("therapy", therapy), given.source)
        for given in self.resistant_to:
            for therapy in base.vocabulary.lineage(given.therapy):
                found.setdefault(Atom("resistant", therapy), given.source)
        return found

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """The ids of the therapies given, to which add-ons are added."""
        return tuple([given.therapy for given in self.therapies])

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """The ids of the therapies that have failed."""
        return tuple([given.therapy for given in self.resistant_to])

    def having(self, found: Collection[Atom]) -> "Facts":
        """Return the facts with further findings, and without the notices."""
        wider = Facts(
            findings=(*self.findings, *(Finding(one.name, one.state, "") for one in found)),
            therapies=self.therapies,
            resistant_to=self.resistant_to,
            disease=self.disease,
        )
        for base, sources in self._sources.items():
            wider._sources[base] = MappingProxyType({**sources, **dict.fromkeys(found, "")})
        return wider

    def excludes(self, way: Iterable[Atom]) -> bool:
        """Return whether measured values exclude a way."""
        return not self.excluded.isdisjoint(way)

    def obstacles(self, way: Iterable[Atom]) -> Iterator[tuple[Atom, Finding]]:
        """The atoms of a way that measured values exclude, and the findings that exclude them."""
        for atom in way:
            if atom.kind == "marker":
                finding = self.measured.get((atom.name, axis_of(atom.state)))
                if finding is not None and finding.state != atom.state:
                    yield atom, finding

    @cached_property
    def excluded(self) -> frozenset[Atom]:
        """The states that markers were measured not to be in."""
        return frozenset(
            Atom("marker", one.marker, state)
            for one in self.measured.values()
            for state in AXES[axis_of(one.state)]
            if state != one.state
        )

    @cached_property
    def measured(self) -> Mapping[tuple[str, str], Finding]:
        """The findings by marker and axis."""
        return MappingProxyType({(one.marker, axis_of(one.state)): one for one in self.findings})


def read_facts(profile: Profile, base: KnowledgeBase, *, strict: bool = False) -> Facts:
    """Return the facts of a profile.

    Raises InputError for contradictions, for states that a marker cannot have, for ambiguous names
    without a documented reading, and, when `strict`, for unknown names.
    """
    facts, problems = facts_and_problems(profile, base, strict=strict)
    if problems:
        raise InputError(problems, source=profile.read_from or shortened(profile.id or ""))
    return facts


def facts_and_problems(
    profile: Profile, base: KnowledgeBase, *, strict: bool = False
) -> tuple[Facts, list[Problem]]:
    """Return what of a profile can be read, and everything that is wrong with the rest of it."""
    reader = _Reader(profile, base, strict)
    return reader.facts(), reader.problems[:MAX_AT_ONCE]


def state_of(name: str, measurement: Measurement, base: KnowledgeBase) -> str | None:
    """Return the state that a measurement of a marker says, or None where it says none.

    A z-score is read by the cut-offs of the rule base.
    """
    if isinstance(measurement.z_score, float):
        info = base.info
        return level_of(measurement.z_score, high=info.z_score_high, low=info.z_score_low)
    return state_in(name, measurement.state or "", base)


def state_in(name: str, text: str, base: KnowledgeBase) -> str | None:
    """Return the state that a text says of a marker, or None where it says none."""
    marker = base.vocabulary.marker(name)
    if marker is not None and text in STATES:
        return base.vocabulary.reading_of(marker, text)
    meant = base.state_words.finding(marker, text)
    return meant.state if meant else None


class _Reader:
    def __init__(self, profile: Profile, base: KnowledgeBase, strict: bool) -> None:
        self.profile = profile
        self.base = base
        self.vocabulary = base.vocabulary
        self.strict = strict
        self.notices: list[Notice] = []
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, str], Finding] = {}
        self.hints = 0

    def facts(self) -> Facts:
        """Return the facts, noting every notice and problem."""
        disease = self._disease()
        therapies = self._therapies("therapies", self.profile.therapies)
        resistant_to = self._therapies("resistant_to", self.profile.resistant_to)
        self._findings()
        self._exclusive()
        return Facts(
            findings=tuple(sorted(self.seen.values(), key=lambda finding: (finding.marker, finding.state))),
            therapies=therapies,
            resistant_to=resistant_to,
            disease=disease,
            notices=tuple(self.notices),
        )

    def _findings(self) -> None:
        for index, mutation in enumerate(self.profile.mutations):
            path = pointer(("mutations", index))
            if self._is_in_blood(mutation.gene, mutation.specimen, path):
                continue
            if mutation.change and mutation.state == "mutated" and is_silent(mutation.change):
                self._silent(mutation.change, path)
            else:
                self._said(mutation.gene, mutation.state, path, mutation.change or "", MUTATION_STATES)
        for name, measurement, path in self.profile.measured():
            if self._is_in_blood(name, measurement.specimen, path):
                continue
            score = measurement.z_score
            if isinstance(score, float):
                self._scored(name, measurement, score, path)
            elif score is None or self._is_null(score):
                said = measurement.state if measurement.state is not None else score
                self._said(name, said or "", path, _detail(measurement))
            else:
                what = f"'{shortened(score)}' is not a z-score."
                self.problems.append(Problem(f"{path}/z_score", what, "Write a number such as -2.1."))

    def _exclusive(self) -> None:
        """Note the markers of a group that are present together."""
        for group in self.vocabulary.groups:
            read = [self.seen[symbol, "presence"] for symbol in group if (symbol, "presence") in self.seen]
            present = [one for one in read if one.state == "present"]
            for one in present[1:]:
                first = present[0]
                what = f"{one.marker} is present here and {first.marker} at {first.source}; only one can be."
                self.problems.append(Problem(one.source, what, "Keep the one that holds today."))

    def _is_in_blood(self, name: str, specimen: str | None, path: str) -> bool:
        """Return whether a finding is one in blood of a marker that is read in the tumour, and say so."""
        marker = self.vocabulary.marker(name) if specimen == "blood" else None
        if marker is None or self.vocabulary.reads_blood(marker):
            return False
        what = f"{marker.symbol} was examined in blood, and the rules read it in the tumour; not read."
        self._notice("NOT_OF_THE_TUMOUR", path, what)
        return True

    def _scored(self, name: str, measurement: Measurement, score: float, path: str) -> None:
        """Note the level of a z-score; a state given with it must be the same."""
        level = state_of(name, measurement, self.base)
        assert level is not None
        said = measurement.state
        if said and not self._is_null(said) and state_in(name, said, self.base) != level:
            what = f"the state is {shortened(said)}, but a z_score of {score:g} reads as {level}."
            self.problems.append(Problem(path, what, "Give one of the two."))
        self._finding(self._marker(name, path), level, path, _detail(measurement))

    def _said(self, name: str, text: str, path: str, detail: str, states: Collection[str] = STATES) -> None:
        """Note what a text says of a marker: one of the states, in its own word or in another."""
        if text in states:
            self._finding(self._marker(name, path), text, path, detail)
            return
        if self._is_null(text):
            what = f"'{shortened(text)}' is not a value; {shortened(name)} stays unknown."
            self._notice("NO_VALUE", path, what)
            return
        marker = self._marker(name, path)
        meant = self.base.state_words.finding(marker, text)
        if meant is None or meant.state not in states:
            self._cannot_be(marker, text, path, states)
        elif meant.change and is_silent(meant.change):
            self._silent(meant.change, path)
        else:
            if marker is not None and (what := self.base.state_words.other_axis(marker, text)):
                self._notice("AMBIGUOUS_STATE", path, what)
            detail = ", ".join(part for part in (meant.change, detail) if part)
            self._finding(marker, meant.state, path, detail)

    def _is_null(self, text: str) -> bool:
        return text not in STATES and self.base.state_words.is_null(text)

    def _silent(self, change: str, path: str) -> None:
        what = f"{shortened(change)} leaves the protein as it is; not read as a mutation."
        self._notice("SILENT_CHANGE", path, what)

    def _cannot_be(self, marker: Marker | None, text: str, path: str, states: Collection[str]) -> None:
        if marker is not None:
            states = [state for state in self.vocabulary.states_of(marker) if state in states] or states
        near = self._near(text, states, did_you_mean)
        what = (
            f"{marker.symbol} cannot be '{shortened(text)}'."
            if marker
            else (f"'{shortened(text)}' is not known here.")
        )
        self.problems.append(Problem(path, what, f"{near} Allowed: {one_of(states)}.".strip()))

    def _disease(self) -> Disease | None:
        stated = self.profile.disease
        if stated is None:
            what = f"No disease is stated; read as {self.base.scope.name}."
            self._notice("DISEASE_NOT_STATED", "/disease", what)
            return self.base.scope
        disease = self.vocabulary.disease(stated)
        if disease is None:
            near = did_you_mean_name(stated, self.vocabulary.disease_spellings())
            message = f"The disease '{shortened(stated)}' is not in the vocabulary. {near}".strip()
            if self.strict:
                self.problems.append(Problem("/disease", message))
            self._notice("UNKNOWN_DISEASE", "/disease", message)
        return disease

    def _therapies(self, name: str, given: Iterable[str]) -> tuple[Given, ...]:
        found: dict[str, Given] = {}
        for index, text in enumerate(given):
            path = pointer((name, index))
            known, unknown = self.vocabulary.therapies_in(text)
            for therapy in known:
                found.setdefault(therapy.id, Given(therapy.id, therapy.name, path))
            for part in unknown:
                near = self._near(part, self.vocabulary.therapy_spellings())
                self._unknown("UNKNOWN_THERAPY", path, f"The therapy '{shortened(part)}'", near)
        return tuple(sorted(found.values(), key=lambda one: one.therapy))

    def _finding(self, marker: Marker | None, state: str, path: str, detail: str) -> None:
        if marker is None:
            return
        read = self.vocabulary.reading_of(marker, state)
        if read is None:
            self._cannot_be(marker, state, path, STATES)
            return
        finding = Finding(marker.symbol, read, path, detail)
        key = marker.symbol, axis_of(read)
        first = self.seen.setdefault(key, finding)
        if first is finding:
            return
        if first.state != read:
            self.problems.append(
                Problem(
                    path,
                    f"{marker.symbol} is {read} here and {first.state} at {first.source}.",
                    "Keep the one that was measured.",
                )
            )
        elif _order(path) < _order(first.source):
            self.seen[key] = finding

    def _marker(self, name: str, path: str) -> Marker | None:
        marker = self.vocabulary.marker(name)
        if marker is not None and name == marker.symbol:
            return marker
        ambiguous = self.vocabulary.ambiguous(name)
        if ambiguous is not None:
            candidates = one_of(ambiguous.candidates)
            if marker is None:
                self.problems.append(
                    Problem(path, f"'{shortened(name)}' can mean {candidates}. {ambiguous.why}")
                )
            elif name != marker.symbol:
                self._notice(
                    "AMBIGUOUS_ALIAS",
                    path,
                    f"{shortened(name)} can mean {candidates}; read as {marker.symbol}. {ambiguous.why}",
                )
        elif marker is None:
            near = self._near(name, self.vocabulary.marker_spellings())
            self._unknown("UNKNOWN_MARKER", path, f"The marker '{shortened(name)}'", near)
        return marker

    def _near(self, word: str, known: Iterable[str], hint: Hint = did_you_mean_name) -> str:
        """A hint on an unknown name or state; looking for it takes time, so only the first ones get one."""
        self.hints += 1
        return hint(word, known) if self.hints <= MAX_HINTS else ""

    def _unknown(self, code: str, path: str, what: str, near: str) -> None:
        message = f"{what} is not in the vocabulary; no rule reads it. {near}".strip()
        if self.strict:
            self.problems.append(Problem(path, message))
        self._notice(code, path, message)

    def _notice(self, code: str, path: str, message: str) -> None:
        self.notices.append(Notice(code, path, message))


def _detail(measurement: Measurement) -> str:
    parts = [measurement.measured, measurement.assay]
    if measurement.value is not None:
        unit = f" {measurement.unit}" if measurement.unit else ""
        value = f"{measurement.value:g}" if isinstance(measurement.value, float) else measurement.value
        parts.append(f"{value}{unit}")
    if isinstance(measurement.z_score, float):
        parts.append(f"z = {measurement.z_score:g}")
    return ", ".join(part for part in parts if part)


def _order(path: str) -> tuple[tuple[int, int, str], ...]:
    """Pointers in the order of a reader: /mutations/9 before /mutations/10."""
    return tuple(
        (0, int(step), "") if step.isascii() and step.isdigit() else (1, 0, step) for step in path.split("/")
    )
