"""Cited works, other sources and audit findings as the reader sees them."""

from collections.abc import Iterable
from dataclasses import replace

from ..evaluation.facts import Notice
from ..knowledge.base import KnowledgeBase
from ..knowledge.models import AuditFinding, Reference
from ..knowledge.other_evidence_models import OtherEvidence
from ..knowledge.phrasing import citation
from ..knowledge.source_models import CitedSource
from ..ranking.suggestions import Suggestion
from .recommendation import AuditView, LiteratureStateView, OtherEvidenceView, ReferenceView


def reference(found: Reference) -> ReferenceView:
    """Return a cited work as the reader sees it; a paper of a pack has no number of the review."""
    state = found.literature_state
    return ReferenceView(
        id=found.id,
        number=None if found.pack else found.number,
        citation=citation(found),
        title=found.title,
        year=found.year,
        doi=found.doi,
        pmid=found.pmid,
        pmcid=found.pmcid,
        read=found.read,
        literature_state=LiteratureStateView(state=state.state, checked=state.checked) if state else None,
    )


def source(found: CitedSource) -> ReferenceView:
    """Return a source outside the review as the reader sees it."""
    return ReferenceView(
        id=found.id,
        number=None,
        citation=f"{found.publisher}. {found.year}. {found.url} (looked up {found.looked_up}).",
        title=found.title,
        year=found.year,
        doi=found.doi,
    )


def other_evidence(found: Iterable[OtherEvidence], rule: str) -> tuple[OtherEvidenceView, ...]:
    """Return papers outside the review that bear on a rule, as the reader sees them."""
    return tuple(
        OtherEvidenceView(
            id=one.id,
            relation=one.bears_on[rule],
            text=one.text,
            limits=one.limits,
            design=one.design,
            direction=one.direction,
            read=one.paper.read or "title",
            reference=replace(reference(one.paper), id=one.id),
            pack=one.paper.pack,
        )
        for one in found
    )


def audit(finding: AuditFinding) -> AuditView:
    """Return a disagreement of review and cited work as the reader sees it."""
    return AuditView(
        id=finding.id,
        severity=finding.severity,
        review_says=finding.review_says,
        cited_work_says=finding.cited_work_says,
    )


def labels_not_checked(suggestions: Iterable[Suggestion], base: KnowledgeBase) -> list[Notice]:
    """Return a notice for each licensed add-on of which no label is among the sources of the rule base."""
    found = base.without_label.intersection([one.add_on.id for one in suggestions])
    return [
        Notice(
            "SAFETY_LABEL_NOT_CHECKED",
            "/recommendations",
            f"The label of {base.add_ons[name].name} was not found: its cautions may be incomplete.",
        )
        for name in sorted(found)
    ]
