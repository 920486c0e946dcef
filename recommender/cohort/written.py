"""Ranked cohorts as `cohort` wrote them, in any of its formats, as one table of DuckDB."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv

from .._errors import InputError, Problem
from .._opening import ending
from .._text import one_of, shortened
from .run import BEGUN, DONE
from .sinks import BEHIND, OUTPUT_SUFFIXES, RISKY

_COLUMNS = {
    "profile_id": "VARCHAR",
    "rank": "USMALLINT",
    "add_on": "VARCHAR",
    "partner": "VARCHAR",
    "group": "VARCHAR",
    "rules": "VARCHAR[]",
    "rule_base_sha256": "VARCHAR",
}
"""What a summary needs of the ranked rows."""
_QUOTED = ", ".join(f'"{name}"' for name in _COLUMNS)
_NAMELESS = "SELECT count(*) FROM ranked WHERE profile_id IS NULL OR rule_base_sha256 IS NULL"


def load_ranked(ranked: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `ranked` of what `cohort` wrote, a file or a folder of parts. Raises InputError."""
    folder = ranked.is_dir()
    if not folder and not ranked.exists():
        raise InputError([Problem("", "there is no such file or folder.")], source=str(ranked))
    kind = "parquet" if folder else OUTPUT_SUFFIXES.get(ending(ranked.name))
    if kind is None:
        what = f"'{shortened(ranked.name)}' is not a ranked cohort."
        hint = f"Name what `cohort` wrote: a folder, or a file that ends in {one_of(OUTPUT_SUFFIXES)}."
        raise InputError([Problem("", what, hint)], source=str(ranked))
    files = _parts(ranked) if folder else [str(ranked)]
    try:
        {"parquet": _parquet, "csv": _csv, "ndjson": _ndjson}[kind](files, connection)
        ((nameless,),) = connection.sql(_NAMELESS).fetchall()
    except (KeyError, duckdb.BinderException):
        nameless = 1
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise _not_ranked(ranked, shortened(str(error).splitlines()[0], 300)) from None
    if nameless:
        raise _not_ranked(ranked, f"it lacks one of the columns {', '.join(_COLUMNS)}.")


def _not_ranked(ranked: Path, why: str) -> InputError:
    problem = Problem("", f"it is not a ranked cohort: {why}", "Rank it first.", actions=("rank_cohort",))
    return InputError([problem], source=str(ranked))


def _parts(folder: Path) -> list[str]:
    if not (folder / DONE).exists():
        if any(folder.glob("*meta_*.txt")):
            raise _not_ranked(folder, "it is the folder of a study.")
        what = f"the folder has no {DONE}: it is not complete."
        if not (folder / BEGUN).exists():
            raise _not_ranked(folder, what)
        raise InputError([Problem("", what, "Go on ranking with `resume=`.")], source=str(folder))
    return [str(path) for path in sorted(folder.glob("*.parquet"))]


def _parquet(files: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"CREATE TABLE ranked AS SELECT {_QUOTED} FROM read_parquet($1)",  # noqa: S608 - no input
        [files],
    )


def _csv(files: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Lists are words here, and what would be a formula to a spreadsheet has an apostrophe before it."""
    types = dict.fromkeys(_COLUMNS, pa.string()) | {"rank": pa.uint16()}
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    converting = pyarrow.csv.ConvertOptions(column_types=types, include_columns=list(types))
    with pyarrow.csv.open_csv(files[0], None, parsing, converting) as reader:
        connection.register("written", reader)
        columns = {name: f'"{name}"' for name in _COLUMNS} | {
            **{
                name: f"{_without_apostrophes(name)} AS {name}" for name in ("profile_id", "rule_base_sha256")
            },
            "rules": "string_split(rules, ' ') AS rules",
            "group": """nullif("group", '') AS "group\"""",
        }
        connection.execute(
            f"CREATE TABLE ranked AS SELECT {', '.join(columns.values())} FROM written"  # noqa: S608
        )
        connection.unregister("written")


def _without_apostrophes(column: str) -> str:
    """A text as it was before it was written as CSV."""
    first = f"regexp_replace({column}, '^''({RISKY})', '\\1')"
    return f"regexp_replace({first}, ';''({BEHIND})', ';\\1', 'g')"


def _ndjson(files: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"CREATE TABLE ranked AS SELECT {_QUOTED} "  # noqa: S608 - no input
        "FROM read_json($1, columns = $2, format = 'newline_delimited')",
        [files, _COLUMNS],
    )
