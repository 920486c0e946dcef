"""The name and the digest of every pack are on every form of every answer."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from support.commands import Argument, run
from support.packs import pack_with
from support.places import EXAMPLE_PACK
from support.requests import JSON, ask, call, post

from recommender import Recommender
from recommender.cohort.plan import hash_of
from recommender.web.app import create_app

PROFILE = EXAMPLE_PACK / "profile.json"
RULE = "local-rsl3-in-kif23-high"
NAME = "our-pack"
FORMS: list[tuple[str, ...]] = [
    *(
        ("recommend", "{}", "--format", form)
        for form in ("table", "json", "ndjson", "markdown", "html", "csv")
    ),
    *(("report", "{}", "--format", form) for form in ("html", "markdown")),
    *(("report", "{}", form, "--format", "html") for form in ("--handout", "--slides")),
    *(("explain", "{}", RULE, "--format", form) for form in ("table", "json", "markdown", "mermaid")),
    *(("whatif", "{}", "--set", "KIF23=low", "--format", form) for form in ("table", "json")),
    *(("whatif", "{}", "--format", form) for form in ("table", "json")),
    *(("next-tests", "{}", "--format", form) for form in ("table", "json")),
    *(("map", "{}", "--format", form) for form in ("table", "json", "svg")),
    *(("tour", "nrf2-switched-on", "--format", form) for form in ("table", "json")),
    *(("tour", "--quiz", "{}", "--format", form) for form in ("table", "json", "markdown", "html")),
    *(("rules", "graph", "--format", form) for form in ("mermaid", "dot", "json")),
    *(("rules", "list", "--format", form) for form in ("table", "markdown", "json")),
    *(("rules", "show", RULE, "--format", form) for form in ("table", "markdown", "json")),
    *(("audit", "--format", form) for form in ("table", "markdown", "json")),
    *(("audit", "--ref", "86", "--format", form) for form in ("table", "json")),
    *(("refs", "--format", form) for form in ("table", "json", "csl-json", "bibtex", "ris")),
]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_PACK, tmp_path / "a" / NAME))


def text_of(words: tuple[str, ...], *more: Argument) -> str:
    done = run(*(word.format(PROFILE) for word in words), *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("words", FORMS, ids=" ".join)
def test_every_form_names_every_pack(pack: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    text = "markers: [{symbol: X1, kind: gene, name: A made-up gene}]\n"
    other = pack_with(tmp_path / "b" / NAME, text)
    packs = Recommender(rules=[pack, other], engine="plain").base.packs
    assert [one.name for one in packs] == [NAME, f"{NAME} (2)"]
    shown = " ".join(text_of(words, "--rules", pack, "--rules", other).split())
    for one in packs:
        assert one.name in shown
        assert one.sha256[:12] in shown


@pytest.mark.parametrize("words", FORMS, ids=" ".join)
def test_no_form_names_a_pack_where_there_is_none(words: tuple[str, ...]) -> None:
    if RULE in words:
        shipped = "orlistat-against-fasn" if "rules" in words else "orlistat"
        words = tuple(shipped if word == RULE else word for word in words)
    text = text_of(words)
    assert "With rules of the pack" not in text
    if "json" in words:
        value = json.loads(text)
        assert "packs" not in value
        assert value.get("rule_base", {}).get("packs", []) == []


def test_json_holds_whole_digests(pack: Path) -> None:
    (known,) = Recommender(rules=[pack], engine="plain").base.packs
    expected = [{"name": NAME, "sha256": known.sha256}]
    forms = [words for words in FORMS if words[-1] == "json"]
    assert forms
    for words in forms:
        value = json.loads(text_of(words, "--rules", pack))
        assert value.get("packs", value.get("rule_base", {}).get("packs")) == expected


def test_a_row_of_csv_holds_whole_digests_as_a_cohort_does(pack: Path) -> None:
    base = Recommender(rules=[pack], engine="plain").base
    text = text_of(("recommend", "{}", "--format", "csv"), "--rules", pack)
    expected = f"{base.sha256}+{NAME}@{base.packs[0].sha256}"
    assert {row["rule_base_sha256"] for row in csv.DictReader(io.StringIO(text))} == {expected}
    assert hash_of(base) == expected


def test_replay_of_the_same_pack_in_another_folder(pack: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(pack, tmp_path / "their-pack"))
    kept = tmp_path / "result.json"
    for folder in (pack, moved):
        kept.write_text(text_of(("recommend", "{}", "--format", "json"), "--rules", folder))
        assert run("replay", kept, PROFILE, "--rules", folder).returncode == 0
    done = run("replay", kept, PROFILE, "--rules", pack)
    assert done.returncode == 4
    assert b"/rule_base/packs/0/name: was their-pack, is our-pack" in done.stderr


def test_the_api_names_every_pack(pack: Path) -> None:
    recommender = Recommender(rules=[pack], engine="plain")
    app = create_app(recommender, hosts=["lab.example"])
    profile = json.loads(PROFILE.read_text())
    described = call("GET", "/openapi.json").json()["components"]["schemas"]
    for path, name, body in (
        ("explain", "Explanation", {"id": RULE}),
        ("whatif", "EffectView", {}),
        ("next-tests", "NextTests", {}),
    ):
        given = json.dumps({"profile": profile, **body})
        answer = ask("POST", f"/api/{path}", app, content=given, headers=JSON).json()
        assert answer["packs"] == [{"name": NAME, "sha256": recommender.base.packs[0].sha256}]
        assert "packs" in described[name]["properties"]
        assert "packs" not in described[name]["required"]


@pytest.mark.parametrize(
    ("path", "name"),
    [("rules", "Rules"), (f"rules/{RULE}", "RuleAnswer"), ("references", "References"), ("audit", "Audit")],
)
def test_the_api_names_every_pack_with_what_is_known(pack: Path, path: str, name: str) -> None:
    recommender = Recommender(rules=[pack], engine="plain")
    app = create_app(recommender, hosts=["lab.example"])
    answer = ask("GET", f"/api/{path}", app).json()
    assert answer["packs"] == [{"name": NAME, "sha256": recommender.base.packs[0].sha256}]
    described = call("GET", "/openapi.json").json()["components"]["schemas"][name]
    assert "packs" in described["properties"]
    assert "packs" not in described["required"]
    assert "packs" not in call("GET", f"/api/{path.replace(RULE, 'orlistat-against-fasn')}").json()


def test_the_api_names_no_pack_where_there_is_none() -> None:
    profile = json.loads(PROFILE.read_text())
    for path, body in (("explain", {"id": "orlistat"}), ("whatif", {}), ("next-tests", {})):
        answer = post(f"/api/{path}", {"profile": profile, **body})
        assert answer.status_code == 200
        assert "packs" not in answer.json()


def test_a_reference_of_a_pack_is_not_of_the_review(pack: Path) -> None:
    shown = json.loads(text_of(("recommend", "{}", "--format", "json"), "--rules", pack))
    own = [one for entry in shown["recommendations"] for one in entry["references"] if one["year"] == 2026]
    assert {(one["id"], one["number"]) for one in own if one["citation"].startswith("Example A")} == {
        (f"{NAME}:900", None)
    }
    text = (pack / "local.yaml").read_text()
    assert "no_doi: The paper is made up for the documentation." in text
    (pack / "local.yaml").write_text(
        text.replace("no_doi: The paper is made up for the documentation.", "doi: 10.1234/made-up")
    )
    rows = json.loads(text_of(("refs", "--format", "json"), "--rules", pack))["rows"]
    assert (rows[-1]["id"], rows[-1]["number"]) == ("doi:10.1234/made-up", None)
    assert (rows[0]["id"], rows[0]["number"]) == ("review:1", 1)
    for form in ("csl-json", "bibtex", "ris"):
        assert "Reference 900 of the review" not in text_of(("refs", "--format", form), "--rules", pack)


def test_a_result_with_a_reference_of_a_pack_lists_it(pack: Path, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    run("recommend", PROFILE, "--format", "json", "--rules", pack, "-o", result)
    rows = json.loads(text_of(("refs", "--format", "json", "--for", str(result)), "--rules", pack))["rows"]
    assert f"{NAME}:900" in [one["id"] for one in rows]
