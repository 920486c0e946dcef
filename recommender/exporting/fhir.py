"""An answer as FHIR R4: a report, the findings, and a therapeutic implication for each add-on.

The profiles are those of the HL7 guide "Genomics Reporting". It holds nothing that the result does not hold:
no patient, no date.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from .._label import DISCLAIMER, LABEL
from .._text import indented_json, printable, safe_json
from .._version import VERSION
from ..knowledge.ids import DATABASES, curie
from ..knowledge.phrasing import EFFECT
from ..result.ids import IdsView
from ..result.model import Result
from ..result.parts import Fact
from ..result.recommendation import Recommendation, ReferenceView

GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
HELD_BACK = "held-back"
_OWN = "urn:ferroptosis-recommender:"
_LOINC = "http://loinc.org"
_TO_BE_DETERMINED = f"{GUIDE}/CodeSystem/tbd-codes-cs"
_META = {
    "tag": [{"system": f"{_OWN}label", "code": "preclinical-evidence", "display": LABEL}],
    "security": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HRESCH",
            "display": "healthcare research",
        }
    ],
}
"""The label, and the purpose, of every resource."""
_LABORATORY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory",
            "display": "Laboratory",
        }
    ]
}
_GENETICS = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "GE", "display": "Genetics"}
    ]
}

Values = dict[str, Any]


def fhir(result: Result) -> str:
    """Return an answer as a Bundle in JSON: the same bytes for the same answer."""
    return safe_json(indented_json(bundle(result))) + "\n"


def bundle(result: Result) -> Values:
    """Return an answer as a Bundle, as plain values.

    Add-ons that are held back are no implications: the report names them with the reasons.
    """
    base = uuid5(NAMESPACE_URL, f"{_OWN}{result.profile.sha256}+{result.rule_base.digests}+{VERSION}")
    findings = [_finding(fact, result, base) for fact in result.facts]
    by_source = {fact.source: finding for fact, finding in zip(result.facts, findings, strict=True)}
    implications = [
        _implication(one, result, base, by_source) for one in result.recommendations if one.group != HELD_BACK
    ]
    resources = [_report(result, base, findings, implications), *findings, *implications]
    return {
        "resourceType": "Bundle",
        "id": str(base),
        "meta": _META,
        "type": "collection",
        "entry": [{"fullUrl": _address(one), "resource": one} for one in resources],
    }


def _report(result: Result, base: UUID, findings: Sequence[Values], implications: Sequence[Values]) -> Values:
    held_back = [
        f"{one.add_on.name} {one.place}: {'; '.join(why.words for why in one.held_back_because or ())}"
        for one in result.recommendations
        if one.group == HELD_BACK
    ]
    parts = [
        f"{LABEL}. {DISCLAIMER}",
        f"Made by ferroptosis-recommender {VERSION} from rule base {result.rule_base.version} "
        f"(sha256 {result.rule_base.sha256}). {result.rule_base.packs_in_words()}".rstrip(),
        *(f"Held back, and therefore not an implication: {text}." for text in held_back),
        *(f"Warning on the therapy: {one.text}" for one in result.therapy_cautions or ()),
        *(notice.message for notice in result.notices),
    ]
    return {
        "resourceType": "DiagnosticReport",
        "id": _id(base, "report"),
        "meta": _META,
        "text": _narrative(parts),
        "status": "preliminary",
        "category": [_GENETICS],
        "code": {"coding": [_loinc("51969-4", "Genetic analysis report")]},
        **_subject(result),
        **_several("result", [_reference(one) for one in (*findings, *implications)]),
        "conclusion": _text("\n".join(parts)),
    }


def _finding(fact: Fact, result: Result, base: UUID) -> Values:
    gene = {"code": {"coding": [_loinc("48018-6", "Gene studied [ID]")]}, "valueCodeableConcept": {}}
    gene["valueCodeableConcept"] = _concept(fact.marker, fact.ids)
    return {
        "resourceType": "Observation",
        "id": _id(base, f"finding {fact.source} {fact.marker} {fact.state}"),
        "meta": _META,
        "text": _narrative([LABEL, f"{fact.marker}: {fact.state}"]),
        "status": "preliminary",
        "category": [_LABORATORY],
        "code": {"text": _text(fact.marker)},
        **_subject(result),
        "valueCodeableConcept": {"text": fact.state},
        **_several("note", [{"text": _text(fact.detail)}] if fact.detail else []),
        **_several("component", [gene] if fact.ids else []),
    }


def _implication(one: Recommendation, result: Result, base: UUID, by_source: dict[str, Values]) -> Values:
    matched = {match.source for rule in one.rules for match in rule.matched}
    derived_from = [_reference(finding) for source, finding in by_source.items() if source in matched]
    group = f", {one.group}" if one.group else ""
    conclusion = (
        f"{LABEL}, not for treatment decisions: {one.add_on.name} {one.place}. "
        f"{EFFECT[one.effect].capitalize()}, according to laboratory work. "
        f"Rank {one.rank}{group}. {one.mechanism}"
    )
    notes = [
        f"{LABEL}. {DISCLAIMER}",
        *([f"Limits: {one.limits}"] if one.limits else []),
        *(f"Caution: {caution.text}" for caution in one.cautions),
        f"Rules: {', '.join(rule.id for rule in one.rules)}.",
        result.rule_base.packs_in_words(),
    ]
    components = [
        _component("93044-6", "Level of evidence", {"text": _level(one)}),
        _component("51963-7", "Medication assessed [ID]", _concept(one.add_on.name, one.add_on.ids)),
        *(
            [_component("81259-4", "Associated phenotype", _concept(result.disease.name, result.disease.ids))]
            if result.disease
            else []
        ),
        {
            "code": _to_be_determined(
                "predicted-therapeutic-implication", "Predicted Therapeutic Implication"
            ),
            "valueCodeableConcept": {"text": f"{EFFECT[one.effect]}, preclinical"},
        },
        {"code": _to_be_determined("conclusion-string", "Conclusion Text"), "valueString": _text(conclusion)},
    ]
    # The profile demands findings from which it is derived; an add-on that nothing selects has none.
    claimed = {"profile": [f"{GUIDE}/StructureDefinition/therapeutic-implication"]} if derived_from else {}
    return {
        "resourceType": "Observation",
        "id": _id(base, one.id),
        "meta": {**claimed, **_META},
        "text": _narrative([conclusion]),
        "extension": [_artifact(reference) for reference in one.references],
        "status": "preliminary",
        "category": [_LABORATORY, _GENETICS],
        "code": _to_be_determined("therapeutic-implication", "Therapeutic Implication"),
        **_subject(result),
        "note": [{"text": _text(note)} for note in notes if note],
        **_several("derivedFrom", derived_from),
        "component": components,
    }


def _level(one: Recommendation) -> str:
    found = one.evidence
    return f"{found.label}: {found.level_meaning} (level {found.civic_level} on the scale of CIViC)"


def _artifact(reference: ReferenceView) -> Values:
    """A paper as an extension of the resource that it supports."""
    state = reference.literature_state
    found = f" [{state.state}]" if state and state.state != "none-found" else ""
    artifact = {"type": "citation", "citation": _text(f"{reference.citation} {reference.title}{found}")}
    if reference.doi:
        artifact["url"] = f"https://doi.org/{reference.doi}"
    return {
        "url": "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact",
        "valueRelatedArtifact": artifact,
    }


def _concept(name: str, ids: IdsView | None) -> Values:
    """A thing by its name, and by its ids in public databases where it has some."""
    given = {field: getattr(ids, field) for field in DATABASES if ids and getattr(ids, field)}
    codings = [
        {"system": f"https://bioregistry.io/{DATABASES[field].prefix.lower()}", "code": curie(field, written)}
        for field, written in given.items()
    ]
    return {**_several("coding", codings), "text": _text(name)}


def _component(code: str, display: str, value: Values) -> Values:
    return {"code": {"coding": [_loinc(code, display)]}, "valueCodeableConcept": value}


def _loinc(code: str, display: str) -> Values:
    return {"system": _LOINC, "code": code, "display": display}


def _to_be_determined(code: str, display: str) -> Values:
    return {"coding": [{"system": _TO_BE_DETERMINED, "code": code, "display": display}]}


def _subject(result: Result) -> Values:
    """The case by the id of its profile; nothing where it has none."""
    if not result.profile.id:
        return {}
    return {"subject": {"identifier": {"system": f"{_OWN}profile", "value": _text(result.profile.id)}}}


def _narrative(parts: Iterable[str]) -> Values:
    body = "".join(f"<p>{escape(_text(part))}</p>" for part in parts if part)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def _several(name: str, values: list[Values]) -> Values:
    """A field with a list, which FHIR does not allow to be empty."""
    return {name: values} if values else {}


def _reference(resource: Values) -> Values:
    return {"reference": _address(resource)}


def _address(resource: Values) -> str:
    return f"urn:uuid:{resource['id']}"


def _id(base: UUID, name: str) -> str:
    return str(uuid5(base, name))


def _text(text: str) -> str:
    """A text without characters that FHIR forbids or that could steer a terminal; lines stay."""
    return "\n".join(printable(line) for line in text.split("\n"))
