"""Rows of CSV in a spreadsheet, whichever separator it has been set to."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.places import EXAMPLE_PACK

from recommender import Profile, Recommender
from recommender.reports.screenful import ShortTexts
from recommender.views.ranks import rank_groups, rank_row
from recommender.views.rows import COLUMNS, header, row_values, rows

FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]")
IDS = st.lists(
    st.sampled_from([*"=+-@|%;,\"' \t\n\\a1", "＝", ";=1+1", '";', ';"', "x" * 5]) | st.text(max_size=2),
    max_size=8,
).map("".join)


RECOMMENDER = Recommender(engine="plain")


def line_of(name: str) -> str:
    profile = Profile.parse(
        {"id": name, "disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
    )
    return rows(RECOMMENDER.recommend(profile, brief=True)).splitlines()[0]


@pytest.mark.parametrize("separator", [",", ";"])
@given(name=IDS.filter(bool))
@example(name='"=')
def test_no_cell_is_a_formula(separator: str, name: str) -> None:
    line = line_of(name)
    cells = next(csv.reader(io.StringIO(line), delimiter=separator))
    assert not any(FORMULA.match(cell) for cell in cells if not re.fullmatch(r"-?[\d.]+", cell))
    # A reader that takes no notice of quotes splits everywhere.
    assert not any(FORMULA.match(cell.strip('"')) for cell in line.split(";"))


@given(IDS.filter(bool))
def test_a_line_has_a_cell_for_each_column(name: str) -> None:
    (cells,) = csv.reader(io.StringIO(line_of(name)))
    assert len(cells) == len(COLUMNS)


def test_a_semicolon_is_quoted() -> None:
    assert line_of("a;b").startswith('"a;b",1,"orlistat')
    assert line_of("a;=1").startswith('"a;\'=1",1,')
    assert line_of("a").startswith("a,1,orlistat")
    assert '"' not in header()


def test_a_caution_on_the_therapy_itself_is_in_a_cell_of_its_own() -> None:
    (cells,) = csv.reader(io.StringIO(line_of("a")))
    assert dict(zip(COLUMNS, cells, strict=True))["therapy_cautions"] == "not-every-line-dies-by-ferroptosis"


def test_a_paper_of_a_pack_is_named_where_it_has_no_number() -> None:
    recommender = Recommender(rules=[EXAMPLE_PACK], engine="plain")
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"KIF23": "high"}})
    result = recommender.recommend(profile, brief=True)
    first = row_values(result)[0]
    assert (first["rules"], first["references"]) == ("local-rsl3-in-kif23-high", "example-pack:900")
    assert rank_row(result.recommendations[0], rank_groups(result)[0]).references == "pack"
    assert ShortTexts(result, recommender.base).line(result.recommendations[0]).references == "pack"
