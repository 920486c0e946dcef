"""What drug screens of cell lines show about a rule: shown with an answer, never weighed."""

from typing import Literal

from .._values import Value
from ..knowledge.corroboration_models import (
    Corroboration,
    CorroborationFigure,
    Question,
    Untestable,
    Verdict,
)
from ..knowledge.phrasing import NOT_IN_PATIENTS, UNTESTABLE_BECAUSE, VERDICTS


class ScreenFigure(Value):
    """A marker against a drug in all carcinoma lines of a screen. A positive correlation means resistance."""

    marker: str
    """The gene, or the mutation."""
    state: str
    """The state that the rule requires."""
    question: Question
    """Whether the drug is the add-on, the therapy or another inducer."""
    drug: str
    """The drug, as the screen names it."""
    screen: str
    """The table of responses."""
    n: int
    """How many lines were compared."""
    among: str
    """Which lines were compared; empty where all were."""
    expected: Literal["resists", "sensitises"]
    """What the rule implies for a high marker."""
    adjusted: float
    """Spearman's rho, adjusted for tissue and general sensitivity."""
    interval: tuple[float, float]
    """Its 95% interval by bootstrap."""
    q: float
    """By Benjamini and Hochberg, over all comparisons that were made."""
    detectable: float
    """The smallest correlation that so many lines could have shown, with a power of 80%."""

    @property
    def lines(self) -> str:
        """The lines that were compared, in words."""
        kept = f" ({self.among})" if self.among else ""
        return f"{self.n} carcinoma lines{kept} of {self.screen}"

    def correlating(self, to: str = "") -> str:
        """Return the correlation as a phrase: with what it is, or with "resistance" or "sensitivity"."""
        kind = "mutated" if self.state in ("mutated", "wild-type") else "high"
        to = to or ("resistance" if self.adjusted > 0 else "sensitivity")
        return f"{kind} {self.marker} correlates with {to} to {self.drug}"


class CorroborationView(Value):
    """A comparison of a rule with drug screens of cell lines. It changes no score, group or rank."""

    shared = True
    verdict: Verdict
    """Whether the screens agree with the rule. Neither proves or refutes it, least of all in patients."""
    reason: Untestable | None
    """Why no screen can speak to the rule; null where one can."""
    comparisons: int
    """How many figures decide the verdict."""
    figure: ScreenFigure | None
    """The one that shows the verdict best; null where there is none."""

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        return VERDICTS[self.verdict]

    @property
    def meaning(self) -> str:
        """The ground of the verdict, in a line; the reason where the rule is not testable."""
        if self.reason:
            return UNTESTABLE_BECAUSE[self.reason]
        one = self.figure
        if one is None:
            return ""
        if self.verdict == "too-few":
            return one.lines
        if self.verdict == "no-signal":
            return f"no clear correlation of {one.marker} with the response to {one.drug} in {one.lines}"
        return f"{one.correlating()} in {one.lines} (adjusted rho {one.adjusted:+.2f})"

    @property
    def in_words(self) -> str:
        """The verdict with what it rests on."""
        return f"{self.word}: {self.meaning}" if self.meaning else self.word

    @property
    def said(self) -> str:
        """The same in sentences; where there are figures, with what they do not show."""
        return f"{self.in_words}." + (f" {NOT_IN_PATIENTS}" if self.figure else "")


def corroboration_view(found: Corroboration) -> CorroborationView:
    """Return a verdict with the figure that shows it best."""
    return CorroborationView(
        verdict=found.verdict,
        reason=found.reason,
        comparisons=len(found.deciding),
        figure=_figure(found.chief) if found.chief else None,
    )


def _figure(one: CorroborationFigure) -> ScreenFigure:
    return ScreenFigure(
        marker=one.marker,
        state=one.state,
        question=one.question,
        drug=one.drug,
        screen=one.screen,
        n=one.n,
        among=one.among,
        expected=one.expected,
        adjusted=one.adjusted,
        interval=one.adjusted_interval,
        q=one.q,
        detectable=one.detectable,
    )
