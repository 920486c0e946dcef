"""What became of a cohort, or of a part of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_COUNTED = ("profiles", "rows", "rejected")


@dataclass
class Tally:
    """What became of a cohort."""

    profiles: int = 0
    rows: int = 0
    rejected: int = 0
    skipped_parts: int = 0
    notices: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why profiles cannot be used, without the values that differ, and how often."""
    told: dict[str, None] = field(default_factory=dict)
    """What is to be said of the columns of tables, each once."""
    anew: dict[str, list[str]] = field(default_factory=dict)
    """Parts that were there and are ranked anew, by the reason."""
    removed: list[str] = field(default_factory=list)
    """What was there of parts that the cohort has no more."""

    def add(self, part: "Tally") -> None:
        """Add what became of a part."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.notices += part.notices
        self.reasons += part.reasons
        self.told |= part.told

    def to_plain(self) -> dict[str, Any]:
        """Return what is the same whenever the part is ranked, as plain values."""
        counted = {name: getattr(self, name) for name in _COUNTED}
        return counted | {"notices": self.notices, "reasons": self.reasons, "told": list(self.told)}

    @classmethod
    def from_plain(cls, value: Mapping[str, Any]) -> "Tally":
        """Return what `to_plain` gave. Raises ValueError, TypeError, KeyError."""
        notices, reasons = (
            Counter({str(name): _count(count) for name, count in dict(value[kind]).items()})
            for kind in ("notices", "reasons")
        )
        profiles, rows, rejected = (_count(value[name]) for name in _COUNTED)
        told = dict.fromkeys(map(str, value["told"]))
        return cls(profiles, rows, rejected, notices=notices, reasons=reasons, told=told)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value
