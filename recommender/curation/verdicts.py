"""The verdicts of drug screens on rules, in words and as rows."""

from collections.abc import Mapping
from typing import Any

from .._errors import InputError, Problem
from .._text import did_you_mean
from ..knowledge.base import KnowledgeBase
from ..knowledge.corroboration_models import Corroboration, CorroborationFigure
from ..knowledge.phrasing import UNTESTABLE_BECAUSE, VERDICTS


def verdict_in_words(found: Corroboration) -> str:
    """Return a verdict with the figure that shows it best, or with its reason."""
    said = VERDICTS[found.verdict]
    if found.reason:
        return f"{said}: {UNTESTABLE_BECAUSE[found.reason]}"
    best = found.chief
    return f"{said}: {figure_in_words(best)}" if best else said


def figure_in_words(one: CorroborationFigure) -> str:
    """Return a figure in a line; a positive correlation means resistance."""
    low, high = one.adjusted_interval
    among = f" in {one.among} lines" if one.among else ""
    return (
        f"{one.marker} and {one.drug}{among}, {one.screen}, {one.n} {one.lines} lines: adjusted rho "
        f"{one.adjusted:+.2f} ({low:+.2f} to {high:+.2f}), q {one.q:.2g}, raw {one.rho:+.2f}"
    )


def verdict_rows(verdicts: Mapping[str, Corroboration], base: KnowledgeBase) -> list[dict[str, Any]]:
    """Return a row for each rule that has a verdict, in the order of the rules."""
    return [
        {"rule": rule, "verdict": verdicts[rule].verdict, "why": verdict_in_words(verdicts[rule])}
        for rule in base.rules
        if rule in verdicts
    ]


def verdict_of(rule: str, verdicts: Mapping[str, Corroboration]) -> Corroboration:
    """Return the verdict on a rule. Raises InputError for a rule without one."""
    if rule not in verdicts:
        what = f"no strategy or context '{rule}' has a verdict."
        hint = did_you_mean(rule, verdicts) or "See the list of verdicts."
        raise InputError([Problem("", what, hint, "show")])
    return verdicts[rule]
