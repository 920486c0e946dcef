"""Remarks on profiles as SARIF 2.1.0, the format of code scanners and editors."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from .._version import VERSION
from ..result import DISCLAIMER, LABEL
from ..validation import Remark
from .plain import as_json

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def sarif(remarks: Iterable[Remark]) -> str:
    """Return remarks as a SARIF log with one run."""
    remarks = list(remarks)
    codes = sorted({one.code for one in remarks})
    driver = {
        "name": "ferroptosis-recommender",
        "version": VERSION,
        "fullDescription": {"text": f"{LABEL}. {DISCLAIMER}"},
        "rules": [{"id": code} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "properties": {"label": LABEL, "disclaimer": DISCLAIMER},
        "results": [_result(one, codes) for one in remarks],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(remark: Remark, codes: list[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(remark.file)}}
    if remark.line is not None:
        place["region"] = {"startLine": remark.line}
    location: dict[str, Any] = {"physicalLocation": place}
    if remark.where:
        location["logicalLocations"] = [{"fullyQualifiedName": remark.where}]
    return {
        "ruleId": remark.code,
        "ruleIndex": codes.index(remark.code),
        "level": "error" if remark.level == "error" else "note",
        "message": {"text": f"{remark.what} {remark.hint}".strip()},
        "locations": [location],
    }
