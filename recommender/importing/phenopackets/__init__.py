"""GA4GH Phenopackets (version 2, JSON) to profiles: one for each sample of a tumour."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from ..._errors import InputError, Problem
from ..._opening import opened
from ..._text import did_you_mean, shortened
from ..._validation import problems_of
from ...knowledge.base import KnowledgeBase
from ...knowledge.import_models import ClinicalTerm
from ...profile import plain_value, pointer
from ..delimited import regular
from ..draft import Draft, Log
from ..genes import Genes
from ..infections import Heard, Infections
from ..options import ImportOptions
from ..terms import Words
from .assays import Assays
from .models import Biosample, Feature, MedicalAction, Phenopacket, Term
from .variants import Genomics

_MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file, which is held in memory."""
_SNAKE = ("meta_data", "phenotypic_features", "medical_actions", "genomic_interpretations")
_VERSION_1 = ("genes", "variants", "htsFiles")
_VERSION_1_CONDITION = ("negated", "ageOfOnset", "ageRangeOfOnset", "classOfOnset")
Steps = tuple[str | int, ...]

USES: frozenset[str] = frozenset()


def read(path: Path, base: KnowledgeBase, options: ImportOptions, log: Log) -> list[Draft]:  # noqa: ARG001
    """Return the samples of a phenopacket, of all packets of a cohort, or of the proband of a family.

    The options say nothing about phenopackets. Raises InputError.
    """
    shown = path.name
    drafts: dict[str, Draft] = {}
    problems: list[Problem] = []
    words, genes = Words(base), Genes(base)
    count = 0
    for steps, value in _packets(_value(path, shown), shown):
        count += 1
        if _is_of_version_1(value):
            hint = "Convert it to version 2, for instance with: phenopacket-tools convert."
            problems.append(
                Problem(f"{shown}{pointer(steps)}", "it is a phenopacket of schema version 1.", hint)
            )
            continue
        try:
            packet = Phenopacket.model_validate(value)
        except ValidationError as error:
            problems += [
                Problem(f"{shown}{pointer((*steps, *found.path))}", found.what, found.hint)
                for found in problems_of(error, Phenopacket, value)
            ]
            continue
        for draft in _Reader(packet, f"{shown}#{pointer(steps)}", base, words, genes, log).read():
            if draft.id in drafts:
                what = f"the sample {shortened(draft.id)} stands twice; the first counts."
                log.notice("DUPLICATE_ROW", shown, what)
            drafts.setdefault(draft.id, draft)
    if problems:
        raise InputError(problems, source=str(path))
    log.accounts.whole(shown, count)
    return list(drafts.values())


def _value(path: Path, shown: str) -> Any:
    try:
        regular(path, shown)
        with opened(path) as stream:
            data = stream.read(_MAX_FILE + 1)
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=shown) from None
    return plain_value(data, source=shown, largest=_MAX_FILE)


def _packets(value: Any, shown: str) -> Iterable[tuple[Steps, dict[str, Any]]]:
    """The packets in a value: itself, the members of a cohort, or the proband of a family."""
    if not isinstance(value, dict):
        raise InputError([Problem("", "a phenopacket is one object.")], source=shown)
    if "resourceType" in value:
        what = f"it is a resource of FHIR ({shortened(str(value['resourceType']))}), not a phenopacket."
        raise InputError([Problem("", what, "Make a phenopacket of it, or a table.")], source=shown)
    if any(name in value for name in _SNAKE):
        what = "its names are in snake_case; JSON phenopackets have lowerCamelCase."
        raise InputError([Problem("", what, "Write it with protobuf's JSON printer.")], source=shown)
    if isinstance(value.get("members"), list):
        return [(("members", index), one) for index, one in enumerate(value["members"])]
    if isinstance(value.get("proband"), dict):
        return [(("proband",), value["proband"])]
    known = {to_camel(name) for name in Phenopacket.model_fields} - {"id"}
    if not known & set(value):
        if {"therapies", "markers", "schema_version"} & set(value):
            what = "it is a profile already."
            raise InputError([Problem("", what, "Use it with recommend, or profile validate.")], source=shown)
        hint = did_you_mean(next(iter(value), ""), known)
        raise InputError([Problem("", "it has none of the parts of a phenopacket.", hint)], source=shown)
    return [((), value)]


def _is_of_version_1(packet: Any) -> bool:
    """Whether a packet says that it is of version 1, or has parts that only those have."""
    if not isinstance(packet, dict):
        return False
    about = packet.get("metaData")
    version = str(about.get("phenopacketSchemaVersion") or "") if isinstance(about, dict) else ""
    parts = [packet, *_objects(packet, "biosamples")]
    conditions = [
        *(one for part in parts for one in _objects(part, "phenotypicFeatures")),
        *_objects(packet, "diseases"),
    ]
    return (
        re.search(r"(?<![\w.-])v?1(?![\w])", version, re.IGNORECASE) is not None
        or any(name in part for part in parts for name in _VERSION_1)
        or any(name in one for one in conditions for name in _VERSION_1_CONDITION)
    )


def _objects(part: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = part.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class _Reader:
    def __init__(
        self, packet: Phenopacket, shown: str, base: KnowledgeBase, words: Words, genes: Genes, log: Log
    ) -> None:
        self.packet = packet
        self.shown = shown
        self.base = base
        self.log = log
        self.vocabulary = base.vocabulary
        self.words, self.genes = words, genes
        self.infections = Infections(base, self.words, log)
        self.assays = Assays(base, self.words, log)
        self.excluded: list[str] = []

    def read(self) -> list[Draft]:
        packet = self.packet
        subject = packet.subject.id if packet.subject else ""
        tumours = [
            (Draft((one.id or f"{subject or packet.id} sample {index + 1}")[:400]), index, one)
            for index, one in enumerate(packet.biosamples)
            if not self._is_reference(index, one)
        ]
        drafts = [draft for draft, _, _ in tumours] or [Draft((subject or packet.id or "phenopacket")[:400])]
        disease = self._disease()
        for draft in drafts:
            draft.disease = disease
            draft.note = f"Imported from the phenopacket {shortened(packet.id or self.shown)}"
        diseases = ((one.term, one.excluded, one.resolution) for one in packet.diseases)
        conditions = self._infected(diseases, ("diseases",))
        conditions += self._conditions(packet.phenotypic_features, ("phenotypicFeatures",))
        heard = {draft.id: list(conditions) for draft in drafts}
        for draft in drafts:
            for number, measurement in enumerate(packet.measurements):
                heard[draft.id] += self.assays.measurement(
                    draft, measurement, self._at(("measurements", number))
                )
        for draft, index, sample in tumours:
            heard[draft.id] += self._sample(draft, index, sample)
            diagnosis = self._name(sample.histological_diagnosis)
            if diagnosis and any(self._same_disease(diagnosis, one) for one in self.excluded):
                what = f"{diagnosis} is diagnosed here and excluded elsewhere; the disease is left unknown."
                self.log.notice("CONTRADICTION", self._at(("biosamples", index)), what)
                draft.disease = None
            else:
                draft.disease = diagnosis or disease
        for draft in drafts:
            for number, action in enumerate(packet.medical_actions):
                self._action(draft, action, self._at(("medicalActions", number)))
            self.infections.add(draft, heard[draft.id])
        genomics = Genomics(
            self.base, self.words, self.genes, self.log, subject, {draft.id: draft for draft, _, _ in tumours}
        )
        for number, interpretation in enumerate(packet.interpretations):
            found = interpretation.diagnosis.genomic_interpretations if interpretation.diagnosis else ()
            for index, one in enumerate(found):
                steps = ("interpretations", number, "diagnosis", "genomicInterpretations", index)
                genomics.read(one, self._at(steps))
        return drafts

    def _sample(self, draft: Draft, index: int, sample: Biosample) -> list[Heard]:
        heard = self._conditions(sample.phenotypic_features, ("biosamples", index, "phenotypicFeatures"))
        for number, measurement in enumerate(sample.measurements):
            at = self._at(("biosamples", index, "measurements", number))
            heard += self.assays.measurement(draft, measurement, at)
        for number, term in enumerate(sample.diagnostic_markers):
            at = self._at(("biosamples", index, "diagnosticMarkers", number))
            heard += self.assays.marker(draft, term, at)
        return heard

    def _at(self, steps: Steps) -> str:
        return self.shown + pointer(steps)

    def _is_reference(self, index: int, sample: Biosample) -> bool:
        for term in (sample.material_sample, sample.histological_diagnosis, sample.sampled_tissue):
            if term is not None and (self.words.is_reference(term.id) or self.words.is_reference(term.label)):
                kind = shortened(term.label or term.id)
                what = f"the sample {shortened(sample.id)} is no tumour ({kind}); left out."
                self.log.notice("REFERENCE_SAMPLE", self._at(("biosamples", index)), what)
                return True
        return False

    def _name(self, term: Term | None) -> str | None:
        """How a profile names a disease: by the id where the vocabulary knows it, else by the label."""
        if term is None:
            return None
        if term.id and self.vocabulary.disease(term.id):
            return term.id
        return (term.label or term.id)[:400] or None

    def _disease(self) -> str | None:
        """The disease of the packet: the first tumour that we know, else the first that is no infection.

        Tumours are found among the features too. One that is stated and excluded stays unknown.
        """
        named = [
            *(
                (("diseases", index), one.term, one.excluded)
                for index, one in enumerate(self.packet.diseases)
            ),
            *(
                (("phenotypicFeatures", index), one.type, one.excluded)
                for index, one in enumerate(self.packet.phenotypic_features)
                if self.vocabulary.disease(self._name(one.type) or "")
            ),
        ]
        named = [one for one in named if (one[1].id or one[1].label) and not self._term(one[1])]
        excluded = [(steps, term) for steps, term, is_excluded in named if is_excluded]
        self.excluded = [self._name(term) or "" for _, term in excluded]
        held = [(steps, term) for steps, term, is_excluded in named if not is_excluded]
        for steps, term in held:
            if any(self._same_disease(self._name(term) or "", self._name(other)) for _, other in excluded):
                what = f"{self._name(term)} is stated and excluded; the disease is left unknown."
                self.log.notice("CONTRADICTION", self._at(steps), what)
                return None
        known = [one for one in held if self.vocabulary.disease(self._name(one[1]) or "")]
        tumours = known or [one for one in held if one[0][0] == "diseases"]
        if tumours:
            chosen = tumours[0][1]
            if len({self._name(term) for _, term in known}) > 1:
                what = f"of several tumours the first is read: {self._name(chosen)}."
                self.log.notice("SEVERAL_DISEASES", self._at(("diseases",)), what)
            for steps, term in held:
                if term != chosen and (steps, term) not in known:
                    what = f"{shortened(self._name(term) or '')} is not read."
                    self.log.notice("CONDITION_NOT_READ", self._at(steps), what)
            return self._name(chosen)
        if excluded:
            steps, term = excluded[0]
            name = f"not {self._name(term)}"
            what = f"the only tumour named is excluded; the disease is given as '{name}'."
            self.log.notice("DISEASE_EXCLUDED", self._at(steps[:1]), what)
            return name
        return None

    def _term(self, term: Term) -> ClinicalTerm | None:
        return (self.words.coded(term.id) if term.id else None) or (
            self.words.term(term.label) if term.label else None
        )

    def _same_disease(self, one: str, other: str | None) -> bool:
        known = self.vocabulary.disease(one)
        return known is not None and other is not None and known == self.vocabulary.disease(other)

    def _conditions(self, features: Iterable[Feature], steps: Steps) -> list[Heard]:
        """Infections that stand among features."""
        found = ((one.type, one.excluded, one.resolution) for one in features)
        return self._infected(found, steps)

    def _infected(self, named: Iterable[tuple[Term, bool, Any]], steps: Steps) -> list[Heard]:
        """The infections among conditions. One that is over is not one of today."""
        heard = []
        for index, (term, excluded, resolution) in enumerate(named):
            known, at = self._term(term), self._at((*steps, index))
            name = shortened(term.label or term.id)
            if known is not None and known.marker and resolution and not excluded:
                self.log.notice(
                    "CONDITION_NOT_READ", at, f"{name} is resolved, so no finding of today; not read."
                )
                heard.append(Heard(known, None, at, ""))
            elif known is not None and known.marker:
                said = "excluded" if excluded else "present"
                heard.append(Heard(known, not excluded, at, f"{name}: {said}"))
            elif known is None and self.infections.looks_alike(term.label):
                what = f"{name} looks like an infection and is not known; not read."
                self.log.once(at, "CONDITION_NOT_READ", at, what)
        return heard

    def _action(self, draft: Draft, action: MedicalAction, at: str) -> None:
        name = _treated(action, self.words)
        if not name:
            self.log.notice("MALFORMED_ROW", at, "the medical action names no treatment; not read.")
            return
        target = self._name(action.treatment_target)
        if target and target != draft.disease and not self._same_disease(target, draft.disease):
            what = f"{shortened(name)} was given for {shortened(target)}; not read."
            self.log.notice("OTHER_TARGET", at, what)
            return
        draft.therapies.setdefault(name[:400], at)
        for term in (action.response_to_treatment, action.treatment_termination_reason):
            if term is None or not (term.label or term.id):
                continue
            said, failed = shortened(term.label or term.id), self.words.failed(term.label, term.id)
            if failed:
                draft.resistant_to.setdefault(name[:400], f"{at} {said}")
            elif failed is None:
                self.log.notice("UNKNOWN_RESPONSE", at, f"the response '{said}' is not understood; not read.")


def _treated(action: MedicalAction, words: Words) -> str:
    """The name of the treatment of a medical action."""
    if action.treatment is not None:
        return action.treatment.agent.label or action.treatment.agent.id
    if action.therapeutic_regimen is not None:
        regimen = action.therapeutic_regimen
        if regimen.ontology_class is not None:
            return regimen.ontology_class.label or regimen.ontology_class.id
        return str((regimen.external_reference or {}).get("description") or "")
    if action.radiation_therapy is not None:
        return words.therapy([action.radiation_therapy.modality.label, words.known.radiation])
    if action.procedure is not None:
        return action.procedure.code.label or action.procedure.code.id
    return ""
