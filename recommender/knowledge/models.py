"""The content of a rule file: a model for each record. `recommender schema rule` shows the descriptions."""

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from .._errors import FieldError
from ..engine.atoms import Atom
from ..states import State
from .import_models import Importing
from .map_models import MachineryMap
from .ranking_models import Percent, Ranking
from .records import Condition, Record, Sentence, Slug, Text

FindingId = Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]{2,3}$")]

RuleKind = Literal["strategy", "mechanism", "context", "caution", "disputed"]
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
StrategyEffect = Literal["induces-ferroptosis", "sensitises"]
ContextEffect = Literal["resists", "sensitises", "prognostic"]
Ferroptosis = Literal["shown", "claimed by the review only"]
AddOnType = Literal["drug", "drug-combination", "formulation", "biologic", "target", "gene-therapy"]
AddOnStatus = Literal[
    "approved-for-other-use",
    "investigational",
    "tool-compound",
    "formulation",
    "genetic-only",
    "abandoned",
    "not-established",
]
Grade = Literal["contraindication", "limit", "note"]
Severity = Literal["critical", "major", "moderate", "minor"]


class RuleBaseInfo(Record):
    """The rule base as a whole."""

    version: Text = Field(description="Version of the knowledge, apart from that of the program.")
    scope: Slug = Field(description="Id of the disease that the evidence is about.")
    scope_note: Sentence
    z_score_high: float = Field(gt=0, description="A z-score at or above this reads as high.")
    z_score_low: float = Field(lt=0, description="A z-score at or below this reads as low.")


class Code(Record):
    """The code of a disease in a public vocabulary."""

    system: Text
    code: Text


class Disease(Record):
    """A disease that a profile may state, or in which a cited work was done."""

    id: Slug
    name: Text
    in_scope: bool = Field(description="Whether a profile of this disease is answered with a ranking.")
    counts_as_scope_evidence: bool = Field(
        default=False,
        description="Whether work in this tumour type counts as evidence in scope, not as extrapolated.",
    )
    codes: tuple[Code, ...] = ()
    synonyms: tuple[Text, ...] = ()
    note: str = ""


class MarkerKind(Record):
    """A kind of marker and the states that can be reported for it."""

    id: Slug
    states: tuple[State, ...] = Field(min_length=1)
    read_as: dict[State, State] = Field(
        default_factory=dict, description="States that mean another one for this kind of marker."
    )
    assays: dict[Slug, Text] = Field(
        default_factory=dict, description="For each axis of states what measures it."
    )


class Marker(Record):
    """A gene or another thing that can be measured."""

    symbol: Text = Field(description="HGNC symbol; for other markers the name used in the rules.")
    kind: Slug
    name: Text
    hgnc: Annotated[str, StringConstraints(pattern=r"^HGNC:[0-9]+$")] | None = None
    ncbi_gene: int | None = Field(default=None, ge=1, description="NCBI Gene (Entrez) id.")
    aliases: tuple[Text, ...] = ()
    previous: tuple[Text, ...] = ()
    assay: str = Field(default="", description="What measures it, where the kind does not say so.")
    note: str = ""
    unchecked: bool = False


class AmbiguousAlias(Record):
    """A name that stands for several markers, and the reading that we document, if any."""

    alias: Text
    reading: str | None = None
    candidates: tuple[Text, ...] = Field(min_length=1)
    formerly: str | None = Field(
        default=None,
        description="The gene whose approved symbol this was, which is what sequencing files mean by it.",
    )
    why: Sentence


class Therapy(Record):
    """A drug, a class of drugs or a modality, with its place in the class tree."""

    id: Slug
    name: Text
    kind: Literal["drug", "class", "modality"]
    parents: tuple[Slug, ...] = ()
    synonyms: tuple[Text, ...] = ()
    brands: tuple[Text, ...] = ()
    note: str = ""


class AddOn(Record):
    """An agent or a target that a strategy may recommend beside the therapy given."""

    id: Slug
    name: Text
    type: AddOnType
    targets: tuple[Text, ...] = ()
    status: AddOnStatus
    status_note: str = ""
    status_source: str = ""
    synonyms: tuple[Text, ...] = ()
    carries: tuple[Slug, ...] = Field(
        default=(), description="Therapies that the add-on contains, so that it takes their place."
    )
    acts_on: tuple[Slug, ...] = Field(
        default=(), description="Derived facts that the add-on changes, by a work cited for it."
    )


class DerivedFact(Record):
    """A state of the ferroptosis machinery that mechanism rules conclude from findings."""

    id: Slug
    name: Text
    meaning: Sentence
    states: dict[Slug, Sentence] = Field(description="Each state and what it means.")
    defences: tuple[Slug, ...] = Field(
        default=(), description="States in which it protects the tumour from ferroptosis."
    )


class Reference(Record):
    """A work that the review cites, with the fields of CSL-JSON under plain names."""

    number: int = Field(ge=1, description="The number of the work in the review.")
    type: Literal["article-journal"]
    title: str
    authors: tuple[str, ...]
    et_al: bool = False
    journal: Text
    year: int = Field(ge=1900, le=2100)
    volume: str = ""
    issue: str = ""
    page: str = ""
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    no_doi: str = Field(default="", description="Why there is no DOI.")
    correction: str = Field(default="", description="Where this departs from the review's list.")


class AuditFinding(Record):
    """A place where the review and the work that it cites disagree."""

    id: FindingId
    references: tuple[int, ...]
    severity: Severity
    category: tuple[Slug, ...]
    review_says: Sentence
    cited_work_says: Sentence
    encoded_as: Sentence
    checked: Slug
    checked_note: str = ""


class Claim(Record):
    """A claim of the review, in our own words, and what became of it."""

    id: Slug
    section: Slug
    claim: Sentence
    in_review: bool = Field(
        default=True, description="False for what a cited work shows and the review leaves out."
    )
    references: tuple[int, ...] = ()
    rules: tuple[Slug, ...] = ()
    disputed: tuple[Slug, ...] = ()
    excluded: str = Field(default="", description="Why nothing encodes it.")
    audit: tuple[FindingId, ...] = ()


class UnusedReference(Record):
    """A reference of the review that nothing cites, and why."""

    number: int
    reason: Sentence


class EvidenceLevel(Record):
    """A step of the scale of preclinical evidence."""

    id: Slug
    name: Text
    points: Percent
    civic_level: Literal["D", "E"]
    reason: Sentence


class Evidence(Record):
    """The evidence that a rule rests on."""

    references: tuple[int, ...] = Field(min_length=1)
    level: Slug
    models: tuple[Text, ...] = Field(min_length=1)
    tumour_types: tuple[Slug, ...] = Field(min_length=1, description="Ids of diseases.")
    basis: Literal["title", "abstract"]
    partners_tested: tuple[Slug, ...] = Field(
        default=(), description="Therapies that the cited work gave together with the add-on."
    )


class Examples(Record):
    """Profiles that show what the rule does."""

    fires: tuple[dict[str, Any], ...] = Field(min_length=1)
    near_misses: tuple[dict[str, Any], ...] = Field(min_length=1)


class _Rule(Record):
    id: Slug
    title: Text
    since: Text = Field(description="Version of the rule base that brought the rule.")
    when: tuple[Condition, ...] = Field(default=(), description="All of these must have been measured.")
    audit: tuple[FindingId, ...] = ()
    limits: str = Field(default="", description="What the evidence does not show.")
    examples: Examples

    @property
    def therapies(self) -> tuple[str, ...]:
        """The therapies of which one must be given; empty where the rule requires none."""
        return ()

    @property
    def conclusion(self) -> Atom | None:
        """The derived fact in the state that the rule concludes; None where it concludes no fact."""
        return None


class _TherapyRule(_Rule):
    therapy: tuple[Slug, ...] = ()

    @property
    def therapies(self) -> tuple[str, ...]:
        """The therapies of which one must be given; empty where the rule requires none."""
        return self.therapy


class _EvidencedRule(_Rule):
    mechanism: Sentence
    evidence: Evidence

    @property
    def references(self) -> tuple[int, ...]:
        """The review's numbers of the studies that the rule cites."""
        return self.evidence.references


class MechanismRule(_EvidencedRule):
    """Measured states to a derived fact."""

    kind: Literal["mechanism"]
    concludes: dict[Slug, Slug] = Field(min_length=1, max_length=1)

    @property
    def conclusion(self) -> Atom:
        """The derived fact in the state that the rule concludes."""
        ((fact, state),) = self.concludes.items()
        return Atom("fact", fact, state)


class StrategyRule(_EvidencedRule, _TherapyRule):
    """Therapy and facts to an add-on."""

    kind: Literal["strategy"]
    therapy: tuple[Slug, ...] = Field(min_length=1)
    called_for_by: tuple[Condition, ...] = Field(
        default=(), description="Findings that are not required, but that make the strategy fit better."
    )
    add_on: Slug
    effect: StrategyEffect
    ferroptosis: Ferroptosis


class ContextRule(_EvidencedRule, _TherapyRule):
    """Facts to what they mean for a therapy, apart from any add-on."""

    kind: Literal["context"]
    effect: ContextEffect
    text: Sentence


class DisputedRule(_TherapyRule):
    """A claim that only the review's wording supports, shown where a reader would look for it."""

    kind: Literal["disputed"]
    claim: Sentence
    why: Sentence
    references: tuple[int, ...] = ()


class AppliesTo(Record):
    """Which recommendations a caution is put on: those that fit every field given."""

    add_ons: tuple[Slug, ...] = ()
    targets: tuple[Text, ...] = ()
    statuses: tuple[AddOnStatus, ...] = ()
    types: tuple[AddOnType, ...] = ()


def _describe_former_name(schema: dict[str, Any]) -> None:
    """Describe the former name of `partner` in the JSON schema of cautions."""
    properties = schema["properties"]
    former = "The name of `partner` up to rule base 2026.11.0, still read; only one of the two may be given."
    properties["therapy"] = {**properties["partner"], "deprecated": True, "description": former}


class CautionRule(_Rule):
    """A warning on recommendations: while its conditions hold, or always.

    Up to rule base 2026.11.0 `partner` was called `therapy`. That name is still read, as `partner`.
    """

    model_config = ConfigDict(json_schema_extra=_describe_former_name)

    kind: Literal["caution"]
    always: bool = Field(
        default=False,
        description="True where it holds for every therapy; `when` and `partner` are left out.",
    )
    partner: tuple[Slug, ...] = Field(
        default=(),
        description="The partner of the recommendation is one of these therapies, or falls under one.",
    )
    applies_to: AppliesTo
    grade: Grade = Field(default="limit", description="How much it weighs: see the penalty in the ranking.")
    text: Sentence
    references: tuple[int, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_former_name(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "therapy" not in value:
            return value
        if "partner" in value:
            what = "it is the former name of partner, which is given too. Leave it out."
            raise FieldError("therapy", what)
        return {"partner" if name == "therapy" else name: given for name, given in value.items()}

    @property
    def therapies(self) -> tuple[str, ...]:
        """The therapies of which one must be the partner; empty where any may be."""
        return self.partner


Rule = Annotated[
    MechanismRule | StrategyRule | ContextRule | DisputedRule | CautionRule,
    Field(discriminator="kind"),
]


class RuleFile(Record):
    """One file of a rule base, or all its files merged: any of these sections."""

    rule_base: RuleBaseInfo | None = None
    diseases: tuple[Disease, ...] = ()
    marker_kinds: tuple[MarkerKind, ...] = ()
    markers: tuple[Marker, ...] = ()
    ambiguous_aliases: tuple[AmbiguousAlias, ...] = ()
    therapies: tuple[Therapy, ...] = ()
    add_ons: tuple[AddOn, ...] = ()
    derived_facts: tuple[DerivedFact, ...] = ()
    references: tuple[Reference, ...] = ()
    audit: tuple[AuditFinding, ...] = ()
    evidence_levels: tuple[EvidenceLevel, ...] = ()
    ranking: Ranking | None = None
    importing: Importing | None = None
    map: MachineryMap | None = None
    claims: tuple[Claim, ...] = ()
    unused_references: tuple[UnusedReference, ...] = ()
    rules: tuple[Rule, ...] = ()
