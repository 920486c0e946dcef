"""The tables of a folder of drug screens: responses, expression, mutations and lines.

docs/corroboration.md describes their form.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..._errors import InputError, Problem
from ..._opening import TEXT_TABLES, ending, opened, plain_name
from ..._text import shortened
from ...knowledge.screening_models import Screening, ScreenTable

_LONG = {"drug", "line", "auc"}
"""The columns by which a table with a response in each row is recognised; `screen` is optional."""
_ABOUT = ("expression", "mutated", "lines")
"""The names of the tables that are not responses."""
_UNKNOWN = "unknown"
"""The tissue of a line of which none is known."""


class Screens(NamedTuple):
    """Drug screens: AUC by lines and drugs for each screen, and what is known of the lines."""

    responses: dict[str, pd.DataFrame]
    expression: pd.DataFrame
    mutated: pd.DataFrame
    tissue: pd.Series
    """Of every line that counts as a carcinoma."""
    liver: frozenset[str]
    """Lines of the liver, whatever their origin."""
    other_origin: frozenset[str]
    """Those of them that are not of a hepatocellular carcinoma."""
    files: tuple[ScreenTable, ...]


def read_screens(folder: Path, screening: Screening) -> Screens:
    """Return the screens of a folder. Raises InputError."""
    tables: dict[str, pd.DataFrame] = {}
    files = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if ending(path.name) in TEXT_TABLES and path.is_file():
            data = _content(path)
            files.append(ScreenTable(name=path.name, sha256=hashlib.sha256(data).hexdigest()))
            tables[Path(plain_name(path.name)).stem] = _table(path)
    if "expression" not in tables:
        what = f"{shortened(str(folder))} has no table expression.tsv or expression.csv."
        raise InputError([Problem("", what, "docs/corroboration.md describes the tables.", "data")])
    responses: dict[str, pd.DataFrame] = {}
    for name, table in tables.items():
        if name not in _ABOUT:
            responses |= {
                screening.screens.get(key, key): found for key, found in _responses(name, table).items()
            }
    if not responses:
        what = f"{shortened(str(folder))} has no table of responses to drugs."
        raise InputError([Problem("", what, "docs/corroboration.md describes the tables.", "data")])
    expression = _genes(_by_line(tables["expression"], "expression"))
    known = tables.get("lines", pd.DataFrame({"line": []}))
    tissue, liver = _lines(_by_line(known, "lines", numbers=False), expression.index, screening)
    return Screens(
        responses,
        expression,
        _genes(_by_line(tables.get("mutated", pd.DataFrame({"line": []})), "mutated")),
        tissue,
        liver,
        frozenset(screening.other_origin),
        tuple(files),
    )


def line_name(written: object) -> str:
    """Return the name of a line in capitals, letters and digits only.

    >>> line_name("Hep 3B2.1-7")
    'HEP3B217'
    """
    return re.sub(r"[^A-Z0-9]", "", str(written).upper())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"it cannot be read: {error.strerror}."
        raise InputError([Problem("", what, parameter="data")], source=str(path)) from None


def _table(path: Path) -> pd.DataFrame:
    separator = "\t" if ending(path.name) == ".tsv" else ","
    try:
        with opened(path) as stream:
            return pd.read_csv(stream, sep=separator, low_memory=False)
    except (OSError, ValueError, pd.errors.ParserError) as error:
        what = f"it is not a table: {shortened(str(error), 120)}"
        raise InputError([Problem("", what, parameter="data")], source=str(path)) from None


def _by_line(table: pd.DataFrame, name: str, *, numbers: bool = True) -> pd.DataFrame:
    """The table with a row for each line: the mean where a line has several."""
    if "line" not in table.columns:
        what = f"the table {shortened(name)} has no column `line`."
        raise InputError([Problem("", what, "docs/corroboration.md describes the tables.", "data")])
    rows = table.set_index(table["line"].map(line_name)).drop(columns="line")
    if not numbers:
        return rows[~rows.index.duplicated()]
    return rows.apply(pd.to_numeric, errors="coerce").groupby(level=0).mean()


def _responses(name: str, table: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """The AUC of a table by screen: rows are lines, columns drugs."""
    if not set(table.columns) >= _LONG:
        return {name: _by_line(table, name)}
    rows = table.assign(line=table["line"].map(line_name), auc=pd.to_numeric(table["auc"], errors="coerce"))
    screens = rows["screen"].astype(str) if "screen" in rows.columns else pd.Series(name, index=rows.index)
    return {
        str(screen): group.pivot_table(index="line", columns="drug", values="auc", aggfunc="mean")
        for screen, group in rows.groupby(screens)
    }


def _genes(table: pd.DataFrame) -> pd.DataFrame:
    """The table with symbols as columns: other files write `SYMBOL (123)`."""
    named = table.rename(columns=lambda column: str(column).partition(" (")[0])
    return named.loc[:, ~named.columns.duplicated()]


def _lines(known: pd.DataFrame, measured: pd.Index, screening: Screening) -> tuple[pd.Series, frozenset[str]]:
    """The tissue of every carcinoma line, and the lines of the liver."""
    every = known.reindex(known.index.union(measured))
    tissue = every.get("tissue", pd.Series(index=every.index, dtype=object)).fillna(_UNKNOWN).astype(str)
    part = every.get("subtissue", pd.Series(index=every.index, dtype=object)).fillna(_UNKNOWN).astype(str)
    marked = every.get("liver", pd.Series(index=every.index, dtype=object))
    liver = marked.astype(str).isin(["1", "1.0", "True"]) | tissue.eq("liver") | part.eq("liver")
    out = tissue.isin(screening.not_carcinoma) | part.isin(screening.not_carcinoma)
    tissue = tissue.mask(liver, "liver")
    return tissue[~out], frozenset(tissue.index[liver])
