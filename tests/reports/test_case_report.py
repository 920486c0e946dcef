"""The report: whole in itself, labelled everywhere, safe to open, true to the result."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from support.commands import run
from support.generators import profiles
from support.html import Page
from support.links import is_known
from support.places import ROOT

from recommender import DISCLAIMER, LABEL, Profile, Recommender
from recommender.options import Options
from recommender.reports.case_report import Report, case_report
from recommender.views.markdown import handout
from recommender.views.pages import handout_page, report_page

RECOMMENDER = Recommender(engine="plain")
CASE = "profiles/nrf2-active-sorafenib.json"
SHORT = "profiles/tace-pd-l1-positive.json"
"""A report of two pages: as PDF a long one takes long."""


def made(value: dict[str, Any], **asked: Any) -> Report:
    return case_report(RECOMMENDER, Profile.parse(value), Options(**asked))


def case() -> dict[str, Any]:
    value: dict[str, Any] = json.loads((ROOT / CASE).read_text())
    return value


@given(profiles())
def test_every_part_of_a_result_is_on_the_page_under_the_label(value: dict[str, Any]) -> None:
    found = made(value)
    shown = Page(report_page(found))
    assert DISCLAIMER in shown.text
    assert f"{LABEL} · for research and teaching, not for treatment decisions" in shown.text
    assert len(shown.sections) >= 6
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    for target in shown.values("href"):
        assert is_known(target) or target.removeprefix("#") in ids, target
    result = found.result
    for source in found.references:
        assert source.title in shown.sections["references"]
    for one in result.recommendations:
        assert one.id in ids
        article = shown.sections["add-ons"]
        texts = (one.mechanism, one.limits, one.verdict, one.score_reasons.evidence, *one.evidence.models)
        for text in (*texts, *(c.text for c in one.cautions), *(a.cited_work_says for a in one.audit)):
            assert text in article
    for entry in result.disputed:
        assert entry.why in shown.sections["disputed"]
    for entry_ in result.context:
        assert entry_.text in shown.sections["context"]
    for test in result.next_tests:
        assert test.marker in shown.sections["undecided"]
    for stamp in (result.rule_base.sha256, result.profile.sha256, result.engine.name):
        assert stamp in shown.sections["provenance"]


@given(profiles())
def test_the_page_needs_nothing_else_and_can_do_nothing(value: dict[str, Any]) -> None:
    text = report_page(made(value))
    shown = Page(text)
    tags = {tag for tag, _ in shown.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not any(name.startswith("on") or name in ("src", "style") for _, a in shown.elements for name in a)
    (policy,) = [
        attrs["content"] for tag, attrs in shown.elements if tag == "meta" and attrs.get("http-equiv")
    ]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:"
    assert "@import" not in style
    assert style.count("url(") == style.count("url(data:font/woff2;base64,") > 0


def test_a_part_is_shown_on_the_side_that_its_state_supports() -> None:
    """Iron promotes ferroptosis, but restricted iron protects from it; a defence that is lost does not."""
    short = made({"disease": "HCC", "markers": {"LCN2": "high", "AIFM2": "low", "SCD": "normal"}}).pathway
    assert [one.name for one in short.protect if one.state] == ["iron"]
    assert [one.name for one in short.promote if one.state] == ["FSP1 defence"]
    assert "iron" in [one.name for one in made({"markers": {"TFRC": "high"}}).pathway.promote]


def test_markup_in_a_profile_is_text() -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>'\"&{{7*7}}\x1b[31m\u202e"
    value = {
        **case(),
        "id": hostile,
        "note": f"{hostile}\nsecond line",
        "markers": {"FASN": {"state": "high", "assay": hostile}, hostile: "high"},
        "therapies": ["sorafenib", hostile],
    }
    found = made(value)
    text = report_page(found)
    shown = Page(text)
    assert not {tag for tag, _ in shown.elements} & {"img", "script"}
    assert "<img src=x onerror=alert(1)>" in shown.text
    assert "{{7*7}}" in shown.text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "second line" in shown.text
    written = handout(found)
    assert "\x1b" not in written
    assert "<img" not in written.replace("\\<img", "")


def test_markup_in_rules_is_text_in_a_handout() -> None:
    hostile = "a|b <script>alert(1)</script> [x](javascript:alert(1)) **b**\n\n# Heading\n\n<img src=x>"
    found = made(case())
    first = found.result.recommendations[0]
    bad = replace(
        first,
        mechanism=hostile,
        limits=hostile,
        add_on=replace(first.add_on, name=hostile),
        references=(replace(first.references[0], title=hostile, citation=hostile, doi="10.1234/><script>"),),
    )
    written = handout(found._replace(result=replace(found.result, recommendations=(bad,))))
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written)
    shown = Page(html.replace("<hr>", "").replace("<br>", ""))
    assert not {tag for tag, _ in shown.elements} & {"script", "img"}
    assert not any(target.startswith("javascript") for target in shown.values("href"))
    assert [line for line in written.splitlines() if line.startswith("# ")] == ["# nrf2-active-sorafenib"]
    (row,) = [line for line in written.splitlines() if line.startswith("| 1 |")]
    assert row.replace("\\|", "").count("|") == 8


def test_a_page_does_not_grow_with_notices() -> None:
    found = made({**case(), "markers": {f"UNKNOWN{number}": "high" for number in range(5000)}})
    text = report_page(found)
    assert len(text.encode()) < 400_000
    assert "4900 more notices" in text


def test_the_same_page_each_time() -> None:
    assert report_page(made(case())) == report_page(made(case()))


def test_the_page_is_small() -> None:
    assert len(report_page(made(case())).encode()) < 600_000


def test_options_reach_the_page() -> None:
    found = made(case(), top=1, brief=True)
    assert [one.rank for one in found.result.recommendations] == [1]
    assert set(found.proofs) == {one.id for one in found.result.recommendations}
    text = Page(report_page(found)).sections["provenance"]
    assert "brief" in text
    assert "first 1 ranks" in text


@given(profiles())
def test_a_handout_has_the_parts_and_the_label(value: dict[str, Any]) -> None:
    found = made(value)
    text = handout(found)
    assert text.count(LABEL) >= 3
    for one in found.result.recommendations:
        assert one.mechanism in text
    for reference in found.references:
        assert f"[{reference.number}]" in text or reference.number is None
    for box in found.map.boxes:
        assert not box.defence or f"| {box.name} |" in text


@given(profiles())
def test_a_handout_needs_nothing_else_and_its_links_lead_somewhere(value: dict[str, Any]) -> None:
    shown = Page(handout_page(made(value)))
    assert f"{LABEL} · for research and teaching, not for treatment decisions" in shown.text
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    for target in shown.values("href"):
        assert is_known(target) or target.removeprefix("#") in ids, target
    assert not {tag for tag, _ in shown.elements} & {"script", "link", "img", "form"}


class TestCommand:
    def test_a_handout_is_a_page_and_no_markdown(self, tmp_path: Path) -> None:
        done = run("report", CASE, "--handout")
        assert done.returncode == 0
        assert b"To argue about" in done.stdout
        done = run("report", CASE, "--handout", "-o", tmp_path / "a.md")
        assert done.returncode == 2
        assert b"*.html or *.pdf" in done.stderr

    def test_the_ending_of_the_file_says_what_it_is(self, tmp_path: Path) -> None:
        for name, start in (
            ("a.html", "<!doctype html>"),
            ("a.md", "# nrf2"),
            ("noending", "<!doctype html>"),
        ):
            done = run("report", CASE, "-o", tmp_path / name)
            assert done.returncode == 0, done.stderr
            assert (tmp_path / name).read_text().startswith(start)
        assert run("report", CASE).stdout.decode() == (tmp_path / "a.html").read_text()

    def test_recommend_gives_the_same_page(self, tmp_path: Path) -> None:
        assert run("recommend", CASE, "--format", "html").stdout == run("report", CASE).stdout

    def test_a_stream_is_no_page(self, tmp_path: Path) -> None:
        lines = tmp_path / "two.ndjson"
        lines.write_text(json.dumps(case()) + "\n" + json.dumps(case()) + "\n")
        done = run("recommend", lines, "--format", "html")
        assert done.returncode == 2
        assert b"not as html" in done.stderr

    @pytest.mark.once
    def test_a_pdf_goes_to_a_file(self, tmp_path: Path) -> None:
        pytest.importorskip("weasyprint")
        done = run("report", SHORT, "--format", "pdf")
        assert done.returncode == 2
        assert b"-o FILE.pdf" in done.stderr
        assert run("report", SHORT, "-o", tmp_path / "a.pdf").returncode == 0
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")

    @pytest.mark.once
    def test_a_dash_is_stdout(self, tmp_path: Path) -> None:
        assert run("report", CASE, "-o", "-").stdout == run("report", CASE).stdout
        pytest.importorskip("weasyprint")
        assert run("report", SHORT, "--format", "pdf", "-o", "-").stdout.startswith(b"%PDF")
        assert not (Path.cwd() / "-").exists()

    def test_faults_are_told_and_nothing_is_written(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text('{"markers": {"FGFR4": "hihg"}}')
        done = run("report", bad, "-o", tmp_path / "a.html")
        assert done.returncode == 2
        assert b"high" in done.stderr
        assert not (tmp_path / "a.html").exists()
        assert run("report", CASE, "-o", tmp_path / "nowhere" / "a.html").returncode == 2


def test_states_and_add_ons_are_named_where_somebody_reads() -> None:
    found = made(case())
    shown = Page(report_page(found))
    for heading in ("context", "add-ons"):
        assert "iron-availability" not in shown.sections[heading]
    assert "KEAP1 mutated (NRF2 axis)" in shown.sections["context"]
    assert "On different active defences: NRF2 inhibition and orlistat" in shown.sections["add-ons"]


def test_a_source_has_its_address_as_a_link_and_not_in_its_text() -> None:
    found = made(case())
    shown = report_page(found)
    assert found.others
    for one in found.others:
        assert "https://" in one.citation
        assert one.citation not in shown
    assert ">dailymed.nlm.nih.gov<" in shown
