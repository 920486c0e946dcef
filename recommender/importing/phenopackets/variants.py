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
from ..words import Words
from .models import GenomicInterpretation, VariationDescriptor


class Genomics:
    """Reads genomic interpretations into the drafts of the samples of one packet."""

    def __init__(
        self, base: KnowledgeBase, words: Words, log: Log, subject: str, drafts: Mapping[str, Draft]
    ) -> None:
        """`drafts` holds the samples of tumours; it is empty where the packet names no sample."""
        self.vocabulary = base.vocabulary
        self.genes = Genes(base)
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
        if one.interpretation_status == "REJECTED":
            self.log.notice(
                "REJECTED", at, f"{draft.id}: the variant of {marker.symbol} was rejected; not read."
            )
            return
        if descriptor is None:
            draft.add(
                Found(marker, "mutated", at, f"{marker.symbol}: {one.interpretation_status or 'named'}")
            )
            return
        self._variant(draft, marker, descriptor, at)

    def _variant(self, draft: Draft, marker: Marker, descriptor: VariationDescriptor, at: str) -> None:
        copies = (descriptor.variation or {}).get("copyNumber")
        if copies is not None:
            state = self._copies(copies)
            if state is None:
                what = f"{draft.id}: the copy number of {marker.symbol} is no clear call; left unknown."
                self.log.notice("COPY_NUMBER_NOT_READ", at, what)
            else:
                draft.add(Found(marker, state, at, f"copyNumber = {shortened(json.dumps(copies), 80)}"))
            return
        named = [descriptor.label, descriptor.structural_type.label if descriptor.structural_type else ""]
        state = next((found for text in named if text and (found := self.words.alteration(text))), None)
        if state is not None:
            draft.add(Found(marker, state, at, shortened(descriptor.label)))
            return
        protein = next((one.value for one in descriptor.expressions if fold(one.syntax) == "hgvsp"), "")
        change = self.words.change(protein.rpartition(":")[2]) or self.words.change(
            _protein(descriptor.label)
        )
        if change is not None and self.words.is_silent(change):
            self.log.notice(
                "SILENT_CHANGE", at, f"{draft.id}: {marker.symbol} {change} leaves the protein as it is."
            )
            return
        draft.add(Found(marker, "mutated", at, shortened(descriptor.label or protein), change=change))

    def _copies(self, copies: Any) -> str | None:
        number = copies.get("number") if isinstance(copies, dict) else None
        value = number.get("value") if isinstance(number, dict) else number
        try:
            count = int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            return None
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


def _protein(label: str) -> str:
    found = re.search(r"p\.\(?[^\s)]+\)?", label)
    return found[0] if found else ""
