"""Papers in files of reference managers: RIS, and the MEDLINE format of PubMed (.nbib)."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .._errors import InputError, Problem
from .._extras import importing
from .._opening import opened
from .._text import fold, shortened

MAX_PAPERS = 512 * 1024 * 1024
"""Bytes of a file of papers, which is held in memory: about 100,000 papers with abstracts."""
_MAX_PROBLEMS = 5
_MIN_TITLE = 25
"""Letters of a title that is compared: a shorter one, such as the name of a disease, is not unique."""

_FIELDS = {
    "TY": "type",
    "TI": "title",
    "T1": "first_title",
    "AB": "abstract",
    "N2": "notes_abstract",
    "KW": "keywords",
    "DO": "doi",
    "PY": "year",
    "Y1": "first_year",
    "DA": "date",
    "AN": "accession",
    "C2": "scopus_pmid",
}
_MEDLINE_FIELDS = {
    "PMID": "pmid",
    "TI": "title",
    "AB": "abstract",
    "OT": "keywords",
    "MH": "keywords",
    "LID": "ids",
    "AID": "ids",
    "DP": "year",
}
_STARTS = {"RIS": re.compile(r"TY {1,2}- ?"), "nbib": re.compile(r"PMID- ")}
_RIS_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"[1-9]\d{0,8}")


class Paper(NamedTuple):
    """A paper as a file describes it, with the line on which it begins there."""

    file: str
    line: int
    title: str
    abstract: str
    keywords: tuple[str, ...]
    doi: str
    pmid: str
    year: int | None


def read_papers(file: Path) -> list[Paper]:
    """Return the papers of a file in RIS or MEDLINE format. Raises InputError."""
    lines = _lines(file)
    form = next((name for line in lines for name, start in _STARTS.items() if start.match(line)), None)
    if form is None:
        first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
        what = "neither this nor any other line begins a record of RIS or MEDLINE."
        hint = "Export the papers as RIS (.ris), or from PubMed with Save, Format: PubMed (.nbib)."
        raise InputError([Problem(f"line {first}", what, hint)], source=str(file))
    with importing("RIS"):
        import rispy

    class Medline(rispy.RisParser):  # type: ignore[misc]
        START_TAG = "PMID"

        def parse_line(self, line: str) -> tuple[str | None, str]:
            tag = line[:4].strip()
            if line[4:5] == "-" and tag.isupper() and tag.isalnum():
                return tag, line[5:].strip()
            return None, line.strip()

    fields = _MEDLINE_FIELDS if form == "nbib" else _FIELDS
    made = (Medline if form == "nbib" else rispy.RisParser)(
        mapping=fields, list_tags=list(fields), delimiter_tags_mapping={}, skip_unknown_tags=True
    )
    records = _medline_records(lines) if form == "nbib" else _ris_records(lines, file)
    papers = []
    for number, record in records:
        (found,) = made.parse_lines(iter([*record, "ER  - "]))
        papers.append(_paper(found, file, number))
    return papers


def _lines(file: Path) -> list[str]:
    """The lines of a file. Raises InputError."""
    too_much = Problem("", "more than 512 MiB is too much for one file.", "Split it into several files.")
    text = text_of(file, MAX_PAPERS, too_much, "Export it again with the encoding UTF-8.")
    if not text.strip():
        hint = "Export the papers as RIS or nbib."
        raise InputError([Problem("", "it is empty.", hint)], source=str(file))
    return re.split(r"\r\n|\n|\r", text)


def text_of(file: Path, max_bytes: int, too_much: Problem, save_it: str) -> str:
    """Return the text of a file of at most so many bytes. Raises InputError, with the hint how to save it."""
    try:
        with opened(file) as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        problem = Problem("", f"it cannot be read: {error.strerror or error}.")
        raise InputError([problem], source=str(file)) from None
    if len(data) > max_bytes:
        raise InputError([too_much], source=str(file))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        problem = Problem(f"line {number}", "it is not text in UTF-8 or UTF-16.", save_it)
        raise InputError([problem], source=str(file)) from None


def _ris_records(lines: Iterable[str], file: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of each record of RIS, without its end. Raises InputError where a record has none."""
    problems: list[Problem] = []
    begun = 0
    record: list[str] = []

    def refuse(why: str) -> None:
        hint = "Export the file again; a record ends with a line ER."
        problems.append(Problem(f"line {begun}", f"the record that begins here {why}.", hint))

    for number, line in enumerate(lines, 1):
        if _STARTS["RIS"].match(line):
            if begun and len(problems) < _MAX_PROBLEMS:
                refuse(f"has no end before the next one in line {number}")
            begun, record = number, [f"TY  - {line[5:].strip()}"]
        elif begun and line.startswith("ER") and (_RIS_TAG.match(line) or line[2:].strip() in ("", "-")):
            yield begun, record
            begun = 0
        elif begun and line.strip():
            record.append(line)
    if begun:
        refuse("has no end: the file is cut off")
    if problems:
        raise InputError(problems, source=str(file))


def _medline_records(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each record of MEDLINE: up to the next one."""
    begun = 0
    record: list[str] = []
    for number, line in enumerate(lines, 1):
        if _STARTS["nbib"].match(line):
            if begun:
                yield begun, record
            begun, record = number, []
        if begun and line.strip():
            record.append(line)
    yield begun, record


def _paper(found: dict[str, Any], file: Path, number: int) -> Paper:
    def text(*names: str) -> str:
        # The parser has the tag with which a record begins as a text, all others as lists.
        values = (" ".join(" ".join(_listed(found.get(name))).split()) for name in names)
        return next(filter(None, values), "")

    dated = _YEAR.search(text("year", "first_year", "date"))
    ids = [one for one in found.get("ids", ()) if one.endswith("[doi]")]
    numbers = (_PMID.fullmatch(text(name)) for name in ("pmid", "accession", "scopus_pmid"))
    pmid = next(filter(None, numbers), None)
    return Paper(
        file=str(file),
        line=number,
        title=text("title", "first_title"),
        abstract=text("abstract", "notes_abstract"),
        keywords=tuple(" ".join(one.split()) for one in found.get("keywords", ()) if one.strip()),
        doi=doi_key(text("doi") or " ".join(ids[:1])),
        pmid=pmid[0] if pmid else "",
        year=int(dated[0]) if dated else None,
    )


def _listed(value: list[str] | str | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def doi_key(written: str) -> str:
    """Return a DOI as DOIs are compared, also out of an address; nothing where there is none.

    >>> doi_key("https://doi.org/10.1000/ABC.1")
    '10.1000/abc.1'
    """
    found = _DOI.search(written)
    return shortened(found[0].lower(), 200) if found else ""


def title_key(written: str) -> str:
    """Return a title as titles are compared; nothing where it is too short to be unique."""
    found = fold(written)
    return found if len(found) >= _MIN_TITLE else ""
