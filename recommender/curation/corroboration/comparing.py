"""Every rule held against drug screens: figures, and a verdict from the adjusted ones."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from ..._errors import InputError, Problem
from ...knowledge.base import KnowledgeBase
from ...knowledge.corroboration_models import (
    Corroboration,
    CorroborationFigure,
    LineSet,
    Verdict,
    deciding,
)
from ...knowledge.rule_models import ContextRule, StrategyRule
from ...knowledge.screening_models import Screening, ScreenTable
from .pairing import Ask, Drugs, InTables, ScreenedFinding, asks_of
from .statistics import Estimate, Ranked, estimate, false_discovery, ranked, sensitivity
from .tables import Screens

MAX_STRONGER = 3
"""Drugs with a stronger correlation that a figure names."""
_LINES: tuple[LineSet, ...] = ("carcinoma", "liver")


class Test(NamedTuple):
    """A finding against a drug of a screen in a set of lines: made once, however many rules share it."""

    finding: ScreenedFinding
    drug: str
    screen: str
    lines: LineSet


class ControlFigure(NamedTuple):
    """A positive control: what was found for it in a screen."""

    marker: str
    drug: str
    screen: str
    found: Estimate

    @property
    def in_words(self) -> str:
        """The control and its correlations in a line."""
        return (
            f"Positive control {self.marker} and {self.drug}, {self.screen}, {self.found.n} lines: "
            f"rho {self.found.rho:+.2f}, adjusted {self.found.adjusted:+.2f}."
        )


class ScreenComparison(NamedTuple):
    """All rules held against the tables of a folder."""

    tables: tuple[ScreenTable, ...]
    rules: tuple[Corroboration, ...]
    controls: tuple[ControlFigure, ...]
    tests: int
    """How many tests were made, over which q was computed."""


class Comparer:
    """The correlations of markers with drugs in the lines of screens, each computed once."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._general: dict[tuple[str, str], pd.Series] = {}
        self._stronger: dict[Test, tuple[int, list[str]]] = {}

    def estimate(self, test: Test) -> Estimate | None:
        """Return what a test found; None where its lines are too few."""
        found = self.ranked(test)
        return estimate(found) if found else None

    def ranked(self, test: Test) -> Ranked | None:
        """Return the ranks that a test compares; None where its lines are too few."""
        values = self.values(test)
        return ranked(values["marker"], values["auc"], values["general"], values["tissue"])

    def values(self, test: Test) -> pd.DataFrame:
        """Return the marker, the AUC, the general sensitivity and the tissue of the lines of a test."""
        marker = self.marker(test.finding, test.lines)
        return pd.DataFrame(
            {
                "marker": marker,
                "auc": self._screens.responses[test.screen][test.drug].reindex(marker.index),
                "general": self._sensitivity(test.screen, test.drug).reindex(marker.index),
                "tissue": self._screens.tissue.reindex(marker.index),
            }
        )

    def marker(self, finding: ScreenedFinding, lines: LineSet) -> pd.Series:
        """Return the values of a marker in the lines that count."""
        screens = self._screens
        table = screens.mutated if finding.state in ("mutated", "wild-type") else screens.expression
        values = table[finding.marker].dropna()
        kept = values.index.intersection(screens.tissue.index)
        if lines == "liver":
            kept = kept[kept.isin(screens.liver - screens.other_origin)]
        for gene, state in finding.among:
            status = screens.mutated[gene]
            kept = kept.intersection(status.index[status.eq(1 if state == "mutated" else 0)])
        return values.loc[kept]

    def stronger(self, test: Test, found: Estimate) -> tuple[int, list[str]]:
        """Return how many drugs of the screen were compared, and those with a stronger correlation."""
        if test in self._stronger:
            return self._stronger[test]
        others: dict[str, float] = {}
        for drug in self._screens.responses[test.screen].columns:
            other = found if drug == test.drug else self.ranked(test._replace(drug=drug))
            if other:
                others[drug] = other.adjusted * (1 if found.adjusted >= 0 else -1)
        own = others[test.drug]
        above = sorted((drug for drug in others if others[drug] > own), key=lambda drug: -others[drug])
        self._stronger[test] = (len(others), above)
        return self._stronger[test]

    def _sensitivity(self, screen: str, drug: str) -> pd.Series:
        key = (screen, drug)
        if key not in self._general:
            self._general[key] = sensitivity(self._screens.responses[screen], drug)
        return self._general[key]


def compare_screens(base: KnowledgeBase, screens: Screens) -> ScreenComparison:
    """Return the verdict on every strategy and context. Raises InputError for rules without settings."""
    screening = screening_of(base)
    drugs = Drugs((name for table in screens.responses.values() for name in table.columns), base, screening)
    measured = InTables(frozenset(screens.expression.columns), frozenset(screens.mutated.columns))
    rules = [rule for rule in base.content.rules if isinstance(rule, StrategyRule | ContextRule)]
    asked = {rule.id: asks_of(rule, base, screening, drugs, measured) for rule in rules}
    comparer = Comparer(screens)
    tests = {
        test: comparer.estimate(test)
        for asks, _ in asked.values()
        for ask in asks
        for test in _tests(ask, screens)
    }
    made = {test: found for test, found in tests.items() if found}
    qs = dict(zip(made, false_discovery([found.p for found in made.values()]), strict=True))
    verdicts = []
    for rule, (asks, reason) in asked.items():
        if reason:
            verdicts.append(Corroboration(rule=rule, verdict="not-testable", reason=reason))
            continue
        own = tuple(
            _figure(ask, test, made[test], qs[test], screening, comparer)
            for ask in asks
            for test in _tests(ask, screens)
            if test in made
        )
        verdicts.append(Corroboration(rule=rule, verdict=verdict_on(own), figures=own))
    return ScreenComparison(
        screens.files, tuple(verdicts), tuple(_controls(screening, screens, comparer)), len(made)
    )


def screening_of(base: KnowledgeBase) -> Screening:
    """Return how screens are read. Raises InputError where the rule base has no such settings."""
    if base.content.screening is None:
        raise InputError([Problem("", "these rules have no section screening.", "Use the shipped rules.")])
    return base.content.screening


def verdict_on(figures: Sequence[CorroborationFigure]) -> Verdict:
    """Return the verdict that figures give: no signal where some are in line and others contrary."""
    found = {one.verdict for one in deciding(tuple(figures))}
    if len(found & {"in-line", "contrary"}) == 1:
        return "in-line" if "in-line" in found else "contrary"
    return "no-signal" if found - {"too-few"} else "too-few"


def _tests(ask: Ask, screens: Screens) -> Iterable[Test]:
    for screen, table in screens.responses.items():
        if ask.drug in table.columns:
            for lines in _LINES:
                yield Test(ask.finding, ask.drug, screen, lines)


def _figure(
    ask: Ask, test: Test, found: Estimate, q: float, screening: Screening, comparer: Comparer
) -> CorroborationFigure:
    verdict = _verdict(found, q, ask.sign, screening)
    drugs, stronger = comparer.stronger(test, found) if verdict in ("in-line", "contrary") else (0, [])
    return CorroborationFigure(
        question=ask.question,
        marker=ask.finding.marker,
        state=ask.finding.state,
        among=", ".join(f"{gene} {state}" for gene, state in ask.finding.among),
        drug=test.drug,
        screen=test.screen,
        lines=test.lines,
        expected="resists" if ask.sign > 0 else "sensitises",
        n=found.n,
        rho=round(found.rho, 3),
        interval=(round(found.interval[0], 3), round(found.interval[1], 3)),
        adjusted=round(found.adjusted, 3),
        adjusted_interval=(round(found.adjusted_interval[0], 3), round(found.adjusted_interval[1], 3)),
        p=float(f"{found.p:.3g}"),
        q=float(f"{q:.3g}"),
        detectable=round(found.detectable, 3),
        drugs=drugs,
        stronger=len(stronger),
        stronger_drugs=tuple(stronger[:MAX_STRONGER]),
        verdict=verdict,
    )


def _verdict(found: Estimate, q: float, sign: int, screening: Screening) -> Verdict:
    if found.detectable > screening.enough_power:
        return "too-few"
    if q > 0.05 or abs(found.adjusted) < screening.smallest_effect:
        return "no-signal"
    return "in-line" if found.adjusted * sign > 0 else "contrary"


def _controls(screening: Screening, screens: Screens, comparer: Comparer) -> Iterable[ControlFigure]:
    for control in screening.controls:
        for screen, table in screens.responses.items():
            if control.marker in screens.expression.columns and control.drug in table.columns:
                test = Test(ScreenedFinding(control.marker, "high"), control.drug, screen, "carcinoma")
                if found := comparer.estimate(test):
                    yield ControlFigure(control.marker, control.drug, screen, found)
