"""The one rule for what was not understood in full: it makes unknown whatever it may be about.

A row, a cell or a column that was not understood may be about a gene and about a sample. Where the gene is
known, it is unknown in this sample, or in every sample where the sample is not known; where the gene is not
known, every gene of the sample is unknown, or every gene of the file. So nothing is ever stated because a
row was lost: wild type is what a file says by saying nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Literal

from .._errors import InputError, Problem
from .._text import counted, one_of, shortened
from ..knowledge.models import Marker
from .draft import Draft

MIN_ROWS = 20
"""A file with fewer rows is read as far as it goes."""

MAX_SHARE = 0.1
"""Where more of the rows than this were not understood, the file is not what it seems to be."""

Cause = Literal["long", "short", "torn", "merged", "sample", "gene", "value"]

_CAUSES: dict[Cause, tuple[str, str]] = {
    "long": (
        "have more cells than the header",
        "R writes row names without a name for their column: use row.names = FALSE.",
    ),
    "short": (
        "have fewer cells than the header",
        "Are the cells of the rows separated by another sign than those of the header?",
    ),
    "torn": ("have a quote that is not closed", "Save the table again without quotes."),
    "merged": (
        "hold cells of another row",
        "Were separators or ends of lines lost? Save the table with tabs.",
    ),
    "sample": ("name no sample", "Are the columns shifted, or the rows those of another table?"),
    "gene": (
        "name no gene that can be identified",
        "Approved symbols or NCBI Gene ids are needed; ids of Ensembl or RefSeq are not read.",
    ),
    "value": (
        "hold no value of the kind that the file is said to have",
        "Copy number is read as calls from -2 to 2 and not as ratios; z-scores are numbers.",
    ),
}


class Doubts:
    """What is unknown because something was not understood."""

    def __init__(self) -> None:
        self._everything = False
        self._samples: set[str] = set()
        self._genes: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()

    def add(self, samples: Collection[Draft] | None, genes: Collection[Marker] | None) -> None:
        """Doubt the genes in the samples; None means that they are not known, so that any may be meant."""
        if samples is None and genes is None:
            self._everything = True
        elif genes is None:
            self._samples.update(one.id for one in samples or ())
        elif samples is None:
            self._genes.update(one.symbol for one in genes)
        else:
            self._pairs.update((draft.id, gene.symbol) for draft in samples for gene in genes)

    def cover(self, draft: Draft, gene: Marker) -> bool:
        """Return whether nothing may be concluded about a gene of a sample from what is not in the file."""
        return (
            self._everything
            or draft.id in self._samples
            or gene.symbol in self._genes
            or (draft.id, gene.symbol) in self._pairs
        )

    def settle(self, drafts: Iterable[Draft], genes: Iterable[Marker]) -> None:
        """Take back the wild types that files state of genes that are in doubt."""
        wanted = list(genes)
        for draft in drafts:
            for gene in (*wanted, *draft.named("sequence")):
                if self.cover(draft, gene):
                    draft.mark_unreadable(gene, "sequence", "doubt")


class Account:
    """How many rows of a file were read, and how many of them were not understood, by cause."""

    def __init__(self) -> None:
        self.rows = 0
        self._lost: Counter[Cause] = Counter()

    def lose(self, cause: Cause, count: int = 1) -> None:
        """Count rows that were not understood."""
        self._lost[cause] += count

    def judge(self, source: str) -> None:
        """Raises InputError, with the likely cause, for a file of which too much was not understood."""
        lost = self._lost.total()
        if self.rows < MIN_ROWS or lost <= MAX_SHARE * self.rows:
            return
        cause, count = self._lost.most_common(1)[0]
        said, hint = _CAUSES[cause]
        what = f"{lost} of its {self.rows} rows were not understood, so it is not used: {count} {said}."
        raise InputError([Problem("", what, hint)], source=source)


def outside_vocabulary(rows: int) -> str:
    """Return that rows are left out because the vocabulary does not know their genes, in words."""
    many = counted(rows, "row is of a gene", "rows are of genes")
    return f"{many} that the vocabulary does not know; left out."


def cut_off(what: str) -> str:
    """Return that the end of something may be lost because nothing ends the last line, in words."""
    return f"the last line has no end, so that {what} may be cut off"


def left_unknown(samples: list[Draft] | None, genes: tuple[Marker, ...] | None) -> str:
    """Return what a row leaves unknown, in words."""
    left = one_of(one.symbol for one in genes) if genes else "any gene"
    whose = one_of(dict.fromkeys(shortened(one.id) for one in samples)) if samples else "any sample"
    return f"{left} of {whose} is left unknown"
