"""The rules of a rule file. `recommender schema rule` shows the descriptions."""

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from .._errors import FieldError
from ..engine.atoms import Atom
from .models import AddOnStatus, AddOnType, FindingId, ReadPart
from .ranking_models import Grade, HoldReason
from .records import Condition, Flag, Record, Sentence, Slug, Text
from .source_models import SourceId

RuleKind = Literal["strategy", "mechanism", "context", "caution", "disputed"]
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
StrategyEffect = Literal["induces-ferroptosis", "sensitises"]
ContextEffect = Literal["resists", "sensitises", "prognostic"]
Ferroptosis = Literal["shown", "claimed by the review only"]
GRADES: tuple[Grade, ...] = get_args(Grade)
"""From the one that weighs least to the one that weighs most."""
ReviewClaim = Literal["agent", "partner", "tumour"]
Concern = Literal["add-on", "therapy"]


class Evidence(Record):
    """The evidence that a rule rests on."""

    references: tuple[int, ...] = Field(min_length=1)
    level: Slug
    models: tuple[Text, ...] = Field(min_length=1)
    tumour_types: tuple[Slug, ...] = Field(min_length=1, description="Ids of diseases.")
    basis: ReadPart
    partners_tested: tuple[Slug, ...] = Field(
        default=(), description="Therapies that the cited work gave together with the add-on."
    )
    patient_samples: bool = Field(
        default=False, description="True where samples of patients agree with the models that set the level."
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
    by_review_only: tuple[ReviewClaim, ...] = Field(
        default=(), description="What of it, apart from ferroptosis, rests on the word of the review alone."
    )
    flag: Flag = Field(default="", description="The chief limit in a few words, for one line of a table.")


class ContextRule(_EvidencedRule, _TherapyRule):
    """Facts to what they mean for a therapy, apart from any add-on."""

    kind: Literal["context"]
    effect: ContextEffect
    agent: str = Field(
        default="",
        max_length=80,
        description="What has the effect, where it is something given and not the finding; the conditions "
        "then only describe in which tumours.",
    )
    text: Sentence
    before_failure_only: bool = Field(
        default=False,
        description="True for a finding that predicts a response: left out once the therapy has failed.",
    )


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
    """A warning on recommendations, or on a therapy itself: while its conditions hold, or always.

    One that `sharpens` another is the form that it takes in a patient of whom more is known.

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
    concerns: Concern = Field(
        default="add-on",
        description="A caution on a therapy is about those in `partner`; no add-on gets it.",
    )
    applies_to: AppliesTo = Field(default_factory=AppliesTo)
    grade: Grade = Field(default="limit", description="How much it weighs: see the penalty in the ranking.")
    holds_back: HoldReason | None = Field(
        default=None,
        description="Why it holds an add-on back; without it the grade decides, by the ranking.",
    )
    text: Sentence
    flag: Flag = Field(default="", description="The warning in a few words, for one line of a table.")
    references: tuple[int, ...] = ()
    sources: tuple[SourceId, ...] = Field(
        default=(), description="Sources outside the review, as the section `sources` lists them."
    )
    sharpens: tuple[Slug, ...] = Field(
        default=(), description="Cautions that this one replaces wherever both would be put on an add-on."
    )

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
