"""The claims and references of the review against the rules: nothing without a fate."""

from typing import NamedTuple

from ..knowledge.base import KnowledgeBase


class ClaimFate(NamedTuple):
    """The fate of a claim: "rules", "disputed", "excluded", or "none"."""

    id: str
    section: str
    claim: str
    fate: str
    rules: tuple[str, ...]
    reason: str
    references: tuple[int, ...]


class ReferenceFate(NamedTuple):
    """The fate of a reference: "rules", "claims", "reason", or "none"."""

    number: int
    fate: str
    rules: tuple[str, ...]
    reason: str


class ClaimCoverage(NamedTuple):
    """All claims and all references, each with its fate."""

    claims: tuple[ClaimFate, ...]
    references: tuple[ReferenceFate, ...]

    @property
    def total(self) -> float:
        """The share of claims and references that have a fate, from 0 to 1."""
        fates = [one.fate for one in self.claims] + [one.fate for one in self.references]
        return sum(fate != "none" for fate in fates) / max(len(fates), 1)


def coverage(base: KnowledgeBase) -> ClaimCoverage:
    """Return the fate of every claim and of every reference."""
    claims = []
    for claim in base.content.claims:
        rules = tuple(rule for rule in (*claim.rules, *claim.disputed) if rule in base.rules)
        fate = "none"
        if any(rule in base.rules for rule in claim.rules):
            fate = "rules"
        elif rules:
            fate = "disputed"
        elif claim.excluded:
            fate = "excluded"
        claims.append(
            ClaimFate(claim.id, claim.section, claim.claim, fate, rules, claim.excluded, claim.references)
        )
    used: dict[int, list[str]] = {}
    for rule in base.content.rules:
        for number in rule.references:
            used.setdefault(number, []).append(rule.id)
    claimed = {number for claim in base.content.claims for number in claim.references}
    reasons = {one.number: one.reason for one in base.content.unused_references}
    references = []
    for number in sorted(base.references):
        fate = (
            "rules"
            if number in used
            else "claims"
            if number in claimed
            else "reason"
            if number in reasons
            else "none"
        )
        references.append(ReferenceFate(number, fate, tuple(used.get(number, ())), reasons.get(number, "")))
    return ClaimCoverage(tuple(claims), tuple(references))
