"""The same function on Spark: each task ranks its batches with one thread."""

import json
import os
import shutil
import sys
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from .._errors import InputError, Problem, RecommenderError
from .._files import refuse_input
from .._text import one_of, shortened
from ..evaluation.facts import Facts
from ..importing import import_profiles
from ..importing.codes import is_code
from ..intake.lines import Line
from ..knowledge.base import KnowledgeBase
from ..options import Options
from .cells import CODED, DELIMITER, UNENDED, Cells
from .plan import Plan
from .ranked import SCHEMA, BatchRanker
from .run import reject_line, rejecting, rejects_beside
from .sources import Head, Part, is_ended, read_lines
from .tally import Tally

_ROW_SCHEMA = (
    "profile_id string, rank int, recommendation_id string, add_on string, partner string, score double, "
    "marker_match smallint, partner_match smallint, evidence smallint, actionability smallint, "
    "penalty smallint, extrapolated boolean, `group` string, held_back_because array<string>, "
    "rules array<string>, label string, disclaimer string, "
    "rule_base_sha256 string, rejected boolean"
)
_PART, _BLOCK = "_part_of_this_row", "_block_of_this_row"
"""Columns with the file that a row is from, and where in it the block begins that one task reads in order."""

InputBlock = tuple[str, int]


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

    Rows that cannot be used go to a file next to it. Raises InputError; RecommenderError where Spark
    fails.
    """
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:
        raise InputError(
            [Problem("", f"Spark takes one kind of parts at a time, not {one_of(sorted(kinds))}.")]
        )
    if output.exists():
        raise InputError([Problem("", "it is there already.", "Name another folder.")], source=str(output))
    refuse_input(rejects_beside(output), [part.path for part in parts])
    (kind,) = kinds
    delimiter = _delimiter(parts) if kind == "csv" else ","
    # Spark would put other letters in the place of bytes that are not text.
    unended = {part.path.name for part in parts if kind == "csv" and not is_ended(part.path)}
    if kind == "workbook":
        raise InputError([Problem("", "Spark does not read workbooks.", "Save the sheet as CSV UTF-8.")])
    # Spark does not see files whose name begins with a dot.
    imported = output.with_name(f"{output.name}.{os.getpid()}.part.ndjson")
    paths = [str(part.path.resolve()) for part in parts]
    if kind == "study":
        profiles = import_profiles(parts[0].path, base).profiles
        imported.write_text("".join(f"{profile.canonical()}\n" for profile in profiles), encoding="utf-8")
        kind, paths = "ndjson", [str(imported.resolve())]
    aside = output.with_name(f".{output.name}.{os.getpid()}.part")
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    session = _session(master)
    try:
        frame = _frame(session, paths, kind, delimiter)
        _refuse_repeated(frame, kind, base, delimiter)
        coded = {} if kind == "ndjson" else _coded(frame, base, delimiter)
        before, count, rows_of = _counted(frame, kind)
        cut = {
            (name, rows) for address, rows in rows_of.items() if (name := _name_of(address, {})) in unended
        }
        about = {DELIMITER: delimiter.encode(), CODED: json.dumps(coded).encode()}
        named = {imported.name: parts[0].path.name} if imported.exists() else {}
        task = _task(
            lambda: BatchRanker(Plan(base), options, therapies), base, kind, about, before, named, cut
        )
        if kind == "ndjson":
            frame = frame.withColumn("value", frame.value.cast("binary"))  # bytes as they are in the file
        rows = frame.mapInArrow(task, _ROW_SCHEMA)
        rows.write.partitionBy("rejected").parquet(str(aside))
        tally = _settle(aside, output, [part.path.name for part in parts])
        tally.profiles = count
    except (PySparkException, Py4JJavaError) as error:
        if "MALFORMED_CSV_RECORD" in str(error):
            what = "a row has more or fewer cells than the header, or a quote that is not closed."
            raise InputError([Problem("", what, "The local backend names the row.")]) from None
        raise RecommenderError(f"Spark failed: {' '.join(str(error).splitlines()[:2])}") from error
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


def _delimiter(parts: list[Part]) -> str:
    """Return the sign between the cells of all parts.

    Raises InputError where Spark, which skips one line of each part, would not read them as one table.
    """
    heads = [Head(part.path) for part in parts]
    for part, head in zip(parts, heads, strict=True):
        if head.above:
            what = "the header is not in its first line, where Spark expects it."
            raise InputError([Problem("", what)], source=str(part.path))
        if (head.names, head.delimiter) != (heads[0].names, heads[0].delimiter):
            what = f"its header is not that of {parts[0].path.name}: Spark reads all parts as one table."
            raise InputError([Problem("", what)], source=str(part.path))
    return heads[0].delimiter


def _frame(session: Any, paths: list[str], kind: str, delimiter: str) -> Any:
    """The rows of all parts, each with its file and block."""
    if kind == "parquet":
        frame = session.read.parquet(*paths)
    elif kind == "csv":
        # A quote inside quotes is doubled. Rows with more or fewer cells would be cut or filled otherwise.
        reading = {"header": True, "multiLine": True, "sep": delimiter, "escape": '"', "mode": "FAILFAST"}
        frame = session.read.csv(paths, **reading)
    else:
        frame = session.read.text(paths, lineSep="\n")
    return frame.selectExpr("*", f"_metadata.file_path AS {_PART}", f"_metadata.file_block_start AS {_BLOCK}")


def _refuse_repeated(frame: Any, kind: str, base: KnowledgeBase, delimiter: str) -> None:
    """Raises InputError where an id is in several rows: no task knows which of them is the first."""
    from pyspark.sql.functions import col, expr, lower

    named, nulls = "get_json_object(value, '$.id')", [""]
    if kind != "ndjson":
        names = [name for name in frame.columns if name not in (_PART, _BLOCK)]
        cells = Cells(names, base, delimiter)
        named, nulls = "`{}`".format(names[cells.id].replace("`", "``")), cells.nulls
    ids = frame.select(expr(f"trim(cast({named} AS string)) AS id")).where(~lower(col("id")).isin(nulls))
    found = ids.groupBy("id").count().where("count > 1").orderBy("id").limit(1).collect()
    if found:
        what = f"the id '{shortened(found[0]['id'])}' is in several rows: an id names one tumour."
        raise InputError([Problem("", what, "The local backend leaves all of them but the first out.")])


def _coded(frame: Any, base: KnowledgeBase, delimiter: str) -> dict[str, str]:
    """Return the columns of a status whose numbers are codes anywhere in the input, with one of the codes."""
    from pyspark.sql.functions import expr

    names = [name for name in frame.columns if name not in (_PART, _BLOCK)]
    found: dict[str, str] = {}
    for place in sorted(Cells(names, base, delimiter).statuses):
        text = "trim(cast(`{}` AS string))".format(names[place].replace("`", "``"))
        codes = frame.select(expr(text).alias("code")).distinct().where(r"code RLIKE '^[-+]?[0-9]'").collect()
        code = next((one["code"] for one in codes if is_code(one["code"])), None)
        if code is not None:
            found[names[place]] = code
    return found


def _counted(frame: Any, kind: str) -> tuple[dict[InputBlock, int], int, Counter[str]]:
    """Return how many rows of its file are before each block, how many hold a profile, and of each file."""
    from pyspark.sql.functions import expr

    filled = r"count_if(value RLIKE '\\S')" if kind == "ndjson" else "count(*)"
    counts = frame.groupBy(_PART, _BLOCK).agg(expr("count(*)"), expr(filled))
    before: dict[InputBlock, int] = {}
    ahead: Counter[str] = Counter()
    profiles = 0
    for part, block, rows, holding in sorted(counts.collect()):
        before[part, block] = ahead[part]
        ahead[part] += rows
        profiles += holding
    return before, profiles, ahead


def _task(
    make: Callable[[], BatchRanker],
    base: KnowledgeBase,
    kind: str,
    about: dict[bytes, bytes],
    before: dict[InputBlock, int],
    named: dict[str, str],
    cut: set[tuple[str, int]],
) -> Any:
    """The function that each task runs on its batches.

    `named` has the names of parts that were made here, `cut` the parts that nothing ends, with their rows.
    """

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ranker = make()
        seen: Counter[InputBlock] = Counter()
        for batch in batches:
            places = []
            for block in zip(batch[_PART].to_pylist(), batch[_BLOCK].to_pylist(), strict=True):
                seen[block] += 1
                places.append((_name_of(block[0], named), before[block] + seen[block]))
            given = batch.drop_columns([_PART, _BLOCK])
            if kind == "ndjson":
                rows, rejects = _ranked_lines(ranker, base, given.column(0).to_pylist(), places)
            else:
                unended = next((at for at, place in enumerate(places) if place in cut), None)
                more = {} if unended is None else {UNENDED: str(unended).encode()}
                rows, encoded = ranker.rank_table(given.replace_schema_metadata({**about, **more}))
                rejects = [reject_line(*places[one.row], one.id, one.why) for one in encoded.rejects]
            yield _plain(rows)
            if rejects:
                yield _rejected(rejects)

    return run


def _ranked_lines(
    ranker: BatchRanker, base: KnowledgeBase, texts: list[bytes], places: list[tuple[str, int]]
) -> tuple[pa.RecordBatch, list[str]]:
    """The ranked rows of lines of NDJSON, and what is kept of those that cannot be used."""
    known: list[tuple[str, Facts]] = []
    rejects = []
    for text, (part, number) in zip(texts, places, strict=True):
        line = text.removeprefix(BOM_UTF8) if number == 1 else text
        if line.strip():
            read = read_lines([Line(number, line)], base)
            known += read.known
            rejects += [reject_line(part, at, name, why) for at, name, why in read.bad]
    rows, _ = ranker.rank_facts(known)
    return rows, rejects


def _name_of(address: str, named: dict[str, str]) -> str:
    """The name of a part by the address under which Spark read it."""
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    return named.get(name, name)


def _plain(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows in the types that Spark knows."""
    types = {"rank": pa.int32()}
    columns = {
        field.name: rows.column(field.name).cast(types.get(field.name, field.type)) for field in SCHEMA
    }
    columns["rejected"] = pa.array([False] * rows.num_rows)
    return pa.RecordBatch.from_pydict(columns)


def _rejected(rejects: list[str]) -> pa.RecordBatch:
    """Rows that cannot be used: all that is kept of them is in the place of the rules."""
    rows = len(rejects)
    columns = {
        field.name: pa.nulls(rows, pa.int32() if field.name == "rank" else field.type) for field in SCHEMA
    }
    columns |= {
        "rules": pa.array([[line] for line in rejects], pa.list_(pa.string())),
        "rejected": pa.array([True] * rows),
    }
    return pa.RecordBatch.from_pydict(columns)


def _settle(aside: Path, output: Path, parts: list[str]) -> Tally:
    """Move what was ranked to its place, and write what was not to a file next to it, by part and row."""
    import pyarrow.dataset as ds

    tally = Tally()
    ranked, rejected = aside / "rejected=false", aside / "rejected=true"
    ranked.mkdir(exist_ok=True)
    tally.rows = ds.dataset(ranked, format="parquet").count_rows()
    with rejecting(rejects_beside(output)) as reject:
        if rejected.is_dir():
            found = ds.dataset(rejected, format="parquet").to_table(columns=["rules"])["rules"].to_pylist()
            lines = {line: json.loads(line) for (line,) in found}
            tally.rejected = len(lines)
            reject(sorted(lines, key=lambda line: (parts.index(lines[line]["part"]), lines[line]["row"])))
    (ranked / "_SUCCESS").touch()
    ranked.replace(output)
    return tally
