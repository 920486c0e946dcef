"""The server's page: its address is its state, it shows what the library answers, and it shows it as text."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given
from support.generators import profiles
from support.html import Page
from support.links import is_known
from support.pages import CASE, RECOMMENDER, get

from recommender import LABEL, Profile
from recommender.evaluation.facts import read_facts
from recommender.intake.cases import names
from recommender.page.address import controls, profile_of_query, query_of
from recommender.page.history import MAX_STEPS, UNDO, WAS, history_of
from recommender.reports.quiz import audit_quiz, case_quiz
from recommender.reports.tour_files import open_case, tour_names


def browsed(path: str) -> httpx.Response:
    """The answer to somebody who opens an address in a browser."""
    return get(path, accept="text/html,*/*;q=0.8")


def shown(query: str, path: str = "/answer") -> tuple[int, Page]:
    reply = get(f"{path}?{query}")
    return reply.status_code, Page(reply.text)


@given(profiles())
def test_an_address_is_the_whole_case(value: dict[str, Any]) -> None:
    """A profile to a query and back gives the same facts, and so the same answer."""
    profile = Profile.parse({**value, "id": "a & b", "note": "one\ntwo"})
    facts = read_facts(profile, RECOMMENDER.base)
    query = query_of(profile, facts)
    again = profile_of_query(parse_qsl(query))
    found = read_facts(again, RECOMMENDER.base)
    assert [(one.marker, one.state) for one in found.findings] == [
        (one.marker, one.state) for one in facts.findings
    ]
    assert [one.therapy for one in found.therapies] == [one.therapy for one in facts.therapies]
    assert [one.therapy for one in found.resistant_to] == [one.therapy for one in facts.resistant_to]
    assert found.disease == facts.disease
    assert (again.id, again.note) == ("a & b", "one\ntwo")
    assert sorted(parse_qsl(query_of(again, found))) == sorted(parse_qsl(query))


@given(profiles())
def test_the_page_shows_what_the_library_answers(value: dict[str, Any]) -> None:
    profile = Profile.parse(value)
    result = RECOMMENDER.recommend(profile)
    status, page = shown(query_of(profile, read_facts(profile, RECOMMENDER.base)))
    assert status == 200
    assert page.values("data-label") == [LABEL]
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {one.id for one in result.recommendations} <= set(ids)
    links = [one.removeprefix("#") for one in page.values("href") if one.startswith("#")]
    assert set(links) <= {*ids, "controls"}, "no link leads nowhere"
    for text in (*(one.why for one in result.disputed), *(one.text for one in result.context)):
        assert text in page.text


def test_a_quiz_is_checked_by_its_address_alone() -> None:
    query = get("/quiz?case=nrf2-active-sorafenib").headers["location"].partition("?")[2]
    reply = get(f"/quiz?{query}")
    asked = Page(reply.text)
    assert (reply.status_code, LABEL in asked.text) == (200, True)
    assert "It is" not in asked.text
    assert "<script" not in reply.text
    quiz = case_quiz(RECOMMENDER, profile_of_query(parse_qsl(query)))
    right = {f"q{one.number}": one.answer for one in quiz.questions}
    checked = get(f"/quiz?{query}&seed=1&{urlencode(right)}").text
    assert f"{len(right)} of {len(right)} right." in checked
    assert all(one.explanation in Page(checked).text for one in quiz.questions)
    assert get(f"/quiz?{query}&seed=1&{urlencode(right)}").text == checked
    assert f"0 of {len(right)} right" not in get(f"/quiz?{query}&q1=zzz&q99=a").text
    assert "8 of 8 right." in get(f"/quiz?{urlencode(_right_of_the_audit())}").text


def _right_of_the_audit() -> dict[str, str]:
    return {f"q{one.number}": one.answer for one in audit_quiz(RECOMMENDER).questions}


@pytest.mark.parametrize("query", ["case=nrf2-activ", "seed=-1", "seed=x", "level:FASN=hihg", "nonsense=1"])
def test_a_quiz_that_cannot_be_made_says_why_under_the_label(query: str) -> None:
    reply = get(f"/quiz?{query}")
    page = Page(reply.text)
    assert reply.status_code == 422
    assert LABEL in page.text
    assert "notices" in page.values("class")


def test_every_finding_that_a_rule_asks_for_can_be_set() -> None:
    names = {one.name for one in controls(RECOMMENDER.base)}
    asked = [atom for atom in RECOMMENDER.base.program.atoms if atom.kind == "marker"]
    assert len(asked) > 100
    for atom in asked:
        assert any(one.partition(":")[2] == atom.name for one in names), atom


def test_the_form_shows_the_state_and_keeps_what_it_does_not_know() -> None:
    query = (
        "id=x&disease=hcc&therapy=sorafenib&failed=sorafenib&level:FASN=high&sequence:KEAP1=mutated"
        "&level:NOSUCH=high&therapy=unheard-of&copy-number:GSTZ1=deleted&test:CD274=positive&level:CD274=high"
    )
    status, page = shown(query, "/")
    assert status == 200
    on = {
        (attrs["name"], attrs["value"])
        for tag, attrs in page.elements
        if tag == "input" and "checked" in attrs
    }
    assert {
        ("therapy", "sorafenib"),
        ("failed", "sorafenib"),
        ("level:FASN", "high"),
        ("sequence:KEAP1", "mutated"),
        ("copy-number:GSTZ1", "deleted"),
        ("test:CD274", "positive"),
        ("level:CD274", "high"),
    } <= on
    hidden = {
        (attrs["name"], attrs["value"])
        for tag, attrs in page.elements
        if tag == "input" and attrs.get("type") == "hidden"
    }
    was = next(value for name, value in hidden if name == "was")
    assert hidden - {("was", was)} == {("id", "x"), ("level:NOSUCH", "high"), ("therapy", "unheard-of")}
    assert sorted(parse_qsl(was or "")) == sorted(parse_qsl(query))
    assert "UNKNOWN_MARKER" in page.text
    radios = [attrs for tag, attrs in page.elements if tag == "input" and attrs.get("type") == "radio"]
    for name in {attrs["name"] for attrs in radios}:
        group = [attrs for attrs in radios if attrs["name"] == name]
        assert len(group) >= 3
        assert sum("checked" in attrs for attrs in group) == 1, name


def test_a_case_leads_to_its_address() -> None:
    reply = get(CASE)
    assert reply.status_code == 303
    query = dict(parse_qsl(reply.headers["location"].partition("?")[2]))
    assert query["level:FASN"] == "high"
    assert query["therapy"] == "sorafenib"
    assert get(reply.headers["location"]).status_code == 200
    assert get("/?case=nrf2-active").status_code == 422
    assert "nrf2-active-sorafenib" in get("/?case=nrf2-activ-sorafenib").text


BEFORE = "disease=hcc&therapy=sorafenib"


def changed(query: str, was: str) -> Page:
    """The page after the form was sent without a script."""
    reply = get(f"/?{query}&{urlencode({'was': was})}")
    assert reply.status_code == 303
    return Page(get(reply.headers["location"]).text)


def test_a_change_is_shown_with_the_ranks_before_and_can_be_taken_back() -> None:
    page = changed(f"{BEFORE}&level:GSTZ1=low&level:FASN=", BEFORE)
    text = " ".join(page.text.split())
    assert "GSTZ1 unknown → low New: RSL3 + sorafenib (rank 1), " in text
    assert "was 1" in text
    back = next(attrs["href"] for _, attrs in page.elements if attrs.get("id") == "undo")
    assert back is not None
    assert sorted(parse_qsl(back.removeprefix("/?"))) == sorted(parse_qsl(BEFORE))
    page = changed(BEFORE, BEFORE)
    assert "unknown →" not in page.text
    assert "undo" not in page.values("id")
    page = changed(f"{BEFORE}&level:GSTZ1=low", "level:FASN=hihg")
    assert "unknown → low" in page.text, "a change of what could not be answered has nothing to compare with"


def test_the_old_rank_is_shown_where_an_add_on_goes_up_or_leaves() -> None:
    page = changed(BEFORE, f"{BEFORE}&level:GSTZ1=low")
    text = " ".join(page.text.split())
    assert "GSTZ1 low → unknown No longer ranked: RSL3 + sorafenib, " in text
    assert ("svg", "up") in {(tag, attrs.get("aria-label")) for tag, attrs in page.elements}


@given(profiles(), profiles())
def test_undo_leads_back_step_by_step(first: dict[str, Any], second: dict[str, Any]) -> None:
    queries = []
    for value in (first, second):
        profile = Profile.parse({**value, "id": "a", "note": "b"})
        queries.append(parse_qsl(query_of(profile, read_facts(profile, RECOMMENDER.base))))
    history = history_of(queries[0])
    for query in (queries[1], queries[0], queries[1]):
        steps = [(UNDO, one) for one in history.steps]
        history = history_of([*query, *steps, (WAS, history.case)])
    again = history_of(parse_qsl(history.address))
    assert again == history
    for query in (queries[0], queries[1], queries[0]):
        if sorted(queries[0]) == sorted(queries[1]):
            break
        back = again.before()
        assert back is not None
        assert sorted(back.query) == sorted(query)
        again = back
    assert again.before() is None


def test_an_address_keeps_the_last_changes_only() -> None:
    history = history_of([])
    for number in range(MAX_STEPS + 5):
        state = ("high", "low")[number % 2]
        steps = [(UNDO, one) for one in history.steps]
        history = history_of([("level:FASN", state), *steps, (WAS, history.case)])
    assert len(history.steps) == MAX_STEPS


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("level:FASN=hihg", "high"),
        ("colour=red", "means nothing"),
        ("sequence:TP53=mutated&sequence:p53=wild-type", "TP53 is"),
        ("level:HBV=high", "HBV cannot be"),
        ("level:=high", "means nothing"),
        ("level:copper=high&level:copper=low", "later in the address"),
        (f"note={'a' * 5000}", "too much for an address"),
    ],
)
def test_an_address_that_cannot_be_answered_says_why(query: str, what: str) -> None:
    for path in ("/", "/answer", "/report.html"):
        status, page = shown(query, path)
        assert status == 422
        assert what in page.text
        assert LABEL in get(f"{path}?{query}").text
    reply = get(f"/profile.json?{query}")
    if what == "means nothing":
        assert reply.status_code == 422
        assert reply.json()["label"] == LABEL


def test_markup_in_an_address_is_text() -> None:
    hostile = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{7*7}}\x1b\u202e"
    query = urlencode(
        [
            ("id", hostile),
            ("note", hostile),
            ("therapy", hostile),
            ("therapy", "sorafenib"),
            (f"level:{hostile}", "high"),
        ]
    )
    for path in ("/", "/answer", "/report.html", "/handout.html"):
        reply = get(f"{path}?{query}")
        assert reply.status_code == 200
        tags = [tag for tag, _ in Page(reply.text).elements]
        assert "img" not in tags
        assert tags.count("script") == (1 if path == "/" else 0)
        assert "\x1b" not in reply.text
        assert "\u202e" not in reply.text
        assert "{{7*7}}" in reply.text


def test_the_report_and_the_profile_can_be_kept() -> None:
    query = "id=a&disease=hcc&therapy=sorafenib&level:FASN=high&sequence:KEAP1=mutated"
    reply = get(f"/report.html?{query}")
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.text.startswith("<!doctype html>")
    profile = Profile.parse(get(f"/profile.json?{query}").json())
    assert RECOMMENDER.recommend(profile).recommendations[0].add_on.name == "NRF2 inhibition"


def test_everything_on_the_pages_is_ours_and_every_link_leads_somewhere() -> None:
    for address in ("/", f"/?{BEFORE}", "/?disease=hcc", "/tours", "/tour?name=nrf2-switched-on", "/nothing"):
        page = Page(browsed(address).text)
        ids = page.values("id")
        assert len(ids) == len(set(ids)), address
        for target in {*page.values("src"), *page.values("href")}:
            if target.startswith("#"):
                assert target[1:] in ids, (address, target)
            elif target.startswith("/"):
                assert get(target).status_code in (200, 303), (address, target)
            else:
                assert target.startswith("data:,") or is_known(target), target
        assert not any(
            "style" in attrs or any(n.startswith("on") for n in attrs) for _, attrs in page.elements
        )
    for name in ("report.css", "local.css", "local.js"):
        assert "http" not in get(f"/static/{name}").text
    for name in ("nothing.css", "..%2fpages.py", "%2e%2e%2fpages.py"):
        reply = get(f"/static/{name}")
        assert reply.status_code == 404
        assert LABEL in reply.text
    assert "unsafe" not in get("/").headers["content-security-policy"]


def test_a_link_to_elsewhere_would_be_seen() -> None:
    cited = next(iter(RECOMMENDER.base.sources.values())).url
    for address in ("https://doi.org/10.1/x", "https://bioregistry.io/hgnc:1", cited):
        assert is_known(address)
        assert not is_known(address.replace("https://", "https://example.org/"))
        assert not is_known(address.replace("https://", "http://"))
    for address in ("https://example.org/", "https://doi.org/", "https://doi.org.example.org/10.1/x"):
        assert not is_known(address)


def test_a_browser_gets_errors_as_pages_and_a_program_as_json() -> None:
    for address, status in (("/nothing", 404), ("/tour?name=no", 404), ("/profile.json?colour=red", 422)):
        reply = browsed(address)
        assert reply.status_code == status
        page = Page(reply.text)
        assert f"{LABEL} · for research and teaching" in page.text
        assert "/" in page.values("href"), "a way back"
    assert get("/nothing").json()["label"] == LABEL
    assert browsed("/api/nothing").json()["label"] == LABEL


def test_the_welcome_lists_every_case_and_every_tour_can_be_walked() -> None:
    listed = [one for one in Page(get("/").text).values("href") if one.startswith("/?case=")]
    assert sorted(listed) == sorted(f"/?case={name}" for name in names())
    for name in tour_names():
        page = Page(get(f"/tour?name={name}").text)
        steps = 10 if open_case(name).tour.as_printed else 9
        assert [attrs.get("class") for tag, attrs in page.elements if tag == "details"].count("step") == steps
