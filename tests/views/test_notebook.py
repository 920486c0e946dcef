"""A result in a notebook: its first screen as HTML, its rows for a data frame, one line as text."""

import csv
import io
from html.parser import HTMLParser

import pytest
from support.commands import HOSTILE, STEERING

from recommender import DISCLAIMER, LABEL, Profile, Recommender, Result
from recommender.intake.cases import cases
from recommender.views.notebook import MAX_SHOWN
from recommender.views.rows import COLUMNS, header, rows

RECOMMENDER = Recommender(engine="plain")
PROFILES = {case.name: case.profile for case in cases()}


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", PROFILES)
def test_a_notebook_shows_the_first_screen(name: str) -> None:
    result = RECOMMENDER.recommend(PROFILES[name])
    text = result._repr_html_()
    assert LABEL in text
    assert DISCLAIMER in text
    page = _Tags(text)
    assert page.open == []
    assert not page.tags & {"script", "style", "link", "img", "iframe", "a"}
    assert page.attributes <= {"style", "colspan"}
    assert len(text) < 15_000
    assert [one.id for one in result.recommendations[:MAX_SHOWN] if one.add_on.name not in text] == []
    hidden = len(result.recommendations) - MAX_SHOWN
    assert (f"… and {hidden} more add-on" in text) == (hidden > 0)
    assert not STEERING.search(text)


def test_no_name_of_a_profile_is_markup() -> None:
    name = f"<script>alert(1)</script>{HOSTILE}"
    given = {"id": name, "therapies": ["sorafenib", name], "markers": {name: "high", "FASN": "high"}}
    result = RECOMMENDER.recommend(Profile.parse(given))
    text = result._repr_html_()
    assert "&lt;script&gt;" in text
    assert _Tags(text).open == []
    for shown in (text, repr(result), repr(Profile.parse(given))):
        assert not STEERING.search(shown.replace("\n", "") if shown is text else shown)


def test_where_nothing_is_ranked_the_reason_is_shown() -> None:
    result = RECOMMENDER.recommend(Profile.parse({"markers": {"FASN": "high"}}), brief=True)
    assert "contains no known therapy" in result._repr_html_()
    [row] = result.rows()
    assert (row["rank"], row["label"]) == (None, LABEL)
    assert "NO_THERAPY" in row["notices"]
    assert repr(result) == "<Result of profile without id: 0 add-ons; PRECLINICAL EVIDENCE>"


@pytest.mark.parametrize("name", PROFILES)
def test_rows_are_those_of_the_csv(name: str) -> None:
    result = RECOMMENDER.recommend(PROFILES[name])
    written = list(csv.DictReader(io.StringIO(header() + rows(result))))
    found = result.rows()
    assert [list(row) for row in found] == [list(COLUMNS)] * len(written)
    words = {None: "", True: "yes", False: "no"}
    for row, line in zip(found, written, strict=True):
        texts = {
            name: words[value] if value is None or isinstance(value, bool) else str(value)
            for name, value in row.items()
        }
        assert texts == {name: cell.removeprefix("'") for name, cell in line.items()}


def test_rows_make_a_data_frame(recommender: Recommender) -> None:
    pandas = pytest.importorskip("pandas")
    result = recommender.recommend(PROFILES["nrf2-active-sorafenib"])
    frame = pandas.DataFrame(result.rows())
    assert frame["score"].dtype == "float64"
    assert frame["extrapolated"].dtype == "bool"
    assert frame["rank"].tolist() == [one.rank for one in result.recommendations]


@pytest.mark.parametrize("name", PROFILES)
def test_values_are_one_line_as_text(name: str) -> None:
    profile = PROFILES[name]
    result: Result = RECOMMENDER.recommend(profile)
    for text in (repr(profile), repr(result)):
        assert len(text) < 300
        assert "\n" not in text
    assert LABEL in repr(result)
    assert str(profile.id) in repr(profile)
    assert str(profile.id) in repr(result)
