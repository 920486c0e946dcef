"""How programs separate and quote the cells of a text table."""

import re


def separator(header: str) -> str:
    """Return the sign between the cells of a header; R's own is a space, between quotes."""
    found = max("\t;,", key=header.count)
    return " " if found not in header and re.fullmatch(r'"[^"]*"(?: "[^"]*")+\s*', header) else found


def all_quoted(header: str, delimiter: str) -> bool:
    """Return whether all names of a header are quoted, as R writes them between tabs or spaces."""
    cells = header.strip("\r\n").split(delimiter)
    return delimiter in "\t " and all(len(one) > 1 and one[0] == one[-1] == '"' for one in cells)


def unquoted(text: str) -> str:
    """Return a cell without the quotes around it."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').replace('\\"', '"')
    return text


def is_torn(text: str) -> bool:
    """Return whether a cell holds the end of a line or of another cell, because a quote was not closed."""
    return "\t" in text or ("\n" in text and '"' in text)
