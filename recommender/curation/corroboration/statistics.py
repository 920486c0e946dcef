"""Rank correlations, raw and adjusted, with bootstrap intervals and the smallest effect to be seen."""

from collections.abc import Sequence
from math import sqrt, tanh
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm, rankdata
from scipy.stats import t as students_t

_Array = np.ndarray[Any, np.dtype[np.float64]]

_SEED = 20261128
"""Of every bootstrap, so that the same tables give the same intervals."""
RESAMPLES = 1000
_MIN_LINES = 8
"""Fewer lines than these are not compared at all."""
MIN_DRUGS = 3
"""Other drugs that a line must have been given, so that its general sensitivity is known."""
ALPHA, POWER = 0.05, 0.8


class Estimate(NamedTuple):
    """A rank correlation, raw and adjusted, each with its 95 % interval, and the p of the adjusted one."""

    n: int
    rho: float
    interval: tuple[float, float]
    adjusted: float
    adjusted_interval: tuple[float, float]
    p: float
    detectable: float


def sensitivity(responses: pd.DataFrame, drug: str) -> pd.Series:
    """Return the general sensitivity of each line: its mean rank over the other drugs, as a share."""
    ranks = responses.drop(columns=drug).rank(pct=True)
    return ranks.mean(axis=1).where(ranks.notna().sum(axis=1) >= MIN_DRUGS)


class Ranked(NamedTuple):
    """The ranks of a marker and of an AUC over the lines that have both, and what is left after adjusting."""

    pair: _Array
    left: _Array
    terms: int
    """Of the regression: one for each tissue, and one for the general sensitivity."""

    @property
    def adjusted(self) -> float:
        """The adjusted correlation."""
        return _correlation(self.left)


def ranked(marker: pd.Series, auc: pd.Series, general: pd.Series, tissue: pd.Series) -> Ranked | None:
    """Return the ranks of a marker and of the AUC of a drug over the lines that have all values.

    The series are of the same lines in the same order. Returns None where lines are too few, or all alike.
    """
    x, y, z = (np.asarray(one, dtype=float) for one in (marker, auc, general))
    kept = np.isfinite(x) & np.isfinite(y) & np.isfinite(z)
    x, y, z = x[kept], y[kept], z[kept]
    if len(x) < _MIN_LINES or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    pair = np.array([rankdata(x), rankdata(y)], dtype=float)
    left, terms = _adjusted(pair, rankdata(z), np.asarray(tissue)[kept])
    if len(x) - terms - 1 < _MIN_LINES // 2 or (left.std(axis=1) < 1e-9).any():
        return None
    return Ranked(pair, left, terms)


def estimate(found: Ranked) -> Estimate:
    """Return the correlations of ranks, raw and adjusted, with their intervals."""
    n = found.pair.shape[1]
    return Estimate(
        n=n,
        rho=_correlation(found.pair),
        interval=_bootstrap(found.pair),
        adjusted=found.adjusted,
        adjusted_interval=_bootstrap(found.left),
        p=_p(found.adjusted, n - found.terms - 1),
        detectable=smallest_effect(n, found.terms - 1),
    )


def smallest_effect(n: int, adjusted_for: int = 0) -> float:
    """Return the smallest correlation that n lines show with a power of 80 %, by Fisher's z.

    >>> round(smallest_effect(192), 2), round(smallest_effect(17), 2)
    (0.2, 0.63)
    """
    spread = sqrt(max(n - adjusted_for - 3, 1))
    return float(tanh((norm.isf(ALPHA / 2) + norm.ppf(POWER)) / spread))


def false_discovery(ps: Sequence[float]) -> list[float]:
    """Return q by Benjamini and Hochberg for each p."""
    return [float(q) for q in false_discovery_control(ps)] if ps else []


def _adjusted(pair: _Array, general: _Array, tissue: Any) -> tuple[_Array, int]:
    """The rest of ranks after a regression on tissue and general sensitivity, and its number of terms."""
    group, names = pd.factorize(tissue)
    design = np.column_stack([np.eye(len(names))[group], general])
    coefficients, _, rank, _ = np.linalg.lstsq(design, pair.T, rcond=None)
    return pair - (design @ coefficients).T, int(rank)


def _correlation(pair: _Array) -> float:
    return float(np.asarray(np.corrcoef(pair))[0, 1])


def _p(correlation: float, freedom: int) -> float:
    """Two-sided p of a partial correlation, by the t distribution."""
    correlation = min(max(correlation, -1 + 1e-12), 1 - 1e-12)
    return float(2 * students_t.sf(abs(correlation) * sqrt(freedom / (1 - correlation**2)), freedom))


def _bootstrap(pair: _Array) -> tuple[float, float]:
    """The 95 % interval by drawing lines with replacement; their ranks, or what is left of them, are kept."""
    lines = np.random.default_rng(_SEED).integers(pair.shape[1], size=(RESAMPLES, pair.shape[1]))
    drawn = pair[:, lines]
    drawn = drawn - drawn.mean(axis=2, keepdims=True)
    x, y = drawn
    spread = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    found = np.divide((x * y).sum(axis=1), spread, out=np.zeros(RESAMPLES), where=spread > 0)
    low, high = np.quantile(found, [ALPHA / 2, 1 - ALPHA / 2])
    return float(low), float(high)
