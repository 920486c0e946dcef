"""The packs that come with the program, each a folder of rule files below those of the rule base."""

from pathlib import Path

from .._data import shipped
from .._errors import InputError, Problem
from .._text import did_you_mean, one_of, shortened

PACKS = "packs"
"""The folder of packs inside a rule base, which the rule base itself passes over."""
OTHER_EVIDENCE = "beyond-the-review"
"""The pack whose papers are shown next to the rules that they bear on, also where its rules are not used."""
FOR_COMPARISON = frozenset({"review-as-printed"})
"""Packs for comparison and teaching, which no answer may rest on."""


def shipped_packs(rules: Path | None = None) -> dict[str, Path]:
    """Return the folders of the packs of a rule base by name; without `rules` those of the shipped one."""
    folder = (rules or shipped("rules")) / PACKS
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path for path in found if path.is_dir()}


def pack_to_add(name: str) -> Path:
    """Return the folder of a shipped pack that may be laid over the rules. Raises InputError."""
    packs = {pack: path for pack, path in shipped_packs().items() if pack not in FOR_COMPARISON}
    if name in packs:
        return packs[name]
    if name in FOR_COMPARISON:
        raise InputError([not_an_answer(name)._replace(parameter="with")])
    near = did_you_mean(name, packs) or f"It is {one_of(packs)}."
    raise InputError([Problem("", f"no pack '{shortened(name)}' is shipped.", near, "with")])


def not_an_answer(name: str, where: str = "") -> Problem:
    """Return why nothing may be answered from a pack that is for comparison."""
    what = (
        f"'{name}' is for comparison and teaching only, and holds statements known to be wrong: "
        "no answer may rest on it."
    )
    return Problem(where, what, "It can be compared with the shipped rules.", actions=("compare_rules",))
