"""The entrance of packs whose texts, names and ids are markup of what they are shown in."""

import re
from pathlib import Path
from random import Random
from typing import Any

from recommender import Profile, Recommender, RuleBaseError
from recommender._text import printable
from recommender.curation.graph import graph
from recommender.curation.records import audit_rows, rule_rows, rule_value
from recommender.knowledge.base import KnowledgeBase, Pack
from recommender.knowledge.parsing import parse_packs
from recommender.options import Options
from recommender.reports.case_report import case_report
from recommender.views import bibliography, graphs, render, trees
from recommender.views.listing import document, listing
from recommender.views.pages import report_page
from recommender.views.plain import as_json
from recommender.views.records import trees_json
from recommender.views.rule_pages import audit_page, rule_page
from recommender.views.screen import Screen

from . import laws, material
from .entrances import Entrance
from .small import RULES, small_base, small_rules

PIECES = (
    *('"', "'", "`", "```", "~~~", "\\", "<", ">", "<!--", "-->", "<script>", "{", "}", "|", "*", "_", "#"),
    *("[x](javascript:x)", "![x](http://x)", "](", "!", "# ", "- ", "1. ", "&", "&lt;", "%", ";", ",", "="),
    *("%%{init: {}}%%", "===", "---", "@", "@article{x,", "and", "~", "^", "$x$", "<br/>", "]]>", "=1+1"),
    *("ER  - ", "TY  - JOUR", "\nER  - \nTY  - JOUR\n", '\nclick n0 href "x"\n', '"]; x [URL="y"', 'n0["'),
    *("\n", "\n\n", " ", "a", "B7", "é", "漢", "[/]", "[bold]", "{{7*7}}", "${x}", "=HYPERLINK(x);=1"),
)
"""Of the languages in which the texts of packs are shown."""
VIEWS = ("list", "page", "audit", "mermaid", "dot", "ris", "bibtex", "tree", "answer", "value")
_CODE = re.compile(r"(?<!\\)`[^`\n]*`")
"""Markdown reads nothing as markup between backticks."""
CASE = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high", "GSTZ1": "low"}}


class Packs(Entrance):
    """A pack over a few shipped rules, and one of the ways in which its texts are shown."""

    name = "packs"
    refusal = RuleBaseError

    def __init__(self, folder: Path) -> None:
        """Read what the shipped rules mean."""
        super().__init__(folder)
        self.shipped = small_base().vocabulary

    def make(self, source: Random) -> Any:
        """Return the bytes of a pack, its name and a view."""
        data = material.as_yaml(source, _pack(source))
        if not source.randrange(20):
            data = material.damaged(source, data, [small_rules()])
        return data, printable(_text(source)) or "pack", source.choice(VIEWS)

    def attempt(self, given: Any) -> None:
        """Lay it over the shipped rules, and look at a view."""
        data, name, view = given
        checked = parse_packs([("", [("shipped.yaml", small_rules())]), (name, [("x.yaml", data)])])
        base = KnowledgeBase(
            checked.content,
            sha256="0" * 64,
            origins=checked.origins,
            packs=[Pack(name, "1" * 64)],
            pack_of=checked.pack_of,
            compiled=checked.compiled,
        )
        known = base.vocabulary
        for spelling in self.shipped.marker_spellings():
            laws.holds(known.marker(spelling) == self.shipped.marker(spelling), "a marker changed", spelling)
        for spelling in self.shipped.therapy_spellings():
            laws.holds(
                known.therapy(spelling) == self.shipped.therapy(spelling), "a therapy changed", spelling
            )
        _look(Recommender(base=base, engine="plain"), view)


def _look(recommender: Recommender, view: str) -> None:
    base = recommender.base
    packs = recommender.rule_base.packs_in_words()
    made = [rule for rule in base.content.rules if rule.id not in RULES]
    match view:
        case "list":
            columns = {"id": "Rule", "title": "Title", "when": "When"}
            rows = rule_rows(base)
            text = listing(rows, columns, "markdown", title="Rules")
            laws.markdown(text)
            lines = [line for line in text.splitlines() if line.startswith("|")]
            laws.holds(len(lines) == len(rows) + 2, "a text of a pack makes rows", text)
            laws.shown(listing(rows, columns, "table", title="Rules", screen=Screen(100)))
        case "page":
            for rule in made:
                text = rule_page(rule, base)
                laws.markdown(_CODE.sub("``", text))
                laws.plain(document(text, Screen(100)))
        case "audit":
            rows = audit_rows(base)
            text = audit_page(rows, "Audit", packs)
            laws.markdown(text)
            heads = sum(line.startswith("## ") for line in text.splitlines())
            laws.holds(heads == len(rows), "a text of a pack makes headings", text)
        case "mermaid":
            laws.mermaid(graphs.mermaid(graph(base), packs))
        case "dot":
            laws.graphviz(graphs.dot(graph(base), packs))
        case "ris":
            laws.ris(bibliography.ris(base.content.references), len(base.content.references))
        case "bibtex":
            laws.bibtex(bibliography.bibtex(base.content.references), len(base.content.references))
        case "tree":
            for rule in made:
                nodes = recommender.explain(Profile.parse(CASE), rule.id)
                laws.mermaid(trees.as_mermaid(nodes, packs))
                laws.markdown(trees.as_markdown(nodes, rule.title, packs))
                laws.labelled_json(trees_json(rule.id, nodes, recommender.rule_base))
        case "value":
            for rule in made:
                laws.labelled_json(as_json(rule_value(rule, base)))
        case _:
            result = recommender.recommend(Profile.parse(CASE))
            laws.csv_rows(render(result, "csv", Screen(100)))
            laws.markdown(render(result, "markdown", Screen(100)))
            laws.html(report_page(case_report(recommender, Profile.parse(CASE), Options())))


def _pack(source: Random) -> dict[str, Any]:
    """The records of a pack that are in order apart from their texts, or nearly."""

    def text() -> str:
        return _text(source) or "a"

    def sentence() -> str:
        return f"{text()} a sentence"

    def ident() -> str:
        return "made-rule" if source.randrange(20) else text()

    marker = source.choice(("FASN", "X1", f"M{text()}"))
    gene = {"symbol": marker, "kind": "gene", "name": text(), "aliases": [f"N{text()}"], "note": text()}
    reference = {
        "number": 900 if source.randrange(15) else 101,
        "type": "article-journal",
        "title": text(),
        "authors": [text(), f"{text()} A"],
        "et_al": bool(source.randrange(2)),
        "journal": text(),
        "year": 2026,
        **{name: text() for name in ("volume", "issue", "page", "correction")},
        "doi": f"10.1234/{''.join(text().split()) or 'x'}",
    }
    finding = {
        "id": "X01",
        "references": [900],
        "severity": "minor",
        "category": ["wrong-citation"],
        **{name: sentence() for name in ("review_says", "cited_work_says", "encoded_as", "checked_note")},
        "checked": "abstract",
    }
    add_on: dict[str, Any] = {
        "id": "made-add-on",
        "name": f"A{text()}",
        "type": "drug",
        "status": "investigational",
    }
    add_on |= {"targets": [marker], "status_note": text(), "synonyms": [f"S{text()}"]}
    conditions = [{marker: "high"}]
    rule = {
        "id": ident(),
        "kind": "strategy",
        "title": text(),
        "since": text(),
        "therapy": ["sorafenib"],
        "when": conditions if marker == "FASN" or source.randrange(4) else [],
        "add_on": source.choice(("made-add-on", "orlistat")),
        "effect": "sensitises",
        "ferroptosis": "shown",
        "mechanism": sentence(),
        "evidence": {
            "references": [900],
            "level": "cells",
            "models": [text(), text()],
            "tumour_types": ["hcc"],
            "basis": "abstract",
            "partners_tested": ["sorafenib"],
        },
        "limits": text(),
        "audit": ["X01"],
        "examples": {"fires": [{"therapies": [text()]}], "near_misses": [{"note": text()}]},
    }
    caution = {
        "id": "made-caution",
        "kind": "caution",
        "title": text(),
        "since": "1",
        "always": True,
        "applies_to": {},
        "text": sentence(),
        "references": [900],
        "examples": {"fires": [{"therapies": [text()]}], "near_misses": [{}]},
    }
    therapy = {"id": "made-therapy", "name": f"T{text()}", "kind": "drug", "brands": [f"B{text()}"]}
    made: dict[str, Any] = {
        "markers": [gene] if marker != "FASN" else [],
        "references": [reference],
        "audit": [finding],
        "add_ons": [add_on],
        "rules": [rule, caution] if source.randrange(2) else [rule],
        "therapies": [therapy] if not source.randrange(3) else [],
    }
    if not source.randrange(12):
        made[source.choice(sorted(made))] = material.value(source)
    return made


def _text(source: Random) -> str:
    if not source.randrange(150):
        return material.text(source)[:300]
    return "".join(source.choices(PIECES, k=source.choice((1, 1, 2, 4))))
