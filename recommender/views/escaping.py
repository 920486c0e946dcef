"""Texts of profiles and rules kept from being read as markup: for each language in one place.

A text comes out as a piece of one line, in which nothing steers a terminal.
"""

import re
from urllib.parse import quote

from .._text import printable, safe_json

_MARKDOWN = {ord(letter): f"\\{letter}" for letter in "\\`*_[]<>#|!~"}
_FIRST = re.compile(r"[-+=]|\d+(?=[.)](?: |$))")
"""Beginnings that make a list or a heading of a line."""
_MERMAID = {ord(letter): f"#{ord(letter)};" for letter in '#"<>&`\\{}'}
"""Braces because `%%{` begins a directive wherever it is."""
_DOT = {ord('"'): '\\"', ord("\\"): "\\\\"}
_BIBTEX = {ord(letter): f"\\{letter}" for letter in "&%_#$"} | {
    ord("\\"): r"{\textbackslash}",
    ord("{"): r"{\textbraceleft}",
    ord("}"): r"{\textbraceright}",
    ord("~"): r"{\textasciitilde}",
    ord("^"): r"{\textasciicircum}",
}


def in_line(text: str) -> str:
    """Return a text as a piece of one line."""
    return printable(" ".join(text.split()))


def in_markdown(text: str) -> str:
    """Return a text for Markdown."""
    escaped = in_line(text).translate(_MARKDOWN)
    first = _FIRST.match(escaped)
    if first is None:
        return escaped
    at = first.end() if first[0].isdecimal() else 0
    return f"{escaped[:at]}\\{escaped[at:]}"


def in_markdown_code(text: str) -> str:
    """Return JSON for a piece of code in Markdown, which no backtick may end."""
    return safe_json(text).replace("`", r"\u0060")


def doi_url(doi: str) -> str:
    """Return the address of a DOI, in which nothing is markup."""
    return f"https://doi.org/{quote(doi, safe='/:;().,-_')}"


def in_mermaid(text: str) -> str:
    """Return a text for a label of Mermaid between quotes, by the codes of letters with a meaning."""
    return in_line(text).translate(_MERMAID)


def in_dot(text: str) -> str:
    """Return a text for Graphviz between quotes."""
    return in_line(text).translate(_DOT)


def in_bibtex(text: str) -> str:
    """Return a text for a field of BibTeX, in which braces are in pairs."""
    return in_line(text).translate(_BIBTEX)
