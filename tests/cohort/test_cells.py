"""A cohort understands a table as `profile import` does: the same states, therapies and rows left out."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.generators import BASE

from recommender.cohort.cells import Cells
from recommender.cohort.encoding import Encoded, Encoder
from recommender.cohort.plan import Layout, Plan
from recommender.cohort.sources import batches, parts_of
from recommender.evaluation.facts import Facts, read_facts
from recommender.importing import Imported, import_profiles
from recommender.states import AXES, axis_of

PLAN = Plan(BASE)
STATES = [
    "high",
    "HIGH",
    "low ",
    "normal",
    "positive",
    "NEG",
    "pos",
    "mut",
    "WT",
    "wild-type",
    "amp",
    "p.R249S",
]
OTHERS = ["", "NA", "n/a", "-", "unknown", "1", "0", "1.0", "TRUE", "no", "yes", "nonsense", "3+", "p.L320="]
SCORES = [
    "",
    "NA",
    "2",
    "-2.5",
    "1e-5",
    "-3.2e1",
    "−2.1",
    "2,5",
    "inf",
    "nan",
    "1234567",
    "x",
    "+3",
    ".5",
    "1,234",
]
MUTATIONS = [
    "",
    "NA",
    "TP53",
    "TP53 mut",
    "KEAP1, TP53 p.R249S",
    "TP53 WT|KEAP1",
    "MET amp",
    "XYZ",
    "TP53 x",
    "TP53:p.R1C",
]
THERAPIES = [
    "",
    "NA",
    "sorafenib",
    "Nexavar; nivolumab",
    "TACE with doxorubicin",
    "sorafenib/lenvatinib",
    "xyz",
]
COLUMNS = {
    "FASN": STATES + OTHERS,
    "TP53": STATES + OTHERS,
    "hgnc:11998": STATES + OTHERS,
    "GPX4 z": SCORES,
    "GPX4": STATES + OTHERS,
    "HBsAg": STATES + OTHERS,
    "HBV DNA": STATES + OTHERS,
    "anti-HBs": STATES + OTHERS,
    "HBV": STATES + OTHERS,
    "MDSC": STATES + OTHERS,
    "PDK1": STATES,
    "GPX44": STATES,
    "mutations": MUTATIONS,
    "therapy": THERAPIES,
    "failed": THERAPIES,
    "Diagnosis": ["HCC", "", "NA", "CHOL", "hepatocellular carcinoma", "xyz"],
}

tables = st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=6, unique=True).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.tuples(*(st.sampled_from(COLUMNS[name]) for name in names)), min_size=1, max_size=6),
        st.lists(st.sampled_from(["a", "b", "c", "d", " a ", "", "NA"]), min_size=6, max_size=6),
    )
)


def written(path: Path, names: list[str], rows: list[tuple[str, ...]], ids: list[str]) -> Path:
    with path.open("w", newline="") as stream:
        write = csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else ",")
        write.writerows([["id", *names], *([name, *row] for name, row in zip(ids, rows, strict=False))])
    return path


def encoded(path: Path) -> Encoded:
    """The whole of a small table in numbers; an id in a row above is found by the run and not here."""
    (batch,) = batches(parts_of(path)[0], BASE)
    return Encoder(BASE, PLAN.layout).from_table(batch)


def known_of(facts: Facts) -> dict[tuple[str, str], str]:
    found = {(one.marker, axis_of(one.state)): one.state for one in facts.findings}
    return {key: state for key, state in found.items() if key in PLAN.layout.finding}


def states(found: Encoded, row: int) -> dict[tuple[str, str], str]:
    codes = {key: found.batch.column(name)[row].as_py() for key, name in PLAN.layout.finding.items()}
    return {(marker, axis): AXES[axis][code - 1] for (marker, axis), code in codes.items() if code}


@pytest.mark.parametrize("ending", ["csv", "tsv"])
@given(tables)
def test_a_cohort_is_read_as_profile_import_reads_it(
    tmp_path_factory: pytest.TempPathFactory, ending: str, table: Any
) -> None:
    names, rows, ids = table
    path = written(tmp_path_factory.mktemp("cells") / f"t.{ending}", names, rows, ids)
    imported: Imported = import_profiles(path, BASE)
    found = encoded(path)
    seen: set[str] = set()
    profiles = {one.id: one for one in imported.profiles}
    assume(profiles)
    rejected = {one.row for one in found.rejects}
    for row, name in enumerate(ids[: len(rows)]):
        again = name.strip() in seen
        seen.add(name.strip())
        if again:
            continue
        profile = profiles.get(name.strip())
        assert (profile is None) == (row in rejected)
        if profile is None:
            continue
        facts = read_facts(profile, BASE)
        assert states(found, row) == known_of(facts)
        partners = sorted(PLAN.layout.partners[at] for at in found.batch.column("partners")[row].as_py())
        assert partners == sorted(one.therapy for one in facts.therapies)
        has_scope = facts.disease is not None and facts.disease.in_scope
        assert found.batch.column("ranks")[row].as_py() == (bool(facts.therapies) and has_scope)


def test_a_thousand_rows_of_words_are_all_read(tmp_path: Path) -> None:
    words = {
        "FASN": ["HIGH", "low", "NA", "Normal", ""],
        "TP53": ["mut", "WT", "p.R249S", "mutated", "NA"],
        "HBV": ["pos", "neg", "1", "0", "TRUE"],
        "GPX4 z": ["-2,5", "1e-5", "−2.1", "NA", "3"],
    }
    rows = [tuple(values[at % 5] for values in words.values()) for at in range(1_001)]
    path = written(tmp_path / "t.csv", list(words), rows, [f"t{at}" for at in range(1_001)])
    assert not encoded(path).rejects
    assert len(import_profiles(path, BASE).profiles) == 1_001


def test_numbers_booleans_and_blanks_of_parquet() -> None:
    import pyarrow as pa

    table = pa.RecordBatch.from_pydict(
        {
            "id": pa.array([1, 2, 3]),
            "HBV": pa.array([True, False, None]),
            "HCV": pa.array([1.0, 0.0, float("nan")]),
            "FASN": pa.array([float("nan")] * 3),
            "therapies": pa.array([["sorafenib"], [], None], pa.list_(pa.string())),
        }
    )
    found = Encoder(BASE, PLAN.layout).from_table(table)
    assert found.ids.to_pylist() == ["1", "2", "3"]
    rejected = {one.row: one.why for one in found.rejects}
    assert not rejected, rejected
    assert states(found, 0)["HBV", "test"] == "positive"
    assert states(found, 1)["HBV", "test"] == "negative"
    assert states(found, 2) == {}


def test_a_value_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa

    cells = Cells(["id", "FASN"], BASE, ",")
    first = cells.meaning((1,), ("high",))
    assert cells.meaning((1,), ("high",)) is first
    encoder = Encoder(BASE, PLAN.layout)
    batch = pa.RecordBatch.from_pydict({"id": ["a"], "FASN": ["high"]})
    encoder.from_table(batch)
    monkeypatch.setattr(Cells, "_mean", None)
    encoder.from_table(batch)


@pytest.mark.parametrize("plain", [True, False])
def test_cells_that_are_read_together_mean_what_each_means_alone(plain: bool) -> None:
    """One cell that is not plain leaves its whole row to be read alone."""
    names = ["id", *COLUMNS, "TP53 (z)", "KRAS", "MSI", "Child-Pugh A", "Child-Pugh B", "AFP"]
    given = {at: [*STATES, *OTHERS, *SCORES, *MUTATIONS, "\x07", "x" * 500] for at in range(1, len(names))}
    if plain:
        cells = Cells(names, BASE, "\t")
        known = {(at, one): cells.meaning((at,), (one,)) for at, texts in given.items() for one in texts}
        given = {at: [one for one in texts if not any(known[at, one][1:])] for at, texts in given.items()}
    together, alone = Cells(names, BASE, "\t"), Cells(names, BASE, "\t")
    together.learn(given)
    keys = [((at,), (text,)) for at, texts in given.items() for text in texts]
    assert len(keys) > 300
    assert [together.meaning(*key) for key in keys] == [alone.meaning(*key) for key in keys]


def test_the_states_of_many_markers_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cells, "_mean", None)
    cells = Cells(["id", "FASN", "GPX4 z", "KRAS"], BASE, ",")
    cells.learn({1: ["high", "low"], 2: ["-2.5", ""], 3: ["mutated", "wild-type", "deleted"]})
    assert cells.meaning((1,), ("low",)).codes == {("FASN", "level"): Layout.code("low")}
    assert cells.meaning((3,), ("deleted",)).codes == {("KRAS", "copy-number"): Layout.code("deleted")}
