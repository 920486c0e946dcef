"""Findings on files as SARIF 2.1.0, the format of code scanners and editors."""

import inspect
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from .._label import DISCLAIMER, LABEL
from .._version import VERSION
from ..curation.linting import Check, LintFinding
from ..intake.validation import Remark
from .plain import as_json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


class _Entry(NamedTuple):
    code: str
    level: Literal["error", "warning", "note"]
    message: str
    file: str | None
    line: int | None
    pointer: str = ""


def of_remarks(remarks: Iterable[Remark]) -> str:
    """Return remarks on profiles as a SARIF log."""
    entries = [
        _Entry(
            one.code,
            "error" if one.level == "error" else "note",
            f"{one.what} {one.hint}".strip(),
            one.file,
            one.line,
            one.where,
        )
        for one in remarks
    ]
    return _log(
        "recommender profile validate", [{"id": code} for code in sorted({e.code for e in entries})], entries
    )


def of_lint(findings: Iterable[LintFinding], checks: Iterable[Check]) -> str:
    """Return findings on rules as a SARIF log, with all checks that were made."""
    entries = []
    for one in findings:
        file, _, line = one.where.rpartition(":")
        place = (f"rules/{file}", int(line)) if one.where else (None, None)
        entries.append(_Entry(one.code, one.level, f"{one.record}: {one.message}", *place))
    rules = [
        {
            "id": check.code,
            "name": check.name,
            "help": {"text": inspect.cleandoc(check.run.__doc__ or "")},
            "defaultConfiguration": {"level": check.level},
        }
        for check in checks
    ]
    return _log("recommender rules lint", rules, entries)


def _log(tool: str, rules: Sequence[dict[str, Any]], entries: Iterable[_Entry]) -> str:
    driver = {
        "name": tool,
        "version": VERSION,
        "shortDescription": {"text": f"{LABEL}, not for treatment decisions"},
        "fullDescription": {"text": f"{LABEL}. {DISCLAIMER}"},
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "properties": {"label": LABEL, "disclaimer": DISCLAIMER},
        "results": [_result(one) for one in entries],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(one: _Entry) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": one.code, "level": one.level, "message": {"text": one.message}}
    if one.file is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(one.file)}}
        if one.line is not None:
            place["region"] = {"startLine": one.line}
        location: dict[str, Any] = {"physicalLocation": place}
        if one.pointer:
            location["logicalLocations"] = [{"fullyQualifiedName": one.pointer}]
        result["locations"] = [location]
    return result
