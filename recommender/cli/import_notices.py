"""The messages of `profile import` on stderr."""

from collections import Counter

from .._label import LABEL
from ..importing import Imported
from .flags import problems_with_flags, with_flags

_MAX_OF_A_CODE = 3
"""Notices of one code that are written out: a study has thousands. The others are counted."""


def with_options(found: Imported) -> Imported:
    """Return what was imported with the options of the command line in its notices and problems."""
    notices = tuple(one._replace(message=with_flags(one.message)) for one in found.notices)
    return found._replace(notices=notices, problems=problems_with_flags(found.problems))


def notice_lines(found: Imported, source: str) -> list[str]:
    """Return what was imported, what was left out, and the first notices of each code, line by line."""
    seen: Counter[str] = Counter()
    lines = [f"cannot use {problem}" for problem in found.problems]
    for one in found.notices:
        seen[one.code] += 1
        if seen[one.code] <= _MAX_OF_A_CODE:
            place = f" {one.path}" if one.path else ""
            lines.append(f"{one.code}{place}: {one.message}")
    for code, count in seen.items():
        if count > _MAX_OF_A_CODE:
            lines.append(f"{code}: {count - _MAX_OF_A_CODE} more; all with --notices FILE")
    profiles = f"{len(found.profiles)} {'profile' if len(found.profiles) == 1 else 'profiles'}"
    lines.append(f"{profiles} from {source}. {LABEL}, not for treatment decisions.")
    return lines
