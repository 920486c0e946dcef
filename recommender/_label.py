"""The label that every answer carries, in whatever form it is shown."""

from typing import Annotated, Literal

from pydantic import Field

from ._values import Value

_LabelText = Literal["PRECLINICAL EVIDENCE"]
_DisclaimerText = Literal[
    "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
]

LABEL: _LabelText = "PRECLINICAL EVIDENCE"
DISCLAIMER: _DisclaimerText = (
    "For research and teaching: hypotheses from laboratory work, not for treatment decisions."
)
PURPOSE = "for research and teaching, not for treatment decisions"
"""The disclaimer where there is one line for it and the label."""

# A docstring would describe these fields in this class alone, and not in those that inherit them.
_Label = Annotated[
    _LabelText,
    Field(description="What all of this is. No format and no option leaves it out."),
]
_Disclaimer = Annotated[
    _DisclaimerText,
    Field(description="What it is for, and what it is not for."),
]


class Labelled(Value):
    """The fields that every answer carries."""

    label: _Label = LABEL
    disclaimer: _Disclaimer = DISCLAIMER
