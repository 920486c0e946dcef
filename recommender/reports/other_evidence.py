"""Papers outside the review in words, for every form that shows a rule. They are never weighed."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ..knowledge.base import KnowledgeBase
from ..knowledge.other_evidence_models import BEARINGS, Bearing, Design
from ..knowledge.phrasing import source_read
from ..result.model import Result
from ..result.recommendation import ContextEntry, FiredRule, OtherEvidenceView, Recommendation, ReferenceView
from ..result.references import other_evidence

OUTSIDE_REVIEW = "Other evidence, outside the review: it does not rank"
NOT_RANKED = "outside the review, not ranked"
BEARING: dict[Bearing, str] = {
    "contradicts": "contradict",
    "replicates": "replicate",
    "supports": "support",
    "extends": "extend",
}
"""The plural of each relation of a paper to a rule."""
DESIGN: dict[Design, str] = {
    "cell-lines": "cell lines",
    "organoids": "organoids",
    "xenograft": "xenograft",
    "mouse": "mouse",
    "other-animal": "other animal",
    "patient-samples": "patient samples",
    "clinical": "patients",
    "computational": "computational",
}


class OtherPaper(NamedTuple):
    """A paper outside the review in words: its relation to a rule, what it shows, and in what."""

    relation: str
    finding: str
    design: str
    read: str
    reference: ReferenceView

    def __str__(self) -> str:
        cited = f"{self.reference.citation} {self.reference.id}"
        return f"{self.relation.capitalize()}: {self.finding} ({self.about}) {cited}"

    @property
    def about(self) -> str:
        """In what it was shown, and which part of the source was read."""
        return f"{self.design}; source read: {self.read}"


def other_paper(one: OtherEvidenceView) -> OtherPaper:
    """Return a paper outside the review in words."""
    finding = f"{one.text} {one.limits}".rstrip()
    design = ", ".join(DESIGN.get(part, part) for part in one.design)
    return OtherPaper(one.relation, finding, design, source_read(one.read), one.reference)


def papers_of(rule: str, base: KnowledgeBase) -> tuple[str, ...]:
    """Return the papers that bear on a rule of a rule base, each in a line of text."""
    return tuple(str(other_paper(one)) for one in other_evidence(base.other_evidence.get(rule, ()), rule))


def papers_on(one: Recommendation | ContextEntry) -> tuple[OtherPaper, ...]:
    """Return the papers that bear on the rules of a recommendation or context, each once."""
    return tuple(map(other_paper, _distinct([one])))


def relations_of(found: Result | Recommendation) -> str:
    """Return how many papers contradict, replicate, support or extend what an answer shows; empty if none.

    A paper that bears on several rules counts once for each relation.
    """
    shown: tuple[Recommendation | ContextEntry, ...] = (
        (found,) if isinstance(found, Recommendation) else (*found.recommendations, *found.context)
    )
    counts = Counter(relation for relation, _ in {(one.relation, one.id) for one in _distinct(shown)})
    return ", ".join(
        f"{counts[one]} {one if counts[one] == 1 else BEARING[one]}" for one in BEARINGS if counts[one]
    )


def _distinct(shown: Iterable[Recommendation | ContextEntry]) -> list[OtherEvidenceView]:
    rules: list[FiredRule | ContextEntry] = []
    for one in shown:
        rules += one.rules if isinstance(one, Recommendation) else [one]
    papers = {(one.relation, one.id): one for rule in rules for one in rule.other_evidence or ()}
    return sorted(papers.values(), key=lambda one: BEARINGS.index(one.relation))
