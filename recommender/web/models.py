"""Bodies that the API takes and answers, as models: checked on the way in, documented on the way out."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .._label import Labelled
from .._values import Value
from ..evaluation.explanation import Truth
from ..knowledge.models import AuditFinding, ReadPart
from ..knowledge.rule_models import RuleKind
from ..options import Options
from ..result.outlook import NextTest
from ..result.parts import PackStamp
from ..result.recommendation import LiteratureStateView

ShortText = Annotated[str, Field(max_length=400)]
Names = Annotated[tuple[ShortText, ...], Field(max_length=50)]


class Body(BaseModel):
    """Base of what is taken: an unknown field is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RecommendQuery(Body):
    """How a profile is to be answered."""

    brief: bool = Field(default=False, description="Leave out what is undecided, blocked and next to test.")
    strict: bool = Field(default=False, description="Make an unknown marker or therapy an error.")
    any_disease: bool = Field(default=False, description="Rank outside hepatocellular carcinoma as well.")
    top: int | None = Field(default=None, ge=1, description="The first N ranks only.")

    def options(self) -> Options:
        """Return them as the library takes them."""
        return Options(**self.model_dump())


class RulesQuery(Body):
    """Which rules are listed."""

    kind: RuleKind | None = Field(default=None, description="Only rules of this kind.")
    therapy: str | None = Field(
        default=None, description="Only rules that a profile with this therapy can fire."
    )


class AuditQuery(Body):
    """Which findings of the audit are listed."""

    ref: int | None = Field(default=None, ge=1, description="Only findings on this reference of the review.")


class ExplainBody(Body):
    """A profile, and the id of a rule, recommendation, add-on or derived fact."""

    profile: dict[str, Any]
    id: ShortText


class WhatIfBody(Body):
    """A profile, and what to change in it, written as for `recommender whatif`."""

    profile: dict[str, Any]
    set: Names = Field(default=(), description="Findings to set, as MARKER=STATE.")
    unset: Names = Field(default=(), description="Markers to forget.")
    therapy: Names = Field(default=(), description="Therapies, as +NAME to add and -NAME to remove.")
    any_disease: bool = Field(default=False, strict=True)


class NextTestsBody(Body):
    """A profile, and how many markers are wanted."""

    profile: dict[str, Any]
    top: int | None = Field(default=None, ge=1, strict=True)
    any_disease: bool = Field(default=False, strict=True)


class TreeNode(Value):
    """A step of an explanation, and the steps behind it."""

    kind: Literal["rule", "fact", "finding", "therapy", "any of", "all of", "called for by"]
    text: str
    truth: Truth
    detail: str
    rule: str
    references: tuple[int, ...]
    children: tuple["TreeNode", ...]


class WithPacks(Labelled):
    """An answer that names the packs laid over the shipped rules, where there are any."""

    packs: tuple[PackStamp, ...] = ()
    """Packs laid over the shipped rules; the field is absent without packs."""


class Explanation(WithPacks):
    """Why something holds for a profile, or why not."""

    id: str
    trees: tuple[TreeNode, ...]


class ChangesMade(Value):
    """The changes, as they were requested."""

    set: tuple[str, ...]
    unset: tuple[str, ...]
    therapy: tuple[str, ...]


class EntryView(Value):
    """A recommendation that enters or leaves."""

    id: str
    rank: int
    rules: tuple[str, ...]
    because: tuple[str, ...]


class MoveView(Value):
    """A recommendation that stays, with its rank and score before and after."""

    id: str
    rank: tuple[int, int]
    score: tuple[float, float]
    group: tuple[str | None, str | None]
    because: tuple[str, ...]


class EffectView(WithPacks):
    """The effect of changes on the answer."""

    changes: ChangesMade
    enters: tuple[EntryView, ...]
    leaves: tuple[EntryView, ...]
    moves: tuple[MoveView, ...]
    derived_enters: tuple[str, ...]
    derived_leaves: tuple[str, ...]
    context_enters: tuple[str, ...]
    context_leaves: tuple[str, ...]
    decided: tuple[str, ...]
    opened: tuple[str, ...]
    cautions_enter: tuple[str, ...]
    cautions_leave: tuple[str, ...]
    order: str | None


class NextTests(WithPacks):
    """Unmeasured markers, those that would decide most first."""

    title: str
    rows: tuple[NextTest, ...]


class RuleRow(Value):
    """A rule in a list."""

    id: str
    kind: RuleKind
    title: str
    therapy: tuple[str, ...]
    partner: tuple[str, ...]
    when: str
    references: tuple[int, ...]
    pack: str | None


class Rules(WithPacks):
    """The rules."""

    title: str
    rows: tuple[RuleRow, ...]


class CitedWork(Value):
    """A work that a rule cites."""

    number: int
    citation: str
    title: str
    doi: str | None


class RuleAnswer(WithPacks):
    """A rule with what it concludes and cites; further fields are those of its kind in a rule file."""

    id: str
    kind: RuleKind
    title: str
    conclusion: str
    conditions: str
    origin: str
    pack: str | None
    citations: tuple[CitedWork, ...]
    findings: tuple[AuditFinding, ...]
    claims: tuple[str, ...]


class ReferenceRow(Value):
    """A reference of the review, with its number there, or of a pack; `doi` may say why there is none."""

    id: str
    number: int | None
    citation: str
    title: str
    doi: str
    pmid: str | None
    pmcid: str | None
    read: ReadPart | None
    literature_state: LiteratureStateView | None


class References(WithPacks):
    """The references of the review."""

    title: str
    rows: tuple[ReferenceRow, ...]


class Audit(WithPacks):
    """Where the review and its sources disagree."""

    title: str
    rows: tuple[AuditFinding, ...]


class Version(Labelled):
    """The versions of the parts that answer: the program, its engine and its rule base."""

    version: str
    engine: dict[str, str]
    rule_base: dict[str, Any]
