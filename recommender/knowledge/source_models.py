"""Sources outside the review: labels, monographs and papers that cautions rest on."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .records import Record, Text

SourceId = Annotated[
    str, StringConstraints(pattern=r"^(doi:10\.\d{4,9}/\S+|url:https://\S+)$", max_length=200)
]


class CitedSource(Record):
    """A text that is not a paper of the review, and when it was looked up."""

    id: SourceId = Field(description="`doi:` and the DOI, or `url:` and the address.")
    type: Literal["label", "monograph", "article", "guideline"] = Field(
        description="A licensed label, a monograph such as those of LiverTox, a paper, or a guideline."
    )
    title: Text
    publisher: Text = Field(description="Who publishes it: an agency, a journal.")
    year: int = Field(ge=1900, le=2100, description="The year of the version that was read.")
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=300)]
    looked_up: Annotated[str, StringConstraints(pattern=r"^20\d\d-[01]\d-[0-3]\d$")]
    add_ons: tuple[str, ...] = Field(default=(), description="The add-ons of which it is the label.")
    note: str = Field(default="", description="Which copy or part was read.")

    @property
    def doi(self) -> str | None:
        """The DOI; None where it has none."""
        return self.id.removeprefix("doi:") if self.id.startswith("doi:") else None
