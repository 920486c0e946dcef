"""The label that every answer carries, in whatever form it is shown."""

from dataclasses import dataclass
from typing import Literal

LABEL: Literal["PRECLINICAL EVIDENCE"] = "PRECLINICAL EVIDENCE"
DISCLAIMER: Literal[
    "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
] = "For research and teaching: hypotheses from laboratory work, not for treatment decisions."


@dataclass(kw_only=True, frozen=True)
class Labelled:
    """What every answer carries."""

    label: Literal["PRECLINICAL EVIDENCE"] = LABEL
    disclaimer: Literal[
        "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
    ] = DISCLAIMER
