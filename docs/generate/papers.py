"""The papers outside the review, and the searches that found them, as one page of Markdown."""

from collections.abc import Iterable

from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.other_evidence_models import BEARINGS, OtherEvidence
from recommender.knowledge.phrasing import citation, source_read
from recommender.knowledge.search_models import Search
from recommender.reports.other_evidence import DESIGN, OUTSIDE_REVIEW
from recommender.views.escaping import in_markdown
from recommender.views.rule_pages import WARNING

HEAD = f"""\
Made from `rules/packs/beyond-the-review/` by `make docs`. Do not edit.
[How to read it](../beyond-the-review.md).

{OUTSIDE_REVIEW}."""


def papers_page(base: KnowledgeBase) -> str:
    """Return the papers of a rule base over which the pack is laid, and the register of searches."""
    papers = sorted(
        base.content.other_evidence, key=lambda one: (-one.paper.year, one.paper.title.casefold())
    )
    lines = ["# Papers outside the review", "", WARNING, "", HEAD, ""]
    for one in papers:
        lines += _paper(one)
    lines += ["## Searches", ""]
    for search in base.content.searches:
        lines += _search(search)
    return "\n".join(lines) + "\n"


def _paper(one: OtherEvidence) -> Iterable[str]:
    paper = one.paper
    design = ", ".join(DESIGN[part] for part in one.design)
    direction = f"; {one.direction.replace('-', ' ')}" if one.direction else ""
    yield from (f"## {in_markdown(paper.title)}", "")
    yield from (in_markdown(f"{citation(paper)} {one.id}"), "", in_markdown(f"{one.text} {one.limits}"), "")
    yield f"- Shown in: {design}{direction}"
    yield f"- Source read: {source_read(paper.read or '')}, {in_markdown(paper.read_where)}, {paper.read_on}"
    for relation in BEARINGS:
        rules = [f"`{rule}`" for rule, found in one.bears_on.items() if found == relation]
        if rules:
            yield f"- {relation.capitalize()}: {', '.join(rules)}"
    yield ""


def _search(search: Search) -> Iterable[str]:
    where = f"{in_markdown(search.corpus)}, {search.day}"
    yield f"- **{in_markdown(search.query)}** ({where}): {len(search.kept)} kept. {search.note}".rstrip()
    for one in search.left_out:
        yield f"  - Left out: {in_markdown(one.what)}. {in_markdown(one.why)}"
