"""The references for a reference manager: CSL-JSON, and BibTeX and RIS by libraries made for them."""

from collections.abc import Callable, Iterable
from typing import Any

from .._extras import importing
from .._label import LABEL
from ..knowledge.models import Reference
from ..knowledge.phrasing import notice
from .escaping import in_bibtex, in_line


def csl(reference: Reference, packs: str = "") -> dict[str, Any]:
    """Return a reference as an item of CSL-JSON; `packs` names the packs that are laid over the rules."""
    item: dict[str, Any] = {
        "id": f"ref{reference.number}",
        "type": reference.type,
        "title": reference.title,
        "author": _authors(reference),
        "container-title": reference.journal,
        "issued": {"date-parts": [[reference.year]]},
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.page,
        "DOI": reference.doi,
        "PMID": reference.pmid,
        "PMCID": reference.pmcid,
        "note": _note(reference, packs),
    }
    return {name: value for name, value in item.items() if value}


def bibtex(references: Iterable[Reference], packs: str = "") -> str:
    """Return references as BibTeX. Raises InputError where the library for it is not installed."""
    with importing("BibTeX"):
        from bibtexparser.entrypoint import write_string
        from bibtexparser.library import Library
        from bibtexparser.model import Entry, Field
    library = Library()
    for reference in references:
        authors = [_author(author, in_bibtex) for author in _authors(reference)]
        fields = {
            "author": " and ".join([*authors, *(["others"] if reference.et_al else [])]),
            "title": "{" + in_bibtex(reference.title) + "}",
            "journal": in_bibtex(reference.journal),
            "year": str(reference.year),
            "volume": in_bibtex(reference.volume),
            "number": in_bibtex(reference.issue),
            "pages": in_bibtex(reference.page).replace("-", "--"),
            "doi": in_bibtex(reference.doi or "").replace(r"\_", "_"),
            "pmid": reference.pmid or "",
            "pmcid": reference.pmcid or "",
            "note": in_bibtex(_note(reference, packs)),
        }
        entry = Entry("article", f"ref{reference.number}", [Field(k, v) for k, v in fields.items() if v])
        library.add(entry)
    return str(write_string(library))


def ris(references: Iterable[Reference], packs: str = "") -> str:
    """Return references as RIS. Raises InputError where the library for it is not installed."""
    with importing("RIS"):
        import rispy
    entries = []
    for reference in references:
        first, _, last = in_line(reference.page).partition("-")
        entry = {
            "type_of_reference": "JOUR",
            "id": f"ref{reference.number}",
            "authors": [_author(author, in_line) for author in _authors(reference)],
            "title": in_line(reference.title),
            "journal_name": in_line(reference.journal),
            "year": str(reference.year),
            "volume": in_line(reference.volume),
            "number": in_line(reference.issue),
            "start_page": first,
            "end_page": last,
            "doi": in_line(reference.doi or ""),
            "accession_number": reference.pmid,
            "custom2": reference.pmcid,
            "notes": [in_line(_note(reference, packs))],
        }
        entries.append({name: value for name, value in entry.items() if value})

    class Unnumbered(rispy.RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:  # noqa: ARG002
            return ""

    return str(rispy.dumps(entries, implementation=Unnumbered)).lstrip()


def _authors(reference: Reference) -> list[dict[str, str]]:
    return [_name(author) for author in reference.authors]


def _author(author: dict[str, str], escape: Callable[[str], str]) -> str:
    return f"{escape(author['family'])}, {escape(author.get('given', ''))}"


def _name(author: str) -> dict[str, str]:
    family, _, given = author.rpartition(" ")
    return {"family": family, "given": given} if family else {"family": given}


def _note(reference: Reference, packs: str) -> str:
    more = "The review's list names the first authors only." if reference.et_al and not reference.pack else ""
    label = f"{LABEL}, not for treatment decisions."
    whose = (
        f"Reference {reference.id} of a pack."
        if reference.pack
        else f"Reference {reference.number} of the review."
    )
    known = reference.literature_state
    found = notice(known.state, known.checked) if known else ""
    state = f"{found[0].upper()}{found[1:]}." if found else ""
    parts = (whose, more, state, reference.correction, packs, label)
    return " ".join(part for part in parts if part)
