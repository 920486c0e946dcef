"""The part of a GA4GH Phenopacket (version 2, JSON) that says something about a tumour.

Field names are those of the schema; fields that are not here are not read.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


def _listed(given: Any) -> Any:
    """Protobuf JSON may write an empty list as null."""
    return [] if given is None else given


class Part(BaseModel):
    """Base of all parts: camelCase in JSON, unknown fields are left alone."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, defer_build=True, alias_generator=to_camel, allow_inf_nan=False
    )


class Term(Part):
    """An ontology class."""

    id: str = ""
    label: str = ""


class Disease(Part):
    """A disease that was diagnosed or excluded, and whether it is over."""

    term: Term = Term()
    excluded: bool = False
    resolution: Any = None


class Feature(Part):
    """A phenotypic feature that was seen or excluded, and whether it is over."""

    type: Term = Term()
    excluded: bool = False
    resolution: Any = None


class Range(Part):
    """A reference range."""

    low: float | None = None
    high: float | None = None


class Quantity(Part):
    """A measured amount."""

    unit: Term = Term()
    value: float | None = None
    reference_range: Range | None = None


class Value(Part):
    """What an assay gave."""

    quantity: Quantity | None = None
    ontology_class: Term | None = None


class Measurement(Part):
    """An assay and its value."""

    assay: Term = Term()
    value: Value | None = None


Measurements = Annotated[tuple[Measurement, ...], BeforeValidator(_listed)]
Terms = Annotated[tuple[Term, ...], BeforeValidator(_listed)]


class Biosample(Part):
    """A sample of the patient."""

    id: str = ""
    histological_diagnosis: Term | None = None
    material_sample: Term | None = None
    sampled_tissue: Term | None = None
    diagnostic_markers: Terms = ()
    phenotypic_features: Annotated[tuple[Feature, ...], BeforeValidator(_listed)] = ()
    measurements: Measurements = ()


class Gene(Part):
    """A gene by id and symbol."""

    value_id: str = ""
    symbol: str = ""


class Expression(Part):
    """A variant in a notation."""

    syntax: str = ""
    value: str = ""


class VariationDescriptor(Part):
    """A variant."""

    label: str = ""
    gene_context: Gene | None = None
    expressions: Annotated[tuple[Expression, ...], BeforeValidator(_listed)] = ()
    variation: dict[str, Any] | None = None
    structural_type: Term | None = None


class VariantInterpretation(Part):
    """A variant and what was thought of it."""

    acmg_pathogenicity_classification: str = ""
    variation_descriptor: VariationDescriptor | None = None


class GenomicInterpretation(Part):
    """A gene or a variant of a subject or sample."""

    subject_or_biosample_id: str = ""
    interpretation_status: str = ""
    gene: Gene | None = None
    variant_interpretation: VariantInterpretation | None = None


class Diagnosis(Part):
    """The findings that belong to a diagnosis."""

    genomic_interpretations: Annotated[tuple[GenomicInterpretation, ...], BeforeValidator(_listed)] = ()


class Interpretation(Part):
    """An interpretation of the case."""

    diagnosis: Diagnosis | None = None


class Treatment(Part):
    """A treatment with an agent."""

    agent: Term = Term()


class Regimen(Part):
    """A regimen, by ontology class or by an external reference."""

    ontology_class: Term | None = None
    external_reference: dict[str, Any] | None = None


class Radiation(Part):
    """A radiation therapy."""

    modality: Term = Term()


class Procedure(Part):
    """A procedure such as surgery."""

    code: Term = Term()


class MedicalAction(Part):
    """A treatment of any kind, how the disease responded, and why it was stopped."""

    treatment: Treatment | None = None
    therapeutic_regimen: Regimen | None = None
    radiation_therapy: Radiation | None = None
    procedure: Procedure | None = None
    treatment_target: Term | None = None
    response_to_treatment: Term | None = None
    treatment_termination_reason: Term | None = None


class Subject(Part):
    """The patient."""

    id: str = ""


class Phenopacket(Part):
    """A patient, the samples, and what was found."""

    id: str = ""
    subject: Subject | None = None
    diseases: Annotated[tuple[Disease, ...], BeforeValidator(_listed)] = ()
    phenotypic_features: Annotated[tuple[Feature, ...], BeforeValidator(_listed)] = ()
    measurements: Measurements = ()
    biosamples: Annotated[tuple[Biosample, ...], BeforeValidator(_listed)] = ()
    interpretations: Annotated[tuple[Interpretation, ...], BeforeValidator(_listed)] = ()
    medical_actions: Annotated[tuple[MedicalAction, ...], BeforeValidator(_listed)] = ()
