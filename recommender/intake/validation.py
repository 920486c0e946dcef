"""All that is wrong with a profile, its form and its names at once."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .._errors import InputError, Problem
from ..evaluation.facts import Notice, facts_and_problems
from ..knowledge.base import KnowledgeBase
from ..profile import Profile, plain_value

if TYPE_CHECKING:
    from .._yaml import Document

MAX_TOGETHER = 20
"""With more faults of form, faults of words are not looked for as well: that takes time."""

_ROUNDS = 20
"""A value is cut this often at most. Every cut removes at least one faulty part."""


class Remark(NamedTuple):
    """One thing to say about a profile: an error, or a notice that does not keep it from being used."""

    level: Literal["error", "notice"]
    code: str
    file: str
    line: int | None
    where: str
    """A JSON pointer, or nothing where it is about the whole."""
    what: str
    hint: str = ""


def validate(
    data: bytes | str, base: KnowledgeBase, *, file: str, line: int | None = None, strict: bool = False
) -> list[Remark]:
    """Return everything to be said about the profile in a text; an empty list for a flawless one.

    `line` is the line of the file where the text stands, for profiles in NDJSON. With `strict` an
    unknown name is an error.
    """
    try:
        value = plain_value(data)
    except InputError as error:
        return [_remark("INVALID", problem, file, line) for problem in error.problems]
    problems, notices = _check(value, base, strict)
    lines = _Lines(data) if line is None else None

    def place(where: str) -> int | None:
        return lines.of(where) if lines else line

    remarks = [
        *(_remark("INVALID", one, file, place(one.where)) for one in problems),
        *(Remark("notice", one.code, file, place(one.path), one.path, one.message) for one in notices),
    ]
    return sorted(remarks, key=lambda one: one.line or 0)


def profile_in_text(data: bytes | str, base: Callable[[], KnowledgeBase], *, source: str = "") -> Profile:
    """Return the profile in JSON or YAML text. Raises InputError as `profile_in_value` does."""
    return profile_in_value(plain_value(data, source=source), base, source=source)


def profile_in_value(value: Any, base: Callable[[], KnowledgeBase], *, source: str = "") -> Profile:
    """Return the profile in a plain value.

    Raises InputError with the faults of its form and of its words at once; `base` is called only then.
    """
    try:
        return Profile.parse(value, source=source)
    except InputError as error:
        if len(error.problems) > MAX_TOGETHER:
            raise
        raise InputError(problems_in(value, base()), source=source) from None


def problems_in(value: Any, base: KnowledgeBase) -> list[Problem]:
    """Return everything that is wrong with the profile in a plain value, its form and its words at once."""
    return _check(value, base, strict=False)[0]


def _check(value: Any, base: KnowledgeBase, strict: bool) -> tuple[list[Problem], list[Notice]]:
    """The problems and notices of a value: faulty parts are cut out until the rest can be read."""
    problems: list[Problem] = []
    moved: dict[str, list[int]] = {}
    for _ in range(_ROUNDS):
        try:
            profile = Profile.parse(value)
        except InputError as error:
            found = [one._replace(where=_moved(one.where, moved)) for one in error.problems]
            problems += found
            if not isinstance(value, dict):
                return problems, []
            value = _without(value, [one.where for one in error.problems], moved)
            continue
        facts, more = facts_and_problems(profile, base, strict=strict)
        problems += [one._replace(where=_moved(one.where, moved)) for one in more]
        faulty = {one.where for one in problems}
        notices = [one._replace(path=_moved(one.path, moved)) for one in facts.notices]
        return problems, [one for one in notices if one.path not in faulty]
    return [*problems, Problem("", "there are more faults than are listed at once.", "Fix these first.")], []


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _moved(pointer: str, moved: dict[str, list[int]]) -> str:
    """A pointer into what is left of a value, as a pointer into the whole of it."""
    field, *rest = _steps(pointer) or [""]
    if field in moved and rest and rest[0].isdigit() and int(rest[0]) < len(moved[field]):
        return "/".join(["", field, str(moved[field][int(rest[0])]), *pointer.split("/")[3:]])
    return pointer


def _without(value: dict[str, Any], pointers: list[str], moved: dict[str, list[int]]) -> dict[str, Any]:
    """The value without what the pointers lead to: an entry of a list or of the markers, else a field."""
    kept = dict(value)
    entries: dict[str, set[str]] = {}
    for pointer in pointers:
        field, *rest = _steps(pointer) or [""]
        if rest and isinstance(kept.get(field), dict | list):
            entries.setdefault(field, set()).add(rest[0])
        else:
            kept.pop(field, None)
    for field, names in entries.items():
        inner = kept.get(field)
        if isinstance(inner, dict):
            kept[field] = {name: one for name, one in inner.items() if name not in names}
        elif isinstance(inner, list):
            places = moved.get(field, list(range(len(inner))))
            left = [index for index in range(len(inner)) if str(index) not in names]
            kept[field] = [inner[index] for index in left]
            moved[field] = [places[index] for index in left]
    return kept


def _remark(code: str, problem: Problem, file: str, line: int | None) -> Remark:
    at = problem.where
    if line is None and at.startswith("line "):
        digits = at.removeprefix("line ").partition(",")[0]
        line = int(digits) if digits.isdigit() else None
    where = at if at.startswith("/") else ""
    return Remark("error", code, file, line, where, problem.what, problem.hint)


class _Lines:
    """Where in a text the value at a JSON pointer stands. JSON is read as the YAML that it is."""

    def __init__(self, data: bytes | str) -> None:
        from .. import _yaml

        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        try:
            self._document: Document | None = _yaml.parse(text)
        except _yaml.YamlError:
            self._document = None

    def of(self, pointer: str) -> int | None:
        if self._document is None:
            return None
        path = tuple(self._path(_steps(pointer) if pointer.startswith("/") else []))
        return self._document.line_of(path)

    def _path(self, steps: list[str]) -> Iterator[str | int]:
        assert self._document is not None
        value: Any = self._document.value
        for step in steps:
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
                yield int(step)
            elif isinstance(value, dict):
                value = value.get(step)
                yield step
