"""Completions that a shell offers after the Tab key: names of the vocabulary."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any


def _base() -> Any:
    from ..knowledge.loading import load_rules

    return load_rules()


def _beginning(names: Iterable[str], begun: str) -> list[str]:
    """The names that begin so, without regard to case; a shell takes a name with a space for two."""
    begun = begun.casefold()
    return sorted({name for name in names if name.casefold().startswith(begun) and " " not in name})


def marker(incomplete: str) -> list[str]:
    """Return markers by symbol or alias."""
    return _beginning(_base().vocabulary.marker_spellings(), incomplete)


def marker_state(incomplete: str) -> list[str]:
    """Return markers, or for a whole marker its states, as MARKER=STATE."""
    vocabulary = _base().vocabulary
    name, equals, state = incomplete.partition("=")
    known = vocabulary.marker(name)
    if known is not None and (equals or known.symbol == name):
        return [f"{name}={one}" for one in _beginning(vocabulary.states_of(known), state)]
    return _beginning(vocabulary.marker_spellings(), incomplete)


def therapy(incomplete: str) -> list[str]:
    """Return therapies by name, brand or synonym; a sign before the name stays."""
    sign = incomplete[:1] if incomplete[:1] in ("+", "-") else ""
    names = _beginning(_base().vocabulary.therapy_spellings(), incomplete[len(sign) :])
    return [sign + name for name in names]


def disease(incomplete: str) -> list[str]:
    """Return diseases by name or code."""
    return _beginning(_base().vocabulary.disease_spellings(), incomplete)


def tour_name(incomplete: str) -> list[str]:
    """Return the names of the tours that come with the program."""
    from ..reports.tour_files import tour_names

    return _beginning(tour_names(), incomplete)


def profile(incomplete: str) -> list[str]:
    """Return the shipped cases and the files of this folder; the files of others are known to the shell."""
    from ..intake.cases import names

    if "/" in incomplete:
        return []
    here = [f"{path.name}/" if path.is_dir() else path.name for path in Path().iterdir()]
    return _beginning([*names(), *(name for name in here if not name.startswith("."))], incomplete)


def pack(incomplete: str) -> list[str]:
    """Return the names of the packs that may be laid over the rules."""
    from ..knowledge.packs import FOR_COMPARISON, shipped_packs

    return _beginning(shipped_packs().keys() - FOR_COMPARISON, incomplete)


def rule(incomplete: str) -> list[str]:
    """Return the ids of rules."""
    return _beginning(_base().rules, incomplete)


@contextmanager
def words_of_bash() -> Iterator[None]:
    """Complete the words of bash, which splits at an equals sign and replaces only what is after it."""
    words, at = os.environ.get("COMP_WORDS", "").split("\n"), os.environ.get("COMP_CWORD", "")
    if not at.isdigit() or "=" not in words:
        yield
        return
    place, last, after_equals = int(at), int(at), False
    joined = words[:1]
    for number, word in enumerate(words[1:], 1):
        if word == "=" or (number > 1 and words[number - 1] == "="):
            joined[-1] += word
            place -= number <= last
            after_equals |= number == last
        else:
            joined.append(word)
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join(joined), str(place)
    offered = StringIO()
    try:
        with redirect_stdout(offered):
            yield
    finally:
        for line in offered.getvalue().splitlines():
            sys.stdout.write((line.partition("=")[2] if after_equals else line) + "\n")
