"""New papers in the order of reading, as a table, Markdown, CSV or JSON, always with the label."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from .._cells import line
from .._label import DISCLAIMER, LABEL
from .._text import counted, printable, shortened
from ..curation.triage.matching import READING_ORDER, Agreement, ReadingGroup, RuleMatch, TermFound, Triaged
from .entries import Entries
from .escaping import in_markdown
from .plain import labelled
from .screen import Screen
from .table import labelled_page

NEW_PAPERS = "New papers"
NO_READING = "Matched by words in titles, abstracts and keywords; no paper was read. A person decides."
_HEADINGS: dict[ReadingGroup, str] = {
    "contradict": "May contradict a rule",
    "thin": "On rules with thin evidence",
    "support": "May support a rule",
    "extend": "May extend a rule",
    "known": "Already cited",
    "repeated": "In the files twice",
    "unmatched": "No match",
}
_DIRECTIONS: dict[Agreement, str] = {
    "opposite": "opposite direction",
    "denied": "direction denied",
    "same": "same direction",
}
_MAX_RULES = 3
"""Rules of a paper in a table; JSON and CSV have all."""
_COLUMNS = (
    "reading_order",
    "group",
    "title",
    "year",
    "doi",
    "pmid",
    "rule",
    "rule_title",
    "relation",
    "thin_evidence",
    "other_tumour",
    "directions",
    "terms",
    "claims",
    "known_as",
    "file",
    "line",
    "label",
    "disclaimer",
    "note",
)


def triaged(
    papers: Sequence[Triaged], output_format: str, screen: Screen, stamp: Mapping[str, Any], packs: str = ""
) -> str:
    """Return papers as "table", "markdown", "csv" or "json"."""
    match output_format:
        case "json":
            rows = [_value(number, one) for number, one in enumerate(papers, 1)]
            counts = {group: sum(one.group == group for one in papers) for group in READING_ORDER}
            return labelled(title=NEW_PAPERS, note=NO_READING, counts=counts, rows=rows, **stamp)
        case "csv":
            return _csv(papers)
        case "markdown":
            return _markdown(papers, packs)
    return _table(papers, screen, packs)


def _value(number: int, one: Triaged) -> dict[str, Any]:
    paper = one.paper
    return {
        "reading_order": number,
        "group": one.group,
        "title": paper.title,
        "year": paper.year,
        "doi": paper.doi or None,
        "pmid": paper.pmid or None,
        "file": paper.file,
        "line": paper.line,
        "known_as": one.known_as or None,
        "rules": [
            {
                "rule": match.rule,
                "title": match.title,
                "relation": match.relation,
                "thin_evidence": match.thin,
                "other_tumour": match.other_tumour,
                "directions": [{"in": place, "direction": what} for place, what in match.directions],
                "terms": [
                    {"kind": term.kind, "name": term.name, "written": term.written, "in": list(term.places)}
                    for term in match.terms
                ],
                "claims": list(match.claims),
            }
            for match in one.matches
        ],
    }


def _csv(papers: Sequence[Triaged]) -> str:
    lines = [line(_COLUMNS)]
    for number, one in enumerate(papers, 1):
        paper = one.paper
        cells: dict[str, Any] = {
            "reading_order": number,
            "group": one.group,
            "title": paper.title,
            "year": paper.year,
            "doi": paper.doi,
            "pmid": paper.pmid,
            "known_as": one.known_as,
            "file": paper.file,
            "line": paper.line,
            "label": LABEL,
            "disclaimer": DISCLAIMER,
            "note": NO_READING,
        }
        for match in one.matches or [None]:
            more = _cells(match) if match else {}
            lines.append(line((cells | more).get(name, "") for name in _COLUMNS))
    return "".join(lines)


def _cells(match: RuleMatch) -> dict[str, Any]:
    return {
        "rule": match.rule,
        "rule_title": match.title,
        "relation": match.relation,
        "thin_evidence": "yes" if match.thin else "no",
        "other_tumour": "yes" if match.other_tumour else "no",
        "directions": "; ".join(f"{_DIRECTIONS[what]} in {place}" for place, what in match.directions),
        "terms": "; ".join(map(_term, match.terms)),
        "claims": "; ".join(match.claims),
    }


def _table(papers: Sequence[Triaged], screen: Screen, packs: str) -> str:
    parts: list[RenderableType] = [Text(NO_READING)]
    for number, one in enumerate(papers, 1):
        if one.group == "unmatched":
            break
        if number == 1 or papers[number - 2].group != one.group:
            parts += ["", Text(f"{_HEADINGS[one.group]} ({_count(papers, one.group)})", style="bold")]
        entries = Entries(1, 5)
        entries.add(f"{number}.", Text(_title(one)))
        entries.add("", Text(_where(one), style="dim"))
        for text in _rules(one):
            entries.add("", Text(text))
        parts.append(entries)
    parts.append(Text(f"\n{_summary(papers)}{f' {packs}' if packs else ''}"))
    return labelled_page(f"{NEW_PAPERS}: {len(papers)}", *parts, screen=screen)


def _markdown(papers: Sequence[Triaged], packs: str) -> str:
    lines = [f"# {NEW_PAPERS}: {len(papers)}", "", f"**{LABEL}.** {DISCLAIMER}", "", NO_READING, ""]
    for number, one in enumerate(papers, 1):
        if one.group == "unmatched":
            break
        if number == 1 or papers[number - 2].group != one.group:
            lines += [f"## {_HEADINGS[one.group]} ({_count(papers, one.group)})", ""]
        lines += [f"{number}. {in_markdown(_title(one))}", f"   - {in_markdown(_where(one))}"]
        lines += [f"   - {in_markdown(text)}" for text in _rules(one)]
        lines.append("")
    return "\n".join([*lines, in_markdown(f"{_summary(papers)} {packs}".strip())]) + "\n"


def _count(papers: Sequence[Triaged], group: ReadingGroup) -> int:
    return sum(one.group == group for one in papers)


def _summary(papers: Sequence[Triaged]) -> str:
    missing = _count(papers, "unmatched")
    return f"{counted(missing, 'paper has', 'papers have')} no match: too few terms of any rule."


def _title(one: Triaged) -> str:
    year = f" ({one.paper.year})" if one.paper.year else ""
    return f"{shortened(one.paper.title, 300) or 'Without a title'}{year}"


def _where(one: Triaged) -> str:
    paper = one.paper
    known = f"already cited as {one.known_as}" if one.group == "known" else ""
    repeated = f"as in {one.known_as}" if one.group == "repeated" else ""
    ids = [f"doi:{paper.doi}" if paper.doi else "", f"PMID {paper.pmid}" if paper.pmid else ""]
    parts = (known, repeated, *ids, f"{paper.file}:{paper.line}")
    return " · ".join(printable(part) for part in parts if part)


def _rules(one: Triaged) -> list[str]:
    """A line for each of the first rules: the relation, the rule, and why."""
    lines = []
    for match in one.matches[:_MAX_RULES]:
        named = {what: [place for place, also in match.directions if also == what] for what in _DIRECTIONS}
        why = [f"{_DIRECTIONS[what]} ({', '.join(places)})" for what, places in named.items() if places]
        why += ["another tumour"] if match.other_tumour else []
        why += map(_term, match.terms)
        thin = ", thin evidence" if match.thin else ""
        lines.append(printable(f"may {match.relation} {match.rule}{thin}: {'; '.join(why)}"))
    more = len(one.matches) - _MAX_RULES
    return [*lines, f"and {counted(more, 'more rule')}"] if more > 0 else lines


def _term(term: TermFound) -> str:
    written = "" if term.written.casefold() == term.name.casefold() else f" as '{shortened(term.written)}'"
    return f"{term.name}{written} ({', '.join(term.places)})"
