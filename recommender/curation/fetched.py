"""Texts of papers that a user fetched, in a folder: text files, exports of a reference manager, and JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .._errors import InputError, Problem
from .._opening import ending, plain_name
from ..knowledge.models import Reference
from .papers import doi_key, read_papers, text_of

MAX_FETCHED = 16 * 1024 * 1024
"""Bytes of a text file or a JSON file: a full text has less than one of them."""
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class FetchedText(NamedTuple):
    """A text of a paper, and the file that has it."""

    text: str
    source: str


class FetchedTexts(NamedTuple):
    """The texts of a folder by the numbers of their papers, and the text files that are of none."""

    of: dict[int, list[FetchedText]]
    others: tuple[str, ...]


def fetched_texts(folder: Path, references: Iterable[Reference]) -> FetchedTexts:
    """Return the texts of papers in a folder. Raises InputError.

    A text file (.txt) is named after its paper: DOI, PubMed id or number in the review, with any sign for
    each that a name of a file cannot have. In exports (.ris, .nbib) and JSON each record names its paper.
    """
    if not folder.is_dir():
        problem = Problem("", "the folder does not exist.", "Give the folder with the texts.", "abstracts")
        raise InputError([problem], source=str(folder))
    numbers = {name: one.number for one in references if not one.pack for name in _names(one)}
    found = FetchedTexts({}, ())
    others = []
    for path in sorted(folder.iterdir()):
        for name, text, source in _texts(path):
            number = numbers.get(file_key(name))
            if number is not None and text.strip():
                found.of.setdefault(number, []).append(FetchedText(text, source))
            elif number is None and ending(path.name) == ".txt":
                others.append(path.name)
    return found._replace(others=tuple(others))


def file_key(name: str) -> str:
    """Return the name of a paper as it is compared with the names of files.

    >>> file_key("10.1000/a(1)") == file_key("10.1000_A_1")
    True
    """
    return _NOT_IN_NAMES.sub("-", name.lower()).strip("-")


def _names(reference: Reference) -> Iterator[str]:
    """The names of a paper, as keys."""
    yield file_key(reference.id)
    if reference.doi:
        yield file_key(reference.doi)
    if reference.pmid:
        yield file_key(f"PMID {reference.pmid}")


def _texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each text of a file: the name of its paper, the text, and where it is. Raises InputError."""
    match ending(path.name):
        case ".txt":
            yield Path(plain_name(path.name)).stem, _content(path), path.name
        case ".ris" | ".nbib":
            for paper in read_papers(path):
                name = paper.doi or (f"PMID {paper.pmid}" if paper.pmid else "")
                yield name, paper.abstract, f"{path.name}:{paper.line}"
        case ".json":
            for name, text in _of_json(path):
                yield name, text, path.name


def _of_json(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of CSL-JSON, or of an object that has the text of each paper under its name."""
    try:
        value = json.loads(_content(path))
    except (ValueError, RecursionError):
        raise InputError([Problem("", "it is not JSON.")], source=str(path)) from None
    if isinstance(value, dict):
        yield from ((name, text) for name, text in value.items() if isinstance(text, str))
        return
    for item in value if isinstance(value, list) else ():
        abstract: Any = item.get("abstract") if isinstance(item, dict) else None
        if isinstance(abstract, str):
            yield from ((name, abstract) for name in _of_item(item))


def _of_item(item: dict[str, Any]) -> Iterator[str]:
    doi = doi_key(str(item.get("DOI") or ""))
    pmid = str(item.get("PMID") or "").strip()
    if doi:
        yield doi
    elif pmid:
        yield f"PMID {pmid}"


def _content(path: Path) -> str:
    too_much = Problem("", "more than 16 MiB is too much for a text.")
    return text_of(path, MAX_FETCHED, too_much, "Save it as UTF-8.")
