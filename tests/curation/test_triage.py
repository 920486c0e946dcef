"""New papers matched to rules by their words."""

import csv
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.commands import HOSTILE, STEERING, run, without
from support.generators import BASE
from support.places import ROOT, TESTS

from recommender import InputError
from recommender._label import LABEL
from recommender.curation.papers import Paper
from recommender.curation.triage.directions import read_sentence
from recommender.curation.triage.matching import READING_ORDER, Matcher, Triaged, triage
from recommender.curation.triage.words import Lexicon
from recommender.knowledge.rule_models import StrategyRule
from recommender.knowledge.triage_models import TriageWords

pytestmark = pytest.mark.once

DATA = TESTS / "data" / "triage"
EXAMPLES = ROOT / "docs" / "examples"
UPDATE = bool(os.environ.get("UPDATE_EXPECTED"))
FORMATS = {"table": "reading.txt", "markdown": "reading.md", "csv": "reading.csv", "json": "reading.json"}


def words() -> TriageWords:
    assert BASE.content.triage
    return BASE.content.triage


LEXICON = Lexicon(BASE, words())
MATCHER = Matcher(BASE)


def paper(title: str, abstract: str = "", **more: Any) -> Paper:
    return Paper("x.ris", 1, title, abstract, (), "", "", None)._replace(**more)


def one(title: str, abstract: str = "", **more: Any) -> Triaged:
    (found,) = MATCHER.ordered([paper(title, abstract, **more)])
    return found


def relations(found: Triaged) -> dict[str, str]:
    return {match.rule: match.relation for match in found.matches}


def signs(sentence: str) -> list[int]:
    """For each marker of a sentence whether more of it means resistance (+1) or not (-1)."""
    (hits,) = LEXICON.sentences(sentence)
    found = read_sentence(hits)
    return [level * found.effect for level in found.levels.values()]


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_reading_list(output_format: str) -> None:
    files = [EXAMPLES / "new-papers.ris", EXAMPLES / "new-papers.nbib"]
    relative = [file.relative_to(ROOT) for file in files]
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        done = run("triage", *relative, "--format", output_format, "--width", "80")
    finally:
        os.chdir(before)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    if UPDATE:
        (DATA / FORMATS[output_format]).write_text(text)
    assert text == (DATA / FORMATS[output_format]).read_text()
    assert LABEL in text
    assert "no paper was read" in text.replace("\n", " ")
    if output_format == "table":
        assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("GPX4 inhibition sensitises cells to sorafenib", [1]),
        ("Knockdown of FGFR4 overcomes resistance", [1]),
        ("Down-regulated FGFR4 overcame sorafenib resistance", [1]),
        ("FGFR4 overexpression promotes resistance to lenvatinib", [1]),
        ("NRF2 suppresses ferroptosis", [1]),
        ("NRF2 suppresses ferroptosis by upregulating SLC7A11", [1, 1]),
        ("High QSOX1 sensitises cells", [-1]),
        ("Silencing QSOX1 reduces sensitivity to sorafenib", [-1]),
        ("Loss of GSTZ1 confers resistance", [-1]),
        ("QSOX1 induces ferroptosis", [-1]),
        ("QSOX1 and ferroptosis", [0]),
        ("QSOX1 may induce ferroptosis", [0]),
        ("QSOX1 induces ferroptosis and resistance", [0]),
        ("GPX4 and FASN silencing not only sensitises cells", [1, 1]),
    ],
)
def test_the_direction_of_a_sentence(sentence: str, expected: list[int]) -> None:
    assert signs(sentence) == expected


def test_what_a_paper_may_mean_for_a_rule() -> None:
    rule = "fgfr4-high-favours-lenvatinib"
    for title, relation in {
        "High FGFR4 sensitises HCC to lenvatinib": "support",
        "High FGFR4 and resistance of HCC to lenvatinib": "contradict",
        "FGFR4 in HCC under lenvatinib": "extend",
        "High FGFR4 sensitises cholangiocarcinoma to lenvatinib": "extend",
        "FGFR4 does not sensitise HCC to lenvatinib": "contradict",
        "High FGFR4 sensitises HCC to cisplatin. Lenvatinib was given": "extend",
    }.items():
        assert relations(one(title))[rule] == relation, title


def test_an_agent_and_a_target_without_one() -> None:
    assert relations(one("Orlistat sensitises HCC to sorafenib"))["orlistat-against-fasn"] == "support"
    assert relations(one("Resistance to sorafenib under orlistat"))["orlistat-against-fasn"] == "contradict"
    (rule,) = (one for one in BASE.strategies if "DUSP4" in BASE.add_ons[one.add_on].targets)
    assert relations(one("DUSP4 silencing sensitises HCC to sorafenib"))[rule.id] == "support"
    assert relations(one("DUSP4 silencing: resistance to sorafenib"))[rule.id] == "contradict"


@given(
    which=st.sampled_from(BASE.strategies),
    negation=st.sampled_from(["does not", "cannot", "never", "doesn\u2019t", "fails to"]),
)
def test_a_denied_direction_is_not_stated(which: StrategyRule, negation: str) -> None:
    add_on = BASE.add_ons[which.add_on].name
    for verb in ("sensitise", "induce ferroptosis in"):
        found = one(f"{add_on} {negation} {verb} HCC under sorafenib")
        assert not {direction for match in found.matches for _, direction in match.directions} & {
            "same",
            "opposite",
        }


PLAIN = st.text(st.characters(categories=["Ll"], max_codepoint=0x24F), min_size=6, max_size=12).map(
    lambda word: f"qz{word}"
)
TITLES = [
    "High FGFR4 sensitises HCC to lenvatinib",
    "Orlistat does not sensitise HCC to sorafenib",
    "GPX4 inhibits ferroptosis",
]


@given(title=st.sampled_from(TITLES), word=PLAIN, data=st.data())
def test_an_unrelated_word_changes_nothing(title: str, word: str, data: st.DataObject) -> None:
    parts = title.split()
    at = data.draw(st.integers(0, len(parts)))
    changed = one(" ".join([*parts[:at], word, *parts[at:]]))
    assert (changed.group, changed.matches) == (one(title).group, one(title).matches)


@given(st.lists(PLAIN, max_size=8))
def test_a_paper_without_our_terms_matches_nothing(plain: list[str]) -> None:
    assert one(" ".join(plain), ". ".join(plain)).group == "unmatched"


@pytest.mark.parametrize(
    "text",
    ["Ferroptosis", "Sorafenib in HCC", "GPX4", "Cats met people who set out for resistance", "", "!", "α"],
)
def test_one_term_alone_matches_nothing(text: str) -> None:
    assert one(text, text).group == "unmatched"


def test_how_names_may_be_written() -> None:
    def markers(text: str) -> list[str]:
        return [key for hits in LEXICON.sentences(text) for hit in hits for key in hit.of("marker")]

    assert markers("PD-L1, PDL1 and PD\u2011L1-positive") == ["CD274"] * 3
    assert markers("HIF-1α and HIF-1alpha") == ["HIF1A"] * 2
    assert markers("Met, met and cat; MET") == (["MET"] if "MET" in {m for m, _ in BASE.read} else [])
    assert markers("gpx4 glutathione peroxidase 4") == ["GPX4"] * 2
    assert markers("xGPX4x GPX41") == []
    assert markers("FSP1") == ["AIFM2"]


def test_known_papers_and_repeated_ones() -> None:
    reference = BASE.references[79]
    assert reference.doi
    known = [
        one("Other", doi=reference.doi),
        one("Other", pmid=reference.pmid),
        one(f"{reference.title.upper()}."),
    ]
    assert {(found.group, found.known_as) for found in known} == {("known", "review:79")}
    assert one(reference.title, doi="10.1234/another").group != "known"
    first, second = MATCHER.ordered([paper(TITLES[0]), paper(TITLES[0], line=9)])
    assert (first.known_as, second.group, second.known_as) == ("", "repeated", "x.ris:1")


def test_contradictions_are_read_first_whatever_the_order_of_the_files() -> None:
    papers = [paper(title, line=number) for number, title in enumerate([*TITLES, "Gardens"])]
    forward, backward = MATCHER.ordered(papers), MATCHER.ordered(papers[::-1])
    assert [found.group for found in forward] == [found.group for found in backward]
    assert sorted(forward, key=str) == sorted(backward, key=str)
    places = [READING_ORDER.index(found.group) for found in forward]
    assert places == sorted(places)
    assert forward[0].group == "contradict"
    assert forward[-1].group == "unmatched"


@pytest.mark.parametrize("output_format", FORMATS)
def test_hostile_texts(tmp_path: Path, output_format: str) -> None:
    evil = f"=cmd() | <script>x</script> {HOSTILE} orlistat sensitises sorafenib"
    file = tmp_path / "x.ris"
    file.write_text(
        f"TY  - JOUR\nTI  - {evil}\nAB  - {evil}\nKW  - {evil}\nDO  - 10.1234/\x1b[31m<b>\nER  - \n"
    )
    done = run("triage", file, "--format", output_format)
    assert done.returncode == 0
    text = done.stdout.decode()
    assert not STEERING.search(text)
    if output_format == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert all(row["title"].startswith("'=") and row["label"] == LABEL for row in rows)
    if output_format == "json":
        assert json.loads(text)["rows"][0]["group"] in READING_ORDER
    if output_format == "markdown":
        assert "<script>" not in text.replace("\\<", "")


def test_rules_without_words_for_it() -> None:
    class Bare:
        content = BASE.content.model_copy(update={"triage": None})

    with pytest.raises(InputError, match="triage"):
        triage(Bare(), [])  # type: ignore[arg-type]


def test_it_says_how_to_get_the_extra() -> None:
    done = without(["rispy"], ["triage", str(EXAMPLES / "new-papers.ris")])
    assert done.returncode == 2
    assert b"refs" in done.stderr


def test_many_papers_take_seconds() -> None:
    text = " ".join(f"{title} in a study of {number} patients." for number, title in enumerate(TITLES * 6))
    papers = [paper(f"Paper {number} on ferroptosis", text, line=number) for number in range(100)]
    start = time.process_time()
    MATCHER.ordered(papers)
    assert time.process_time() - start < 5
