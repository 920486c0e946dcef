"""What is known of a sample while its files are read, and the profile that comes of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._errors import Problem
from .._text import did_you_mean, did_you_mean_name, shortened
from ..evaluation.facts import MAX_HINTS, Notice
from ..knowledge.models import Marker
from ..profile import Measurement, Mutation, Profile
from ..states import axis_of
from .accounts import OF_A_ROW, Accounts
from .delimited import Table
from .genes import Genes

_OF_MUTATIONS = ("sequence", "copy-number")
"""The axes whose findings a profile has among its mutations."""

QUIET = ("wild-type", "normal")
"""States in which nothing was found. They are kept where a rule asks."""


class Log:
    """What a reader of an import should know, gathered on the way: notices, and problems that cost a row."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.problems: list[Problem] = []
        self.accounts = Accounts()
        self._once: set[tuple[str, str]] = set()
        self._hints = 0

    def notice(self, code: str, where: str, message: str, *, left_out: bool | None = None) -> None:
        """Add a notice. Whether it is of a row that is `left_out` is told by its code unless given."""
        self._count(code, where, left_out)
        self.notices.append(Notice(code, where, message))

    def _count(self, code: str, where: str, left_out: bool | None) -> None:
        if code in OF_A_ROW if left_out is None else left_out:
            self.accounts.row(where, code)
        elif code == "FILE_NOT_READ":
            self.accounts.file(where)

    def sheets(self, table: Table) -> None:
        """Add what is to be said of the sheet of a workbook, such as that there are others."""
        for code, what in table.workbook.told if table.workbook is not None else ():
            self.notice(code, table.name, what)

    def near(self, word: str, known: Iterable[str]) -> str:
        """Return a hint on an unknown word. Looking for it takes time, so only the first words get one."""
        self._hints += 1
        return did_you_mean(word, known) if self._hints <= MAX_HINTS else ""

    def near_name(self, name: str, known: Iterable[str]) -> str:
        """Return a hint on the unknown name of a marker, therapy or disease, as `near` does."""
        self._hints += 1
        return did_you_mean_name(name, known) if self._hints <= MAX_HINTS else ""

    def once(self, key: str, code: str, where: str, message: str, *, left_out: bool | None = None) -> None:
        """Add a notice unless there is one of this code and key; a row is counted in any case."""
        if (code, key) not in self._once:
            self._once.add((code, key))
            self.notice(code, where, message, left_out=left_out)
        else:
            self._count(code, where, left_out)


class Found(NamedTuple):
    """One finding as a file has it: a state of a marker, and where that stands."""

    marker: Marker
    state: str
    at: str
    """Where it stands: file and line, or file and JSON pointer."""
    said: str = ""
    """What stands there."""
    change: str | None = None
    measured: str | None = None
    assay: str | None = None
    value: float | None = None
    unit: str | None = None

    @property
    def source(self) -> str:
        """The place where it stands, and what stands there."""
        return f"{self.at} {self.said}".strip()


@dataclass
class Draft:
    """A sample on the way to a profile."""

    id: str
    disease: str | None = None
    therapies: dict[str, str] = field(default_factory=dict)
    """Therapy to where it stands."""
    resistant_to: dict[str, str] = field(default_factory=dict)
    note: str = ""
    _found: dict[tuple[str, str], list[Found]] = field(default_factory=lambda: defaultdict(list))
    _unreadable: dict[tuple[str, str], str] = field(default_factory=dict)
    _void: set[tuple[str, str]] = field(default_factory=set)

    def add(self, found: Found) -> None:
        """Add a finding."""
        self._found[found.marker.symbol, axis_of(found.state)].append(found)

    def contest(self, other: "Draft") -> None:
        """Take over the findings of another record of this sample where they contradict its own."""
        for key, found in other._found.items():  # noqa: SLF001 (of the same class)
            own = {one.state for one in self._found.get(key, ())}
            if own and own != {one.state for one in found}:
                self._found[key] += found
        self._void |= other._void  # noqa: SLF001

    def mark_unreadable(self, marker: Marker, axis: str, why: str) -> None:
        """Let nothing quiet be said about a marker on an axis: its state could not be read."""
        self._unreadable.setdefault((marker.symbol, axis), why)

    def void(self, marker: Marker, axis: str) -> None:
        """Let nothing at all be said about a marker on an axis: what a file says of it was not understood."""
        self._void.add((marker.symbol, axis))

    def named(self, axis: str) -> list[Marker]:
        """Return the markers of which something is said on an axis."""
        return [found[0].marker for (_, where), found in self._found.items() if where == axis]

    def has(self, marker: Marker, axis: str) -> bool:
        """Return whether anything is known, or known to be unreadable, about a marker on an axis."""
        key = marker.symbol, axis
        return key in self._found or key in self._unreadable

    def is_deleted(self, marker: Marker) -> bool:
        """Return whether a gene was found deleted."""
        return any(one.state == "deleted" for one in self._found.get((marker.symbol, "copy-number"), ()))

    def profile(self, genes: Genes, log: Log) -> Profile:
        """Return the profile. What contradicts itself is left out with a notice."""
        mutations: list[Mutation] = []
        markers: defaultdict[str, list[Measurement]] = defaultdict(list)
        for name, axis, kept in self._kept(genes, log):
            if axis in _OF_MUTATIONS:
                mutations += [Mutation(gene=name, **_mutation(one)) for one in kept]
            else:
                markers[name].append(Measurement(**_measurement(kept[0])))
        sources = [
            f"{therapy}: {source}"
            for therapy, source in {**self.therapies, **self.resistant_to}.items()
            if source
        ]
        return Profile(
            id=self.id,
            disease=self.disease,
            therapies=tuple(self.therapies),
            resistant_to=tuple(self.resistant_to),
            mutations=tuple(mutations),
            markers=markers,
            note="; ".join(part for part in (self.note, *sources) if part) or None,
        )

    def findings(self, genes: Genes, log: Log) -> Profile | None:
        """Return a profile of the findings alone, where it needs no validator, else None."""
        mutations: list[dict[str, Any]] = []
        markers: dict[str, Any] = {}
        for name, axis, kept in self._kept(genes, log):
            if axis in _OF_MUTATIONS:
                mutations += [_given({"gene": name, **_mutation(one)}) for one in kept]
            elif name in markers:
                return None
            else:
                markers[name] = _given(_measurement(kept[0]))
        return Profile.of_common({"mutations": mutations, "markers": markers})

    def _kept(self, genes: Genes, log: Log) -> Iterator[tuple[str, str, list[Found]]]:
        """Yield the name, the axis and the findings of each marker that does not contradict itself."""
        self._exclude(genes.groups, log)
        for (symbol, axis), found in sorted(self._found.items()):
            kept = [] if (symbol, axis) in self._void else self._agreed(symbol, found, log)
            if kept and not genes.can_be(kept[0].marker, kept[0].state):
                what = (
                    f"{symbol} is {kept[0].state} in {shortened(self.id)}, and maybe in others, which a "
                    "marker of its kind cannot be; left out."
                )
                log.once(f"{symbol} {axis}", "IMPOSSIBLE_STATE", kept[0].at, what)
                kept = []
            if kept:
                yield genes.written(kept[0].marker)[0], axis, kept

    def _exclude(self, groups: Iterable[tuple[str, ...]], log: Log) -> None:
        """Leave out the markers of a group of which more than one is present."""
        for group in groups:
            keys = [(symbol, "presence") for symbol in group]
            present = [one for key in keys for one in self._found.get(key, ()) if one.state == "present"]
            if len({one.marker.symbol for one in present}) > 1:
                places = " and ".join(sorted({f"{one.marker.symbol} ({one.source})" for one in present})[:4])
                what = f"{shortened(self.id)}: {places} exclude one another; left unknown."
                log.notice("CONTRADICTION", present[0].at, what)
                self._void.update(keys)

    def _agreed(self, symbol: str, found: list[Found], log: Log) -> list[Found]:
        states = [found[0].state] if len(found) == 1 else sorted({one.state for one in found})
        if len(states) > 1:
            places = " and ".join(sorted({f"{one.state} ({one.source})" for one in found})[:4])
            what = f"{shortened(self.id)}: {symbol} is {places}; left unknown."
            log.notice("CONTRADICTION", found[0].at, what)
            return []
        if (symbol, axis_of(states[0])) in self._unreadable and states[0] in QUIET:
            return []
        kept: dict[str | None, Found] = {}
        for one in found:
            kept.setdefault(one.change, one)
        if len(kept) > 1:
            kept.pop(None, None)
        return list(kept.values())


def _mutation(found: Found) -> dict[str, Any]:
    """The fields of a mutation apart from its gene."""
    return {"state": found.state, "change": found.change, "source": found.source}


def _measurement(found: Found) -> dict[str, Any]:
    return {
        "state": found.state,
        "assay": found.assay,
        "value": found.value,
        "unit": found.unit,
        "measured": found.measured,
        "source": found.source,
    }


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
