"""What a user may ask of an import."""

from dataclasses import dataclass
from pathlib import Path

from .._errors import InputError, Problem
from ..knowledge.models import RuleBaseInfo


@dataclass(frozen=True)
class ImportOptions:
    """How to import. Cut-offs that are not given are those of the rule base."""

    therapies: tuple[str, ...] = ()
    """Added to every sample."""
    samples: tuple[str, ...] = ()
    """Only these samples; all where empty."""
    clinical: Path | None = None
    """A clinical table beside a MAF."""
    panels: tuple[Path, ...] = ()
    """Files of gene panels."""
    assume_exome: bool = False
    """Read genes without a mutation as wild type where nothing says how the sample was sequenced."""
    z_high: float | None = None
    z_low: float | None = None
    sheet: str | None = None
    """Which sheet of a workbook to read; the first that holds anything where not given."""
    z_profile: str | None = None
    """Which z-scores to read, where a study has several: the stable id or the name of the data file."""

    def cut_offs(self, info: RuleBaseInfo) -> tuple[float, float]:
        """Return from which z-score on a level is high, and down from which it is low. Raises InputError."""
        high = info.z_score_high if self.z_high is None else self.z_high
        low = info.z_score_low if self.z_low is None else self.z_low
        if not low < high:
            raise InputError(
                [Problem("", f"{low:g} must be below {high:g}, the cut-off for high.", parameter="z_low")]
            )
        return high, low
