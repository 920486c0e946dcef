"""YAML to checked records. All faults are reported at once, with file and line."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from .. import _yaml
from .._errors import Path, Problem, RuleBaseError
from .._text import printable
from .._validation import FieldProblem, located, problems_of
from .base import Checked, CompiledRules
from .checking import check
from .placing import RECORDS, Placed
from .rule_models import RuleFile


def parse_packs(packs: Sequence[tuple[str, Sequence[tuple[str, bytes]]]]) -> Checked:
    """Return the checked rule base of all packs.

    A pack is its name, empty for the shipped rules, and its files by name. Raises RuleBaseError
    with all faults.
    """
    problems: list[Problem] = []
    merged: dict[str, Any] = {}
    placed = Placed()
    for pack, files in packs:
        for name, content in files:
            shown = f"{pack}/{name}" if pack else name
            problems += _add_file(shown, content, pack, merged, placed)
    if problems:
        raise RuleBaseError(problems)
    sections: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in merged.items()
    }
    sections["references"] = tuple(
        one.model_copy(update={"pack": placed.packs["references", index]})
        for index, one in enumerate(sections.get("references", ()))
    )
    whole = RuleFile.model_construct(None, **sections)  # of records that have been validated
    compiled = CompiledRules(whole)
    problems = check(whole, compiled, placed)
    if problems:
        raise RuleBaseError(problems)
    packs_of = ((rule.id, placed.packs["rules", index]) for index, rule in enumerate(whole.rules))
    return Checked(
        whole,
        {rule.id: placed.of("rules", index) for index, rule in enumerate(whole.rules)},
        {rule: pack for rule, pack in packs_of if pack},
        compiled,
    )


def _add_file(name: str, content: bytes, pack: str, merged: dict[str, Any], placed: Placed) -> list[Problem]:
    """Parse and validate a file and add its records to `merged`; return its problems."""
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
    try:
        checked = RuleFile.model_validate(document.value)
    except ValidationError as error:
        found = problems_of(error, RuleFile, document.value)
        return [located(one, name, document, RECORDS) for one in found]
    problems = []
    for section in document.value:
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
