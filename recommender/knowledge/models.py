"""What rules refer to: names, add-ons, facts, references, audit findings."""

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from ..states import State
from .ids import Ids
from .ranking_models import Percent
from .records import Flag, Record, Sentence, Slug, Statement, Text

FindingId = Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]{2,3}$")]

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
LICENSED: AddOnStatus = "approved-for-other-use"
"""The status of an add-on that has a label."""
Severity = Literal["critical", "major", "moderate", "minor"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""
ReadPart = Literal["full-text", "abstract", "abstract-part", "title"]
NoticeState = Literal["none-found", "correction", "concern", "retracted"]
"""Which notice about a paper was found: none, a correction, an expression of concern, or a retraction."""
Day = Annotated[str, StringConstraints(pattern=r"^20\d\d-[01]\d-[0-3]\d$")]


class RuleBaseInfo(Record):
    """The rule base as a whole."""

    version: Text = Field(description="Version of the knowledge, apart from that of the program.")
    scope: Slug = Field(description="Id of the disease that the evidence is about.")
    scope_note: Sentence
    z_score_high: float = Field(gt=0, description="A z-score at or above this reads as high.")
    z_score_low: float = Field(lt=0, description="A z-score at or below this reads as low.")


SYSTEMS = {"OncoTree": "oncotree", "NCIT": "ncit", "MONDO": "mondo", "DOID": "doid", "ICD-O": "icdo"}
"""For each system of codes of diseases the field of its id."""


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
    codes: tuple[Code, ...] = Field(
        default=(),
        description="Codes of the disease; the first of each system stands for the disease itself.",
    )
    synonyms: tuple[Text, ...] = ()
    qualifiers: tuple[Text, ...] = Field(
        default=(),
        description="Words that may go with a name without changing the disease, such as its stage.",
    )
    note: str = ""

    @property
    def ids(self) -> Ids | None:
        """Its ids: of the codes of each system the first. None where it has none."""
        codes = [one for one in reversed(self.codes) if one.system in SYSTEMS]
        found: dict[str, Any] = {SYSTEMS[one.system]: one.code for one in codes}
        return Ids.model_construct(**found) if found else None


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
    in_blood: bool = Field(
        default=False,
        description="Whether a finding in blood is one of every marker of the kind, as that of a virus is.",
    )
    of_patient: bool = Field(
        default=False,
        description="Whether it is about the patient, and nothing to measure in a tumour.",
    )


class Marker(Record):
    """A gene or another thing that can be measured."""

    symbol: Text = Field(description="HGNC symbol; for other markers the name used in the rules.")
    kind: Slug
    name: Text
    hgnc: Annotated[str, StringConstraints(pattern=r"^HGNC:[0-9]+$")] | None = None
    ncbi_gene: int | None = Field(default=None, ge=1, description="NCBI Gene (Entrez) id.")
    common: Flag = Field(default="", description="The name that clinicians use, shown after the symbol.")
    aliases: tuple[Text, ...] = ()
    previous: tuple[Text, ...] = ()
    assay: str = Field(default="", description="What measures it, where the kind does not say so.")
    group: Slug | None = Field(
        default=None, description="A name for markers of which at most one can be present, such as classes."
    )
    in_blood: bool = Field(default=False, description="Whether a finding in blood is one of the marker.")
    instead: tuple[Text, ...] = Field(
        default=(), description="What to measure where a finding of it is read by no rule."
    )
    note: str = ""
    unchecked: bool = False

    @property
    def ids(self) -> Ids | None:
        """Its ids; None where it has none, as a marker that is not a gene."""
        if self.hgnc is None and self.ncbi_gene is None:
            return None
        number = str(self.ncbi_gene) if self.ncbi_gene else None
        return Ids.model_construct(hgnc=self.hgnc, ncbigene=number)


class AmbiguousAlias(Record):
    """A name that stands for several markers, and the reading that we document, if any."""

    alias: Text
    reading: str | None = None
    candidates: tuple[Text, ...] = Field(min_length=1)
    formerly: str | None = Field(
        default=None,
        description="The gene of which this was a symbol or name; sequencing files mean that gene by it.",
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
    to_add: str = Field(
        default="", description="What to state as well, where it says too little to select a strategy."
    )
    ids: Ids | None = Field(default=None, description="Its ids in public databases.")
    note: str = ""


class Substance(Record):
    """A substance of an add-on that is a combination or a class."""

    name: Text
    ids: Ids


class AddOn(Record):
    """An agent or a target that a strategy may recommend in addition to the therapy."""

    id: Slug
    name: Text
    type: AddOnType
    short: Flag = Field(default="", description="A shorter name, for one line of a table.")
    targets: tuple[Text, ...] = ()
    status: AddOnStatus
    actionability: Slug | None = Field(
        default=None, description="The step of the actionability, where the status does not decide it."
    )
    status_note: str = ""
    status_source: str = ""
    synonyms: tuple[Text, ...] = ()
    ids: Ids | None = Field(
        default=None, description="Its ids in public databases, where it is a single substance."
    )
    substances: tuple[Substance, ...] = Field(
        default=(), description="The substances of a combination, or of a class, that have ids."
    )
    carries: tuple[Slug, ...] = Field(
        default=(), description="Therapies that the add-on contains, so that it takes their place."
    )
    acts_on: tuple[Slug, ...] = Field(
        default=(), description="Derived facts that the add-on changes, according to a paper cited for it."
    )


class DerivedFact(Record):
    """A state of the ferroptosis pathway that mechanism rules conclude from findings."""

    id: Slug
    name: Text
    short: Flag = Field(default="", description="A shorter name, for one line of a table.")
    meaning: Sentence
    states: dict[Slug, Sentence] = Field(description="Each state and what it means.")
    defences: tuple[Slug, ...] = Field(
        default=(), description="States in which it protects the tumour from ferroptosis."
    )


class LiteratureState(Record):
    """Whether a notice about a paper was found, and when. "None found" does not prove it sound."""

    state: NoticeState
    checked: Day = Field(description="The day of the look-up.")


class Reference(Record):
    """A paper that the review cites, with the fields of CSL-JSON under plain names."""

    number: int = Field(ge=1, description="The number of the paper in the review, or another one in a pack.")
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
    doi_as_printed: str = Field(default="", description="The DOI in the review, where it leads nowhere.")
    pmid: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,8}$")] | None = None
    pmcid: Annotated[str, StringConstraints(pattern=r"^PMC[0-9]+$")] | None = None
    read: ReadPart | None = Field(default=None, description="Which part of the source was read.")
    read_where: str = Field(default="", description="Where the copy that was read was found.")
    read_on: Day | None = Field(default=None, description="The day on which it was looked up.")
    literature_state: LiteratureState | None = Field(
        default=None, description="Whether a correction, a concern or a retraction was found."
    )
    correction: str = Field(default="", description="Where this departs from the review's list.")
    pack: SkipJsonSchema[str] = Field(default="", description="The pack that it is of, set where it is read.")

    @property
    def id(self) -> str:
        """Its id: its number in the review; in a pack its DOI, else the pack and its number there."""
        if not self.pack:
            return f"review:{self.number}"
        return f"doi:{self.doi}" if self.doi else f"{self.pack}:{self.number}"


class AuditCard(Record):
    """A finding of the audit in two statements of a line: the review's, and that of the paper it cites."""

    review: Statement = Field(description="What the review states and its source does not, in our words.")
    paper: Statement = Field(description="What the source reports on the same point.")


class AuditFinding(Record):
    """A place where the review and the paper that it cites disagree."""

    id: FindingId
    references: tuple[int, ...]
    severity: Severity
    category: tuple[Slug, ...]
    review_says: Sentence
    cited_work_says: Sentence
    card: AuditCard | None = Field(default=None, description="The two statements of a quiz question.")
    no_card: str = Field(default="", description="Why no question can be made of it.")
    encoded_as: Sentence
    checked: Slug
    checked_note: str = ""

    def in_short(self) -> tuple[str, str]:
        """Return the statement of the review and that of the paper, as short as they are written."""
        card = self.card
        return (card.review, card.paper) if card else (self.review_says, self.cited_work_says)


class EvidenceLevel(Record):
    """A step of the scale of preclinical evidence."""

    id: Slug
    name: Text
    short: Flag = Field(default="", description="A shorter name, for one line of a table.")
    points: Percent
    civic_level: Literal["D", "E"]
    reason: Sentence
