"""Checks of the papers outside the review; the docstring of each is its page under docs/lint/."""

from collections.abc import Iterator

from ..knowledge.base import KnowledgeBase


def without_relation(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A paper outside the review that bears on no rule, or on one that does not exist.

    It is shown next to the rules that it bears on, so nobody would see it. Name the rules under `bears_on`,
    each with the relation: contradicts, replicates, supports or extends.
    """
    for one in base.content.other_evidence:
        if not one.bears_on:
            yield one.id, "it bears on no rule"
        for rule in one.bears_on:
            if rule not in base.rules:
                yield one.id, f"it bears on the rule {rule}, which does not exist"


def beyond_reading(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A paper outside the review of which more is stated than was read.

    Each needs `read`, `read_where` and `read_on`, so that a reader can look where we looked. Of a paper whose
    title alone was read no direction may be stated; of any other the direction is needed.
    """
    for one in base.content.other_evidence:
        paper = one.paper
        if not (paper.read and paper.read_where and paper.read_on):
            yield one.id, "how much was read, where and when is not given"
        if paper.read == "title" and one.direction:
            yield one.id, "it states a direction, and only the title was read"
        elif paper.read != "title" and not one.direction:
            yield one.id, "it states no direction"


def without_doi(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A paper outside the review that cannot be found by its id.

    Its id is its DOI, which stands under `paper` as well; the id in PubMed may serve where there is a reason
    for having no DOI. A paper that the review cites is found here too: it is in the rule base already.
    """
    cited = {one.doi.lower() for one in base.content.references if one.doi and not one.pack}
    for one in base.content.other_evidence:
        paper = one.paper
        if not paper.doi and not paper.no_doi:
            yield one.id, "it has neither a DOI nor a reason for having none"
        elif one.id != (f"doi:{paper.doi}" if paper.doi else f"pmid:{paper.pmid}"):
            yield one.id, "its id is not that of its paper"
        if paper.doi and paper.doi.lower() in cited:
            yield one.id, "the review cites it"


def unreported_search(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """A paper outside the review that no search of the register has kept, or a strategy without a search.

    So is a search that kept a paper which is not there, or was made for a strategy which is not there. The
    register shows how papers were found, and what was left out. It is read where the pack is laid over the
    rules; without it nothing is checked here.
    """
    kept = {paper for search in base.content.searches for paper in search.kept}
    found = {one.id for one in base.content.other_evidence}
    made_for = {rule for search in base.content.searches for rule in search.strategies}
    strategies = {rule.id for rule in base.strategies}
    if base.content.searches:
        for paper in sorted(found - kept):
            yield paper, "no search of the register kept it"
        for paper in sorted(kept - found):
            yield paper, "a search of the register kept it, and it is not among the papers"
        for rule in base.strategies:
            if rule.id not in base.pack_of and rule.id not in made_for:
                yield rule.id, "no search of the register was made for it"
        for name in sorted(made_for - strategies):
            yield name, "a search of the register was made for it, and it is no strategy"
