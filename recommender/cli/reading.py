"""Input files and stdin, read no further than a profile may go."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .._errors import InputError, Problem
from ..profile import MAX_PROFILE, Profile

if TYPE_CHECKING:
    from ..intake.lines import Opened
    from ..intake.validation import Remark
    from ..knowledge.base import KnowledgeBase
    from ..reports.tour_files import Case

MAX_OTHERS = 5
"""So many of the other files in a folder are named."""


def profile_in_file(file: str, rules: Sequence[Path] | None) -> Profile:
    """Return the profile in a file, of a shipped case, or in stdin for `-`.

    Raises InputError with the faults of form and those of words, as these rules know them, at once.
    """
    from ..intake.files import content

    if file == "-":
        return profile_in_data(_stdin().read(MAX_PROFILE + 1), rules, name="stdin")
    return profile_in_data(content(file), rules, name=file)


def profile_in_data(data: bytes, rules: Sequence[Path] | None, *, name: str) -> Profile:
    """Return the profile in a text. Raises InputError as `profile_in_file` does."""
    from ..intake.validation import profile_in_text
    from ..knowledge.loading import load_rules

    return profile_in_text(data, lambda: load_rules(rules or ()), source=name)


@contextmanager
def opened_input(file: str, *, stream_wanted: bool) -> "Iterator[Opened]":
    """Give what a file, a shipped case or stdin holds: one profile, or a stream of them.

    Raises InputError.
    """
    from .._opening import plain_name
    from ..intake.files import open_file
    from ..intake.lines import Opened, told_apart

    if file == "-":
        data, lines = told_apart(_stdin(), name="stdin", wanted=stream_wanted)
        yield Opened("stdin", data or b"", lines)
        return
    with open_file(file) as stream:
        data, lines = told_apart(stream, name=plain_name(file), wanted=stream_wanted)
        yield Opened(file, data or b"", lines)


def named(files: Iterable[str]) -> list[str]:
    """Return the names of files, with those of the profiles in a folder in its place.

    What else the folder holds is named on stderr. Raises InputError.
    """
    from ..intake.files import folder
    from .output import tell

    found = []
    for file in files:
        path = Path(file)
        if not path.is_dir():
            found.append(file)
            continue
        inside = folder(path)
        found += map(str, inside.files)
        if inside.others:
            more = f" and {len(inside.others) - MAX_OTHERS} more" if len(inside.others) > MAX_OTHERS else ""
            tell(f"Not read in {path}: {', '.join(inside.others[:MAX_OTHERS])}{more}.")
    return found


def validated(file: str, base: "KnowledgeBase", *, strict: bool) -> "Iterator[list[Remark]]":
    """Yield the remarks on each profile of a file; a file that cannot be read is an error among them."""
    from ..intake.lines import json_text
    from ..intake.validation import Remark, validate
    from .flags import problems_with_flags

    try:
        with opened_input(file, stream_wanted=False) as (name, data, lines):
            if lines is None:
                yield validate(data, base, file=name, strict=strict)
                return
            for line in lines:
                try:
                    text = json_text(line)
                except InputError as error:
                    yield [
                        Remark("error", "INVALID", name, line.number, "", one.what, one.hint)
                        for one in problems_with_flags(error.problems)
                    ]
                else:
                    yield validate(text, base, file=name, line=line.number, strict=strict)
    except InputError as error:
        problems = problems_with_flags(error.problems)
        yield [Remark("error", "UNREADABLE", file, None, "", one.what, one.hint) for one in problems]


def read_profiles(path: Path) -> list[Profile]:
    """Return the profiles in a file: one in JSON or YAML, or one per line in NDJSON. Raises InputError."""
    from .._opening import ending
    from ..intake.files import content
    from ..intake.lines import SUFFIXES, lines

    data = content(path)
    if ending(path.name) in SUFFIXES:
        return [Profile.read(line.data, source=f"{path}:{line.number}") for line in lines(BytesIO(data))]
    return [Profile.read(data, source=str(path))]


def _stdin() -> BinaryIO:
    from .._opening import unpacked

    if sys.stdin is None or sys.stdin.isatty():
        problem = Problem(
            "", "stdin is empty: nothing is piped in.", "Name a file, or pipe a profile into the command."
        )
        raise InputError([problem], source="stdin")
    try:
        # Not its own buffer: a thread that still reads there would keep the interpreter from ending.
        given: BinaryIO = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
    except OSError:  # in memory
        given = sys.stdin.buffer
    return unpacked(given)


def opened_tour(case: str, output: Path | None) -> "Case":
    """Return a tour by its name or in a file. Raises InputError, also where its profile is the output."""
    from .._files import refuse_input
    from ..reports.tour_files import open_case

    opened = open_case(case)
    if output is not None:
        refuse_input(output, [opened.path.parent / opened.tour.profile])
    return opened


def read_json(path: Path) -> Any:
    """Return the value in a JSON file. Raises InputError."""
    from ..intake.files import content
    from ..profile import plain_value

    return plain_value(content(path), source=str(path))


def read_result(path: Path) -> set[int | str]:
    """Return the numbers and ids of all references that a result in JSON cites. Raises InputError."""
    value = read_json(path)
    if not isinstance(value, dict) or "recommendations" not in value:
        problem = Problem("", "it is not a result.", "Make one with: recommender recommend --format json.")
        raise InputError([problem], source=str(path))
    return set(_cited(value))


def _cited(value: object) -> Iterator[int | str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "references" and isinstance(inner, list):
                named = (
                    (one.get("number") or one.get("id")) if isinstance(one, dict) else one for one in inner
                )
                yield from (one for one in named if isinstance(one, int | str))
            else:
                yield from _cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cited(inner)
