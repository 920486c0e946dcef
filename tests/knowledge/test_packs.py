"""The shipped packs: who passes over them, who lays them over the rules, and what each records."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.commands import CASE, run
from support.generators import BASE, findings, profile_of
from support.packs import pack_with

from recommender import InputError, Profile, Recommender, RuleBaseError
from recommender._data import shipped
from recommender.curation.examples import try_examples
from recommender.curation.linting import lint
from recommender.curation.other_evidence import (
    beyond_reading,
    unreported_search,
    without_doi,
    without_relation,
)
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import load
from recommender.knowledge.other_evidence_models import OtherEvidence
from recommender.knowledge.packs import OTHER_EVIDENCE, pack_to_add, shipped_packs

PACK = shipped_packs()[OTHER_EVIDENCE]
WITH = load([shipped("rules"), PACK])
LAID_OVER = Recommender(base=WITH, engine="plain")
CITED = BASE.references[101].doi
SHIPPED = Recommender(base=BASE, engine="plain")
WITHOUT = Recommender(
    base=KnowledgeBase(
        BASE.content.model_copy(update={"other_evidence": ()}), sha256=BASE.sha256, origins=BASE.origins
    ),
    engine="plain",
)
PAPER: dict[str, Any] = {
    "id": "doi:10.1000/made-up",
    "paper": {
        "number": 901,
        "type": "article-journal",
        "title": "A made-up paper",
        "authors": ["A B"],
        "journal": "J",
        "year": 2020,
        "doi": "10.1000/made-up",
        "read": "abstract",
        "read_where": "a page",
        "read_on": "2026-11-29",
    },
    "design": ["cell-lines"],
    "direction": "no-effect",
    "bears_on": {"orlistat-against-fasn": "contradicts"},
    "text": "A made-up finding.",
}


def base_with(**changes: Any) -> KnowledgeBase:
    """The shipped rules with the made-up paper, of which some fields, or fields of `paper`, are changed."""
    paper = {name: changes.pop(name, value) for name, value in PAPER["paper"].items()}
    record = OtherEvidence.model_validate({**PAPER, "paper": paper, **changes})
    content = BASE.content.model_copy(update={"other_evidence": (record,)})
    return KnowledgeBase(content, sha256="", origins={}, compiled=BASE._compiled)


class TestLoading:
    def test_the_shipped_rules_hold_papers_of_the_pack_and_none_of_its_rules(self) -> None:
        assert BASE.content.other_evidence
        assert not BASE.pack_of
        assert not any(one.pack for one in BASE.references.values())
        assert [pack.name for pack in BASE.shown] == [OTHER_EVIDENCE]

    def test_the_pack_laid_over_the_rules_shows_the_same_papers_once(self) -> None:
        assert WITH.content.other_evidence == BASE.content.other_evidence
        assert [pack.name for pack in WITH.packs] == [OTHER_EVIDENCE]
        assert (WITH.shown, WITH.sha256) == ((), BASE.sha256)
        assert {one.paper.number for one in WITH.content.other_evidence} <= WITH.references.keys()

    def test_a_rule_base_without_packs_has_no_other_evidence(self, tmp_path: Path) -> None:
        copy = tmp_path / "rules"
        shutil.copytree(shipped("rules"), copy, ignore=shutil.ignore_patterns("packs"))
        bare = load([copy], use_cache=False)
        assert (bare.sha256, bare.shown, bare.other_evidence) == (BASE.sha256, (), {})

    def test_a_fault_of_the_pack_is_found_with_its_line(self, tmp_path: Path) -> None:
        copy = tmp_path / "rules"
        shutil.copytree(shipped("rules"), copy)
        broken = copy / "packs" / OTHER_EVIDENCE / "papers.yaml"
        broken.write_text(yaml.safe_dump({"other_evidence": [{**PAPER, "direction": "upwards"}]}))
        with pytest.raises(RuleBaseError, match=r"beyond-the-review/papers\.yaml:\d+: .*direction"):
            load([copy], use_cache=False)

    def test_a_pack_of_your_own_may_bring_papers(self, tmp_path: Path) -> None:
        pack = pack_with(tmp_path / "own", yaml.safe_dump({"other_evidence": [PAPER]}))
        base = load([shipped("rules"), pack], use_cache=False)
        (paper,) = [one for one in base.other_evidence["orlistat-against-fasn"] if one.paper.pack == "own"]
        assert base.references[901] == paper.paper


class TestWith:
    def test_it_names_the_pack_and_its_digest(self) -> None:
        shown = run("recommend", "--with", OTHER_EVIDENCE, "--width", "80", stdin=json.dumps(CASE))
        assert shown.returncode == 0
        assert f"With rules of the pack {OTHER_EVIDENCE} (sha256 {WITH.packs[0].sha256[:12]}).".encode() in (
            shown.stdout
        )

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("beyond-the-revew", "Did you mean beyond-the-review?"),
            ("?", f"It is {OTHER_EVIDENCE}."),
            ("review-as-printed", "comparison and teaching only"),
        ],
    )
    def test_it_refuses_other_names(self, name: str, said: str) -> None:
        for command in (("recommend", "-"), ("rules", "list")):
            refused = run(*command, "--with", name)
            assert refused.returncode == 2
            assert said in refused.stderr.decode()
            assert "--with" in refused.stderr.decode()

    def test_the_folder_is_found_by_name(self) -> None:
        assert pack_to_add(OTHER_EVIDENCE) == PACK
        with pytest.raises(InputError):
            pack_to_add("..")

    def test_only_with_it_do_its_rules_count(self) -> None:
        profile = Profile.parse(
            {"disease": "HCC", "therapies": ["nivolumab"], "markers": {"MDSC": "high", "TSPO": "high"}}
        )
        name = "beyond-ferroptosis-of-mdsc-restrains-t-cells"
        with_pack, plain = (
            {one.id: one for one in each.recommend(profile).recommendations} for each in (LAID_OVER, SHIPPED)
        )
        lowered = [one for one in with_pack.values() if name in [caution.id for caution in one.cautions]]
        assert lowered
        assert max(plain[one.id].score - one.score for one in lowered) > 0
        assert min(plain[one.id].score - one.score for one in lowered) >= 0
        assert with_pack.keys() == plain.keys()
        assert not any(caution.pack for one in plain.values() for caution in one.cautions)

    def test_its_rules_do_what_their_examples_say(self) -> None:
        ran = try_examples(WITH, LAID_OVER.engine)
        assert not ran.failures
        assert len(WITH.pack_of) >= 3
        assert all(rule.startswith("beyond-") for rule in WITH.pack_of)


class TestAnswers:
    @given(findings(), st.sampled_from(["sorafenib", "lenvatinib", "nivolumab", "oxaliplatin", "sbrt"]))
    def test_papers_change_no_rank(self, found: dict[tuple[str, str], str], therapy: str) -> None:
        profile = Profile.parse(profile_of(found, [therapy], []))
        with_papers, without = (one.recommend(profile).to_dict() for one in (SHIPPED, WITHOUT))
        for answer in (with_papers, without):
            answer["rule_base"].pop("shown", None)
            for entry in (
                *answer["context"],
                *(r for one in answer["recommendations"] for r in one["rules"]),
            ):
                entry["other_evidence"] = []
        assert with_papers == without

    def test_each_paper_names_its_relation_and_its_pack(self) -> None:
        result = SHIPPED.recommend(Profile.parse({"disease": "HCC", "therapies": ["sorafenib"]}))
        shown = [
            paper
            for one in result.recommendations
            for rule in one.rules
            for paper in rule.other_evidence or ()
        ]
        assert shown
        assert {paper.pack for paper in shown} == {OTHER_EVIDENCE}
        assert all(paper.reference.id == paper.id and paper.reference.number is None for paper in shown)
        assert {paper.id for paper in shown}.isdisjoint(
            reference.id for one in result.recommendations for reference in one.references
        )


class TestLint:
    def test_the_shipped_pack_is_clean(self) -> None:
        for base in (BASE, WITH):
            assert not [one for one in lint(base) if one.level != "note"]

    @pytest.mark.parametrize(
        ("check", "changes", "said"),
        [
            (without_relation, {"bears_on": {}}, "no rule"),
            (without_relation, {"bears_on": {"orlistat": "extends"}}, "does not exist"),
            (beyond_reading, {"read": "title"}, "only the title was read"),
            (beyond_reading, {"direction": None}, "no direction"),
            (beyond_reading, {"read_where": ""}, "is not given"),
            (without_doi, {"doi": None}, "neither a DOI"),
            (without_doi, {"id": "doi:10.1000/other"}, "not that of its paper"),
            (without_doi, {"doi": CITED, "id": f"doi:{CITED}"}, "the review cites it"),
        ],
    )
    def test_each_check_finds_its_fault(
        self, check: Callable[[KnowledgeBase], Iterator[tuple[str, str]]], changes: dict[str, Any], said: str
    ) -> None:
        ((_, message),) = check(base_with(**changes))
        assert said in message
        assert not [*check(base_with())]

    def test_a_search_and_its_papers_agree(self) -> None:
        assert WITH.content.searches
        assert not [*unreported_search(WITH)]
        other = {"kept": ("doi:10.1/x",), "strategies": ("of-no-rule",)}
        searches = tuple(one.model_copy(update=other) for one in WITH.content.searches)
        content = WITH.content.model_copy(update={"searches": searches})
        changed = KnowledgeBase(content, sha256="", origins={})
        said = {message for _, message in unreported_search(changed)}
        assert said == {
            "no search of the register kept it",
            "a search of the register kept it, and it is not among the papers",
            "no search of the register was made for it",
            "a search of the register was made for it, and it is no strategy",
        }
