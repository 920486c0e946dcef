"""GA4GH Phenopackets (version 2, JSON) to profiles: one for each sample of a tumour."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

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
from .casing import in_camel_case
from .models import Biosample, Feature, MedicalAction, Phenopacket, Term
from .variants import Genomics

_MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file, which is held in memory."""
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
    for steps, value in _packets(in_camel_case(_value(path, shown), shown), shown):
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
                _compare(drafts[draft.id], draft, words, shown, log)
            drafts.setdefault(draft.id, draft)
    if problems:
        raise InputError(problems, source=str(path))
    log.accounts.whole(shown, count)
    return list(drafts.values())


def _compare(first: Draft, other: Draft, words: Words, shown: str, log: Log) -> None:
    """Let a sample that is there twice have no finding in which the two differ."""
    first.contest(other)
    two = [one.disease for one in (first, other) if one.disease]
    if len(two) > 1 and not words.same_disease(*two):
        first.disease = " or ".join(two)[:400]
        what = f"{shortened(first.id)}: the disease is {shortened(first.disease)}; it counts as neither."
        log.notice("CONTRADICTION", shown, what)


def _value(path: Path, shown: str) -> Any:
    try:
        regular(path, shown)
        with opened(path) as stream:
            data = stream.read(_MAX_FILE + 1)
    except OSError as error:
        raise InputError([Problem("", f"it cannot be read: {error.strerror}.")], source=shown) from None
    if not data.strip():
        raise InputError([Problem("", "it is empty; a phenopacket is one object.")], source=shown)
    return plain_value(data, source=shown, largest=_MAX_FILE)


def _packets(value: Any, shown: str) -> Iterable[tuple[Steps, dict[str, Any]]]:
    """The packets in a value: itself, the members of a cohort, or the proband of a family."""
    if not isinstance(value, dict):
        raise InputError([Problem("", "a phenopacket is one object.")], source=shown)
    if "resourceType" in value:
        what = f"it is a resource of FHIR ({shortened(str(value['resourceType']))}), not a phenopacket."
        raise InputError([Problem("", what, "Make a phenopacket of it, or a table.")], source=shown)
    if isinstance(value.get("members"), list):
        return [(("members", index), one) for index, one in enumerate(value["members"])]
    if isinstance(value.get("proband"), dict):
        return [(("proband",), value["proband"])]
    known = {to_camel(name) for name in Phenopacket.model_fields} - {"id"}
    if not known & set(value):
        if {"therapies", "markers", "schemaVersion"} & set(value):
            what = "it is a profile already."
            raise InputError([Problem("", what, "Use it with recommend, or profile validate.")], source=shown)
        hint = did_you_mean(next(iter(value), ""), known)
        raise InputError([Problem("", "it has none of the parts of a phenopacket.", hint)], source=shown)
    return [((), value)]


def _is_of_version_1(packet: Any) -> bool:
    """Return whether a packet states that it is of version 1, or has parts that only those have."""
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


class _Named(NamedTuple):
    """A condition that a packet names."""

    steps: Steps
    term: Term
    excluded: bool
    over: bool


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

    def read(self) -> list[Draft]:
        packet = self.packet
        subject = packet.subject.id if packet.subject else ""
        tumours = [
            (Draft((one.id or f"{subject or packet.id} sample {index + 1}")[:400]), index, one)
            for index, one in enumerate(packet.biosamples)
            if not self._is_reference(index, one)
        ]
        drafts = [draft for draft, _, _ in tumours] or [Draft((subject or packet.id or "phenopacket")[:400])]
        whole = self._conditions_named()
        if not tumours:
            drafts[0].disease = self._disease(whole)
        for draft in drafts:
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
            features = self._features(sample.phenotypic_features, ("biosamples", index, "phenotypicFeatures"))
            named = [*whole, *features]
            draft.disease = self._disease(named, sample.histological_diagnosis, ("biosamples", index))
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
        """Return how a profile names a disease: by an id that the vocabulary knows, else by the label."""
        if term is None:
            return None
        if term.id and self.vocabulary.disease(term.id):
            return term.id
        return (term.label or term.id)[:400] or None

    def _conditions_named(self) -> list[_Named]:
        """Return what may be the tumour: diseases, diagnoses, and tumours among the features."""
        packet = self.packet
        diagnoses = [
            (number, one.diagnosis.disease)
            for number, one in enumerate(packet.interpretations)
            if one.diagnosis and one.diagnosis.disease
        ]
        return [
            *(
                _Named(("diseases", index), one.term, one.excluded, one.resolution is not None)
                for index, one in enumerate(packet.diseases)
            ),
            *(_Named(("interpretations", number), term, False, False) for number, term in diagnoses),
            *self._features(packet.phenotypic_features, ("phenotypicFeatures",)),
        ]

    def _features(self, features: Iterable[Feature], steps: Steps) -> list[_Named]:
        return [
            _Named((*steps, index), one.type, one.excluded, one.resolution is not None)
            for index, one in enumerate(features)
            if self.vocabulary.disease(self._name(one.type) or "")
        ]

    def _disease(self, named: list[_Named], diagnosis: Term | None = None, steps: Steps = ()) -> str | None:
        """The disease of a sample: its diagnosis, else the first tumour that we know, else the first disease.

        One that is stated and excluded counts as neither, and one that is over is not one of today.
        """
        named = [one for one in named if (one.term.id or one.term.label) and not self._term(one.term)]
        excluded = [one for one in named if one.excluded]
        over = [one for one in named if one.over and not one.excluded]
        held = [one for one in named if not one.excluded and not one.over]
        of_sample = self._name(diagnosis)
        stated = [(steps, of_sample)] if of_sample else [(one.steps, self._name(one.term)) for one in held]
        for held_at, name in stated:
            if any(self.words.same_disease(name or "", self._name(one.term) or "") for one in excluded):
                what = f"{shortened(name or '')} is stated and excluded; it counts as neither."
                self.log.once(f"{self._at(held_at)} {name}", "CONTRADICTION", self._at(held_at), what)
                return f"{name}, stated and excluded"[:400]
        if of_sample:
            return of_sample
        for one in over:
            at = self._at(one.steps)
            what = f"{shortened(self._name(one.term) or '')} is resolved, so no disease of today; not read."
            self.log.once(at, "CONDITION_NOT_READ", at, what)
        known = [one for one in held if self.vocabulary.disease(self._name(one.term) or "")]
        tumours = known or [one for one in held if one.steps[0] in ("diseases", "interpretations")]
        if tumours:
            return self._chosen(tumours[0], known, held)
        if excluded:
            name = f"not {self._name(excluded[0].term)}"
            at = self._at(excluded[0].steps[:1])
            what = f"the only tumour named is excluded; the disease is given as '{name}'."
            self.log.once(at, "DISEASE_EXCLUDED", at, what)
            return name
        return f"{self._name(over[0].term)}, resolved"[:400] if over else None

    def _chosen(self, chosen: _Named, known: list[_Named], held: list[_Named]) -> str | None:
        if len({self._name(one.term) for one in known}) > 1:
            what = f"of several tumours the first is read: {self._name(chosen.term)}."
            at = self._at(("diseases",))
            self.log.once(at, "SEVERAL_DISEASES", at, what)
        for one in held:
            if one.term != chosen.term and one not in known:
                at = self._at(one.steps)
                what = f"{shortened(self._name(one.term) or '')} is not read."
                self.log.once(at, "CONDITION_NOT_READ", at, what)
        return self._name(chosen.term)

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
            if known is not None and known.marker and resolution is not None and not excluded:
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
            elif self._is_unread(known, term, steps):
                self.log.once(at, "CONDITION_NOT_READ", at, f"{name} is not known; not read.")
        return heard

    def _is_unread(self, known: ClinicalTerm | None, term: Term, steps: Steps) -> bool:
        """Return whether a feature is not known and has no label that could say what it is."""
        nameless = bool(term.id or term.label) and not (term.label and term.label.isascii())
        of_feature = known is None and steps[-1] == "phenotypicFeatures"
        return of_feature and nameless and not self.vocabulary.disease(self._name(term) or "")

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
