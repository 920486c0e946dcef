"""Phrasings of `tests/data/phrasings.yaml` in a text."""

import re
from functools import cache
from typing import NamedTuple

import yaml

from support.places import DATA, ROOT


class Phrasing(NamedTuple):
    """What is not to be written, and what to write instead."""

    find: re.Pattern[str]
    write: str


@cache
def phrasings() -> tuple[Phrasing, ...]:
    listed = yaml.safe_load((DATA / "phrasings.yaml").read_text())
    return tuple(Phrasing(re.compile(one["find"], re.IGNORECASE), one["write"]) for one in listed)


def to_rewrite(text: str) -> list[str]:
    """Return each phrasing that a text has, with the words around it, wherever its lines end.

    Titles of papers are not ours, so they are left out.
    """
    plain = " ".join(text.replace("│", " ").split())
    for title in _titles():
        plain = plain.replace(title, "")
    return [
        f"…{plain[max(0, match.start() - 30) : match.end() + 30]}…: write {phrasing.write}"
        for phrasing in phrasings()
        for match in phrasing.find.finditer(plain)
    ]


@cache
def _titles() -> tuple[str, ...]:
    records = yaml.safe_load((ROOT / "rules/references.yaml").read_text())["references"]
    return tuple(sorted((record["title"] for record in records), key=len, reverse=True))
