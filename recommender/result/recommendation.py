"""The parts of a result that say what is recommended, why, and what it rests on."""

from typing import Annotated, Literal

from pydantic import Field

from .._values import Value
from ..knowledge.models import AddOnStatus, AddOnType, ContextEffect, Effect, Ferroptosis, Severity
from .parts import Match


class AddOnView(Value):
    """The agent or target recommended."""

    id: str
    name: str
    type: AddOnType
    targets: tuple[str, ...]
    status: AddOnStatus
    status_note: str = ""
    status_source: str = ""


class ScoreParts(Value):
    """The value of each ranking dimension: 0 to 100, the penalty 0 to -100."""

    marker_match: int
    partner_match: int
    evidence: int
    actionability: int
    penalty: int


class ScoreReasons(Value):
    """Why each dimension has its value, in words."""

    marker_match: str
    partner_match: str
    evidence: str
    actionability: str
    penalty: str


class FiredRule(Value):
    """A strategy rule behind a recommendation, and the findings that met it."""

    id: str
    title: str
    matched: tuple[Match, ...]
    pack: str | None = None


class EvidenceView(Value):
    """What a recommendation rests on."""

    label: Literal["preclinical"] = "preclinical"
    level: str
    level_meaning: str
    models: tuple[str, ...]
    tumour_types: tuple[str, ...]
    basis: Literal["title", "abstract"]
    civic_level: Literal["D", "E"]


class ReferenceView(Value):
    """A cited work; `number` is the review's own."""

    number: int
    citation: str
    title: str
    year: int
    doi: str | None


class CautionView(Value):
    """A warning that holds for this recommendation in this profile."""

    id: str
    text: str
    references: tuple[int, ...]
    pack: str | None = None


class AuditView(Value):
    """Where the review and the cited work disagree on this point."""

    id: str
    severity: Severity
    review_says: str
    cited_work_says: str


class Recommendation(Value):
    """One add-on beside one therapy of the profile."""

    rank: int
    id: str
    add_on: AddOnView
    partner: str
    replaces_partner: Annotated[
        bool, Field(description="Whether the add-on contains the partner, and so takes its place.")
    ]
    effect: Effect
    ferroptosis: Ferroptosis
    mechanism: str
    limits: str
    extrapolated: Annotated[bool, Field(description="Whether the evidence is from other tumours only.")]
    score: float
    score_parts: ScoreParts
    score_reasons: ScoreReasons
    rank_acceptability: Annotated[
        float, Field(ge=0, le=1, description="Share of random weightings that give this rank.")
    ]
    first_acceptability: Annotated[
        float, Field(ge=0, le=1, description="Share of random weightings that would put it first.")
    ]
    rules: tuple[FiredRule, ...]
    evidence: EvidenceView
    references: tuple[ReferenceView, ...]
    cautions: tuple[CautionView, ...]
    audit: tuple[AuditView, ...]
    verdict: Annotated[str, Field(description="How sure the rank is, in words.")]

    @property
    def place(self) -> str:
        """Where it is given, in words: beside its partner, or in the partner's place."""
        return f"{'in place of plain' if self.replaces_partner else 'beside'} {self.partner}"


class ContextEntry(Value):
    """What a finding means for a therapy, apart from any add-on."""

    id: str
    title: str
    effect: ContextEffect
    therapies: Annotated[tuple[str, ...], Field(description="Therapies of the profile that it is about.")]
    text: str
    limits: str
    matched: tuple[Match, ...]
    evidence: EvidenceView
    references: tuple[int, ...]
    audit: tuple[str, ...]
    pack: str | None = None
