"""YAML to checked records. All faults are reported at once, with file and line."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from .. import _yaml
from .._errors import Path, Problem, RuleBaseError
from .._text import printable
from .._validation import FieldProblem, located, problems_of
from .base import Checked, CompiledRules
from .checking import check
from .checking_quotes import quote_faults
from .placing import RECORDS, Placed
from .readings import READING, reading_problems, stand_in
from .rule_file import RuleFile
from .vocabulary import Vocabulary

_Files = Sequence[tuple[str, bytes]]
SHOWN = "other_evidence"
"""The section of a pack that is shown where the pack is not laid over the rules."""
QUOTED = ("quotes", "without_quote")
"""Sections that no answer needs, and that are read when they are needed."""


def parse_packs(packs: Sequence[tuple[str, _Files]], shown: Sequence[tuple[str, _Files]] = ()) -> Checked:
    """Return the checked rule base of all packs.

    A pack is its name, empty for the shipped rules, and its files by name. Of those in `shown` only the
    other evidence is kept. Raises RuleBaseError with all faults.
    """
    problems: list[Problem] = []
    merged: dict[str, Any] = {}
    placed = Placed()
    for pack, files in packs:
        for name, content in files:
            named = f"{pack}/{name}" if pack else name
            problems += _add_file(named, content, pack, merged, placed)
    for pack, files in shown:
        for name, content in files:
            problems += _add_file(f"{pack}/{name}", content, pack, merged, placed, only=SHOWN)
    if not problems and READING in merged:
        problems += reading_problems(merged, placed)
        stand_in(merged, placed)
    if problems:
        raise RuleBaseError(problems)
    _add_papers(merged, placed, but=[pack for pack, _ in shown])
    sections: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in merged.items()
    }
    sections["references"] = tuple(
        one.model_copy(update={"pack": placed.packs["references", index]})
        for index, one in enumerate(sections.get("references", ()))
    )
    sections[SHOWN] = tuple(
        one.model_copy(update={"paper": one.paper.model_copy(update={"pack": placed.packs[SHOWN, index]})})
        for index, one in enumerate(sections.get(SHOWN, ()))
    )
    quotes = {name: sections.pop(name) for name in QUOTED if name in sections}
    whole = RuleFile.model_construct(None, **sections)  # of records that have been validated
    aside = RuleFile.model_construct(None, **quotes)
    compiled = CompiledRules(whole)
    vocabulary = Vocabulary(whole)
    problems = [*check(whole, compiled, vocabulary, placed), *quote_faults(aside, whole, placed)]
    if problems:
        raise RuleBaseError(problems)
    packs_of = ((rule.id, placed.packs["rules", index]) for index, rule in enumerate(whole.rules))
    return Checked(
        whole,
        {rule.id: placed.of("rules", index) for index, rule in enumerate(whole.rules)},
        {rule: pack for rule, pack in packs_of if pack},
        compiled,
        vocabulary,
        aside.model_dump_json(exclude_unset=True).encode(),
    )


def _add_papers(merged: dict[str, Any], placed: Placed, but: Collection[str]) -> None:
    """Add the papers of other evidence to the references, for rules of the same pack to cite."""
    for index, one in enumerate(merged.get(SHOWN, ())):
        if placed.packs[SHOWN, index] not in but:
            kept = merged.setdefault("references", [])
            placed.add_part(SHOWN, index, ("paper",), "references", len(kept))
            kept.append(one.paper)


def _add_file(
    name: str, content: bytes, pack: str, merged: dict[str, Any], placed: Placed, *, only: str = ""
) -> list[Problem]:
    """Parse and validate a file and add its records to `merged`, or those of one section.

    Return its problems.
    """
    try:
        document = _yaml.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return [Problem(name, f"it is not UTF-8 text: {error.reason}.")]
    except _yaml.YamlError as error:
        return [Problem(f"{name}:{error.line}", f"{error}.")]
    if document.value is None:
        return []
    hidden = [
        located(FieldProblem(path, "a control or invisible character is here."), name, document, RECORDS)
        for path, text in _texts(document.value, ())
        if printable(text.replace("\n", " ")) != text.replace("\n", " ")
    ]
    if hidden:
        return hidden
    given = document.value
    if only and isinstance(given, dict):
        given = {section: value for section, value in given.items() if section == only}
    try:
        checked = RuleFile.model_validate(given)
    except ValidationError as error:
        found = problems_of(error, RuleFile, given)
        return [located(one, name, document, RECORDS) for one in found]
    problems = []
    for section in given:
        value = getattr(checked, section)
        if isinstance(value, tuple):
            kept = merged.setdefault(section, [])
            for index, record in enumerate(value):
                placed.add(section, len(kept), name, document, (section, index), pack)
                kept.append(record)
        elif section in merged:
            problems.append(
                Problem(
                    f"{name}:{document.line_of((section,))}",
                    f"{section} may be given once; see {placed.of(section)}.",
                )
            )
        else:
            placed.add(section, None, name, document, (section,), pack)
            merged[section] = value
    return problems


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in a value, keys included, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
