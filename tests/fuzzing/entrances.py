"""The entrances that take a profile, a stream, a rule pack, a tour or a cohort; and what an entrance is."""

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from support.generators import MARKERS
from support.places import ROOT

from recommender import LABEL, InputError, Profile, Recommender, RecommenderError, RuleBaseError
from recommender.cohort import run as cohort_run
from recommender.cohort.sinks import writing
from recommender.cohort.sources import Part, batches
from recommender.intake.lines import told_apart
from recommender.knowledge.parsing import parse_packs
from recommender.knowledge.vocabulary import Vocabulary
from recommender.options import Options
from recommender.reports.case_report import case_report
from recommender.reports.tour_files import open_case
from recommender.reports.tour_steps import walk
from recommender.streaming import answers
from recommender.views import plain as plain_json
from recommender.views import render
from recommender.views.drawing import as_svg
from recommender.views.markdown import handout
from recommender.views.pages import report_page
from recommender.views.screen import Screen
from recommender.views.stream import writer
from recommender.views.tours import shown

from . import laws, material


@cache
def recommender() -> Recommender:
    """Return the recommender of this process, on the engine that is no C code."""
    return Recommender(engine="plain")


class Entrance:
    """One way into the program: how its inputs are made, and how one is tried.

    What `make` gives is bytes, or a value of bytes, texts and numbers, so that it can be kept in a file.
    `attempt` returns whether there was an answer, raises a RecommenderError where the input was refused,
    and Broken where a law does not hold.
    """

    name = ""
    refusal: type[RecommenderError] = InputError
    share = 1.0
    """Of the time that all entrances have."""

    def __init__(self, folder: Path) -> None:
        """Prepare to try inputs, with a folder to write them to."""
        self.folder = folder

    def close(self) -> None:
        """Let go of what was prepared."""

    def make(self, source: Random) -> Any:
        """Return an input."""
        raise NotImplementedError

    def attempt(self, given: Any) -> None:
        """Try an input."""
        raise NotImplementedError

    def outcome(self, given: Any) -> bool:
        """Return whether an input was answered; it was refused by an error that holds to the laws, if not."""
        try:
            self.attempt(given)
        except RecommenderError as told:
            laws.error(told, self.refusal)
            return False
        return True


def _view(source: Random) -> str:
    views = ("json", "ndjson", "csv", "markdown", "table", "html", "svg", "handout", "nothing")
    return source.choices(views, weights=(5, 5, 5, 5, 1, 1, 1, 1, 150))[0]


def answered(profile: Profile, view: str, *, strict: bool = False) -> None:
    """Answer a profile and look at one view of the answer."""
    known = recommender()
    if view in ("html", "handout", "svg"):
        made = case_report(known, profile, Options(any_disease=True, strict=strict))
        match view:
            case "html":
                laws.html(report_page(made))
            case "svg":
                laws.svg(as_svg(made.map))
            case _:
                laws.markdown(handout(made))
        return
    result = known.recommend(profile, brief=view in ("nothing", "csv"), any_disease=True, strict=strict)
    if view == "nothing":
        laws.holds(result.label == LABEL, "the label is missing")
        return
    text = render(result, view, Screen(100))  # type: ignore[arg-type]
    check: dict[str, Callable[[str], Any]] = {
        "csv": laws.csv_rows,
        "markdown": laws.markdown,
        "table": laws.shown,
    }
    check.get(view, laws.labelled_json)(text)


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


class Rules(Entrance):
    """Rule files: a pack by itself, and sometimes over the shipped rules."""

    name = "rules"
    refusal = RuleBaseError
    seeds = material.seeds("docs/example-pack/*.yaml", "rules/*.yaml", "rules/vocabulary/*.yaml", most=12_000)

    def __init__(self, folder: Path) -> None:
        """Read the shipped rules, without parsing them."""
        super().__init__(folder)
        root = ROOT / "rules"
        self.shipped = [
            (str(file.relative_to(root)), file.read_bytes()) for file in sorted(root.rglob("*.yaml"))
        ]

    def make(self, source: Random) -> Any:
        """Return the bytes of a rule file, and whether it is laid over the shipped rules."""
        often = 60
        match source.randrange(7):
            case 0:
                data = source.choice(material.WHOLE)
            case 3:
                data, often = material.as_yaml(source, _hostile_names(source)), 10
            case 1:
                section = source.choice(
                    ("rules", "markers", "therapies", "diseases", "map", "x", "importing")
                )
                records = material.value(source, 4) if source.randrange(2) else [material.value(source, 4)]
                data = material.as_yaml(source, {section: records})
            case 2:
                data = b"rules:\n  - " + b"\n    ".join(
                    material.as_yaml(
                        source,
                        {
                            "id": "made-rule",
                            "kind": source.choice(
                                ("strategy", "context", "mechanism", "disputed", "caution")
                            ),
                            source.choice(("partner", "therapy", "always")): source.choice(
                                (["tki"], True, [])
                            ),
                            "when": _condition(source, 4),
                            "title": material.text(source),
                        },
                    ).splitlines()
                )
            case _:
                data = material.damaged(source, source.choice(self.seeds), self.seeds)
        return data, not source.randrange(often)

    def attempt(self, given: Any) -> None:
        """Parse and check it. Over the shipped rules it changes no meaning of theirs."""
        data, over = given
        packs = [("", self.shipped)] if over else []
        content = parse_packs([*packs, ("pack", [("x.yaml", data)])]).content
        if over:
            known, read = recommender().base.vocabulary, Vocabulary(content)
            for name in known.marker_spellings():
                laws.holds(read.marker(name) == known.marker(name), "a marker has another meaning", name)
            for name in known.therapy_spellings():
                laws.holds(read.therapy(name) == known.therapy(name), "a therapy has another meaning", name)


def _hostile_names(source: Random) -> dict[str, Any]:
    """Records that claim shipped names in other spellings, and new ones."""
    vocabulary = recommender().base.vocabulary
    shipped = sorted({*vocabulary.marker_spellings(), *vocabulary.therapy_spellings()})

    def name() -> str:
        known = source.choice(shipped)
        return source.choice((known, known.swapcase(), f" {'-'.join(known)}", material.text(source)[:200]))

    alias = {"alias": name(), "reading": "FASN", "candidates": ["FASN"], "why": "A hostile reading of it."}
    marker = {"symbol": name(), "kind": "gene", "name": "x", "aliases": [name()], "previous": [name()]}
    therapy = {"id": "x", "name": name(), "kind": "drug", "synonyms": [f"{name()} + {name()}"]}
    made = {"ambiguous_aliases": [alias], "markers": [marker], "therapies": [therapy]}
    return {section: made[section] for section in source.sample(sorted(made), source.randrange(1, 4))}


def _condition(source: Random, depth: int) -> Any:
    """A condition, which may have more ways to be met than can be listed."""
    if depth and source.randrange(3):
        key = source.choice(("any_of", "all_of", "not"))
        return [{key: _condition(source, depth - 1)} for _ in range(source.choice((1, 2, 6)))]
    names = source.sample(MARKERS, source.randrange(1, 6))
    return [{name: source.choice((*material.STATES, ["high", "low"], None, 3))} for name in names]


class Tours(Entrance):
    """A tour of a teacher, and the profile beside it."""

    name = "tours"
    seeds = material.seeds("docs/examples/tour.yaml", "profiles/tours/*.yaml")

    def __init__(self, folder: Path) -> None:
        """Lay the profiles of the seeds beside the tours."""
        super().__init__(folder)
        for file in (*(ROOT / "profiles").glob("*.*"), ROOT / "docs/examples/tour-case.json"):
            (folder / file.name).write_bytes(file.read_bytes())

    def make(self, source: Random) -> Any:
        """Return the bytes of a tour."""
        if not source.randrange(12):
            return source.choice(material.WHOLE), "json"
        data = source.choice(self.seeds)
        if not source.randrange(3):
            name = material.text(source).replace("\n", " ")
            data = data.replace(b"profile: ", b"profile: " + name.encode("utf-8", "replace"))
        data = data.replace(
            b"point: ", f"point: {source.choice(material.TEXTS)[:200]}".encode("utf-8", "replace")
        )
        return material.damaged(source, data, self.seeds), source.choice(("json", "json", "table"))

    def attempt(self, given: Any) -> None:
        """Open it, walk it and show its steps."""
        data, view = given
        file = self.folder / "made.yaml"
        file.write_bytes(data)
        case = open_case(str(file))
        steps = walk(recommender(), case)
        if view == "json":
            parts = [step.to_dict() for step in steps]
            laws.labelled_json(plain_json.labelled(tour=case.name, title=case.tour.title, steps=parts))
        else:
            pages = [shown(step, number, len(steps), Screen(100)) for number, step in enumerate(steps, 1)]
            laws.shown("\n".join(pages))


class Cohort(Entrance):
    """A cohort as CSV, TSV, Parquet or NDJSON, ranked into CSV or NDJSON."""

    name = "cohort"
    seeds = material.seeds("docs/examples/tumours.csv")
    header = ("id", "disease", "therapies", "resistant_to", "mutations", "FASN", "URI1", "GSTZ1 z", "note")

    def __init__(self, folder: Path) -> None:
        """Compile the plan once, as a worker does."""
        super().__init__(folder)
        self.base = recommender().base
        self.workers = cohort_run._Workers(self.base, Options(any_disease=True), ())

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
