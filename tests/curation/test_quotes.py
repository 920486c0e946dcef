"""Sealed quotes: sentences that are verified in texts outside the project. Those here are invented."""

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import STEERING, run
from support.generators import BASE
from support.rule_bases import load_once

from recommender import InputError, RuleBaseError
from recommender._data import shipped
from recommender.curation.fetched import fetched_texts
from recommender.curation.linting import lint
from recommender.curation.quotes import QuoteState, check_quotes, normal, seal, seals_as_yaml
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.quote_models import SealedQuote

pytestmark = pytest.mark.once

RULE = "orlistat-against-fasn"
PAPER = BASE.references[101]
TEXT = "Invented.\n\nA nai\u0308ve text of the\u00a0orlistat paper. It has  three sentences."
SENTENCE = "A na\u00efve text of the orlistat paper."


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def sealed(folder: Path, sentence: str = SENTENCE, **more: Any) -> SealedQuote:
    record = {"rule": RULE, "sentence": sentence, "seen": "nowhere", "seen_on": "2026-11-29", **more}
    (folder / "list.yaml").write_text(json.dumps([record]))
    (found,) = seal(BASE, folder, folder / "list.yaml")
    return found


def base_with(*quotes: SealedQuote) -> KnowledgeBase:
    data = json.dumps({"quotes": [one.model_dump() for one in quotes]}).encode()
    return KnowledgeBase(BASE.content, sha256="", origins=BASE.origins, quotes=data)


def state(folder: Path, quote: SealedQuote, text: str) -> tuple[QuoteState, bool, int | None]:
    folder_with(folder, **{"review-101.txt": text})
    (found,) = check_quotes(base_with(quote), folder).quotes
    return found.state, found.same_text, found.offset


def test_a_seal_is_what_it_says(tmp_path: Path) -> None:
    quote = sealed(folder_with(tmp_path, **{"review-101.txt": TEXT}))
    whole = "Invented. A na\u00efve text of the orlistat paper. It has three sentences."
    assert (quote.offset, quote.length, quote.text_length) == (10, len(SENTENCE), len(whole))
    assert quote.text_sha256 == hashlib.sha256(whole.encode()).hexdigest()
    assert quote.sha256 == hashlib.sha256(SENTENCE.encode()).hexdigest()
    assert quote.text == f"abstract of {PAPER.doi}"


def test_where_a_sentence_is(tmp_path: Path) -> None:
    quote = sealed(folder_with(tmp_path, **{"review-101.txt": TEXT}))
    other = unicodedata.normalize("NFD", TEXT.replace("\n\n", " "))
    assert state(tmp_path, quote, TEXT) == ("in-place", True, 10)
    assert state(tmp_path, quote, other) == ("in-place", True, 10)
    assert state(tmp_path, quote, f"{TEXT} More.") == ("in-place", False, 10)
    assert state(tmp_path, quote, f"Background: {TEXT}") == ("elsewhere", False, 22)
    assert state(tmp_path, quote, TEXT.replace("orlistat", "Orlistat")) == ("not-found", False, None)
    assert state(tmp_path, quote, " ") == ("text-missing", False, None)


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_sentence_is_found_wherever_it_is(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "quotes"
    folder.mkdir(exist_ok=True)
    quote = sealed(folder_with(folder, **{"review-101.txt": SENTENCE}))
    text = f"{before} {SENTENCE} {after}".encode(errors="replace").decode()
    found, _, at = state(folder, quote, text)
    assert found in ("in-place", "elsewhere")
    assert at is not None
    assert normal(text)[at : at + quote.length] == SENTENCE


@pytest.mark.parametrize(
    "name", ["review-101.txt", f"{(PAPER.doi or '').replace('/', '_')}.txt", "10.1186 S13046-022-02567-Z.TXT"]
)
def test_names_of_text_files(tmp_path: Path, name: str) -> None:
    assert fetched_texts(folder_with(tmp_path, **{name: TEXT}), [PAPER]).of[101][0].source == name


def test_exports_and_json(tmp_path: Path) -> None:
    pytest.importorskip("rispy")
    pubmed = next(one for one in BASE.references.values() if one.pmid and not one.doi)
    folder_with(
        tmp_path,
        **{
            "a.ris": f"TY  - JOUR\nAB  - One.\nDO  - {PAPER.doi}\nER  - \n",
            "b.nbib": f"PMID- {pubmed.pmid}\nAB  - Two.\n",
            "c.json": json.dumps(
                [{"DOI": PAPER.doi, "abstract": "Three."}, {"PMID": pubmed.pmid, "abstract": "4"}, 5]
            ),
            "d.json": json.dumps({"review:101": "Five.", "another": "Six."}),
            "other.txt": "Seven.",
            "e.pdf": "Eight.",
        },
    )
    found = fetched_texts(tmp_path, BASE.references.values())
    assert [one.text for one in found.of[101]] == ["One.", "Three.", "Five."]
    assert [one.text for one in found.of[pubmed.number]] == ["Two.", "4"]
    assert found.others == ("other.txt",)


def test_what_cannot_be_read_or_sealed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        fetched_texts(tmp_path / "none", [])
    (tmp_path / "review-101.txt").write_bytes(b"\xe9")
    with pytest.raises(InputError, match="UTF-8"):
        fetched_texts(tmp_path, [PAPER])
    folder_with(tmp_path, **{"review-101.txt": f"{TEXT} {TEXT}"})
    for wrong in (
        {},
        {"sentence": "Not there."},
        {"sentence": " "},
        {"rule": "none"},
        {"reference": 1},
        {"seen": 1},
    ):
        with pytest.raises(InputError, match="record 1"):
            sealed(tmp_path, **wrong)
    (tmp_path / "list.yaml").write_text("a: b")
    with pytest.raises(InputError, match="no list"):
        seal(BASE, tmp_path, tmp_path / "list.yaml")


def test_the_commands(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    sealed(folder_with(texts, **{"review-101.txt": f"{TEXT} \x1b[31m", "\x1b[31m.txt": "x"}))
    done = run("refs", "check", "--abstracts", texts, "--seal", texts / "list.yaml")
    assert (done.returncode, done.stderr) == (0, b"")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "quotes.yaml").write_bytes(done.stdout)
    shown = run("refs", "check", "--abstracts", texts)
    assert shown.returncode == 3
    assert not STEERING.search((shown.stdout + shown.stderr).decode().replace("\n", ""))
    assert "not found" in shown.stdout.decode()
    report = json.loads(run("refs", "check", "--abstracts", texts, "--format", "json").stdout)
    assert report["label"] == "PRECLINICAL EVIDENCE"
    assert sum(report["counts"].values()) == len(report["rows"]) == len(BASE.quotes.quotes)
    for wrong in ([], ["--seal", "x"], ["--abstracts", texts, "--retractions", "x"]):
        assert run("refs", "check", *wrong).returncode == 2
    with pytest.raises(RuleBaseError, match="has a quote already"):
        load_once([shipped("rules"), pack])


def test_the_shipped_seals_fit_their_rules() -> None:
    quotes = BASE.quotes.quotes
    assert {one.rule for one in quotes} <= BASE.rules.keys()
    texts: dict[tuple[str, str], int] = {}
    for one in quotes:
        assert BASE.references[one.reference].read != "title"
        assert texts.setdefault((one.text, one.text_sha256), one.text_length) == one.text_length
    assert len({name for name, _ in texts}) == len(texts)
    strategies = [rule.id for rule in BASE.strategies if rule.id in {one.rule for one in quotes}]
    assert len(strategies) >= 16


def test_the_lint_names_rules_without_a_seal(tmp_path: Path) -> None:
    quote = sealed(folder_with(tmp_path, **{"review-101.txt": TEXT}))
    found = {one.record: one.message for one in lint(base_with(quote)) if one.code == "RL025"}
    assert RULE not in found
    assert "no reason is given" in found["mt1g-inhibition"]
    assert not {rule.id for rule in BASE.cautions if not rule.references} & found.keys()
    gone = quote.model_copy(update={"rule": "gone"})
    assert "does not exist" in next(one.message for one in lint(base_with(gone)) if one.record == "gone")
    assert not [one for one in lint(base_with()) if one.code == "RL025"]


def test_each_rule_has_a_seal_or_the_reason_for_having_none() -> None:
    assert not [one for one in lint(BASE) if one.code == "RL025"]


def test_a_seal_holds_no_word_of_its_text(tmp_path: Path) -> None:
    text = seals_as_yaml([sealed(folder_with(tmp_path, **{"review-101.txt": TEXT}))])
    assert not [word for word in ("naïve", "orlistat paper", "sentences") if word in text]
