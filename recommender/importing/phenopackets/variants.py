"""Genomic interpretations of phenopackets: a gene or variant of a sample to a state of the gene."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..._text import fold, shortened
from ...changes import is_silent
from ...knowledge.base import KnowledgeBase
from ...knowledge.models import Marker
from ..draft import Draft, Found, Log
from ..genes import Genes
from ..terms import Words
from .models import GenomicInterpretation, VariationDescriptor

_STATUSES = ("", "UNKNOWN_STATUS", "CANDIDATE", "CONTRIBUTORY", "CAUSATIVE")
_HARMLESS = ("BENIGN", "LIKELY_BENIGN")
_JUDGED = ("", "NOT_PROVIDED", "UNCERTAIN_SIGNIFICANCE", "LIKELY_PATHOGENIC", "PATHOGENIC")
_MAX_LABEL = 2_000
"""Letters of a label that are read; labels come from outside."""

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
            self._doubt(draft, marker, f"'{shortened(status)}' is no status", at)
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
        if judged.upper() not in _JUDGED:
            self._doubt(draft, marker, f"'{shortened(judged)}' is no class of pathogenicity", at)
            return
        causes = status in ("CAUSATIVE", "CONTRIBUTORY")
        if descriptor is None and causes:
            draft.add(Found(marker, "mutated", at, f"{marker.symbol}: {status}"))
            return
        if descriptor is None:
            self._doubt(draft, marker, f"{marker.symbol} is named without a variant", at)
            return
        why = self._not_carried(descriptor)
        if why:
            self._doubt(draft, marker, why, at)
            return
        copies = (descriptor.variation or {}).get("copyNumber")
        if copies is not None:
            self._copy_number(draft, marker, descriptor, copies, at)
        else:
            self._variant(draft, marker, descriptor, at, causes=causes)

    def _doubt(self, draft: Draft, marker: Marker, why: str, at: str) -> None:
        """Let a gene be unknown, unless another interpretation finds a variant in it."""
        draft.mark_unreadable(marker, "sequence", why)
        self.log.notice("UNCERTAIN_VARIANT", at, f"{draft.id}: {why}; {marker.symbol} left unknown.")

    def _not_carried(self, descriptor: VariationDescriptor) -> str:
        """Why the alleles or the filter of a variant argue against it; nothing where they do not."""
        alleles, record = descriptor.allelic_state, descriptor.vcf_record
        named = (alleles.label or alleles.id) if alleles else ""
        if named and not self.words.is_carried(named):
            return f"the allelic state '{shortened(named)}' does not say that the variant is there"
        if record and self.words.filtered(record.filter):
            return f"the variant did not pass the filter '{shortened(record.filter)}'"
        if record and record.ref and record.ref.upper() == record.alt.upper():
            return "the alleles of the variant are equal"
        return ""

    def _copy_number(
        self, draft: Draft, marker: Marker, descriptor: VariationDescriptor, copies: Any, at: str
    ) -> None:
        state = self._copies(copies)
        if state is None or self._denied(descriptor):
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
        texts = (notations.get("hgvsp", ""), _notation("p", descriptor.label), _notation("p", coding))
        read = [self.words.change(text.replace("(", "").replace(")", "")) for text in texts if text]
        changes = [change for change in read if change is not None]
        sort = descriptor.structural_type.label if descriptor.structural_type else ""
        by_label, by_sort = self._state_in(descriptor.label, marker), self._state_in(sort, marker)
        state = by_label or by_sort
        denied = self._denied(descriptor)
        if denied and (changes or state != "wild-type"):
            self._doubt(draft, marker, f"'{shortened(denied)}' may be no mutation", at)
            return
        silent = [change for change in changes if is_silent(change)]
        if (silent and len(silent) < len(changes)) or (by_sort and by_label and by_sort != by_label):
            self._doubt(draft, marker, f"{said} and what is beside it differ", at)
        elif silent:
            what = f"{draft.id}: {marker.symbol} {silent[0]} leaves the protein as it is; no mutation."
            self.log.notice("SILENT_CHANGE", at, what)
        elif changes:
            draft.add(Found(marker, "mutated", at, said, change=changes[0]))
        elif state is not None:
            draft.add(Found(marker, state, at, said or shortened(sort)))
        elif (
            causes
            and not sort
            and not _NON_CODING.search(coding)
            and not coding.endswith("=")
            and not _STRUCTURAL.search(descriptor.label)
            and (descriptor.expressions or self._is_plain(descriptor.label, marker))
        ):
            draft.add(Found(marker, "mutated", at, said))
        else:
            named = said or shortened(sort) or "a variant"
            self._doubt(draft, marker, f"{named} does not say whether {marker.symbol} is mutated", at)

    def _denied(self, descriptor: VariationDescriptor) -> str:
        """The text of a variant that argues against it, or nothing."""
        sort = descriptor.structural_type.label if descriptor.structural_type else ""
        texts = (descriptor.label, sort, *(one.value for one in descriptor.expressions))
        return next((text for text in texts if self.words.denies_change(text)), "")

    def _state_in(self, text: str, marker: Marker) -> str | None:
        """The state that a label names in so many words; a bare deletion may be of a few bases."""
        for phrase, state in self.words.known.alterations.items():
            plain = state == "deleted" and " " not in phrase and not phrase.isupper()
            words = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
            spaced = text.replace("-", " ")
            if not plain and words.search(spaced) and self._is_plain(words.sub(" ", spaced), marker):
                return state
        return None

    def _is_plain(self, label: str, marker: Marker) -> bool:
        """Return whether a label has only a gene, places, notations, and words that leave it as it is."""
        return all(self._is_plain_word(word, marker) for word in re.findall(r"\w+", label[:_MAX_LABEL]))

    def _is_plain_word(self, word: str, marker: Marker) -> bool:
        if self.words.is_of_changes(word) or re.fullmatch(r"[ACGT]+|[cgmnp]", word):
            return True
        gene = self.genes.read(word).marker
        return gene == marker or (gene is None and re.search(r"\d", word) is not None)

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
        """The gene of an id and a symbol; none where they name two."""
        ncbi = re.fullmatch(r"(?:NCBIGene|ENTREZ|NCBI_Gene):(\d+)", value_id, re.IGNORECASE)
        reading = self.genes.read(symbol, ncbi[1] if ncbi else "")
        if fold(value_id).startswith("hgnc"):
            by_id = self.vocabulary.marker(value_id)
            if by_id is not None and (not symbol or by_id in (reading.candidates or ())):
                return by_id
            if symbol and by_id != reading.marker:
                both = f"the symbol {shortened(symbol)} and the id {shortened(value_id)}"
                self.log.notice("TWO_GENES", at, f"{both} name two genes; not read.")
                return None
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
