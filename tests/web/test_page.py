"""The server's page: its address is its state, it shows what the library answers, and it shows it as text."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given
from support.generators import profiles
from support.html import Page

from recommender import LABEL, Profile, Recommender
from recommender.evaluation.facts import read_facts
from recommender.page.address import controls, profile_of_query, query_of
from recommender.reports.quiz import audit_quiz, case_quiz
from recommender.web.app import create_app

RECOMMENDER = Recommender(engine="plain")
APP = create_app(RECOMMENDER)
CASE = "/?case=nrf2-active-sorafenib"


def get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(ask())


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
    assert LABEL in page.text
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert [name for name in ids if "-with-" in name] == [one.id for one in result.recommendations]
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
    assert hidden == {("id", "x"), ("level:NOSUCH", "high"), ("therapy", "unheard-of")}
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


def test_a_change_is_told() -> None:
    before = "disease=hcc&therapy=sorafenib"
    _, page = shown(f"{before}&level:GSTZ1=low&was={before.replace('&', '%26').replace('=', '%3D')}")
    assert "enters at rank 1: RSL3 + sorafenib" in " ".join(page.text.split())
    _, page = shown(f"{before}&was={before.replace('&', '%26').replace('=', '%3D')}")
    assert "Nothing that is ranked or derived changes" in page.text
    _, page = shown(f"{before}&was=level%3AFASN%3Dhihg")
    assert "What the last change did" not in page.text


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
        assert LABEL in page.text
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
    for path in ("/", "/answer", "/report.html"):
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


def test_everything_on_the_page_is_ours_and_nothing_else_is_served() -> None:
    page = Page(get("/").text)
    for target in [*page.values("src"), *page.values("href")]:
        if target.startswith("/static/"):
            reply = get(target)
            assert reply.status_code == 200
            assert "http" not in reply.text.replace("https://doi.org", "")
        else:
            assert target.startswith(("/", "#", "data:,", "https://doi.org/")), target
    for name in ("nothing.css", "..%2fpages.py", "%2e%2e%2fpages.py"):
        reply = get(f"/static/{name}")
        assert reply.status_code == 404
        assert LABEL in reply.text
    policy = get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert not any("style" in attrs or any(n.startswith("on") for n in attrs) for _, attrs in page.elements)
