"""Names as clinicians write them, and what each is read as: tables in `tests/data`."""

import csv

import pytest
from support.generators import BASE
from support.places import DATA

from recommender import Profile, Recommender
from recommender._text import did_you_mean_name

VOCABULARY = BASE.vocabulary
SPELLINGS = [
    *VOCABULARY.marker_spellings(),
    *VOCABULARY.therapy_spellings(),
    *VOCABULARY.disease_spellings(),
]
RECOMMENDER = Recommender(engine="plain")


def table(name: str) -> list[tuple[str, ...]]:
    """The rows of a table: what is written, and what it is read as; nothing where it is unknown."""
    with (DATA / f"spellings-{name}.csv").open(newline="", encoding="utf-8") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


@pytest.mark.parametrize(("written", "read_as"), table("diseases"))
def test_a_disease_as_it_is_written(written: str, read_as: str) -> None:
    disease = VOCABULARY.disease(written)
    assert (disease.id if disease else "") == read_as


@pytest.mark.parametrize(("written", "read_as"), table("therapies"))
def test_a_therapy_as_it_is_written(written: str, read_as: str) -> None:
    known, unknown = VOCABULARY.therapies_in(written)
    assert " ".join(sorted(therapy.id for therapy in known)) == read_as
    assert bool(unknown) == (not read_as)


@pytest.mark.parametrize(("written", "read_as"), table("markers"))
def test_a_marker_as_it_is_written(written: str, read_as: str) -> None:
    marker = VOCABULARY.marker(written)
    assert (marker.symbol if marker else "") == read_as


@pytest.mark.parametrize(("name", "written", "read_as"), table("states"))
def test_a_state_as_it_is_written(name: str, written: str, read_as: str) -> None:
    marker = VOCABULARY.marker(name)
    assert marker is not None
    meant = BASE.state_words.finding(marker, written)
    assert (meant.state if meant else "") == read_as


def test_the_tables_are_large_enough() -> None:
    assert len(set(table("markers"))) >= 300
    assert len(set(table("therapies"))) >= 200


@pytest.mark.parametrize(
    "written",
    [
        "DCP",
        "CD8",
        "TSAT",
        "GS",
        "M2",
        "CD206",
        "MASH",
        "CRP",
        "IDH1",
        "LIHB",
        "CD4",
        "FGFR3",
        "KEAP2",
        "IL1",
        "HCC1",
    ],
)
def test_a_short_name_suggests_no_other_name_of_the_kind(written: str) -> None:
    assert did_you_mean_name(written, [name for name in SPELLINGS if name != written]) == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("KEAP", "KEAP1"),
        ("GPX", "GPX4"),
        ("KAEP1", "KEAP1"),
        ("sorafenb", "sorafenib"),
        ("hepatoblastma", "hepatoblastoma"),
    ],
)
def test_a_slip_suggests_what_was_meant(written: str, meant: str) -> None:
    assert meant in did_you_mean_name(written, SPELLINGS)


@pytest.mark.parametrize("written", ["immunotherapy", "targeted therapy", "ICI", "HAIC"])
def test_a_class_that_says_too_little_ranks_nothing_and_says_what_to_add(written: str) -> None:
    result = RECOMMENDER.recommend(Profile.parse({"disease": "HCC", "therapies": [written]}))
    assert not result.recommendations
    (notice,) = result.notices
    assert notice.code == "NO_STRATEGY"
    assert "Name the drug" in notice.message
    both = RECOMMENDER.recommend(
        Profile.parse({"disease": "HCC", "therapies": [written, "FOLFOX", "sorafenib"]})
    )
    assert not any("Name the drug" in notice.message for notice in both.notices)
