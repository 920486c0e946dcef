"""The documentation as pages: the Markdown files of the project, the audit, the references, and a search."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from recommender import LABEL, Recommender
from recommender._label import PURPOSE
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.phrasing import citation

from .carried import PACKAGES, PYODIDE, ROOT
from .prerendered import PLAIN_POLICY

POLICY = f"{PLAIN_POLICY}; script-src 'self'"
AUDIT = "docs/audit.html"
REFERENCES = "docs/references.html"
PAGES = (
    ("index.html#/", "Program"),
    ("docs/index.html", "Docs"),
    ("docs/rules/index.html", "Rules"),
    (AUDIT, "Audit"),
    (REFERENCES, "References"),
    ("docs/search.html", "Search"),
)
"""The pages that each document links to."""
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_RULE = re.compile(r'<h2 id="([^"]+)">.*?</h2>\s*<p><code>([a-z0-9-]+)</code> ·')
"""The heading of a rule on the page of its file, and its id."""
SEARCH = """<h1>Search</h1>
<p><label for="words">Words, all of which a page must have</label>
<input type="search" id="words" autocomplete="off"></p>
<p id="count" role="status"></p><ul class="found" id="found"></ul>"""


class Document(NamedTuple):
    """A page: its title, its content as HTML, and its words."""

    title: str
    html: str
    words: str


def documents(recommender: Recommender) -> dict[str, str]:
    """Return the pages by the names of their files, with the index that the search reads."""
    sources = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*/*.md")]
    names = {path: _name(path) for path in sorted(sources)}
    made = {name: _document(path.read_text(), _leading(path, names)) for path, name in names.items()}
    rules = _places_of_rules(made)
    printed = {AUDIT: _audit(), REFERENCES: _references(recommender.base, rules)}
    made |= {name: _document(text, lambda address: address) for name, text in printed.items()}
    made = {name: one._replace(html=_linked(name, one.html, rules)) for name, one in made.items()}
    made["licences.html"] = _document(_licences(), lambda address: address)
    index = [{"at": name, "title": one.title, "words": one.words} for name, one in made.items()]
    search = _page("docs/search.html", "Search", SEARCH, scripts=("docs/words.js", "docs/search.js"))
    return {
        **{name: _page(name, one.title, one.html) for name, one in made.items()},
        "docs/search.html": search,
        "docs/words.js": f"const PAGES = {json.dumps(index, ensure_ascii=False)};\n",
    }


def _audit() -> str:
    command = [sys.executable, "-m", "recommender", "audit", "--format", "markdown"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _references(base: KnowledgeBase, rules: Mapping[str, str]) -> str:
    """The references of the rules as Markdown, with links to each paper and to the rules that cite it."""
    text = "# References\n\nBy their numbers in the review, with the rules that cite them.\n"
    for one in base.content.references:
        addresses = (
            (f"doi:{one.doi}", f"https://doi.org/{one.doi}" if one.doi else ""),
            ("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{one.pmid}/" if one.pmid else ""),
            ("PMC", f"https://pmc.ncbi.nlm.nih.gov/articles/{one.pmcid}/" if one.pmcid else ""),
        )
        papers = " · ".join(f"[{name}]({address})" for name, address in addresses if address)
        citing = ", ".join(
            f"[{rule.title}]({os.path.relpath(rules[rule.id], 'docs')})"
            for rule in base.content.rules
            if one.number in rule.references
        )
        text += f"\n## {one.number}\n\n{citation(one)} {one.title}.\n\n{papers}\n"
        text += f"\nCited by: {citing}\n" if citing else ""
    return text


def _places_of_rules(made: Mapping[str, Document]) -> dict[str, str]:
    """Return where each rule is described: a page, and a part of it."""
    return {
        rule: f"{name}#{anchor}"
        for name, one in made.items()
        if name.startswith("docs/rules/")
        for anchor, rule in _RULE.findall(one.html)
    }


def _linked(name: str, html: str, rules: Mapping[str, str]) -> str:
    """Lead from ids of rules to their pages, and from numbers of papers in rules and audit to these."""
    folder = Path(name).parent

    def to_rule(found: re.Match[str]) -> str:
        place = rules.get(found[1], name)
        if place.startswith(name):
            return found[0]
        return f'<a href="{os.path.relpath(place, folder)}">{found[0]}</a>'

    html = re.sub(r'(?<!">)<code>([a-z0-9-]+)</code>', to_rule, html)
    if name != AUDIT and not name.startswith("docs/rules/"):
        return html
    references = os.path.relpath(REFERENCES, folder)
    return re.sub(r"\[(\d+)\]", rf'<a href="{references}#\1">[\1]</a>', html)


def _name(path: Path) -> str:
    inside = path.relative_to(ROOT).with_suffix(".html")
    if path.parent == ROOT:
        return f"docs/project/{inside.name.lower()}"
    return inside.as_posix().replace("README.html", "index.html")


def _leading(path: Path, names: dict[Path, str]) -> Callable[[str], str]:
    """Return where a link of a file leads; nowhere for files that the site does not have."""

    def lead(address: str) -> str:
        if address.startswith(("https:", "http:", "#", "mailto:")):
            return address
        file, hashed, part = address.partition("#")
        there = Path(os.path.normpath(path.parent / file))
        there = there / "README.md" if there.is_dir() else there
        picture = there.parent == ROOT / "docs/pictures" and there.is_file()
        to = there.relative_to(ROOT).as_posix() if picture else names.get(there)
        return f"{os.path.relpath(to, Path(names[path]).parent)}{hashed}{part}" if to else ""

    return lead


def _document(text: str, lead: Callable[[str], str]) -> Document:
    tokens = _MARKDOWN.parse(text)
    title, seen = "", set[str]()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = "".join(one.content for one in tokens[at + 1].children or ())
            title = title or heading
            token.attrSet("id", _anchor(heading, seen))
        for one in token.children or ():
            _led(one, lead)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    words = re.sub(r"\s+", " ", re.sub(r"[|`*#>\[\]]+|\([^)\s]*\.md[^)]*\)", " ", text)).strip()
    return Document(title, html.replace('<a href="">', "<a>"), words)


def _led(token: Token, lead: Callable[[str], str]) -> None:
    for name in ("href", "src"):
        if name in token.attrs:
            token.attrSet(name, lead(str(token.attrs[name])))


def _anchor(heading: str, seen: set[str]) -> str:
    """The id of a heading as code forges make it, so that links into a page find it."""
    base = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
    name, number = base, 0
    while name in seen:
        number += 1
        name = f"{base}-{number}"
    seen.add(name)
    return name


def _page(name: str, title: str, content: str, scripts: tuple[str, ...] = ()) -> str:
    up = "../" * name.count("/")
    links = "".join(f'<a href="{up}{path}">{text}</a>' for path, text in PAGES)
    loads = "".join(f'<script src="{up}{one}" defer></script>\n' for one in scripts)
    sheets = "".join(
        f'<link rel="stylesheet" href="{up}static/{one}.css">\n' for one in ("report", "local", "site")
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}: {LABEL}</title>\n<link rel="icon" href="data:,">\n{sheets}{loads}</head>\n'
        f'<body class="local doc">\n<a class="skip" href="#main">To the content</a>\n'
        f'<div class="band" id="top"><div class="wrap"><span><strong>{LABEL}</strong> · {PURPOSE}</span>'
        f'<nav aria-label="Pages">{links}</nav></div></div>\n'
        f'<div class="wrap" id="main"><main>\n{content}</main>\n'
        f'<p class="foot"><a href="{up}licences.html">Licences of what this site carries</a></p></div>\n'
        "</body>\n</html>\n"
    )


def _licences() -> str:
    """What the site carries, as Markdown, and the licences that come with the packages."""
    rows = [("pyodide, with CPython", PYODIDE, "MPL-2.0, PSF-2.0")]
    texts = []
    for name in (*PACKAGES, "pydantic_core"):
        found = distribution(name)
        about = found.metadata
        stated = [one for one in about.get_all("Classifier", []) if one.startswith("License ::")]
        licence = about["License-Expression"] or about["License"] or stated[0].rpartition(" :: ")[2]
        rows.append((about["Name"], found.version, licence.splitlines()[0]))
        for path in found.files or ():
            if re.search(r"LICEN[CS]E|COPYING", path.name) and path.suffix != ".py":
                text = Path(str(path.locate())).read_text(errors="replace")
                texts.append(f"## {about['Name']}\n\n```text\n{text.strip()}\n```\n")
    fonts = ROOT / "recommender/views/static/fonts"
    texts += [f"## {path.stem}\n\n```text\n{path.read_text()}\n```\n" for path in sorted(fonts.glob("*.txt"))]
    table = "\n".join(f"| {name} | {version} | {licence} |" for name, version, licence in rows)
    return (
        f"# Licences\n\nThe program and its rules are under the MIT licence. The site carries as well:\n\n"
        f"| Package | Version | Licence |\n|---|---|---|\n{table}\n"
        "| IBM Plex Sans and Serif | 5.3.0 | OFL-1.1 |\n\n"
        "The source of pyodide is that of [its release](https://github.com/pyodide/pyodide) of the same "
        "number. Its licence is the "
        "[Mozilla Public License 2.0](https://www.mozilla.org/MPL/2.0/), that of CPython the "
        "[PSF License](https://docs.python.org/3/license.html).\n\n" + "\n".join(texts)
    )
