"""A profile changed by hand, and what that does to the answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ._errors import InputError, Problem
from ._text import did_you_mean, did_you_mean_name, one_of, shortened
from .evaluation.facts import state_in, state_of
from .knowledge.base import KnowledgeBase
from .knowledge.models import Marker
from .knowledge.ranking_models import GroupName
from .knowledge.state_words import WordMeaning
from .profile import Measurement, Mutation, Profile
from .result.model import Result
from .result.recommendation import Recommendation
from .states import MUTATION_STATES, axis_of


class Changes(NamedTuple):
    """The changes to make: findings to set, markers to unset, therapies to add (+NAME) or remove (-NAME)."""

    set: Sequence[str] = ()
    unset: Sequence[str] = ()
    therapy: Sequence[str] = ()

    @classmethod
    def given(
        cls,
        set: Mapping[str, str] | str | Sequence[str] = (),  # noqa: A002 - the name of the flag
        unset: str | Sequence[str] = (),
        therapy: str | Sequence[str] = (),
    ) -> "Changes":
        """Return changes given as a text or several, or findings as a mapping of markers to states.

        >>> Changes.given({"FGFR4": "high"}, therapy="+radiotherapy")
        Changes(set=('FGFR4=high',), unset=(), therapy=('+radiotherapy',))
        """
        if isinstance(set, Mapping):
            set = tuple(f"{marker}={state}" for marker, state in set.items())  # noqa: A001 - see above
        return cls(*((one,) if isinstance(one, str) else tuple(one) for one in (set, unset, therapy)))

    def in_words(self) -> tuple[str, ...]:
        """Return each change as a phrase."""
        return (*self.set, *(f"{one} not measured" for one in self.unset), *self.therapy)


class Move(NamedTuple):
    """A recommendation that stays, with another rank, score or group, and the dimensions that changed."""

    id: str
    rank: tuple[int, int]
    score: tuple[float, float]
    because: tuple[str, ...]
    group: tuple[GroupName | None, GroupName | None]


class Entry(NamedTuple):
    """A recommendation that enters or leaves: its rank and the rules behind it."""

    id: str
    rank: int
    rules: tuple[str, ...]
    because: tuple[str, ...]


class Effect(NamedTuple):
    """The entries that enter, leave and move between two answers."""

    enters: tuple[Entry, ...]
    leaves: tuple[Entry, ...]
    moves: tuple[Move, ...]
    derived_enters: tuple[str, ...]
    derived_leaves: tuple[str, ...]
    context_enters: tuple[str, ...]
    context_leaves: tuple[str, ...]
    decided: tuple[str, ...]
    """Strategies that are blocked now and were not."""
    opened: tuple[str, ...]
    """Strategies that are undecided now and were not."""
    cautions_enter: tuple[str, ...]
    """Cautions on the therapy itself that the answer has now and had not."""
    cautions_leave: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the effect as plain values."""
        moved = {
            name: [one._asdict() for one in getattr(self, name)] for name in ("enters", "leaves", "moves")
        }
        return {**self._asdict(), **moved}


def changed(profile: Profile, changes: Changes, base: KnowledgeBase) -> Profile:
    """Return the profile with the changes made.

    A finding that is set replaces those of the same marker on the same axis. Raises InputError for
    names that are not known, for changes that contradict each other, and for nothing to remove.
    """
    editor = _Editor(profile, base)
    editor.read(changes)
    if editor.problems:
        raise InputError(editor.problems, source="change")
    return editor.profile()


def effect(before: Result, after: Result) -> Effect:
    """Return what enters, leaves and moves from one answer to another."""
    old = {one.id: one for one in before.recommendations}
    new = {one.id: one for one in after.recommendations}
    moves = [
        Move(
            name,
            (old[name].rank, new[name].rank),
            (old[name].score, new[name].score),
            _parts(old[name], new[name]),
            (old[name].group, new[name].group),
        )
        for name in old
        if name in new and _standing(old[name]) != _standing(new[name])
    ]
    facts = [{f"{one.fact} {one.state}" for one in result.derived} for result in (before, after)]
    blocked = [{one.id for one in result.blocked} for result in (before, after)]
    undecided = [{one.id for one in result.undecided} for result in (before, after)]
    context = [{one.id for one in result.context} for result in (before, after)]
    cautions = [{one.id for one in result.therapy_cautions or ()} for result in (before, after)]
    return Effect(
        tuple(_entry(new[name]) for name in new if name not in old),
        tuple(_entry(old[name]) for name in old if name not in new),
        tuple(moves),
        tuple(sorted(facts[1] - facts[0])),
        tuple(sorted(facts[0] - facts[1])),
        tuple(sorted(context[1] - context[0])),
        tuple(sorted(context[0] - context[1])),
        tuple(sorted(f"{name} is blocked" for name in blocked[1] - blocked[0])),
        tuple(sorted(f"{name} is undecided" for name in undecided[1] - undecided[0])),
        tuple(sorted(cautions[1] - cautions[0])),
        tuple(sorted(cautions[0] - cautions[1])),
    )


def _standing(one: Recommendation) -> tuple[int, float, GroupName | None]:
    return one.rank, one.score, one.group


def _entry(one: Recommendation) -> Entry:
    matched = {f"{m.marker} {m.state}": None for rule in one.rules for m in rule.matched}
    return Entry(one.id, one.rank, tuple(rule.id for rule in one.rules), tuple(matched))


def _parts(old: Recommendation, new: Recommendation) -> tuple[str, ...]:
    before, after = vars(old.score_parts), vars(new.score_parts)
    return tuple(
        f"{name} {before[name]} to {after[name]}: {vars(new.score_reasons)[name]}"
        for name in before
        if before[name] != after[name]
    )


class _Editor:
    def __init__(self, profile: Profile, base: KnowledgeBase) -> None:
        self._profile = profile
        self._base = base
        self._vocabulary = base.vocabulary
        self.problems: list[Problem] = []
        self._set: dict[tuple[str, str], WordMeaning] = {}
        self._unset: dict[str, str] = {}
        self._add: dict[str, str] = {}
        self._remove: dict[str, str] = {}

    def read(self, changes: Changes) -> None:
        """Read all changes, noting every problem."""
        for text in changes.set:
            self._read_set(text)
        for text in changes.unset:
            marker = self._marker("unset", text)
            if marker is not None:
                self._unset[marker.symbol] = text
                if marker.symbol not in self._symbols():
                    self._problem("unset", f"{marker.symbol} is not in the profile.")
        for symbol, _ in self._set:
            if symbol in self._unset:
                self._problem("set", f"{symbol} is set and unset at once.")
        for text in changes.therapy:
            self._read_therapy(text)
        for therapy in self._add.keys() & self._remove.keys():
            self._problem("therapy", f"{therapy} is added and removed at once.")

    def profile(self) -> Profile:
        """Return the changed profile."""
        if not (self._set or self._unset or self._add or self._remove):
            return self._profile
        old = self._profile
        mutations = [
            one for one in old.mutations if self._stays(one.gene, state_in(one.gene, one.state, self._base))
        ]
        markers: defaultdict[str, list[Measurement]] = defaultdict(list)
        for name, one, _ in old.measured():
            if self._stays(name, state_of(name, one, self._base)):
                markers[name].append(one)
        for (symbol, _), (state, change) in self._set.items():
            if state in MUTATION_STATES:
                mutations.append(Mutation(gene=symbol, state=state, change=change))
            else:
                markers[symbol].append(Measurement(state=state))
        therapies = [kept for text in old.therapies for kept in self._kept(text)]
        therapies += [text for therapy, text in self._add.items() if not self._is_given(therapy, therapies)]
        return old.replaced(mutations=mutations, markers=markers, therapies=therapies)

    def _read_set(self, text: str) -> None:
        name, equals, word = text.partition("=")
        marker = self._marker("set", name)
        if not equals:
            self._problem("set", f"'{shortened(text)}' has no state.", "Write MARKER=STATE.")
        elif marker is not None:
            meant = self._base.state_words.finding(marker, word.strip())
            if meant is None:
                allowed = self._vocabulary.states_of(marker)
                near = did_you_mean(word, allowed)
                hint = f"{near} Allowed: {one_of(allowed)}.".strip()
                self._problem("set", f"{marker.symbol} cannot be '{shortened(word)}'.", hint)
            else:
                first = self._set.setdefault((marker.symbol, axis_of(meant.state)), meant)
                if first.state != meant.state:
                    self._problem("set", f"{marker.symbol} is set to {first.state} and to {meant.state}.")

    def _read_therapy(self, text: str) -> None:
        sign, name = text[:1], text[1:].strip()
        if sign not in ("+", "-") or not name:
            self._problem(
                "therapy", f"'{shortened(text)}' has no sign.", "Write +NAME to add, -NAME to remove."
            )
            return
        therapy = self._vocabulary.therapy(name)
        if therapy is None:
            near = did_you_mean_name(name, self._vocabulary.therapy_spellings())
            self._problem("therapy", f"the therapy '{shortened(name)}' is not known.", near)
        elif sign == "+":
            self._add[therapy.id] = name
        else:
            self._remove[therapy.id] = name
            if not self._is_given(therapy.id, self._profile.therapies):
                self._problem("therapy", f"{therapy.name} is not in the profile.")

    def _marker(self, parameter: str, name: str) -> Marker | None:
        marker = self._vocabulary.marker(name)
        if marker is None:
            ambiguous = self._vocabulary.ambiguous(name)
            hint = (
                ambiguous.why if ambiguous else did_you_mean_name(name, self._vocabulary.marker_spellings())
            )
            what = "can mean several markers" if ambiguous else "is not known"
            self._problem(parameter, f"the marker '{shortened(name)}' {what}.", hint)
        return marker

    def _problem(self, parameter: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem("", what, hint, parameter))

    def _symbols(self) -> set[str]:
        """The markers of the profile that the vocabulary knows."""
        names = [one.gene for one in self._profile.mutations] + list(self._profile.markers)
        known = (self._vocabulary.marker(name) for name in names)
        return {marker.symbol for marker in known if marker is not None}

    def _stays(self, name: str, state: str | None) -> bool:
        """Return True where a finding stays: its marker is not unset, nor set on the axis of its state."""
        marker = self._vocabulary.marker(name)
        if marker is None:
            return True
        replaced = state is not None and (marker.symbol, axis_of(state)) in self._set
        return marker.symbol not in self._unset and not replaced

    def _kept(self, text: str) -> list[str]:
        """Return what is left of a therapy as it was written: of a combination, the parts not removed."""
        known, unknown = self._vocabulary.therapies_in(text)
        if not any(one.id in self._remove for one in known):
            return [text]
        return [one.name for one in known if one.id not in self._remove] + unknown

    def _is_given(self, therapy: str, texts: Sequence[str]) -> bool:
        return any(one.id == therapy for text in texts for one in self._vocabulary.therapies_in(text)[0])
