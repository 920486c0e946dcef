"""The columns of markers in a table of tumours: what their names say, and which may be values of blood."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from .._text import fold, shortened
from ..knowledge.import_models import Importing
from ..knowledge.models import Marker
from ..knowledge.vocabulary import Vocabulary
from .columns import MAX_NAME

_Z = re.compile(r"(.+?)(?:[\s_.-]+z|\s*\(z\)|[\s_.-]*\(?z[\s_-]?score\)?)", re.IGNORECASE)
_TUMOUR = re.compile(r"(.+?)[\s_.-]+(?:in[\s_]+)?\(?(?:in )?tumou?r\)?", re.IGNORECASE)


class Column(NamedTuple):
    """A column of a marker: its place in the row, its name, and what the name says besides the marker."""

    place: int
    name: str
    marker: Marker
    is_score: bool
    """Whether it holds z-scores."""
    is_tumour: bool
    """Whether it is of the tumour according to its name."""


def heading_of(name: str, vocabulary: Vocabulary) -> tuple[str, bool, bool]:
    """Return the name of the marker in a heading, and whether it is of z-scores, and of the tumour."""
    if vocabulary.marker(name) is not None:
        return name, False, False
    score = _Z.fullmatch(name[:MAX_NAME])
    if score:
        return score[1], True, False
    tumour = _TUMOUR.fullmatch(name[:MAX_NAME])
    if tumour and vocabulary.marker(tumour[1]) is not None:
        return tumour[1], False, True
    return name, False, False


def of_unknown_specimen(
    columns: list[Column], headings: Iterable[str], vocabulary: Vocabulary, known: Importing
) -> frozenset[int]:
    """Return the places of columns that may be of blood: of markers that laboratories measure there too.

    They are of the tumour in a table of other genes, unless it has values of a laboratory as well.
    """
    of_blood = {column.place for column in columns if _may_be_of_blood(column, known)}
    laboratory = set(map(fold, known.laboratory_columns))
    has_laboratory = any(fold(name) in laboratory for name in headings) or any(
        vocabulary.reads_blood(column.marker) and column.marker.kind == "blood-test" for column in columns
    )
    has_genes = any(
        column.marker.hgnc and column.place not in of_blood and column.marker.symbol not in known.blood_values
        for column in columns
    )
    return frozenset() if has_genes and not has_laboratory else frozenset(of_blood)


def specimen_of(column: Column) -> str:
    """Return what is to be said of a column that may be of blood."""
    name = shortened(column.name)
    what = f"whether {name} is of the tumour or of blood is not stated; its levels are not read."
    return f"{what} Name the column {name} tumour, or serum {name}."


def _may_be_of_blood(column: Column, known: Importing) -> bool:
    return column.marker.symbol in known.blood_values and not (column.is_score or column.is_tumour)
