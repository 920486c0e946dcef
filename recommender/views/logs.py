"""The log of answers: one line of JSON for each, from which a pipeline can show what was answered when."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from .._label import DISCLAIMER, LABEL
from .._text import safe_json
from .._version import VERSION
from ..result.parts import RuleBaseStamp
from ..streaming import Answer


def log_line(answer: Answer, rules: RuleBaseStamp) -> str:
    """Return the line of the log about an answer: when, by which rules, and the digests of input and result.

    The digest of a result is that of its line of NDJSON, without the end of the line. Names and findings of a
    profile are not in the log.
    """
    value: dict[str, Any] = {
        "label": LABEL,
        "disclaimer": DISCLAIMER,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "program": VERSION,
        "rule_base": {"version": rules.version, "sha256": rules.digests},
        "line": answer.line,
    }
    if answer.file is not None:
        value["file"] = answer.file
    if answer.result is not None:
        text = answer.result.to_json(indent=None)
        value["profile_sha256"] = answer.result.profile.sha256
        value["result_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    else:
        value["error"] = type(answer.error).__name__
    return safe_json(json.dumps(value, sort_keys=True, ensure_ascii=False)) + "\n"
