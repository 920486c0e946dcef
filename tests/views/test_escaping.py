"""Texts of hostile packs in every language that they are shown in."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from support.generators import BASE

from recommender import LABEL
from recommender.curation.graph import Edge, Graph
from recommender.curation.records import audit_rows, rule_rows
from recommender.evaluation.explanation import Node
from recommender.knowledge.models import Reference
from recommender.views import bibliography, graphs, trees
from recommender.views.escaping import in_dot, in_markdown, in_markdown_code, in_mermaid
from recommender.views.listing import listing
from recommender.views.rule_pages import audit_page, rule_page

PIECES = [
    "\n",
    "\r",
    "\t",
    " ",
    '"',
    "'",
    "`",
    "```",
    "~~~",
    "\\",
    "<",
    ">",
    "<!--",
    "-->",
    "<script>",
    "{",
    "}",
    "[x](y)",
    "](",
    "!",
    "#",
    "# ",
    "- ",
    "1. ",
    "|",
    "*",
    "_",
    "&",
    "&lt;",
    "%",
    "%%{init: {}}%%",
    ";",
    ",",
    "=",
    "===",
    "---",
    "@",
    "\nER  - ",
    "\nTY  - JOUR",
    '\nclick n0 href "x"',
    '"]; x [URL="y"',
    'n0["',
    "\x1b[31m",
    "\u202e",
    "\u2028",
    "\x00",
    "and",
    "a",
    "B7",
    "é",
    "漢",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=8).map("".join)
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]")


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def shape(text: str) -> list[str]:
    """The kinds of tokens of Markdown, apart from texts."""
    return [token.type for token in tokens(text) if token.type not in ("text", "text_special")]


class TestMarkdown:
    @given(TEXTS, st.sampled_from(["{}", "- {}", "# {}", "a {} b", "- **Bold:** {}"]))
    def test_a_text_is_only_text(self, text: str, frame: str) -> None:
        assume(in_markdown(text))
        page = f"before\n\n{frame}\n\nafter\n"
        assert shape(page.format(in_markdown(text))) == shape(page.format("x"))

    @given(TEXTS)
    def test_code_stays_code(self, text: str) -> None:
        code = in_markdown_code(json.dumps(text, ensure_ascii=False))
        assert shape(f"- `{code}`\n\nafter") == shape("- `x`\n\nafter")
        assert json.loads(code) == text
        assert not STEERING.search(code)

    @given(TEXTS)
    def test_a_list_of_rules(self, text: str) -> None:
        row = {**rule_rows(BASE)[0], "title": text}
        columns = {"id": "Rule", "title": "Title"}

        def page(title: str) -> str:
            return listing([{**row, "title": title}, row], columns, "markdown", title="Rules", note=title)

        made = listing([row, row], columns, "markdown", title="Rules", note="A note.")
        expected = listing([{**row, "title": "x"}] * 2, columns, "markdown", title="Rules", note="A note.")
        assert shape(made) == shape(expected)
        assert not STEERING.search(made)
        assert page("x").count("\n") == page(text).count("\n") or not text.strip()

    @given(TEXTS)
    def test_the_audit(self, text: str) -> None:
        (first, *_) = audit_rows(BASE)
        texts = dict.fromkeys(("review_says", "cited_work_says", "encoded_as", "checked_note"), f"a{text}")
        made = audit_page([{**first, **texts}, first], "Audit", "")
        plain = audit_page([{**first, **dict.fromkeys(texts, "a")}, first], "Audit", "")
        assert shape(made) == shape(plain)
        assert not STEERING.search(made)

    @given(TEXTS)
    def test_a_page_of_a_rule(self, text: str) -> None:
        rule = BASE.strategies[0]
        text = f"a{text}"

        def page(said: str) -> str:
            given_ = [{"therapies": [said]}]
            changed = rule.model_copy(
                update={
                    "title": said,
                    "mechanism": said,
                    "limits": said,
                    "since": said,
                    "examples": rule.examples.model_copy(update={"fires": given_}),
                    "evidence": rule.evidence.model_copy(update={"models": (said, said)}),
                }
            )
            return rule_page(changed, BASE)

        assert shape(page(text)) == shape(page("a"))
        assert not STEERING.search(page(text))

    @given(TEXTS)
    def test_an_explanation(self, text: str) -> None:
        def made(said: str) -> str:
            inner = Node("finding", said, "met", said)
            return trees.as_markdown([Node("rule", said, "met", said, "a-rule", (1,), (inner,))], said, said)

        assert shape(made(f"a{text}")) == shape(made("a"))


GRAPH_LINE = re.compile(r'  n\d+(\["[^"]*"\]|\(\["[^"]*"\]\)|\[\["[^"]*"\]\]|\{\{"[^"]*"\}\})(:::\w+)?')


class TestMermaid:
    @given(TEXTS)
    def test_an_explanation(self, text: str) -> None:
        inner = Node("finding", text, "not measured", text)
        made = trees.as_mermaid([Node("rule", text, "met", text, "a-rule", (1,), (inner,))], text)
        lines = made.splitlines()
        assert len(lines) == len(
            trees.as_mermaid([Node("rule", "a", "met", "", "", (), (inner,))]).splitlines()
        )
        assert sum(GRAPH_LINE.fullmatch(line) is not None for line in lines) == 2
        assert "%%{" not in made
        assert not STEERING.search(made)

    @given(TEXTS)
    def test_a_graph(self, text: str) -> None:
        nodes = {kind: (kind, text) for kind in ("marker", "fact", "add-on", "therapy")}
        lines = graphs.mermaid(Graph(nodes, (Edge("marker", "fact", text),)), text).splitlines()
        assert sum(GRAPH_LINE.fullmatch(line) is not None for line in lines) == 4
        assert lines[-1] == "  n0 --> n1"

    def test_a_letter_is_shown_as_it_was(self) -> None:
        shown = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), in_mermaid('a "b" <c> #1; {d}'))
        assert shown == 'a "b" <c> #1; {d}'

    def test_the_label_can_be_seen(self) -> None:
        for made in (graphs.mermaid(Graph({}, ())), trees.as_mermaid([])):
            assert f'  label["{LABEL}: not for treatment decisions"]:::label' in made.splitlines()


def dot_strings(text: str) -> tuple[str, list[str]]:
    """What is outside the quotes of Graphviz, and what is inside, as its scanner reads it."""
    quoted = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
    return quoted.sub('""', text), quoted.findall(text)


class TestGraphviz:
    @given(TEXTS)
    def test_a_graph(self, text: str) -> None:
        def made(said: str) -> str:
            nodes = {said: ("marker", said), "end": ("add-on", said)}
            return graphs.dot(Graph(nodes, (Edge(said, "end", said),)), said)

        assert dot_strings(made(text))[0] == dot_strings(made("a"))[0]
        assert not STEERING.search(made(text))

    def test_a_letter_is_shown_as_it_was(self) -> None:
        assert in_dot('a "b" \\N') == r"a \"b\" \\N"


def reference(text: str) -> Reference:
    return BASE.content.references[0].model_copy(
        update={
            "number": 900,
            "title": f"a{text}",
            "authors": (f"Example A {text}", f"{text} B"),
            **dict.fromkeys(("journal", "volume", "issue", "page", "correction"), f"b{text}"),
            "doi": f"10.1234/{''.join(text.split())}",
        }
    )


class TestReferences:
    @given(TEXTS)
    def test_ris(self, text: str) -> None:
        pytest.importorskip("rispy")
        made = bibliography.ris([reference(text), BASE.content.references[1]])
        lines = made.splitlines()
        assert sum(line.startswith("ER  -") for line in lines) == 2
        assert sum(line.startswith("TY  -") for line in lines) == 2
        assert all(re.match(r"[A-Z][A-Z0-9]  -|$", line) for line in lines)
        assert not STEERING.search(made)

    @given(TEXTS)
    def test_bibtex(self, text: str) -> None:
        parse = pytest.importorskip("bibtexparser.entrypoint").parse_string
        made = bibliography.bibtex([reference(text), BASE.content.references[1]])
        read = parse(made)
        assert [one.key for one in read.entries] == ["ref900", "ref2"]
        assert not read.failed_blocks
        assert not STEERING.search(made)

    @given(TEXTS)
    def test_a_text_of_bibtex_has_its_braces_in_pairs(self, text: str) -> None:
        pytest.importorskip("bibtexparser")
        depth = 0
        for letter in re.sub(r"\\[{}]", "", bibliography.bibtex([reference(text)])):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            assert depth >= 0
        assert depth == 0


@pytest.mark.parametrize("escape", [in_markdown, in_mermaid, in_dot])
@given(text=TEXTS)
def test_a_text_is_a_piece_of_one_line(escape: Callable[[str], str], text: str) -> None:
    assert len(f"a{escape(text)}a".splitlines()) == 1
    assert not STEERING.search(escape(text))
