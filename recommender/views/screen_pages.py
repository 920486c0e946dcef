"""The page of a verdict: its drawings, its figures as a table, and how to read them."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from ..curation.verdicts import verdict_in_words
from ..knowledge.base import KnowledgeBase
from ..knowledge.corroboration_models import Corroboration
from ..knowledge.phrasing import VERDICTS
from .forest import HOW_TO_READ, specificity
from .screen_plots import q_in_words
from .sheets import Plot, inline
from .templating import style_of, template


class _Part(NamedTuple):
    name: str
    plot: Plot
    picture: Markup


def verdict_page(found: Corroboration, base: KnowledgeBase, plots: Sequence[Plot]) -> str:
    """Return one self-contained page of HTML about the verdict on a rule, with drawings."""
    parts = [
        _Part(name, plot, Markup(inline(name, plot)))  # noqa: S704 - our own drawing
        for name, plot in ((f"plot-{number}", plot) for number, plot in enumerate(plots, 1))
    ]
    return template("corroboration.html").render(
        rule=found.rule,
        title=base.rules[found.rule].title,
        verdict=verdict_in_words(found),
        parts=parts,
        figures=found.figures,
        verdicts=VERDICTS,
        specificity=list(specificity(found.figures)),
        note=HOW_TO_READ,
        q_in_words=q_in_words,
        rule_base=base.info.version,
        style=Markup(style_of("cohort")),  # noqa: S704 - a file of the package
    )
