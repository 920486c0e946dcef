"""Findings of the audit and references in a terminal, a block of lines each."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from .._text import printable
from ..knowledge.phrasing import notice, source_read
from ..result.recommendation import ReferenceView
from .entries import Entries
from .escaping import doi_url
from .screen import Screen
from .table import labelled_page

_SEVERITY_STYLE = {"critical": "bold red", "major": "bold yellow"}


def audit_blocks(findings: Iterable[Mapping[str, Any]], title: str, note: str, screen: Screen) -> str:
    """Return findings of the audit, as plain values: what the review states, the paper, and our encoding."""
    parts = (part for one in findings for part in ("", _finding_head(one), _finding(one)))
    return labelled_page(title, *parts, *_note(note), screen=screen)


def _finding_head(one: Mapping[str, Any]) -> Text:
    numbers = ", ".join(map(str, one["references"])) or "none"
    kinds = ", ".join(kind.replace("-", " ") for kind in one["category"])
    style = _SEVERITY_STYLE.get(one["severity"], "bold")
    return Text.assemble((f"{one['id']} {one['severity']}", style), f" · {kinds} · reference {numbers}")


def _finding(one: Mapping[str, Any]) -> Entries:
    entries = Entries(2, 13)
    checked = f"{source_read(one['checked'])}. {one['checked_note']}"
    for label, text in (
        ("Review", one["review_says"]),
        ("Paper", one["cited_work_says"]),
        ("Encoded as", one["encoded_as"]),
        ("Source read", checked),
    ):
        entries.add(label, Text(printable(text)))
    return entries


def reference_blocks(rows: Iterable[Mapping[str, Any]], title: str, note: str, screen: Screen) -> str:
    """Return references, as plain values; a DOI is a link where the terminal has links."""
    entries = Entries(1, 6)
    for one in rows:
        entries.add(f"[{one['number'] or one['id']}]", Text(printable(f"{one['citation']} {one['title']}.")))
        doi = one["doi"]
        shown = Text(f"doi:{doi}", style=f"link {doi_url(doi)}") if doi.startswith("10.") else Text(doi)
        more = [f"PMID {one['pmid']}"] if one["pmid"] else []
        more += [one["pmcid"]] if one["pmcid"] else []
        state = one["literature_state"]
        found = notice(state["state"], state["checked"]) if state else ""
        entries.add("", Text.assemble(shown, *(f" · {text}" for text in more)))
        if found:
            entries.add("", Text(found, style="bold red"))
    return labelled_page(title, "", entries, *_note(note), screen=screen)


def cited_line(one: ReferenceView) -> str:
    """Return a reference in one line of text."""
    return f"{one.citation} {one.title}.{f' doi:{one.doi}' if one.doi else ''}"


def _note(note: str) -> list[Text]:
    return [Text(f"\n{printable(note)}")] if note else []
