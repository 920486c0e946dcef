"""How a result is shown. A view gets a value, decides nothing, knows no terminal; all carry the label."""

from typing import Literal

from ..result.model import Result
from .screen import Screen

OutputFormat = Literal["table", "json", "ndjson", "markdown", "csv"]


def render(result: Result, output_format: OutputFormat, screen: Screen | None = None) -> str:
    """Return the result in a format; a table is made for `screen`."""
    if output_format == "json":
        return result.to_json() + "\n"
    if output_format == "ndjson":
        return result.to_json(indent=None) + "\n"
    if output_format == "csv":
        from .rows import header, rows

        return header() + rows(result)
    if output_format == "markdown":
        from .markdown import markdown

        return markdown(result)
    from .table import table

    return table(result, screen or Screen())
