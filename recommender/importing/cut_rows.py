"""The last row of a table of tumours where nothing ends it: whether its last cell is whole."""

from collections.abc import Callable
from typing import Protocol

from ..changes import split_mutation
from ..knowledge.models import Marker
from ..knowledge.vocabulary import Vocabulary
from .endings import is_as_long, is_normal
from .infections import Infections
from .terms import Words

END_IT = "End the last line with a line break."
"""What to do with a file whose last cell may be cut off."""


class Fields(Protocol):
    """Where the columns of a table are, and with which words they are read."""

    words: Words
    infections: Infections
    vocabulary: Vocabulary
    id_at: int
    disease_at: tuple[int, ...]
    fields: dict[str, int | None]
    terms: dict[int, str]
    high: float
    low: float


def is_whole_cell(
    reader: Fields,
    place: int,
    text: str,
    others: Callable[[], list[str]],
    *,
    state_of: Marker | None,
    score_of: Marker | None,
) -> bool:
    """Return whether the last cell of a file says the same with whatever its end may lack.

    `others` gives the other cells of the column, which is that of the state or the score of a marker, or of
    a field. An empty cell says nothing, unless it is of the disease, or of a test that outweighs other
    columns; a known disease counts as it is.
    """
    words, infections = reader.words, reader.infections
    if place == reader.id_at:
        return is_as_long(text, others())
    if place in reader.disease_at:
        return words.disease(text) is not None
    if place in reader.terms:
        name = reader.terms[place]
        return not infections.lists(name) and infections.is_whole(name, text)
    if words.is_null(text):
        return True
    if place in (reader.fields["therapies"], reader.fields["resistant_to"]):
        return words.is_whole_treatment(text)
    if place == reader.fields["mutations"]:
        gene, rest = split_mutation(text.replace(",", ";").rpartition(";")[2])
        marker = reader.vocabulary.marker(gene)
        return marker is not None and words.is_whole_state(marker, rest)
    if score_of is not None:
        return is_normal(text.replace(",", "."), reader.high, reader.low)
    return state_of is None or words.is_whole_state(state_of, text)
