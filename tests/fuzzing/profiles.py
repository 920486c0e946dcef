"""The entrances that take profiles: one, a stream of them, or a cohort."""

import io
import json
from pathlib import Path
from random import Random
from typing import Any

from recommender import Profile
from recommender.cohort import run as cohort_run
from recommender.cohort.sinks import writing
from recommender.cohort.sources import Part, batches
from recommender.intake.lines import told_apart
from recommender.options import Options
from recommender.streaming import answers
from recommender.views.stream import writer

from . import laws, material
from .entrances import Entrance, answered, recommender


def _view(source: Random) -> str:
    views = ("json", "ndjson", "csv", "markdown", "table", "html", "svg", "handout", "nothing")
    return source.choices(views, weights=(5, 5, 5, 5, 1, 1, 1, 1, 150))[0]


class JsonProfile(Entrance):
    """A profile in JSON."""

    name = "profile-json"
    share = 3.0
    seeds = material.seeds("profiles/*.json", "docs/examples/*.json", "profiles/expected/*.json")

    def make(self, source: Random) -> Any:
        """Return the bytes of a profile, and the view to look at."""
        match source.randrange(20):
            case 0:
                data = source.choice(material.WHOLE)
            case 1 | 2 | 3:
                data = material.damaged(source, source.choice(self.seeds), self.seeds)
            case 4 | 5:
                data = material.as_json(source, material.value(source, 5))
            case _:
                hostile = source.choice((0.02, 0.1, 0.3))
                data = material.as_json(source, material.profile(source, hostile=hostile))
                if source.random() < 0.2:
                    data = material.damaged(source, data, self.seeds)
        return data, _view(source), source.random() < 0.1

    def attempt(self, given: Any) -> None:
        """Read it and answer it."""
        data, view, strict = given
        answered(Profile.read(data, source="case.json"), view, strict=strict)


class YamlProfile(JsonProfile):
    """A profile in YAML."""

    name = "profile-yaml"
    seeds = material.seeds("profiles/*.yaml", "docs/examples/faulty.yaml", "docs/examples/tour.yaml")

    def make(self, source: Random) -> Any:
        """Return the bytes of a profile, and the view to look at."""
        if source.randrange(4):
            data = material.as_yaml(source, material.profile(source, hostile=source.choice((0.02, 0.2))))
        else:
            data = source.choice((*self.seeds, *material.WHOLE))
        if source.random() < 0.6:
            data = material.damaged(source, data, self.seeds)
        return data, _view(source), source.random() < 0.1


class Stream(Entrance):
    """A stream of profiles, one a line."""

    name = "stream"

    def make(self, source: Random) -> Any:
        """Return the bytes of a stream, and how it is to be answered."""
        lines = []
        for _ in range(source.choice((1, 1, 2, 5))):
            made = material.profile(source, hostile=0.05) if source.randrange(4) else material.value(source)
            line = json.dumps(made, ensure_ascii=source.random() < 0.5).encode("utf-8", "surrogatepass")
            lines.append(source.choice(material.WHOLE) if not source.randrange(30) else line)
        data = source.choice((b"\n", b"\n", b"\r\n", b"\n\n")).join(lines)
        if source.random() < 0.4:
            data = material.damaged(source, data, lines)
        return data, source.choice(("csv", "ndjson")), source.choice(("-", "a.ndjson", "a.json"))

    def attempt(self, given: Any) -> None:
        """Tell it apart from one profile, and answer each line."""
        data, view, name = given
        whole, lines = told_apart(io.BytesIO(data), name=name, wanted=view == "csv")
        if lines is None:
            answered(Profile.read(whole or b"", source=name), "nothing")
            return
        out: list[str] = []
        put = writer(view, out.append, out.append)
        for answer in answers(recommender(), lines, Options(brief=True, top=3)):
            if answer.error is not None:
                laws.error(answer.error)
                if view == "csv":
                    continue  # it would be told on stderr
            put(answer)
        if view == "csv":
            laws.csv_rows("".join(out))
        else:
            for line in out:
                laws.labelled_json(line)


class Cohort(Entrance):
    """A cohort as CSV, TSV, Parquet or NDJSON, ranked into CSV or NDJSON."""

    name = "cohort"
    seeds = material.seeds("docs/examples/tumours.csv")
    header = ("id", "disease", "therapies", "resistant_to", "mutations", "FASN", "URI1", "GSTZ1 z", "note")

    def __init__(self, folder: Path) -> None:
        """Compile the plan once, as a worker does."""
        super().__init__(folder)
        self.base = recommender().base
        self.workers = cohort_run.Workers(self.base, Options(any_disease=True), ())

    def close(self) -> None:
        """End the threads."""
        self.workers.__exit__()

    def make(self, source: Random) -> Any:
        """Return the suffix of a cohort and its bytes, and the suffix of the output."""
        kind = source.choice((".csv", ".csv", ".tsv", ".parquet", ".ndjson"))
        delimiter = "\t" if kind == ".tsv" else ","
        if kind == ".ndjson":
            made = (material.profile(source, hostile=0.1) for _ in range(source.randrange(4)))
            data = b"\n".join(material.as_json(source, one).replace(b"\n", b"") for one in made)
        elif kind == ".parquet" and source.randrange(4):
            data = self._parquet(source)
        elif not source.randrange(3):
            data = source.choice((*self.seeds, *material.WHOLE))
        else:
            data = material.table(source, self.header, delimiter)
        if source.random() < 0.3:
            data = material.damaged(source, data, self.seeds)
        return kind, data, source.choice((".csv", ".csv", ".ndjson", ".parquet"))

    def _parquet(self, source: Random) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = source.randrange(4)
        columns: dict[str, Any] = {}
        for name in self.header:
            if source.random() < 0.8:
                kind = source.choice(
                    (pa.string(), pa.string(), pa.float64(), pa.int64(), pa.list_(pa.string()))
                )
                columns[name] = pa.array([self._cell(source, kind) for _ in range(rows)], kind)
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out)
        return out.getvalue()

    @staticmethod
    def _cell(source: Random, kind: Any) -> Any:
        import pyarrow as pa

        if not source.randrange(5):
            return None
        word = material.text(source)[:60].encode("utf-8", "replace").decode()
        if pa.types.is_list(kind):
            return [word, None, "sorafenib"]
        if pa.types.is_string(kind):
            return source.choice((word, "HCC", "sorafenib", "high"))
        number = source.choice((0, 3, -9, 2**40))
        return float(number) if pa.types.is_floating(kind) else number

    def attempt(self, given: Any) -> None:
        """Read it, rank it and write it."""
        kind, data, wanted = given
        part = Part(self.folder / f"made{kind}", {".tsv": "csv"}.get(kind, kind[1:]))
        part.path.write_bytes(data)
        out = self.folder / f"out{wanted}"
        with writing(out) as write:
            for found in self.workers.ranked(batches(part, self.base)):
                write(found.rows)
                for row, (name, why) in found.rejects.items():
                    laws.holds(row >= 0 and isinstance(name, str) and bool(why), "a reject does not say why")
        if wanted == ".csv":
            laws.csv_rows(out.read_text(encoding="utf-8"))
        elif wanted == ".ndjson":
            for line in out.read_text(encoding="utf-8").splitlines():
                laws.labelled_json(line)
