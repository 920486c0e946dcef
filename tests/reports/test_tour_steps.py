"""Tours: what they name is in the answer of their case, and faults of one's own are told."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from support.amounts import at_most
from support.commands import HOSTILE, run
from support.generators import BASE, profiles
from support.places import DATA, EXAMPLE_PACK

from recommender import DISCLAIMER, LABEL, InputError, Profile, Recommender
from recommender._data import shipped
from recommender.cli import completing
from recommender.engine import durable_loads
from recommender.knowledge.rule_models import MechanismRule
from recommender.reports.tour_files import open_case, tour_names
from recommender.reports.tour_steps import (
    TheEffect,
    TheEvidence,
    TheRanking,
    TheReadings,
    TheRules,
    therapy_classes,
    walk,
)
from recommender.views.screen import Screen
from recommender.views.tours import shown

TOURS = tour_names()
GOLDEN = DATA / "tours" / "nrf2-switched-on.txt"
QUIZ = DATA / "quizzes" / "uri-high-p53-mutated-sorafenib.txt"
UPDATE = bool(os.environ.get("UPDATE_EXPECTED"))
ENGINES = [Recommender(engine="plain"), *([Recommender(engine="durable")] if durable_loads() else [])]


@pytest.mark.parametrize("name", TOURS)
def test_a_tour_names_only_what_its_case_answers_and_its_change_changes_something(
    recommender: Recommender, name: str
) -> None:
    case = open_case(name)
    steps = walk(recommender, case)
    believed = ["as-printed"] if case.tour.as_printed else []
    assert [step.name for step in steps] == [
        *("case", "question", "rules", "ranking", "evidence", "audit", *believed),
        *("what-if", "effect", "questions"),
    ]
    (effect,) = [step.effect for step in steps if isinstance(step, TheEffect)]
    assert any(effect)


def test_every_class_of_therapy_with_a_strategy_has_a_tour() -> None:
    roots = {one.id for one in BASE.content.therapies if not one.parents}
    wanted = {
        root
        for rule in BASE.content.rules
        if rule.kind == "strategy"
        for therapy in rule.therapy
        for root in BASE.vocabulary.lineage(therapy) & roots
    }
    ranked = set()
    for case in map(open_case, TOURS):
        if ENGINES[0].recommend(case.profile, brief=True).recommendations:
            ranked |= {one.id for one in therapy_classes(case, BASE)}
    assert wanted
    assert wanted <= ranked, "a class of therapy has strategies and no tour that ranks any"


def test_tours_show_a_blocked_an_undecided_and_an_empty_answer(recommender: Recommender) -> None:
    found: set[str] = set()
    empty = 0
    for name in TOURS:
        for step in walk(recommender, open_case(name)):
            if isinstance(step, TheEvidence):
                found |= {exhibit.found_as for exhibit in step.exhibits}
            if isinstance(step, TheRanking):
                empty += not step.result.recommendations
    assert {"rank 1", "blocked", "undecided", "context", "disputed"} <= found
    assert empty


def test_no_finding_of_the_audit_is_discussed_twice() -> None:
    discussed = [open_case(name).tour.audit for name in TOURS]
    assert len(set(discussed)) == len(discussed)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", TOURS)
def test_every_step_carries_the_label_and_keeps_the_width(
    recommender: Recommender, name: str, width: int
) -> None:
    steps = walk(recommender, open_case(name))
    assert len(steps) > 2
    for number, step in enumerate(steps, 1):
        text = shown(step, number, len(steps), Screen(width))
        assert LABEL in text
        assert "not for treatment decisions" in text
        assert f"{number}/{len(steps)}  {step.title}" in text
        assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("name", TOURS)
def test_the_step_on_rules_shows_what_concerns_the_case_and_counts_the_rest(
    recommender: Recommender, name: str
) -> None:
    (step,) = [one for one in walk(recommender, open_case(name)) if isinstance(one, TheRules)]
    text = shown(step, 3, 9, Screen(200))
    named = {one.rule for one in step.fired if f" {one.rule}\n" in text}
    assert named == {one.rule for one in step.of_this_tumour}
    assert len(named) + sum(count for _, count in step.of_any_tumour) == len(step.fired)
    for one in step.fired:
        assert (one.rule in named) == any("(/therapies/" not in reason for reason in one.because)


def test_the_step_on_the_review_as_printed_is_marked_and_gives_a_reason_for_each_difference(
    recommender: Recommender,
) -> None:
    tours = [walk(recommender, open_case(name)) for name in TOURS if open_case(name).tour.as_printed]
    steps = [step for steps in tours for step in steps if isinstance(step, TheReadings)]
    assert len(steps) == len(tours) >= 9
    for step in steps:
        text = " ".join(shown(step, 7, 10, Screen(200)).split())
        assert "for comparison and teaching only; holds statements known to be wrong" in text
        assert "known to be wrong" in json.dumps(step.to_dict())
        rows = step.readings.ranking
        assert all((one.audited is None or one.printed is None) == bool(one.findings) for one in rows)
        assert all(one.add_on in text for one in rows)
    assert any(one.printed == 1 for step in steps for one in step.readings.ranking)


def test_without_the_review_as_printed_a_tour_leaves_the_step_out(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.reports.two_readings._reading", lambda: None)
    steps = walk(recommender, open_case("the-review-believed"))
    assert len(steps) == 9
    assert not any(isinstance(step, TheReadings) for step in steps)


def test_a_tour_looks_as_it_did(recommender: Recommender) -> None:
    steps = walk(recommender, open_case(GOLDEN.stem))
    text = "\n".join(shown(step, number, len(steps), Screen(100)) for number, step in enumerate(steps, 1))
    if UPDATE:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_a_quiz_looks_as_it_did() -> None:
    text = run("tour", "--quiz", QUIZ.stem, "--width", "80").stdout.decode()
    if UPDATE:
        QUIZ.parent.mkdir(parents=True, exist_ok=True)
        QUIZ.write_text(text)
    assert text == QUIZ.read_text()
    assert max(map(len, text.splitlines())) <= 80


@given(profiles())
@at_most(30)
def test_rules_fire_in_the_same_order_on_either_engine(profile: dict[str, object]) -> None:
    found = [[vars(one) for one in engine.fired(Profile.parse(profile))] for engine in ENGINES]
    assert all(one == found[0] for one in found)


@given(profiles())
def test_a_mechanism_never_fires_after_a_rule_that_needs_it(profile: dict[str, object]) -> None:
    given_so_far: set[str] = set()
    facts = {f"{fact.id} {state}" for fact in BASE.content.derived_facts for state in fact.states}
    fired = ENGINES[0].fired(Profile.parse(profile))
    assume(fired)
    for one in fired:
        assert one.because or not BASE.rules[one.rule].when
        assert facts.intersection(one.because) <= given_so_far
        rule = BASE.rules[one.rule]
        if isinstance(rule, MechanismRule):
            ((fact, state),) = rule.concludes.items()
            given_so_far.add(f"{fact} {state}")


@given(profiles())
def test_the_rules_that_fire_are_those_of_the_answer(profile: dict[str, object]) -> None:
    parsed = Profile.parse(profile)
    result = ENGINES[0].recommend(parsed, brief=True)
    fired = [one.rule for one in ENGINES[0].fired(parsed)]
    assert len(set(fired)) == len(fired)
    shown_there = {rule.id for one in result.recommendations for rule in one.rules}
    shown_there |= {one.id for one in result.context} | {one.id for one in result.disputed}
    shown_there |= {one.rule for one in result.derived}
    assert shown_there <= set(fired)


def test_the_list_and_the_hint() -> None:
    listed, bare = run("tour", "--list"), run("tour")
    assert (listed.returncode, bare.returncode) == (0, 0)
    assert listed.stdout == bare.stdout
    assert listed.stderr == b""
    assert b"recommender tour CASE" in bare.stdout
    text = listed.stdout.decode()
    assert LABEL in text
    assert all(name in text for name in TOURS)
    rows = json.loads(run("tour", "--list", "--format", "json").stdout)["rows"]
    assert [row["tour"] for row in rows] == TOURS


def test_a_pipe_gets_all_steps_at_once(recommender: Recommender) -> None:
    done = run("tour", "silence-on-tace")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.count(LABEL) == 9
    assert "\x1b" not in text
    assert run("tour", "silence-on-tace", "--no-pause").stdout == done.stdout


def test_json_is_the_whole_tour() -> None:
    value = json.loads(run("tour", "uri-and-p53", "--format", "json").stdout)
    assert (value["label"], value["disclaimer"]) == (LABEL, DISCLAIMER)
    assert value["tour"] == "uri-and-p53"
    steps = {step["step"]: step for step in value["steps"]}
    assert steps["ranking"]["result"]["label"] == LABEL
    assert steps["effect"]["effect"]["enters"][0]["rank"] == 1
    assert steps["evidence"]["exhibits"][0]["found_as"] == "blocked"
    assert steps["audit"]["finding"]["id"] == open_case("uri-and-p53").tour.audit


def test_output_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "tour.txt"
    done = run("tour", "silence-on-tace", "-o", out, FORCE_COLOR="1")
    assert (done.returncode, done.stdout) == (0, b"")
    assert out.read_text().count(LABEL) == 9
    assert "\x1b" not in out.read_text()


def test_an_unknown_tour_is_told_with_the_nearest() -> None:
    done = run("tour", "uri-and-p5")
    assert done.returncode == 2
    assert b"Did you mean uri-and-p53?" in done.stderr
    assert b"There are: " in run("tour", "zzz").stderr


def test_the_shell_completes_tours() -> None:
    assert completing.tour_name("uri") == ["uri-and-p53"]
    assert completing.tour_name("") == TOURS


OWN = """\
schema_version: "1.0"
title: A tour of our own
profile: case.json
story: A tumour under the drug, and one finding that a rule asks for.
question: What would you add, and why?
answer: One entry leads because a finding selects it.
look_at:
  - id: orlistat-with-sorafenib
    say: It was shown in cells and in animals.
audit: F20
discuss: The paper is cited for something that it did not study.
whatif:
  set: [FASN=low]
  ask: What if the finding were the other way round?
  point: The score falls, because what would select it was measured and is absent.
questions:
  - Which experiment would settle it?
  - Who should pay for that?
"""
CASE = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: tuple[str, str], **case: object) -> Path:
        text = OWN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "own.yaml").write_text(text)
        (tmp_path / "case.json").write_text(json.dumps({**CASE, **case}))
        return tmp_path / "own.yaml"

    return write


def test_a_tour_of_ones_own_finds_its_profile_beside_it(own: Callable[..., Path]) -> None:
    done = run("tour", own(), "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["tour"] == "own"


def test_a_tour_may_lean_on_a_rule_pack(own: Callable[..., Path]) -> None:
    markers = {"KIF23": "high", "FASN": "high"}
    file = own(("orlistat-with-sorafenib", "rsl3-with-sorafenib"), markers=markers)
    assert run("tour", file).returncode == 2
    assert run("tour", file, "--rules", EXAMPLE_PACK).returncode == 0


def test_all_faults_of_the_form_are_told_with_their_lines(own: Callable[..., Path]) -> None:
    faulty = own(
        ("story:", "storry:"),
        ("audit: F20", "audit: twenty"),
        ("profile: case.json", "profile: ../case.json"),
        ("    say: It was", "    says: It was"),
        ("  - Who should pay for that?\n", ""),
    )
    done = run("tour", faulty)
    assert done.returncode == 2
    text = done.stderr.decode()
    assert "Traceback" not in text
    for line in (3, 4, 9, 10, 16):
        assert f"own.yaml:{line}: " in text, text
    assert "Did you mean story?" in text


def test_all_names_that_the_answer_lacks_are_told_with_their_lines(own: Callable[..., Path]) -> None:
    faulty = own(
        ("orlistat-with-sorafenib", "orlistat-with-sorafenip"),
        ("audit: F20", "audit: F33"),
        ("FASN=low", "FASNN=low, TP53=hihg"),
    )
    with pytest.raises(InputError) as caught:
        walk(ENGINES[0], open_case(str(faulty)))
    text = str(caught.value)
    assert "own.yaml:8: look_at, the 1st, id: the answer has no 'orlistat-with-sorafenip'. Did" in text
    assert "own.yaml:10: audit: 'F33' bears on no rule of this case. Those that do: F" in text
    assert text.count("own.yaml:13: whatif.set: ") == 2


def test_a_change_that_changes_nothing_is_a_fault(own: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"own.yaml:12: whatif: it changes nothing"):
        walk(ENGINES[0], open_case(str(own(("FASN=low", "FASN=high")))))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "an object is expected"),
        (b"a: [", "own.yaml:"),
        (b"\xff", "UTF-8"),
        (b"a: 1\na: 2\n", "own.yaml:2"),
    ],
    ids=["empty", "not YAML", "binary", "twice"],
)
def test_files_that_are_no_tours_are_told(tmp_path: Path, data: bytes, word: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(data)
    done = run("tour", file)
    assert done.returncode == 2
    assert word in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_file_without_an_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").symlink_to("/dev/zero")
    done = run("tour", tmp_path / "own.yaml")
    assert done.returncode == 2
    assert b"the limit is 4 MiB" in done.stderr


def test_files_that_are_missing_are_told(own: Callable[..., Path], tmp_path: Path) -> None:
    assert b"cannot be read" in run("tour", tmp_path / "none.yaml").stderr
    done = run("tour", own(("profile: case.json", "profile: none.json")))
    assert done.returncode == 2
    assert b"own.yaml:3: profile: " in done.stderr


def test_texts_of_a_tour_never_steer_the_terminal(own: Callable[..., Path]) -> None:
    hostile = json.dumps(HOSTILE.replace("\U000e0041", "") + " and ten more")  # YAML knows no such pair
    faulty = own(
        ("A tour of our own", hostile),
        ("  - Who should pay for that?", f"  - {hostile}"),
        id=HOSTILE,
        note=HOSTILE,
    )
    done = run("tour", faulty)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "[bold]markup[/bold]" in text
    assert not {character for character in text if character < " " and character != "\n"}
    assert not set("\x7f\x9b\u202e\u200b") & set(text)


def test_shipped_tours_lie_where_the_package_looks() -> None:
    assert sorted(path.stem for path in (shipped("profiles") / "tours").iterdir()) == TOURS
    assert len(TOURS) >= 8
