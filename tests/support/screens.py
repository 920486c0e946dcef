"""Synthetic drug screens: tables of random values, with effects where a test puts them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

TISSUES = ("lung", "breast", "pancreas")
DRUGS = ("Sorafenib", "lenvatinib", "1S,3R-RSL-3", "ML162", "erastin", "Cisplatin", "Gemcitabine", "other")


def write_screens(
    folder: Path,
    genes: Iterable[str],
    *,
    seed: int,
    n: int = 150,
    effects: dict[tuple[str, str], float] | None = None,
) -> Path:
    """Write tables of `n` lines; each effect adds so much of a gene to the AUC of a drug."""
    random = np.random.default_rng(seed)
    lines = [f"LINE{at}" for at in range(n)]
    genes = list(genes)
    expression = pd.DataFrame(random.normal(size=(n, len(genes))), index=lines, columns=genes)
    general = random.normal(size=(n, 1))
    auc = pd.DataFrame(random.normal(size=(n, len(DRUGS))) + general, index=lines, columns=list(DRUGS))
    for (gene, drug), size in (effects or {}).items():
        auc[drug] += size * expression[gene]
    about = pd.DataFrame({"tissue": [TISSUES[at % 3] for at in range(n)], "liver": 0}, index=lines)
    mutated = pd.DataFrame({"TP53": random.integers(2, size=n)}, index=lines)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {"expression": expression, "auc": auc, "lines": about, "mutated": mutated}.items():
        table.to_csv(folder / f"{name}.tsv", sep="\t", index_label="line")
    return folder
