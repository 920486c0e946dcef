"""The label that every answer carries, in whatever form it is shown."""

from typing import Literal

from ._values import Value

LABEL: Literal["PRECLINICAL EVIDENCE"] = "PRECLINICAL EVIDENCE"
DISCLAIMER: Literal[
    "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
] = "For research and teaching: hypotheses from laboratory work, not for treatment decisions."


class Labelled(Value):
    """What every answer carries."""

    label: Literal["PRECLINICAL EVIDENCE"] = LABEL
    disclaimer: Literal[
        "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
    ] = DISCLAIMER
