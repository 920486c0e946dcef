"""A reader of mutation tables that shares no code with the importers: the plainest that can be written.

It looks for words in lines, knows a few classes of MAF files, and nothing else. So it can say of a finding
whether the file holds it at all, and of a clean file which findings there are.
"""

import csv
import re
from collections.abc import Collection, Iterable

CHANGED = (
    *("Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation"),
    *("Nonsense_Mutation", "Nonstop_Mutation", "Translation_Start_Site", "Splice_Site"),
    *("De_novo_Start_OutOfFrame", "De_novo_Start_InFrame"),
)
"""Classes of variants that change the protein."""

HARMLESS = ("Silent", "Intron", "3'UTR", "5'UTR", "3'Flank", "5'Flank", "IGR", "RNA")

Pair = tuple[str, str]
"""Sample and gene."""


def table(text: str) -> list[dict[str, str]]:
    """Return the rows of a clean text with tabs between cells by the names of its header."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def changed_pairs(rows: Iterable[dict[str, str]], names: dict[str, str]) -> set[Pair]:
    """Return each sample with each gene of which a row changes the protein; `names` are those of genes."""
    return {
        (row["Tumor_Sample_Barcode"], names[row["Hugo_Symbol"].upper()])
        for row in rows
        if row["Variant_Classification"] in CHANGED and row["Hugo_Symbol"].upper() in names
    }


def pairs_without_rows(
    rows: Iterable[dict[str, str]], samples: Collection[str], genes: Collection[str]
) -> set[Pair]:
    """Return each sample with each gene that has no row, or none but harmless ones."""
    named = {
        (row["Tumor_Sample_Barcode"], row["Hugo_Symbol"])
        for row in rows
        if row["Variant_Classification"] not in HARMLESS
    }
    return {(sample, gene) for sample in samples for gene in genes} - named


def may_be_mutated(text: str, sample: str, gene: str) -> bool:
    """Return whether a line names a gene and a sample and how a class that changes the protein begins."""
    return any(
        _names(line, gene) and _names(line, sample) and _has(line, [word[:6] for word in CHANGED])
        for line in text.splitlines()
    )


def may_be_wild_type(text: str, sample: str, gene: str, samples: Collection[str]) -> bool:
    """Return whether no line may say that a gene is changed: with a sample, or with none that is known."""
    for line in text.splitlines()[1:]:
        whose = [one for one in samples if _names(line, one)]
        about = sample in whose or not whose
        if gene.upper() in line.upper() and about and not _has(line, HARMLESS):
            return False
    return True


def _names(line: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line, re.IGNORECASE) is not None


def _has(line: str, words: Iterable[str]) -> bool:
    return any(_letters(word) in _letters(line) for word in words)


def _letters(text: str) -> str:
    """A text as classes are compared: without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
