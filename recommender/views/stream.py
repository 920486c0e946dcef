"""Answers to a stream of profiles, written as they come: NDJSON or CSV."""

import json
from collections.abc import Callable
from typing import Literal

from .._errors import InputError
from .._text import safe_json
from ..streaming import Answer

Put = Callable[[Answer], None]


def writer(
    output_format: Literal["ndjson", "csv"],
    write: Callable[[str], None],
    tell: Callable[[str], None],
    *,
    header: bool = True,
) -> Put:
    """Return a function that writes an answer, after the header of a CSV, where it is wanted.

    A line that could not be answered is an error object in NDJSON. In CSV, which has no place for it, it
    is told by `tell`.
    """
    if output_format == "ndjson":
        return lambda answer: write(_json(answer))
    from .rows import header as header_line
    from .rows import rows

    if header:
        write(header_line())

    def put(answer: Answer) -> None:
        if answer.result is None:
            for one in answer.error.problems if isinstance(answer.error, InputError) else [answer.error]:
                tell(f"{_place(answer)}: {one}")
        else:
            write(rows(answer.result))

    return put


def _json(answer: Answer) -> str:
    if answer.result is not None:
        return answer.result.to_json(indent=None) + "\n"
    line = {name: value for name, value in vars(answer.error_line()).items() if value is not None}
    return safe_json(json.dumps(line, default=vars, sort_keys=True, ensure_ascii=False)) + "\n"


def _place(answer: Answer) -> str:
    return f"line {answer.line}" if answer.file is None else f"{answer.file}:{answer.line}"
