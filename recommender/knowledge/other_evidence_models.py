"""Evidence from papers outside the review: shown next to the rules that it bears on, never weighed."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from .models import Reference
from .records import Record, Sentence, Slug

PaperId = Annotated[
    str, StringConstraints(pattern=r"^(doi:10\.\d{4,9}/\S+|pmid:[1-9][0-9]{0,8})$", max_length=200)
]
Bearing = Literal["contradicts", "replicates", "supports", "extends"]
BEARINGS: tuple[Bearing, ...] = get_args(Bearing)
"""In the order in which they are shown: what contradicts a rule comes first."""
Design = Literal[
    "cell-lines",
    "organoids",
    "xenograft",
    "mouse",
    "other-animal",
    "patient-samples",
    "clinical",
    "computational",
]
Direction = Literal[
    "induces-ferroptosis",
    "no-ferroptosis",
    "sensitises",
    "resists",
    "promotes-growth",
    "restrains-growth",
    "no-effect",
    "prognostic",
    "mixed",
]
"""Two are about a gene in a tumour that was not treated: it promotes, or restrains, its growth or spread."""


class OtherEvidence(Record):
    """A paper outside the review, and the rules that it bears on."""

    id: PaperId = Field(description="`doi:` and the DOI, or `pmid:` and the id in PubMed.")
    paper: Reference = Field(description="The paper; its number is not one of the review.")
    design: tuple[Design, ...] = Field(min_length=1, description="In what it was shown.")
    direction: Direction | None = Field(
        default=None, description="The effect that it reports; left out where only its title was read."
    )
    bears_on: dict[Slug, Bearing] = Field(
        default_factory=dict,
        description="The rules that it bears on, each with its relation to what the rule states, or to the "
        "claim that it disputes.",
    )
    text: Sentence = Field(description="The finding, in our own words.")
    limits: str = Field(default="", max_length=400, description="What it does not show.")
