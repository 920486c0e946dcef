"""Everything that a page about one tumour shows: the answer, its proofs, the map, and its making."""

from collections.abc import Iterator
from typing import NamedTuple

from .._version import VERSION
from ..evaluation.explanation import Explainer, Node
from ..evaluation.facts import read_facts
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import EvidenceLevel
from ..knowledge.ranking_models import Ranking
from ..options import Options
from ..profile import Profile
from ..recommender import Recommender
from ..result import references
from ..result.model import Result
from ..result.parts import NoticeView
from ..result.recommendation import AuditView, ReferenceView
from .cards import (
    CardGroup,
    Chip,
    Inference,
    ReferenceChip,
    audited,
    card_groups,
    disputed_here,
    evidence_scale,
    finding_chips,
    implied_chips,
    implied_steps,
    reference_chip,
    reference_key,
    selecting,
)
from .pathway import Pathway, pathway
from .screenful import MAX_MEASURES, Measure, ShortTexts
from .tumour_map import TumourMap, tumour_map

MAX_NOTICES = 100
"""On a page: somebody reads it. The other formats have all."""


class Report(NamedTuple):
    """A result with what a reader needs to argue about it.

    `proofs` has the trees behind each recommendation, by its id. `references` and `audit` hold every paper
    and every audit finding that the result names, in their order; `levels` is the scale of evidence, weakest
    first. `facts` has the names of derived facts.
    """

    result: Result
    title: str
    verdict: str
    findings: tuple[Chip, ...]
    implied: tuple[Chip, ...]
    steps: tuple[Inference, ...]
    groups: tuple[CardGroup, ...]
    facts: dict[str, str]
    could_change: tuple[str, ...]
    measure: tuple[Measure, ...]
    pathway: Pathway
    disputed_here: frozenset[str]
    levels: tuple[EvidenceLevel, ...]
    disease: str
    proofs: dict[str, tuple[Node, ...]]
    map: TumourMap
    references: tuple[ReferenceView, ...]
    audit: dict[str, AuditView]
    ranking: Ranking
    scope_note: str
    program: str

    @property
    def first_notices(self) -> tuple[NoticeView, ...]:
        """The notices that a page shows."""
        return self.result.notices[:MAX_NOTICES]

    @property
    def chips(self) -> dict[int | str, ReferenceChip]:
        """The references in short: those of the review by number, the others by id."""
        return {reference_key(one): reference_chip(one) for one in self.references}

    @property
    def names(self) -> dict[str, str]:
        """The add-ons in short, by the ids of their recommendations."""
        return {card.add_on.id: card.line.add_on for group in self.groups for card in group.cards}

    @property
    def others(self) -> tuple[ReferenceView, ...]:
        """The sources that are not papers of the review."""
        return tuple(one for one in self.references if not one.number)

    @property
    def measure_first(self) -> tuple[Measure, ...]:
        """The measurements of the first screen."""
        return self.measure[:MAX_MEASURES]

    @property
    def more_notices(self) -> int:
        """The number of notices that a page leaves out."""
        return len(self.result.notices) - len(self.first_notices)


def case_report(recommender: Recommender, profile: Profile, options: Options | None = None) -> Report:
    """Return the report on a profile. Raises InputError; DifferenceError; EngineError."""
    result = recommender.answer(profile, options or Options())
    base = recommender.base
    facts = read_facts(profile, base)
    explainer = Explainer(base, facts)
    findings = audited(result) | {name for disputed in result.disputed for name in disputed.audit}
    proofs = {
        one.id: tuple(node for rule in one.rules for node in explainer.explain(rule.id))
        for one in result.recommendations
    }
    words = ShortTexts(result, base)
    groups = card_groups(result, base, words)
    drawn = tumour_map(result, base)
    return Report(
        result,
        words.title(),
        words.verdict(),
        finding_chips(result, words),
        implied_chips(words),
        implied_steps(result, words),
        groups,
        {name: fact.short or fact.name for name, fact in base.facts.items()},
        tuple(words.could_change()),
        tuple(words.measure(one) for one in result.next_tests),
        pathway(drawn, groups, selecting(result), base),
        disputed_here(result),
        evidence_scale(base),
        facts.disease.name if facts.disease else profile.disease or "not stated",
        proofs,
        drawn,
        _references(result, proofs, base),
        {name: references.audit(base.audit[name]) for name in sorted(findings)},
        base.ranking,
        base.info.scope_note,
        VERSION,
    )


def _references(
    result: Result, proofs: dict[str, tuple[Node, ...]], base: KnowledgeBase
) -> tuple[ReferenceView, ...]:
    """The papers of the review that the report names, by number, and then the other sources."""
    others = {one.id: one for entry in result.recommendations for one in entry.references if not one.number}
    sources = [name for one in result.recommendations for c in one.cautions for name in c.sources or ()]
    sources += [name for caution in result.therapy_cautions or () for name in caution.sources]
    for name in sources:
        if name in base.sources:
            others.setdefault(name, references.source(base.sources[name]))
    numbers = sorted(_cited(result, proofs))
    return (*(references.reference(base.references[number]) for number in numbers), *others.values())


def _cited(result: Result, proofs: dict[str, tuple[Node, ...]]) -> set[int]:
    """The review's numbers of all papers that the report names."""
    found = {number for trees in proofs.values() for node in trees for number in _behind(node)}
    found |= {number for one in result.derived for number in one.references}
    found |= {number for one in result.context for number in one.references}
    found |= {number for one in result.disputed for number in one.references}
    found |= {number for one in result.therapy_cautions or () for number in one.references}
    for one in result.recommendations:
        found.update(reference.number for reference in one.references if reference.number)
        found.update(number for caution in one.cautions for number in caution.references)
    return found


def _behind(node: Node) -> Iterator[int]:
    yield from node.references
    for child in node.children:
        yield from _behind(child)
