"""The meaning of the words in other people's files: the part of the rule base that importers read."""

from typing import Literal

from pydantic import Field

from ..states import MutationState, State
from .records import Record, Slug, Text


class VariantClasses(Record):
    """The meaning of a variant classification for the protein, or the gene."""

    mutation: tuple[Text, ...]
    splice: tuple[Text, ...] = Field(
        description="A mutation, though the change of the protein may look silent."
    )
    no_mutation: tuple[Text, ...] = Field(description="The protein stays as it is.")
    uncertain: tuple[Text, ...] = Field(
        description="A mutation only where a changed protein is named beside it; else the gene is unknown."
    )
    promoter: tuple[Text, ...] = Field(description="Classes that hold the promoter.")
    promoter_genes: tuple[Text, ...] = Field(description="Genes whose promoter counts as the gene.")


class StatusColumn(Record):
    """A column of a mutation table that says whether a row counts; an empty cell says nothing."""

    names: tuple[Text, ...] = Field(min_length=1)
    counts: tuple[Text, ...] = Field(default=(), description="Words with which a row counts.")
    germline: tuple[Text, ...] = Field(default=(), description="Words for a variant of the germline.")
    wild_type: tuple[Text, ...] = Field(default=(), description="Words for no variant in the tumour.")
    not_counted: tuple[Text, ...] = Field(
        default=(), description="Words with which a row does not count, and the gene is unknown."
    )
    unless: tuple[Text, ...] = Field(
        default=(), description="Words beside which those that do not count are passed over."
    )
    others_count: bool = Field(
        default=False, description="Whether a row counts with any other word; else the gene is unknown."
    )
    whole: bool = Field(default=False, description="Whether a cell is one word, not several with separators.")


class HepatitisColumn(Record):
    """A clinical column whose words for found and not found are its own."""

    names: tuple[Text, ...] = Field(min_length=1)
    marker: str
    found: tuple[Text, ...] = Field(description="Words for the infection, beside those of any column.")
    not_found: tuple[Text, ...] = ()
    source: Text = Field(description="Where the column and its words come from.")


class ClinicalTerm(Record):
    """A phrase of a clinical record, and what it says about a marker."""

    names: tuple[Text, ...] = Field(min_length=1)
    codes: tuple[Text, ...] = Field(default=(), description="Ids of terminologies that mean the same.")
    marker: str | None = Field(default=None, description="None where it says nothing about any marker.")
    found: State | None = Field(default=None, description="The state where it is reported as found.")
    not_found: State | None = Field(default=None, description="The state where it is reported as not found.")
    evidence: Literal["test", "status", "history", "exposure", "none"] = Field(
        default="none",
        description="A test; a status that somebody stated; the history of the patient; past exposure, which "
        "is no finding and makes a history doubtful; or none of these.",
    )
    is_quantity: bool = Field(
        default=False, description="Whether a number in its column is an amount, and not yes or no."
    )
    note: str = ""


class Importing(Record):
    """The words of clinical, sequencing and phenotype files that importers know."""

    nulls: tuple[str, ...] = Field(description="Cells that mean: no value.")
    disputed: tuple[str, ...] = Field(
        default=(), description="Cells that hold no value because their sources disagree."
    )
    general_diseases: tuple[Slug, ...] = Field(
        default=(), description="Diseases whose name does not contradict a more precise one before it."
    )
    positive: tuple[str, ...] = Field(description="Words for a finding that is there.")
    negative: tuple[str, ...] = Field(description="Words for a finding that was looked for and is not there.")
    variants: VariantClasses
    status_columns: tuple[StatusColumn, ...] = Field(
        default=(), description="Columns of mutation tables that say whether a row counts."
    )
    denials: tuple[Text, ...] = Field(
        default=(), description="Words in any other column with which a row does not count."
    )
    reference_alleles: tuple[Text, ...] = Field(
        default=(), description="Columns for the allele of the reference."
    )
    tumour_alleles: tuple[Text, ...] = Field(
        default=(),
        description="Columns for the alleles of the tumour; where all are the reference, it has no variant.",
    )
    change_doubts: tuple[Text, ...] = Field(
        default=(), description="Words in a cell for the change by which the row may not be a mutation."
    )
    change_denials: tuple[Text, ...] = Field(
        default=(), description="Words in the label of a variant by which it may not be there."
    )
    change_words: tuple[Text, ...] = Field(
        default=(), description="Words in the label of a variant that leave it as it is."
    )
    carried: tuple[Text, ...] = Field(
        default=(), description="Allelic states, by label or id, with which a variant is there."
    )
    alterations: dict[Text, MutationState] = Field(description="Words that stand for a state of a gene.")
    abbreviations: dict[Text, State] = Field(description="What people write short for a state in a table.")
    of_two_axes: tuple[Text, ...] = Field(
        default=(), description="Those of them that are read as a level, and may mean the gene itself."
    )
    deleted_copies: int = Field(ge=0, description="A gene with this many copies or fewer is deleted.")
    amplified_copies: int = Field(ge=3, description="A gene with this many copies or more is amplified.")
    whole_exome: tuple[Text, ...] = Field(description="Names for a panel that covers every gene.")
    z_references: dict[Text, Text] = Field(
        description="Part of the name of a z-score profile to the population that it compares with."
    )
    lists: tuple[Text, ...] = Field(description="Clinical columns that hold several terms in one cell.")
    terms: tuple[ClinicalTerm, ...]
    hepatitis_columns: tuple[HepatitisColumn, ...] = ()
    hepatitis_words: tuple[Text, ...] = Field(
        default=(), description="Parts of the name of a column or condition that may hold an infection."
    )
    blood_values: tuple[Text, ...] = Field(
        default=(),
        description="Markers of the tumour that laboratories measure in blood under the same name. A column "
        "of one is of the tumour only where its name, or columns of other genes, show it.",
    )
    laboratory_columns: tuple[Text, ...] = Field(
        default=(), description="Columns of laboratory values, beside which a column may be one as well."
    )
    z_of_normals: tuple[Text, ...] = Field(
        description="Part of the name of a z-score profile whose samples are no tumours."
    )
    assay_words: tuple[Text, ...] = Field(description="Words of an assay's label that name no marker.")
    radiation: Slug = Field(description="The therapy meant where a record says radiation and no more.")
    not_given: tuple[Text, ...] = Field(
        default=(),
        description="Words anywhere in the row of a treatment by which it may not have been given.",
    )
    response_columns: tuple[Text, ...] = Field(
        default=(), description="Columns of timelines that say how the disease responded to a treatment."
    )
    failure: tuple[Text, ...] = Field(description="Responses and reasons to stop that mean: it failed.")
    no_failure: tuple[Text, ...] = Field(
        default=(), description="Responses and reasons to stop that do not mean that it failed."
    )
    response_qualifiers: tuple[Text, ...] = Field(
        default=(), description="Words beside a response that do not change what it means."
    )
    reference_samples: tuple[Text, ...] = Field(description="Words for kinds of sample that are no tumour.")
