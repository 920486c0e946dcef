"""The changes of a case, kept in its address: `undo` for each, with what it replaced, the oldest first.

So a change can be taken back, and shown with the ranks before it, without a script and without a server
that remembers anything.
"""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from ..knowledge.base import KnowledgeBase
from .address import Query

MAX_STEPS = 20
"""Changes that an address keeps; the oldest are dropped."""

UNDO, WAS = "undo", "was"
_NOT_A_CHANGE = ("id", "note")
"""Parts of an address that name the case and do not change with it."""


class History(NamedTuple):
    """A case with its past: its query, and the steps back, the last one last."""

    query: Query
    steps: tuple[str, ...]

    @property
    def address(self) -> str:
        """The query of the page that shows the case with its past."""
        return urlencode([*self.query, *((UNDO, step) for step in self.steps)])

    @property
    def case(self) -> str:
        """The query of the case alone."""
        return urlencode(self.query)

    def before(self) -> "History | None":
        """Return the case before its last change; None where nothing was changed."""
        if not self.steps:
            return None
        old: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.steps[-1], keep_blank_values=True):
            old.setdefault(name, []).append(value)
        kept = [(name, value) for name, value in self.query if name not in old]
        back = [(name, value) for name, values in old.items() for value in values if value]
        return History([*kept, *back], self.steps[:-1])


def history_of(query: Query) -> History:
    """Return the case of an address with its past.

    A form also sends the case that it changes, as `was`, so that the change becomes a step.
    """
    case = [(name, value) for name, value in query if value and name not in (UNDO, WAS)]
    steps = tuple(value for name, value in query if name == UNDO and value)
    was = next((value for name, value in query if name == WAS), None)
    step = _step(parse_qsl(was), case) if was is not None else ""
    return History(case, (*steps, *([step] if step else []))[-MAX_STEPS:])


def is_from_form(query: Query) -> bool:
    """Return whether a query was sent by the form, and has an address of its own yet to get."""
    return any(name == WAS for name, _ in query)


def change_in_words(before: Query, after: Query, base: KnowledgeBase) -> tuple[str, ...]:
    """Return what was changed from a case to another, one phrase for each finding, therapy or disease."""
    old, new = _by_name(before), _by_name(after)
    said = []
    for name in _changed(old, new):
        was, now = old.get(name, []), new.get(name, [])
        if name in ("therapy", "failed"):
            failed = " as failed" if name == "failed" else ""
            said += [f"{_therapy(one, base)} added{failed}" for one in now if one not in was]
            said += [f"{_therapy(one, base)} removed{failed}" for one in was if one not in now]
        elif ":" in name:
            said.append(f"{name.partition(':')[2]} {_state(was)} → {_state(now)}")
        else:
            said.append(f"{name.replace('_', ' ')} changed")
    return tuple(said)


def _state(values: list[str]) -> str:
    return values[0].replace("-", " ") if values else "unknown"


def _therapy(name: str, base: KnowledgeBase) -> str:
    known = base.vocabulary.therapies.get(name)
    return known.name if known else name


def _step(before: Query, after: Query) -> str:
    """The values that a change replaced, as a query; a name without a value had none."""
    old, new = _by_name(before), _by_name(after)
    return urlencode([(name, value) for name in _changed(old, new) for value in old.get(name) or [""]])


def _changed(old: dict[str, list[str]], new: dict[str, list[str]]) -> list[str]:
    return [name for name in {**old, **new} if sorted(old.get(name, [])) != sorted(new.get(name, []))]


def _by_name(query: Query) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in query:
        if name not in _NOT_A_CHANGE and value:
            found.setdefault(name, []).append(value)
    return found
