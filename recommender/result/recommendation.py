"""The parts of a result that say what is recommended, why, and what it rests on."""

from typing import Annotated, Literal

from pydantic import Field

from .._values import Value
from ..knowledge.models import AddOnStatus, AddOnType, NoticeState, ReadPart, Severity
from ..knowledge.other_evidence_models import Bearing, Design, Direction
from ..knowledge.ranking_models import Grade, GroupName, HoldReason
from ..knowledge.rule_models import ContextEffect, Ferroptosis, StrategyEffect
from .corroboration import CorroborationView
from .ids import IdsView, SubstanceView
from .outlook import Missing
from .parts import Match


class AddOnView(Value):
    """The agent or target recommended."""

    shared = True
    _left_out = frozenset({"ids", "substances"})
    id: str
    """Its id in the vocabulary."""
    name: str
    """Its name."""
    type: AddOnType
    """The kind of add-on."""
    targets: tuple[str, ...]
    """Gene symbols of what it acts on; empty where the paper names none."""
    status: AddOnStatus
    """How near it is, as a whole, to something that can be given in a trial."""
    status_note: str = ""
    """The status in words."""
    status_source: str = ""
    """The source of the status."""
    ids: IdsView | None = None
    """Its ids in public databases, where it is a single substance that has some."""
    substances: tuple[SubstanceView, ...] | None = None
    """The substances of a combination, or of a class, that have ids."""


class ScoreParts(Value):
    """The value of each ranking dimension: 0 to 100, the penalty 0 to -100."""

    marker_match: int
    """How specifically the findings select the add-on."""
    partner_match: int
    """How near the therapy given is to the one that was tested."""
    evidence: int
    """How strong the model systems are."""
    actionability: int
    """How near the agent is to a trial."""
    penalty: int
    """Points deducted for weaknesses of the claim; zero or less."""


class ScoreReasons(Value):
    """Why each dimension has its value, in words."""

    marker_match: str
    """Why these points."""
    partner_match: str
    """Why these points."""
    evidence: str
    """Why these points."""
    actionability: str
    """Why these points."""
    penalty: str
    """Why these points."""


class LiteratureStateView(Value):
    """Whether a notice about a paper was found, and when. "None found" does not prove it sound."""

    state: NoticeState
    """The gravest notice that was found."""
    checked: str
    """The day of the look-up."""


class ReferenceView(Value):
    """A reference: a paper that the review cites, or another source of a caution."""

    shared = True
    _left_out = frozenset({"id", "pmid", "pmcid", "read", "literature_state"})
    id: str | None = None
    """`review:` and the review's number, `doi:` and the DOI, or `url:` and the address."""
    number: int | None
    """The review's own reference number; null outside the review."""
    citation: str
    """The reference in short."""
    title: str
    """Its title."""
    year: int
    """Year of publication."""
    doi: str | None
    """Its DOI, or null where it has none."""
    pmid: str | None = None
    """Its id in PubMed; left out where none was found."""
    pmcid: str | None = None
    """Its id in PubMed Central; left out where none was found."""
    read: ReadPart | None = None
    """How much of a paper of the review was read; left out where that is not on record."""
    literature_state: LiteratureStateView | None = None
    """Whether a correction, a concern or a retraction was found; left out where nobody looked."""


class OtherEvidenceView(Value):
    """A paper outside the review that bears on a rule. It is shown and never weighed: it does not rank."""

    shared = True
    _left_out = frozenset({"direction"})
    id: str
    """`doi:` and the DOI, or `pmid:` and the id in PubMed."""
    relation: Bearing
    """Its relation to the rule: whether it contradicts, replicates, supports or extends it."""
    text: str
    """The finding, in our own words."""
    limits: str
    """What it does not show."""
    design: tuple[Design, ...]
    """In what it was shown."""
    direction: Direction | None = None
    """The effect that it reports; left out where only its title was read."""
    read: ReadPart
    """Which part of the source was read."""
    reference: ReferenceView
    """The paper."""
    pack: str
    """The pack that it came with."""


class FiredRule(Value):
    """A strategy rule behind a recommendation, and the findings that met it."""

    _left_out = frozenset({"corroboration", "other_evidence"})
    id: str
    """The id of the rule."""
    title: str
    """Its title."""
    matched: tuple[Match, ...]
    """The findings and therapies that met its conditions."""
    pack: str | None = None
    """The pack that it came with; null for a shipped rule."""
    corroboration: CorroborationView | None = None
    """What drug screens show about it; left out when brief, and where nobody looked."""
    other_evidence: tuple[OtherEvidenceView, ...] | None = None
    """Papers outside the review that bear on it, what contradicts it first; left out when brief."""


class EvidenceView(Value):
    """The evidence that a recommendation rests on."""

    shared = True
    _left_out = frozenset({"patient_samples"})
    label: Literal["preclinical"] = "preclinical"
    """Always preclinical."""
    level: str
    """Level on the scale of the rule base."""
    level_meaning: str
    """The level in words."""
    models: tuple[str, ...]
    """In what it was shown."""
    tumour_types: tuple[str, ...]
    """Of which tumours the models were."""
    basis: ReadPart
    """Which part of the paper was read."""
    civic_level: Literal["D", "E"]
    """The level on the scale of CIViC: D is preclinical, E inferential."""
    patient_samples: bool | None = None
    """True where samples of patients agree with the models that set the level."""


class CautionView(Value):
    """A warning that holds for this recommendation in this profile."""

    shared = True
    _left_out = frozenset({"flag", "grade", "sources"})
    id: str
    """The id of the caution rule."""
    text: str
    """The warning."""
    references: tuple[int, ...]
    """Reference numbers behind it."""
    grade: Grade | None = None
    """The weight that it has for this patient, from note to contraindication."""
    flag: str | None = None
    """The warning in a few words; may be empty."""
    sources: tuple[str, ...] | None = None
    """Ids of all the sources behind it, those of the review included."""
    pack: str | None = None
    """The pack that it came with; null for a shipped one."""


class TherapyCaution(Value):
    """A warning on a therapy that is given, apart from any add-on."""

    id: str
    """The id of the caution rule."""
    therapies: tuple[str, ...]
    """Therapies of the profile that it is about."""
    text: str
    """The warning."""
    grade: Grade
    """The weight that it has for this patient, from note to contraindication. No points are deducted."""
    flag: str
    """The warning in a few words; may be empty."""
    matched: tuple[Match, ...]
    """The findings that met its conditions; none where it holds for every patient."""
    references: tuple[int, ...]
    """Reference numbers behind it."""
    sources: tuple[str, ...]
    """Ids of all the sources behind it, those of the review included."""
    pack: str | None = None
    """The pack that it came with; null for a shipped one."""


class AuditView(Value):
    """Where the review and the cited paper disagree on this point."""

    shared = True
    id: str
    """Number of the audit finding."""
    severity: Severity
    """How far the review is off."""
    review_says: str
    """The statement of the review, in short."""
    cited_work_says: str
    """The report of the cited paper, in short."""


class HeldBackView(Value):
    """A reason for which a recommendation is held back."""

    reason: HoldReason
    """The reason, as a fixed word for programs."""
    words: str
    """The reason in words."""
    by: tuple[str, ...]
    """The ids of cautions behind it, or what of the strategy only the review reports."""


class Selection(Value):
    """The findings of this tumour that bear on whether the add-on is selected."""

    by: tuple[Match, ...]
    """Findings, and failed therapies, that select it."""
    against: tuple[Match, ...]
    """Measured findings that leave nothing that could select it."""
    not_measured: tuple[Missing, ...]
    """Findings that could select it and were not measured."""


class Recommendation(Value):
    """One add-on to one therapy of the profile."""

    _left_out = frozenset({"group", "held_back_because", "selection"})
    rank: int
    """Its place, from 1; equal scores share a rank."""
    id: str
    """Add-on and partner, as one id."""
    add_on: AddOnView
    """The add-on."""
    partner: str
    """The therapy of the profile that it is added to."""
    replaces_partner: bool
    """True where the add-on contains the partner, and so takes its place."""
    effect: StrategyEffect
    """The effect, according to the cited paper."""
    ferroptosis: Ferroptosis
    """Evidence of ferroptosis in the paper, as far as it could be read."""
    mechanism: str
    """How it works, in a sentence."""
    limits: str
    """Limits of the evidence: conclusions that it does not show."""
    extrapolated: bool
    """True where the evidence is from other tumours only."""
    score: float
    """Sum of weight times points, divided by 100. It serves to order the add-ons, and nothing else."""
    score_parts: ScoreParts
    """The points of each dimension."""
    score_reasons: ScoreReasons
    """Why each dimension has its points."""
    rank_acceptability: Annotated[float, Field(ge=0, le=1)]
    """Share of random weightings that give this rank."""
    first_acceptability: Annotated[float, Field(ge=0, le=1)]
    """Share of random weightings that would put it first."""
    rules: tuple[FiredRule, ...]
    """The strategy rules that fired for it."""
    evidence: EvidenceView
    """The evidence that it rests on, for the rule that scores best."""
    references: tuple[ReferenceView, ...]
    """The references behind all of its rules."""
    cautions: tuple[CautionView, ...]
    """Warnings that hold here."""
    audit: tuple[AuditView, ...]
    """Where the review and the papers disagree about it."""
    verdict: str
    """How sure the rank is, in words."""
    group: GroupName | None = None
    """Whether a finding of this tumour selects it."""
    held_back_because: tuple[HeldBackView, ...] | None = None
    """Why it is held back; empty in the other groups."""
    selection: Selection | None = None
    """Which findings select it, or could."""

    @property
    def place(self) -> str:
        """The way it is given: added to its partner, or in the partner's place."""
        return f"(replaces plain {self.partner})" if self.replaces_partner else f"+ {self.partner}"

    @property
    def papers(self) -> tuple[ReferenceView, ...]:
        """The papers that its strategies rest on; the other references are sources of its cautions."""
        others = {source for caution in self.cautions for source in caution.sources or ()}
        return tuple(one for one in self.references if one.number or one.id not in others)

    @property
    def paper_marks(self) -> tuple[str, ...]:
        """The papers in the least room: the number in the review, or `pack`."""
        return tuple(dict.fromkeys(str(paper.number or "pack") for paper in self.papers))


class ContextEntry(Value):
    """The meaning of a finding for a therapy, apart from any add-on."""

    _left_out = frozenset({"corroboration", "other_evidence"})
    id: str
    """The id of the rule."""
    title: str
    """Its title."""
    effect: ContextEffect
    """The effect of the finding on the therapy."""
    therapies: tuple[str, ...]
    """Therapies of the profile that it is about."""
    text: str
    """The meaning, in words."""
    limits: str
    """Limits of the evidence: conclusions that it does not show."""
    matched: tuple[Match, ...]
    """The findings that met its conditions."""
    evidence: EvidenceView
    """The evidence that it rests on."""
    references: tuple[int, ...]
    """Reference numbers behind it."""
    audit: tuple[str, ...]
    """Numbers of the audit findings."""
    pack: str | None = None
    """The pack that it came with; null for a shipped one."""
    corroboration: CorroborationView | None = None
    """What drug screens show about it; left out when brief, and where nobody looked."""
    other_evidence: tuple[OtherEvidenceView, ...] | None = None
    """Papers outside the review that bear on it, what contradicts it first; left out when brief."""
