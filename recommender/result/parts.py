"""The parts of a result. Plain dataclasses: we make them, so tests and not every answer check them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from ..knowledge.models import AddOnStatus, AddOnType, ContextEffect, Effect, Ferroptosis, Severity


@dataclass(kw_only=True, frozen=True)
class ProfileStamp:
    """Which profile was answered: its id and the SHA-256 of its canonical JSON."""

    id: str | None
    sha256: str
    note: str | None = None


@dataclass(kw_only=True, frozen=True)
class EngineStamp:
    """Which engine fired the rules."""

    name: str
    version: str


@dataclass(kw_only=True, frozen=True)
class PackStamp:
    """A pack of rules laid over the shipped ones."""

    name: str
    sha256: str


@dataclass(kw_only=True, frozen=True)
class RuleBaseStamp:
    """Which rule base was used: its version, the SHA-256 of its files, and its number of rules."""

    version: str
    sha256: str
    rules: int
    packs: tuple[PackStamp, ...] = ()


@dataclass(kw_only=True, frozen=True)
class TherapyGiven:
    """A therapy of the profile, as the vocabulary knows it."""

    id: str
    name: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]


@dataclass(kw_only=True, frozen=True)
class Fact:
    """A measured marker."""

    marker: str
    state: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]
    detail: str = ""


@dataclass(kw_only=True, frozen=True)
class Match:
    """A finding that met a condition of a rule."""

    marker: str
    state: str
    source: Annotated[str, Field(description="JSON pointer into the profile.")]
    via: Annotated[tuple[str, ...], Field(description="Derived facts between finding and rule.")] = ()


@dataclass(kw_only=True, frozen=True)
class Derived:
    """A state of the ferroptosis machinery that a mechanism rule concluded."""

    fact: str
    state: str
    meaning: str
    rule: str
    because: tuple[str, ...]
    references: tuple[int, ...]


@dataclass(kw_only=True, frozen=True)
class AddOnView:
    """The agent or target recommended."""

    id: str
    name: str
    type: AddOnType
    targets: tuple[str, ...]
    status: AddOnStatus
    status_note: str = ""
    status_source: str = ""


@dataclass(kw_only=True, frozen=True)
class ScoreParts:
    """The value of each ranking dimension: 0 to 100, the penalty 0 to -100."""

    marker_match: int
    partner_match: int
    evidence: int
    actionability: int
    penalty: int


@dataclass(kw_only=True, frozen=True)
class ScoreReasons:
    """Why each dimension has its value, in words."""

    marker_match: str
    partner_match: str
    evidence: str
    actionability: str
    penalty: str


@dataclass(kw_only=True, frozen=True)
class FiredRule:
    """A strategy rule behind a recommendation, and the findings that met it."""

    id: str
    title: str
    matched: tuple[Match, ...]
    pack: str | None = None


@dataclass(kw_only=True, frozen=True)
class EvidenceView:
    """What a recommendation rests on."""

    label: Literal["preclinical"] = "preclinical"
    level: str
    level_meaning: str
    models: tuple[str, ...]
    tumour_types: tuple[str, ...]
    basis: Literal["title", "abstract"]
    civic_level: Literal["D", "E"]


@dataclass(kw_only=True, frozen=True)
class ReferenceView:
    """A cited work; `number` is the review's own."""

    number: int
    citation: str
    title: str
    year: int
    doi: str | None


@dataclass(kw_only=True, frozen=True)
class CautionView:
    """A warning that holds for this recommendation in this profile."""

    id: str
    text: str
    references: tuple[int, ...]
    pack: str | None = None


@dataclass(kw_only=True, frozen=True)
class AuditView:
    """Where the review and the cited work disagree on this point."""

    id: str
    severity: Severity
    review_says: str
    cited_work_says: str


@dataclass(kw_only=True, frozen=True)
class Recommendation:
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


@dataclass(kw_only=True, frozen=True)
class Disputed:
    """A claim that only the review's wording supports. Never ranked."""

    id: str
    claim: str
    why: str
    audit: tuple[str, ...]
    references: tuple[int, ...]
    pack: str | None = None


@dataclass(kw_only=True, frozen=True)
class ContextEntry:
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


@dataclass(kw_only=True, frozen=True)
class Missing:
    """A finding that would be needed."""

    marker: str
    needs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.marker} {'/'.join(self.needs)}"


@dataclass(kw_only=True, frozen=True)
class Undecided:
    """A strategy for a therapy given that would fire if more were measured."""

    id: str
    add_on: str
    partner: str
    missing: Annotated[
        tuple[Missing, ...], Field(description="The smallest set of findings that would fire it.")
    ]
    minimal_sets: Annotated[
        tuple[tuple[Missing, ...], ...],
        Field(description="All sets of findings that would fire it and hold nothing needless, to a limit."),
    ]
    capped: Annotated[bool, Field(description="Whether there are more sets than are listed.")]


@dataclass(kw_only=True, frozen=True)
class BlockedBy:
    """A measured value that stands in the way."""

    marker: str
    measured: str
    needs: tuple[str, ...]
    source: str


@dataclass(kw_only=True, frozen=True)
class Blocked:
    """A strategy for a therapy given that no further measurement can fire."""

    id: str
    add_on: str
    partner: str
    blocked_by: tuple[BlockedBy, ...]


@dataclass(kw_only=True, frozen=True)
class NextTest:
    """An unmeasured marker that could decide something."""

    marker: str
    needs: Annotated[tuple[str, ...], Field(description="States that would help to fire a strategy.")]
    gain: Annotated[
        float,
        Field(ge=0, le=1, description="Mean share of undecided strategies that a state of it decides."),
    ]
    would_decide: Annotated[tuple[str, ...], Field(description="Strategies that it could fire or rule out.")]
    would_fire: tuple[str, ...]
    would_rule_out: tuple[str, ...]
    assay: str
    top_shift: Annotated[
        int | None,
        Field(description="How many of the first three places it could change; null where not asked for."),
    ]


@dataclass(kw_only=True, frozen=True)
class NoticeView:
    """Something that a reader of the answer should know."""

    code: str
    path: str
    message: str


@dataclass(kw_only=True, frozen=True)
class PossibleLeader:
    """An add-on that could come first, and under which further findings."""

    id: str
    add_on: str
    partner: str
    needs: Annotated[
        tuple[tuple[Missing, ...], ...],
        Field(description="Smallest sets of findings; an empty one where nothing further is needed."),
    ]


@dataclass(kw_only=True, frozen=True)
class Order:
    """What unmeasured markers could do to the first place."""

    verdict: str
    possible_first: tuple[PossibleLeader, ...]
    exact: Annotated[bool, Field(description="Whether every case was looked at, or a sample.")]


@dataclass(kw_only=True, frozen=True)
class Hits:
    """Which active defences a recommendation acts on."""

    id: str
    add_on: str
    defences: tuple[str, ...]


@dataclass(kw_only=True, frozen=True)
class Alternatives:
    """Recommendations that act on the same part of the machinery."""

    acts_on: str
    recommendations: tuple[str, ...]


@dataclass(kw_only=True, frozen=True)
class Combinations:
    """Active defences against the add-ons that act on them. No synergy is claimed."""

    note: str
    defences: tuple[str, ...]
    matrix: tuple[Hits, ...]
    alternatives: tuple[Alternatives, ...]
    complementary: tuple[tuple[str, str], ...]


@dataclass(kw_only=True, frozen=True)
class Options:
    """How the result was asked for, so that it can be made again."""

    brief: bool
    any_disease: bool
    top: int | None = None
