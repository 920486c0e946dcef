"""An independent look at the rules: how drug screens of cell lines are read, and what they show."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from .records import Record, Slug, Text

Verdict = Literal["in-line", "contrary", "no-signal", "too-few", "not-testable"]
Untestable = Literal[
    "prognosis",
    "host-cell",
    "formulation",
    "combination",
    "agent-given",
    "several-findings",
    "no-finding",
    "protein-state",
    "not-in-cell-lines",
    "not-a-drug",
    "agent-not-screened",
    "gene-not-in-table",
]
UNTESTABLE: tuple[Untestable, ...] = get_args(Untestable)
"""From the reason that goes deepest to the one that another table could remove."""
Question = Literal["add-on", "therapy", "inducer"]
LineSet = Literal["carcinoma", "liver"]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Correlation = Annotated[float, Field(ge=-1, le=1)]
Probability = Annotated[float, Field(ge=0, le=1)]


class CorroborationFigure(Record):
    """A marker against a drug in the lines of a screen. A positive correlation means resistance."""

    question: Question = Field(description="Whether the drug is the add-on, the therapy or another inducer.")
    marker: Text
    state: Text
    among: str = Field(default="", description="The lines that were compared, where not all were.")
    drug: Text = Field(description="As the screen names it.")
    screen: Text
    lines: LineSet
    expected: Literal["resists", "sensitises"] = Field(description="What the rule implies for a high marker.")
    n: int = Field(ge=1)
    rho: Correlation = Field(description="Spearman's rho.")
    interval: tuple[Correlation, Correlation] = Field(description="95% by bootstrap.")
    adjusted: Correlation = Field(description="Adjusted for tissue and general sensitivity.")
    adjusted_interval: tuple[Correlation, Correlation]
    p: Probability = Field(description="Of the adjusted correlation.")
    q: Probability = Field(description="By Benjamini and Hochberg, over all figures of the tables.")
    detectable: Correlation = Field(description="The smallest correlation that n could show: power of 80%.")
    drugs: int = Field(
        default=0, ge=0, description="Drugs compared, where the figure is in line or contrary."
    )
    stronger: int = Field(default=0, ge=0, description="Those with a stronger adjusted correlation.")
    stronger_drugs: tuple[Text, ...] = Field(default=(), description="The first of them.")
    verdict: Verdict


class Corroboration(Record):
    """The verdict on a rule, with its figures, or the reason why it has no figures."""

    rule: Slug
    verdict: Verdict
    reason: Untestable | None = Field(default=None, description="Why the rule is not testable.")
    figures: tuple[CorroborationFigure, ...] = ()

    @property
    def deciding(self) -> tuple[CorroborationFigure, ...]:
        """The figures on which the verdict rests: of all carcinoma lines, of the rule's own drugs if any."""
        return deciding(self.figures)

    @property
    def chief(self) -> CorroborationFigure | None:
        """The deciding figure that shows the verdict best: of those with it, the farthest from zero.

        For no signal it is that of most lines, which could have shown the smallest effect.
        """
        own = [one for one in self.deciding if one.verdict == self.verdict] or self.deciding
        lines = self.verdict == "no-signal"
        return max(own, key=lambda one: (one.n if lines else 0, abs(one.adjusted)), default=None)


def deciding(figures: tuple[CorroborationFigure, ...]) -> tuple[CorroborationFigure, ...]:
    """Return the figures on which a verdict rests."""
    whole = [one for one in figures if one.lines == "carcinoma"]
    own = [one for one in whole if one.question != "inducer"]
    return tuple(own or whole)
