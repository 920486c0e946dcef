"""Genomic interpretations of phenopackets: a gene or variant of a sample to a state of the gene."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..._text import fold, shortened
from ...knowledge.base import KnowledgeBase
from ...knowledge.models import Marker
from ..draft import Draft, Found, Log
from ..genes import Genes
from ..terms import Words
from .models import GenomicInterpretation, VariationDescriptor

_STATUSES = ("", "UNKNOWN_STATUS", "CANDIDATE", "CONTRIBUTORY", "CAUSATIVE")
_HARMLESS = ("BENIGN", "LIKELY_BENIGN")
_NON_CODING = re.compile(r"c\.(?:[-*]\d|\d+[-+](?:[3-9]|\d\d))")
"""Untranslated regions, and introns farther than the two bases of a splice site."""

_STRUCTURAL = re.compile(r"(?i)\b(?:loss|gain|inversion|translocation|fusion|deletion|duplication|wild)\b")


class Genomics:
    """Reads genomic interpretations into the drafts of the samples of one packet."""

    def __init__(
        self,
        base: KnowledgeBase,
        words: Words,
        genes: Genes,
        log: Log,
        subject: str,
        drafts: Mapping[str, Draft],
    ) -> None:
        """`drafts` holds the samples of tumours; it is empty where the packet names no sample."""
        self.vocabulary = base.vocabulary
        self.genes = genes
        self.words = words
        self.log = log
        self.subject = subject
        self.drafts = drafts

    def read(self, one: GenomicInterpretation, at: str) -> None:
        """Read one interpretation, which stands at a place."""
        descriptor = one.variant_interpretation.variation_descriptor if one.variant_interpretation else None
        gene = (descriptor.gene_context if descriptor else None) or one.gene
        if gene is None:
            self.log.notice("UNKNOWN_GENE", at, "the interpretation names no gene; not read.")
            return
        marker = self._gene(gene.value_id, gene.symbol, at)
        if marker is None:
            return
        draft = self.drafts.get(one.subject_or_biosample_id)
        if draft is None:
            of_subject = one.subject_or_biosample_id in ("", self.subject)
            why = "of the subject, so of the germline" if of_subject else "of another sample"
            self.log.notice(
                "GERMLINE_VARIANT" if of_subject else "UNKNOWN_SAMPLE",
                at,
                f"{marker.symbol} is {why}; not read.",
            )
            return
        status = one.interpretation_status.upper()
        if status == "REJECTED":
            what = f"{draft.id}: the variant of {marker.symbol} was rejected; not read."
            self.log.notice("REJECTED", at, what)
            return
        if status not in _STATUSES:
            what = f"{draft.id}: '{shortened(status)}' is no status; {marker.symbol} left unknown."
            self.log.notice("UNCERTAIN_VARIANT", at, what)
            return
        judged = (
            one.variant_interpretation.acmg_pathogenicity_classification if one.variant_interpretation else ""
        )
        if judged.upper() in _HARMLESS:
            what = (
                f"{draft.id}: the variant of {marker.symbol} is {judged.lower().replace('_', ' ')}; not read."
            )
            self.log.notice("BENIGN_VARIANT", at, what)
            return
        if descriptor is None:
            draft.add(Found(marker, "mutated", at, f"{marker.symbol}: {status or 'named'}"))
            return
        copies = (descriptor.variation or {}).get("copyNumber")
        if copies is not None:
            self._copy_number(draft, marker, copies, at)
        else:
            self._variant(draft, marker, descriptor, at, causes=status in ("CAUSATIVE", "CONTRIBUTORY"))

    def _copy_number(self, draft: Draft, marker: Marker, copies: Any, at: str) -> None:
        state = self._copies(copies)
        if state is None:
            what = f"{draft.id}: the copy number of {marker.symbol} is no clear call; left unknown."
            self.log.notice("COPY_NUMBER_NOT_READ", at, what)
        else:
            draft.add(Found(marker, state, at, f"copyNumber = {shortened(json.dumps(copies), 80)}"))

    def _variant(
        self, draft: Draft, marker: Marker, descriptor: VariationDescriptor, at: str, *, causes: bool
    ) -> None:
        """A variant is a mutation where it changes the protein, or is coding and causes the disease."""
        notations = {fold(one.syntax): one.value for one in descriptor.expressions}
        said = shortened(descriptor.label or notations.get("hgvsp", "") or notations.get("hgvsc", ""))
        coding = notations.get("hgvsc", "") or _notation("c", descriptor.label)
        change = next(
            (
                found
                for text in (
                    notations.get("hgvsp", ""),
                    _notation("p", descriptor.label),
                    _notation("p", coding),
                )
                if (found := self.words.change(text.replace("(", "").replace(")", "") if text else ""))
            ),
            None,
        )
        texts = (descriptor.label, *notations.values())
        denied = next((text for text in texts if self.words.doubts_change(text)), None)
        if denied and (change is not None or self._state_in(descriptor.label) is None):
            what = f"{draft.id}: '{shortened(denied)}' may be no mutation; {marker.symbol} left unknown."
            self.log.notice("UNCERTAIN_VARIANT", at, what)
            return
        if change is not None and self.words.is_silent(change):
            what = f"{draft.id}: {marker.symbol} {change} leaves the protein as it is; no mutation."
            self.log.notice("SILENT_CHANGE", at, what)
            return
        if change is not None:
            draft.add(Found(marker, "mutated", at, said, change=change))
            return
        sort = descriptor.structural_type.label if descriptor.structural_type else ""
        state = self._state_in(descriptor.label) or self._state_in(sort)
        if state is not None:
            draft.add(Found(marker, state, at, said or shortened(sort)))
        elif (
            causes
            and not sort
            and not _NON_CODING.search(coding)
            and not _STRUCTURAL.search(descriptor.label)
        ):
            draft.add(Found(marker, "mutated", at, said))
        else:
            named = said or shortened(sort) or "a variant"
            what = f"{draft.id}: {named} does not say whether {marker.symbol} is mutated; left unknown."
            self.log.notice("UNCERTAIN_VARIANT", at, what)

    def _state_in(self, text: str) -> str | None:
        """The state that a label names in so many words; a bare deletion may be of a few bases."""
        for phrase, state in self.words.known.alterations.items():
            plain = state == "deleted" and " " not in phrase and not phrase.isupper()
            words = rf"(?<!\w){re.escape(phrase)}(?!\w)"
            if not plain and re.search(words, text.replace("-", " "), re.IGNORECASE):
                return state
        return None

    def _copies(self, copies: Any) -> str | None:
        number = copies.get("number") if isinstance(copies, dict) else None
        value = number.get("value") if isinstance(number, dict) else number
        if not re.fullmatch(r"\d{1,6}", str(value)):
            return None
        count = int(str(value))
        if count <= self.words.known.deleted_copies:
            return "deleted"
        return "amplified" if count >= self.words.known.amplified_copies else None

    def _gene(self, value_id: str, symbol: str, at: str) -> Marker | None:
        by_id = self.vocabulary.marker(value_id) if fold(value_id).startswith("hgnc") else None
        if by_id is not None:
            return by_id
        ncbi = re.fullmatch(r"(?:NCBIGene|ENTREZ|NCBI_Gene):(\d+)", value_id, re.IGNORECASE)
        reading = self.genes.read(symbol, ncbi[1] if ncbi else "")
        if reading.code:
            self.log.notice(reading.code, at, reading.why)
        elif reading.marker is None:
            what = f"the gene {shortened(symbol or value_id)} is not in the vocabulary; left out."
            self.log.notice("OUTSIDE_VOCABULARY", at, what)
        return reading.marker


def _notation(kind: str, text: str) -> str:
    """The notation of a kind in a text, such as p.X1Y."""
    found = re.search(rf"(?<!\w){kind}\.[^\s,;]+", text)
    return found[0] if found else ""
