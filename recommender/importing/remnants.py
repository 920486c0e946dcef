"""What a damaged row may be about: torn, cut off, or with the cells of another row in it."""

from collections.abc import Iterable

from .._text import fold
from ..changes import is_silent
from ..knowledge.models import Marker
from .clinical import Clinical
from .delimited import cell
from .draft import Draft
from .genes import Genes, Reading
from .quoting import is_torn
from .terms import Words
from .variant_columns import VariantColumns

SHORT = 8
"""Letters of a change that cannot hold a change and something else."""

Doubt = tuple[list[Draft] | None, tuple[Marker, ...] | None]
"""The samples and genes that a row may be about; None for any."""


class Remnants:
    """Finds what rows of a mutation table may be about that are cut off, or run into one another."""

    def __init__(self, words: Words, genes: Genes, clinical: Clinical) -> None:
        self._words = words
        self._genes = genes
        self._clinical = clinical
        self.clear: set[str] = {""}
        """Cells for the class that hold nothing of another row, as far as was looked."""

    def merged(
        self, columns: VariantColumns, cells: list[str], own: Marker | None
    ) -> tuple[Marker, ...] | None:
        """Return the other genes that a row may be about because a cell of it holds cells of another row.

        None where no cell does. A cell for the change may name the gene of its row, and be in words; the
        class, the sample or another gene do not belong there.
        """
        named: dict[Marker, None] = {}
        is_merged = False
        for place in (*columns.genes, *columns.changes, columns.classification, len(cells) - 1):
            text = cell(cells, place)
            if not text or (place in columns.changes and self._words.change(text) is not None):
                continue
            is_class = place == columns.classification
            if is_class and (text in self.clear or self._words.variant(text) is not None):
                self.clear.add(text)
                continue
            tokens = text.split()
            found = self._named(tokens, own)
            is_change = place in columns.changes
            strange = len(tokens) > 1 and any(self._is_strange(one, short=is_change) for one in tokens)
            is_known = is_change or is_class or place in columns.genes
            if (found and is_change) or (strange and (found or is_known)):
                is_merged = True
                named.update(dict.fromkeys(found))
            elif is_class:
                self.clear.add(text)
        return tuple(named) if is_merged else None

    def _named(self, tokens: list[str], own: Marker | None) -> list[Marker]:
        """The genes that tokens name, or end with, besides the gene of the row."""
        found: list[Marker] = []
        for token in tokens:
            if self._words.change(token) is None:
                by_id = self._genes.read("", token).marker if token.isdecimal() else None
                found += filter(None, (by_id, self._genes.at_end(token), *(self._genes.mentioned(token))))
        return [one for one in found if one is not own]

    def _is_strange(self, token: str, *, short: bool) -> bool:
        """Return whether a token is the class of a variant, as MAF files write it, or the id of a sample.

        Classes of one word, such as RNA and Silent, may be words only; they count where `short`.
        """
        kind = self._words.variant(token)
        is_class = ("_" in token and kind is not None) or (short and kind == "no mutation")
        return is_class or self._clinical.known(token) is not None

    def cut(
        self, columns: VariantColumns, cells: list[str], draft: Draft | None, reading: Reading
    ) -> Doubt | None:
        """Return what the last row may be about if it has no end, so that its last cell may be cut off.

        None where the cell is whole as far as that matters.
        """
        last = len(cells) - 1
        text = cells[last].strip()
        samples, own = [draft] if draft else None, reading.meant
        if last == columns.sample:
            found = self._clinical.beginning(text)
            return None if found == samples else (found, own)
        if last in columns.genes or last == columns.gene_id:
            by_id = (
                self._genes.read("", cell(cells, columns.gene_id)).marker if last in columns.genes else None
            )
            if by_id is not None and by_id is reading.marker:
                return None
            begun = self._genes.beginning(text) if text else None
            return samples, None if own is None or begun is None else (*begun, *own)
        return (samples, own) if own != () and self._may_turn(columns, cells, last, text) else None

    def _may_turn(self, columns: VariantColumns, cells: list[str], last: int, text: str) -> bool:
        """Return whether a row counts as it does only because the end of its last cell is lost."""
        begun = fold(text)
        for place, column in columns.statuses:
            if place == last:
                words = (*column.not_counted, *column.germline, *column.wild_type)
                return not begun or any(fold(word).startswith(begun) for word in words)
        if last in columns.others:
            return any(fold(word).startswith(begun) for word in self._words.known.denials)
        if last not in (*columns.changes, columns.classification):
            return False
        classification = self._words.value(cell(cells, columns.classification))
        changes = [change for place in columns.changes if (change := self._words.change(cell(cells, place)))]
        silent = not changes or all(map(is_silent, changes))
        is_mutation = self._words.variant(classification) in ("mutation", "splice")
        return (
            silent if not classification or not is_mutation else last == columns.classification and not text
        )


def is_whole(cells: list[str], sample_at: int, clinical: Clinical, genes: Genes) -> bool:
    """Return whether the last cell of a row is not the beginning of a longer id of a sample, or of a gene."""
    text = cells[-1].strip()
    if sample_at == len(cells) - 1:
        return clinical.is_whole(text)
    return bool(text) and not genes.beginning(text)


def named_in(cells: Iterable[str], genes: Genes, clinical: Clinical) -> Doubt:
    """Return the samples and genes that the cells of a row name, wherever; None where they name none.

    A cell that holds the end of a line or of another cell may hold any rows. Where one line runs into the
    next, a cell ends with the symbol.
    """
    texts = [text.strip() for text in cells]
    if any(map(is_torn, texts)):
        return None, None
    samples = [known for text in texts if (known := clinical.known(text))]
    read = (marker for text in texts for marker in (genes.read(text).marker, genes.at_end(text)))
    named = dict.fromkeys(marker for marker in read if marker)
    return samples or None, tuple(named) or None
