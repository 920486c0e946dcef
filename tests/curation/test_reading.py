"""The review as printed: complete, marked, refused for answers, and compared with the shipped rules."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.commands import CASE, run
from support.generators import BASE
from support.packs import pack_with
from support.places import ROOT

from recommender import InputError, Recommender, RuleBaseError
from recommender.curation.comparing.compared import SidesCompared, compare_sides
from recommender.curation.comparing.sides import open_side
from recommender.curation.examples import try_examples
from recommender.curation.linting import OF_READINGS, lint
from recommender.intake.cases import cases
from recommender.knowledge.base import KnowledgeBase
from recommender.knowledge.loading import open_reading, shipped_readings
from recommender.knowledge.packs import shipped_packs
from recommender.knowledge.reading_models import AnotherReading
from recommender.views.screen import Screen
from recommender.views.sides import sides_json, sides_markdown, sides_table, summary

pytestmark = pytest.mark.once

NAME = "review-as-printed"
PACK = shipped_packs()[NAME]
MARK = "for comparison and teaching only; holds statements known to be wrong"


@cache
def reading() -> KnowledgeBase:
    return shipped_readings()[NAME]


def lists() -> AnotherReading:
    found = reading().content.reading
    assert found is not None
    return found


@cache
def compared() -> SidesCompared:
    asked = [(one.name, one.profile) for one in cases()]
    return compare_sides(open_side("shipped"), open_side(NAME), asked)


def with_lists(**changes: Any) -> KnowledgeBase:
    changed = lists().model_copy(update=changes)
    content = reading().content.model_copy(update={"reading": changed})
    return KnowledgeBase(content, sha256="", origins={}, pack_of=reading().pack_of)


def gaps(base: KnowledgeBase) -> list[tuple[str, str]]:
    return [(one.record, one.message) for one in lint(base, OF_READINGS)]


class TestThePack:
    def test_it_passes_its_examples_and_every_way_is_taken(self) -> None:
        report = try_examples(reading(), Recommender(base=reading(), engine="plain").engine)
        assert report.passed, (report.failures, report.untried)

    def test_every_rule_is_marked_and_names_the_finding_that_corrects_it(self) -> None:
        rules = [reading().rules[name] for name in reading().pack_of]
        assert len(rules) > 70
        assert all(rule.title.startswith("As printed: ") and rule.audit and rule.limits for rule in rules)

    def test_every_finding_has_its_rules_or_a_reason(self) -> None:
        assert [one.finding for one in lists().findings] == sorted(BASE.audit)
        assert gaps(reading()) == []

    def test_vocabulary_papers_and_ranking_are_those_of_the_shipped_rules(self) -> None:
        for section in ("markers", "therapies", "references", "evidence_levels", "ranking", "sources"):
            assert getattr(reading().content, section) == getattr(BASE.content, section)

    def test_of_the_shipped_rules_only_what_the_review_supports_is_left(self) -> None:
        left = reading().rules.keys() - reading().pack_of.keys()
        cautions = {name for name in left if BASE.rules[name].kind == "caution"}
        assert left - cautions == set(lists().shared)
        assert not any(rule.kind == "disputed" for rule in reading().content.rules)


class TestGaps:
    def test_a_finding_that_is_missing_is_found(self) -> None:
        first, *others = lists().findings
        found = gaps(with_lists(findings=tuple(others)))
        assert ("F01", "it is listed 0 times, not once") in found
        assert (first.printed[0], "no finding lists it") in found

    def test_a_finding_without_rules_and_without_a_reason_is_found(self) -> None:
        found = gaps(
            with_lists(findings=tuple(one.model_copy(update={"reason": ""}) for one in lists().findings))
        )
        assert len(found) == sum(bool(one.reason) for one in lists().findings) > 5

    def test_a_shipped_rule_that_is_not_listed_is_found(self) -> None:
        assert gaps(with_lists(shared=lists().shared[1:])) == [
            (lists().shared[0], "it is neither shared, nor omitted, nor what a paper of a finding reports")
        ]

    def test_a_shipped_rule_that_is_listed_twice_is_found(self) -> None:
        found = gaps(with_lists(omitted=(*lists().omitted, lists().shared[0])))
        assert found == [(lists().shared[0], "it is listed more than once")]

    def test_a_disputed_claim_that_no_finding_lists_is_found(self) -> None:
        disputed = next(one for one in BASE.content.rules if one.kind == "disputed")
        kept = tuple(
            one.model_copy(update={"audited": tuple(name for name in one.audited if name != disputed.id)})
            for one in lists().findings
        )
        assert gaps(with_lists(findings=kept)) == [
            (disputed.id, "it disputes a statement, and no finding lists it")
        ]

    def test_names_that_are_no_rules_and_no_findings_are_errors_with_their_line(self, tmp_path: Path) -> None:
        text = """
reading:
  title: A reading
  warning: A made-up warning.
  shared: [no-such-rule]
  findings:
    - finding: F99
      printed: [orlistat-against-fasn]
"""
        with pytest.raises(RuleBaseError) as caught:
            open_reading(pack_with(tmp_path / "own", text))
        assert [str(one) for one in caught.value.problems] == [
            "own/x.yaml:5: reading.shared: 'no-such-rule' is not a shipped rule.",
            "own/x.yaml:7: reading.findings: 'F99' is not an audit finding.",
            "own/x.yaml:8: reading.findings: 'orlistat-against-fasn' is not a rule of this pack.",
        ]


class TestRefused:
    @pytest.mark.parametrize(
        "command",
        [
            ("recommend", "-"),
            ("explain", "-", "orlistat"),
            ("cohort", "-", "-o", "-"),
            ("rules", "list"),
            ("rules", "lint"),
            ("serve",),
            ("mcp",),
            ("tour", "--list"),
            ("export", "kgx", "-o", "unused"),
        ],
    )
    def test_no_command_answers_from_it(self, command: tuple[str, ...]) -> None:
        done = run(*command, "--rules", PACK, stdin=json.dumps(CASE))
        assert done.returncode == 2
        said = done.stderr.decode()
        assert "is for comparison and teaching only" in said
        assert "recommender rules compare shipped review-as-printed" in said

    def test_neither_its_name_nor_the_variable_nor_a_copy_opens_it(self, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        shutil.copytree(PACK, copy)
        asked = ("recommend", "-", "--format", "json")
        for done in (
            run(*asked, "--with", NAME, stdin=json.dumps(CASE)),
            run(*asked, stdin=json.dumps(CASE), RECOMMENDER_RULES=str(PACK)),
            run(*asked, "--rules", copy, stdin=json.dumps(CASE)),
        ):
            assert (done.returncode, done.stdout) == (2, b"")
            assert b"holds statements known to be wrong" in done.stderr
        with pytest.raises(InputError, match="no answer may rest on it"):
            Recommender(rules=[PACK], engine="plain")

    def test_the_shipped_rules_hold_nothing_of_it(self) -> None:
        assert BASE.content.reading is None
        assert not any(name.startswith("printed-") for name in (*BASE.rules, *BASE.add_ons))


class TestCompared:
    def test_every_form_is_marked(self) -> None:
        screen = Screen(width=200)
        table = sides_table(compared(), screen, full=False, note="")
        assert all(MARK in text for text in (table, sides_markdown(compared()), sides_json(compared())))

    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_the_table_fits_its_width(self, width: int) -> None:
        for full in (False, True):
            text = sides_table(compared(), Screen(width=width), full=full, note="")
            assert max(map(len, text.splitlines())) <= width

    def test_a_reader_who_believed_the_review_would_give_an_iron_chelator(self) -> None:
        (case,) = (one for one in compared().cases if one.case == "nothing-measured-sorafenib")
        assert "iron chelator + sorafenib" in case.b.first
        assert not any("chelator" in name for name in case.a.names)
        assert {"F04", "F12"} <= set(compared().reasons(case.case))

    def test_a_reversed_direction_contradicts_the_paper(self) -> None:
        found = {one.a[0].subject.parts: one.papers for one in compared().of("contradict")}
        assert found[("LINC01134 high",)] == ("doi:10.3389/fonc.2022.939605",)

    def test_a_finding_changes_ranks_only_where_the_two_readings_rank_differently(self) -> None:
        apart = {one.case for one in compared().cases}
        assert all(set(one.ranks) <= apart for one in compared().believed)
        assert all(set(one.first) <= set(one.ranks) for one in compared().believed)
        assert {one for case in apart for one in compared().reasons(case)} == {
            one.finding for one in compared().believed if one.changes == "rank"
        }

    def test_wording_alone_changes_no_claim(self) -> None:
        by_finding = {one.finding: one.changes for one in compared().believed}
        assert by_finding["F44"] == by_finding["F62"] == "wording"
        assert by_finding["F16"] == by_finding["F24"] == "claim"
        assert by_finding["F01"] == by_finding["F04"] == "rank"

    def test_the_figures_that_are_quoted_are_those_of_the_command(self) -> None:
        figures = summary(compared())
        in_short = figures.partition(". ")[0]
        quoted = {"README.md": in_short, "docs/knowledge.md": figures, "docs/review-as-printed.md": figures}
        pages = {page: " ".join((ROOT / page).read_text().replace("\n> ", " ").split()) for page in quoted}
        assert [page for page, said in quoted.items() if said not in pages[page]] == []

    def test_either_order_finds_the_same(self) -> None:
        turned = compare_sides(open_side(NAME), open_side("shipped"), [])
        assert [one.finding for one in turned.believed] == [one.finding for one in compared().believed]
        assert [one.claims for one in turned.believed] == [one.claims for one in compared().believed]
