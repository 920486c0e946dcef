"""How drug screens of cell lines are read to look at the rules independently."""

from pydantic import Field

from .corroboration_models import Correlation, Sha256, Untestable
from .records import Record, Slug, Text


class PositiveControl(Record):
    """A correlation that every sound analysis of these screens must find."""

    marker: Text = Field(description="The gene, as the table of expression names it.")
    drug: Text = Field(description="The drug, as a screen names it.")


class Screening(Record):
    """How screens are read: names of drugs, which lines count, and what no screen can speak to."""

    inducer: Slug = Field(description="The class of therapies that induce ferroptosis directly.")
    drugs: dict[Text, Slug] = Field(
        default_factory=dict,
        description="Names of drugs in screens that are not in the vocabulary, with the therapy or add-on.",
    )
    screens: dict[Text, Text] = Field(
        default_factory=dict, description="Names of screens, as readers know them."
    )
    not_carcinoma: tuple[Text, ...] = Field(default=(), description="Tissues, or parts of them, left out.")
    other_origin: dict[Text, Text] = Field(
        default_factory=dict,
        description="Liver lines that are not of a hepatocellular carcinoma: their origin.",
    )
    by_kind: dict[Slug, Untestable] = Field(
        default_factory=dict, description="Kinds of markers that no table of expression measures."
    )
    by_marker: dict[Text, Untestable] = Field(default_factory=dict, description="The same of single markers.")
    by_therapy: dict[Slug, Untestable] = Field(
        default_factory=dict, description="Therapies that cannot be tried on cell lines alone."
    )
    controls: tuple[PositiveControl, ...] = ()
    smallest_effect: Correlation = Field(
        description="An adjusted correlation nearer to zero counts as no signal, however small its q."
    )
    enough_power: Correlation = Field(
        description="Lines are too few where they cannot show this correlation with a power of 80%."
    )


class ScreenTable(Record):
    """A table from which figures were computed. Its values are not in the rule base."""

    name: Text
    sha256: Sha256
