"""One row of a mutation table whose gene and sample are known: what it says of the gene."""

from typing import Literal

from .._text import shortened
from ..changes import is_silent
from ..knowledge.import_models import StatusColumn
from ..knowledge.models import Marker
from .draft import Draft, Found, Log
from .terms import Words

Kind = Literal["mutation", "no mutation", "uncertain"]


class Calls:
    """Adds what rows say to their samples. What is not a clear call leaves the gene unknown."""

    def __init__(self, words: Words, log: Log) -> None:
        self._words = words
        self._log = log

    def counts(
        self, draft: Draft, marker: Marker, statuses: list[tuple[str, StatusColumn, str]], at: str
    ) -> bool:
        """Return whether columns of status (their names, what they mean, their cells) let a row count."""
        for name, column, text in statuses:
            match self._words.status(column, text):
                case "counts":
                    continue
                case "wild type":
                    return False
                case "germline":
                    what = f"{draft.id}: the variant of {marker.symbol} is of the germline; left unknown."
                    self._log.notice("GERMLINE_VARIANT", at, what)
                case _:
                    self.leave(draft, marker, name, text, at)
            draft.mark_unreadable(marker, "sequence", name)
            return False
        return True

    def leave(self, draft: Draft, marker: Marker, name: str, text: str, at: str) -> None:
        """Leave the gene of a row unknown because of the cell of a column."""
        draft.mark_unreadable(marker, "sequence", name)
        what = (
            f"{draft.id}: {name} is '{shortened(text)}', with which the row is not counted as a mutation; "
            f"{marker.symbol} left unknown."
        )
        self._log.notice("VARIANT_NOT_COUNTED", at, what)

    def add(
        self, draft: Draft, marker: Marker, *, classification: str, change: str, at: str, said: str
    ) -> None:
        """Add what the class and the change of a row say of its gene."""
        state = self._words.alteration(change)
        if state is not None and self._words.variant(classification) is not None:
            self.uncertain(draft, marker, classification, at)
            return
        if state is not None:
            draft.add(Found(marker, state, at, said))
            return
        protein = self._words.change(change)
        kind = self._kind(draft, marker, classification, protein, at)
        if kind == "mutation" and protein is None and self._words.doubts_change(change):
            kind = "uncertain"
        if kind == "mutation":
            draft.add(Found(marker, "mutated", at, said, change=protein))
        elif kind == "uncertain":
            self.uncertain(draft, marker, classification, at)

    def uncertain(self, draft: Draft, marker: Marker, why: str, at: str) -> None:
        """Leave the gene of a row unknown that does not say whether it is mutated."""
        draft.mark_unreadable(marker, "sequence", why)
        what = f"{draft.id}: this row does not say whether {marker.symbol} is mutated; left unknown."
        self._log.notice("UNCERTAIN_VARIANT", at, what)

    def _kind(self, draft: Draft, marker: Marker, classification: str, protein: str | None, at: str) -> Kind:
        """Return what a row says: its class and the change of the protein must not contradict each other."""
        silent = protein is not None and is_silent(protein)
        value = self._words.value(classification)
        if not value:
            return "uncertain" if protein is None else "no mutation" if silent else "mutation"
        match self._words.variant(value, marker):
            case "splice":
                return "mutation"
            case "mutation":
                return "uncertain" if silent else "mutation"
            case "uncertain":
                return "uncertain" if silent or protein is None else "mutation"
            case "no mutation":
                return "no mutation" if silent or protein is None else "uncertain"
        near = self._log.near(value, self._words.classifications())
        what = (
            f"{draft.id}: the class '{shortened(value)}' is not known; {marker.symbol} left unknown. {near}"
        )
        self._log.notice("UNKNOWN_CLASSIFICATION", at, what.strip())
        draft.mark_unreadable(marker, "sequence", value)
        return "no mutation"
