"""The same function on Spark: each task ranks its batches with one thread."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from .._errors import InputError, Problem, RecommenderError
from .._label import DISCLAIMER, LABEL
from .._text import one_of
from ..importing import import_profiles
from ..intake.lines import Line
from ..knowledge.base import KnowledgeBase
from ..options import Options
from .plan import Plan
from .ranked import SCHEMA, Ranker
from .run import Tally, rejects_beside
from .sources import Part, read_lines

_ROW_SCHEMA = (
    "profile_id string, rank int, recommendation_id string, add_on string, partner string, score double, "
    "marker_match smallint, partner_match smallint, evidence smallint, actionability smallint, "
    "penalty smallint, extrapolated boolean, rules array<string>, label string, disclaimer string, "
    "rule_base_sha256 string, rejected boolean"
)


def rank(
    parts: list[Part],
    output: Path,
    base: KnowledgeBase,
    options: Options,
    therapies: tuple[str, ...],
    *,
    master: str,
) -> Tally:
    """Rank all parts into a folder of Parquet parts, which is there when all is written.

    Rows that cannot be used go to a folder beside it. Raises InputError; RecommenderError where Spark
    fails.
    """
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:
        raise InputError(
            [Problem("", f"Spark takes one kind of parts at a time, not {one_of(sorted(kinds))}.")]
        )
    if output.exists():
        raise InputError([Problem("", "it is there already.", "Name another folder.")], source=str(output))
    (kind,) = kinds
    # Spark does not see files whose name begins with a dot.
    imported = output.with_name(f"{output.name}.{os.getpid()}.part.ndjson")
    paths = [str(part.path.resolve()) for part in parts]
    if kind == "study":
        profiles = import_profiles(parts[0].path, base).profiles
        imported.write_text("".join(f"{profile.canonical()}\n" for profile in profiles), encoding="utf-8")
        kind, paths = "ndjson", [str(imported.resolve())]
    aside = output.with_name(f".{output.name}.{os.getpid()}.part")
    from pyspark.errors import PySparkException

    session = _session(master)
    try:
        frame = _frame(session, paths, kind)
        rows = frame.mapInArrow(_task(base, options, therapies, kind), _ROW_SCHEMA)
        rows.write.partitionBy("rejected").parquet(str(aside))
        tally = _settle(aside, output)
        tally.profiles = frame.count()
    except PySparkException as error:
        raise RecommenderError(f"Spark failed: {str(error).splitlines()[0]}") from error
    else:
        return tally
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        imported.unlink(missing_ok=True)
        session.stop()


def _session(master: str) -> Any:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("ferroptosis-recommender")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        hint = "Spark needs Java 17 or newer: is it installed?"
        raise RecommenderError(f"Spark did not start: {str(error).splitlines()[0]} {hint}") from error


def _frame(session: Any, paths: list[str], kind: str) -> Any:
    if kind == "parquet":
        return session.read.parquet(*paths)
    if kind == "csv":
        return session.read.csv(paths, header=True, multiLine=True)
    return session.read.text(paths)


def _task(base: KnowledgeBase, options: Options, therapies: tuple[str, ...], kind: str) -> Any:
    """The function that each task runs on its batches."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ranker = Ranker(Plan(base), options, therapies)
        for batch in batches:
            if kind == "ndjson":
                given = [Line(0, text.encode()) for text in batch.column(0).to_pylist() if text.strip()]
                read = read_lines(given, base)
                rows, encoded = ranker.rank_facts(read.known)
                bad = [(name, why) for _, name, why in read.bad]
            else:
                rows, encoded = ranker.rank_table(batch)
                bad = [(one.id, one.why) for one in encoded.rejects]
            yield _plain(rows)
            if bad:
                yield _rejected(bad)

    return run


def _plain(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows in the types that Spark knows."""
    types = {"rank": pa.int32()}
    columns = {
        field.name: rows.column(field.name).cast(types.get(field.name, field.type)) for field in SCHEMA
    }
    columns["rejected"] = pa.array([False] * rows.num_rows)
    return pa.RecordBatch.from_pydict(columns)


def _rejected(bad: list[tuple[str, str]]) -> pa.RecordBatch:
    """Rows that cannot be used: all that they hold is an id and, in the place of the rules, the reason."""
    columns = {
        field.name: pa.nulls(len(bad), pa.int32() if field.name == "rank" else field.type) for field in SCHEMA
    }
    columns |= {
        "profile_id": pa.array([name for name, _ in bad], pa.string()),
        "rules": pa.array([[why] for _, why in bad], pa.list_(pa.string())),
        "rejected": pa.array([True] * len(bad)),
    }
    return pa.RecordBatch.from_pydict(columns)


def _settle(aside: Path, output: Path) -> Tally:
    """Move what was ranked to its place, and write what was not beside it."""
    import pyarrow.dataset as ds

    tally = Tally()
    ranked, rejected = aside / "rejected=false", aside / "rejected=true"
    ranked.mkdir(exist_ok=True)
    tally.rows = ds.dataset(ranked, format="parquet").count_rows()
    if rejected.is_dir():
        found = ds.dataset(rejected, format="parquet").to_table(columns=["profile_id", "rules"]).to_pylist()
        tally.rejected = len(found)
        said = {"label": LABEL, "disclaimer": DISCLAIMER}
        with rejects_beside(output).open("w", encoding="utf-8") as stream:
            for one in found:
                value = {**said, "profile_id": one["profile_id"], "why": one["rules"][0]}
                stream.write(json.dumps(value, sort_keys=True) + "\n")
    (ranked / "_SUCCESS").touch()
    ranked.replace(output)
    return tally
