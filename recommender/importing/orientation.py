"""What the rows of a table are: tumours, genes, or single findings."""

import re
from collections.abc import Sequence

from ..knowledge.vocabulary import Vocabulary
from .columns import Columns
from .variant_columns import GENE

_ACCESSION = re.compile(r"ENS[A-Z]{0,6}[GTP]\d{11}(?:\.\d+)?|\d+_[asx]_at|probe[_.-]?\d+", re.IGNORECASE)
"""Ids of genes, transcripts and probes, which no tumour has."""
_LONG = (*GENE, "marker", "biomarker", "analyte", "feature", "variable", "parameter")
"""Columns that name the gene or marker of each row, with which R and pandas make a table long."""


def names_markers(columns: Columns) -> bool:
    """Return whether a column names the gene or marker of each row, so that the rows are findings."""
    return columns.find(*_LONG) is not None


def genes_in(ids: Sequence[str], vocabulary: Vocabulary) -> int:
    """Return how many ids are names of markers, or ids of genes, transcripts and probes."""
    return sum(vocabulary.marker(name) is not None or _ACCESSION.fullmatch(name) is not None for name in ids)
