"""Conditions of the patient: the names that clinicians write, and classes that exclude one another."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from support.generators import BASE

from recommender import InputError, Profile
from recommender.cohort.encoding import Encoder
from recommender.cohort.plan import Layout
from recommender.evaluation.facts import read_facts
from recommender.importing import import_profiles

CONDITIONS = {
    "cirrhosis": "liver cirrhosis",
    "Child-Pugh A": "Child A",
    "Child-Pugh B": "CTP-B",
    "Child-Pugh C": "Child-Pugh C10",
    "ascites": "Ascites",
    "cholestasis": "bile duct obstruction",
    "alcohol use": "alcohol abuse",
    "diabetes": "T2DM",
    "liver transplant": "liver transplant recipient",
    "haemochromatosis": "hemochromatosis",
    "Wilson's disease": "Wilson disease",
    "pregnancy": "pregnant",
    "kidney failure": "CKD",
    "QT prolongation": "long QT",
    "autoimmune disease": "autoimmune hepatitis",
}


@pytest.mark.parametrize(("symbol", "alias"), CONDITIONS.items())
@pytest.mark.parametrize(
    ("word", "state"), [("present", "present"), ("yes", "present"), ("absent", "absent")]
)
def test_a_condition_is_read_by_its_names(symbol: str, alias: str, word: str, state: str) -> None:
    for name in (symbol, alias, symbol.upper()):
        facts = read_facts(Profile.parse({"disease": "HCC", "markers": {name: word}}), BASE)
        assert [(one.marker, one.state) for one in facts.findings] == [(symbol, state)]


def test_two_classes_cannot_both_be_present() -> None:
    markers = {"Child-Pugh A": "absent", "Child B": "present", "Child-Pugh C": "present"}
    with pytest.raises(InputError, match="Child-Pugh C is present here and Child-Pugh B at /markers/Child B"):
        read_facts(Profile.parse({"disease": "HCC", "markers": markers}), BASE)
    del markers["Child-Pugh C"]
    assert len(read_facts(Profile.parse({"disease": "HCC", "markers": markers}), BASE).findings) == 2


def test_a_table_leaves_classes_unknown_that_contradict_each_other(tmp_path: Path) -> None:
    header = ["id", "disease", "therapies", "cirrhosis", "Child-Pugh A", "Child-Pugh B"]
    rows = [["a", "HCC", "sorafenib", "yes", "yes", "yes"], ["b", "HCC", "sorafenib", "no", "yes", "no"]]
    path = tmp_path / "tumours.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    imported = import_profiles(path, BASE)
    first, second = imported.profiles
    assert set(first.markers) == {"cirrhosis"}
    assert "Child-Pugh A" in second.markers
    assert "CONTRADICTION" in {one.code for one in imported.notices}
    table = pa.RecordBatch.from_pydict(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)))
    encoded = Encoder(BASE, Layout(BASE)).from_table(table)
    assert encoded.notices["CONTRADICTION"] == 1
    assert not encoded.rejects
