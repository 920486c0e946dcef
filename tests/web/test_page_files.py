"""Files and texts that a reader brings to the page: shown before the answer, or refused with the reason."""

from urllib.parse import parse_qsl

import pytest
from support.html import Page
from support.pages import CASE, get, sent
from support.places import ROOT

from recommender import LABEL

MAF = "Hugo_Symbol\tVariant_Classification\nKEAP1\tMissense_Mutation\n"


def test_a_profile_that_is_read_leads_to_its_answer() -> None:
    file = ROOT / "profiles" / "nrf2-active-sorafenib.json"
    reply = sent(file=(file.name, file.read_bytes()), text="")
    assert reply.status_code == 303
    assert reply.headers["location"] == get(CASE).headers["location"]
    reply = sent(text="FASN,KEAP1\nhigh,mutated\n", therapy="sorafenib", file=("", b""))
    assert dict(parse_qsl(reply.headers["location"].removeprefix("/?")))["therapy"] == "sorafenib"


def test_what_was_read_from_a_file_is_shown_before_the_answer() -> None:
    page = Page(sent(file=("a.maf", MAF.encode()), therapy="sorafenib").text)
    assert "KEAP1 mutated" in page.text
    assert "no file says which genes were sequenced" in page.text
    assert any(one.startswith("/?id=tumour&therapy=sorafenib") for one in page.values("href"))
    two = "sample_id,FASN,NOSUCH\na,high,1\nb,low,2\nc,bright,3\n"
    page = Page(sent(text=two).text)
    assert "2 tumours. Choose one." in page.text
    assert "bright" in page.text
    lines = '{"id": "x", "therapies": ["sorafenib"]}\n{"id": "y"}\n'
    assert "2 tumours" in Page(sent(file=("a.ndjson", lines.encode())).text).text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "It is empty"),
        ("hello", "a profile is one object"),
        ("{", "line 1"),
        ('{"disease": "HCC", "markers": {"FASN": "hihg"}}', "Did you mean high?"),
        ("sample,FASN\n", "it holds no sample"),
    ],
)
def test_a_text_that_cannot_be_read_says_why(text: str, what: str) -> None:
    reply = sent(text=text)
    assert reply.status_code == 422
    page = Page(reply.text)
    assert what.casefold() in page.text.casefold()
    assert LABEL in page.text
    assert text.strip() in page.text, "it can be corrected"


def test_a_file_that_is_too_large_is_refused() -> None:
    assert sent(file=("a.maf", b"x" * (2 * 1024 * 1024))).status_code == 422, "more than for the API"
    assert sent(file=("a.maf", b"x" * (9 * 1024 * 1024))).status_code == 413


def test_markup_in_a_file_is_text() -> None:
    hostile = '<img src=x onerror=alert(1)>"'
    for reply in (sent(text=hostile), sent(file=(f"{hostile}.csv", b"sample,FASN\n<img>,<b>\n"))):
        assert "img" not in [tag for tag, _ in Page(reply.text).elements]
