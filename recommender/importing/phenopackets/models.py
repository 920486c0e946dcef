"""The part of a GA4GH Phenopacket (version 2, JSON) that says something about a tumour.

Field names are those of the schema; fields that are not here are not read.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


def _listed(given: Any) -> Any:
    """Protobuf JSON may write an empty list as null."""
    return [] if given is None else given


class PacketPart(BaseModel):
    """Base of all parts: camelCase in JSON, unknown fields are left alone."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, defer_build=True, alias_generator=to_camel, allow_inf_nan=False
    )


class Term(PacketPart):
    """An ontology class."""

    id: str = ""
    label: str = ""


class PacketDisease(PacketPart):
    """A disease that was diagnosed or excluded, and whether it is over."""

    term: Term = Term()
    excluded: bool = False
    resolution: Any = None


class Feature(PacketPart):
    """A phenotypic feature that was seen or excluded, and whether it is over."""

    type: Term = Term()
    excluded: bool = False
    resolution: Any = None


class Range(PacketPart):
    """A reference range."""

    low: float | None = None
    high: float | None = None


class Quantity(PacketPart):
    """A measured amount."""

    unit: Term = Term()
    value: float | None = None
    reference_range: Range | None = None


class AssayValue(PacketPart):
    """What an assay gave."""

    quantity: Quantity | None = None
    ontology_class: Term | None = None


class AssayResult(PacketPart):
    """An assay and its value."""

    assay: Term = Term()
    value: AssayValue | None = None


Measurements = Annotated[tuple[AssayResult, ...], BeforeValidator(_listed)]
Terms = Annotated[tuple[Term, ...], BeforeValidator(_listed)]


class Biosample(PacketPart):
    """A sample of the patient."""

    id: str = ""
    histological_diagnosis: Term | None = None
    material_sample: Term | None = None
    sampled_tissue: Term | None = None
    diagnostic_markers: Terms = ()
    phenotypic_features: Annotated[tuple[Feature, ...], BeforeValidator(_listed)] = ()
    measurements: Measurements = ()


class Gene(PacketPart):
    """A gene by id and symbol."""

    value_id: str = ""
    symbol: str = ""


class Expression(PacketPart):
    """A variant in a notation."""

    syntax: str = ""
    value: str = ""


class VcfRecord(PacketPart):
    """A variant as a row of a VCF file."""

    ref: str = ""
    alt: str = ""
    filter: str = ""


class VariationDescriptor(PacketPart):
    """A variant."""

    label: str = ""
    gene_context: Gene | None = None
    expressions: Annotated[tuple[Expression, ...], BeforeValidator(_listed)] = ()
    variation: dict[str, Any] | None = None
    structural_type: Term | None = None
    allelic_state: Term | None = None
    vcf_record: VcfRecord | None = None


class VariantInterpretation(PacketPart):
    """A variant and what was thought of it."""

    acmg_pathogenicity_classification: str = ""
    variation_descriptor: VariationDescriptor | None = None


class GenomicInterpretation(PacketPart):
    """A gene or a variant of a subject or sample."""

    subject_or_biosample_id: str = ""
    interpretation_status: str = ""
    gene: Gene | None = None
    variant_interpretation: VariantInterpretation | None = None


class Diagnosis(PacketPart):
    """A disease and the findings that belong to it."""

    disease: Term | None = None
    genomic_interpretations: Annotated[tuple[GenomicInterpretation, ...], BeforeValidator(_listed)] = ()


class Interpretation(PacketPart):
    """An interpretation of the case."""

    diagnosis: Diagnosis | None = None


class Treatment(PacketPart):
    """A treatment with an agent."""

    agent: Term = Term()


class Regimen(PacketPart):
    """A regimen, by ontology class or by an external reference."""

    ontology_class: Term | None = None
    external_reference: dict[str, Any] | None = None


class Radiation(PacketPart):
    """A radiation therapy."""

    modality: Term = Term()


class Procedure(PacketPart):
    """A procedure such as surgery."""

    code: Term = Term()


class MedicalAction(PacketPart):
    """A treatment of any kind, how the disease responded, and why it was stopped."""

    treatment: Treatment | None = None
    therapeutic_regimen: Regimen | None = None
    radiation_therapy: Radiation | None = None
    procedure: Procedure | None = None
    treatment_target: Term | None = None
    response_to_treatment: Term | None = None
    treatment_termination_reason: Term | None = None


class Subject(PacketPart):
    """The patient."""

    id: str = ""


class Phenopacket(PacketPart):
    """A patient, the samples, and what was found."""

    id: str = ""
    subject: Subject | None = None
    diseases: Annotated[tuple[PacketDisease, ...], BeforeValidator(_listed)] = ()
    phenotypic_features: Annotated[tuple[Feature, ...], BeforeValidator(_listed)] = ()
    measurements: Measurements = ()
    biosamples: Annotated[tuple[Biosample, ...], BeforeValidator(_listed)] = ()
    interpretations: Annotated[tuple[Interpretation, ...], BeforeValidator(_listed)] = ()
    medical_actions: Annotated[tuple[MedicalAction, ...], BeforeValidator(_listed)] = ()
