"""`explain` and `rules show`: the same names, ranks, and what would unblock a strategy."""

import json
import re
from pathlib import Path

import pytest
from support.commands import CASE, run

from recommender import Profile, Recommender
from recommender.intake.cases import names

pytestmark = pytest.mark.once
BLOCKED = "uri-high-p53-mutated-sorafenib"


def said(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("case", names())
def test_every_rank_is_explained(recommender: Recommender, case: str) -> None:
    ranked = recommender.recommend(Profile.from_file(case)).recommendations
    beyond = run("explain", case, str(len(ranked) + 1))
    assert beyond.returncode == 2
    for rank in {one.rank for one in ranked[:3]}:
        text = said("explain", case, str(rank), "--width", "80")
        assert f"rank {rank}" in text
        assert "Mechanism" in text
        assert max(map(len, text.splitlines())) <= 80
        for one in ranked:
            assert one.rank != rank or one.add_on.name in " ".join(text.split())


def test_without_a_name_it_is_the_first(case: Path) -> None:
    assert said("explain", case) == said("explain", case, "1")
    assert said("explain", case, "--format", "json") == said(
        "explain", case, "orlistat-with-sorafenib", "--format", "json"
    )


@pytest.mark.parametrize(("rank", "hint"), [("99", "from 1 to"), ("0", "from 1 to")])
def test_a_rank_that_is_not_there(case: Path, rank: str, hint: str) -> None:
    done = run("explain", case, rank)
    assert done.returncode == 2
    assert f"the ranking has no rank {rank}" in done.stderr.decode()
    assert hint in done.stderr.decode()


def test_nothing_ranked_says_why() -> None:
    done = run("explain", "-", stdin=json.dumps({**CASE, "therapies": []}))
    assert done.returncode == 2
    assert "no rank 1" in done.stderr.decode()
    assert "therapy" in done.stderr.decode()


def test_a_long_number_is_taken_for_a_name(case: Path) -> None:
    done = run("explain", case, "9" * 5000)
    assert done.returncode == 2
    assert b"no rule, add-on or derived fact" in done.stderr


def test_a_blocked_strategy_names_mechanism_paper_and_what_would_unblock_it() -> None:
    text = " ".join(said("explain", BLOCKED, "aramchol").split())
    assert "blocked, because TP53 is mutated" in text
    assert "Requires TP53 wild-type, against the finding" in text
    assert "Mechanism URI promotes" in text
    assert "Paper [81] " in text


def test_an_undecided_strategy_names_what_to_measure() -> None:
    text = " ".join(said("explain", "lifr-low-lcn2-high-sorafenib", "RSL3").split())
    assert "undecided" in text
    assert re.search("Requires GSTZ1 deleted or low", text)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("orlistat-against-fasn", {"orlistat-against-fasn"}),
        ("Orlistat", {"orlistat-against-fasn"}),
        ("orlistat-with-sorafenib", {"orlistat-against-fasn"}),
        ("nrf2-axis", {"nrf2-active-by-p62", "nrf2-restrained-by-qsox1"}),
        ("aramchol", {"scd-inhibition-in-uri-high-p53-wild-type"}),
    ],
)
def test_rules_show_takes_what_explain_takes(case: Path, name: str, rules: set[str]) -> None:
    shown, explained = said("rules", "show", name, "--format", "markdown"), said("explain", case, name)
    for rule in rules:
        assert f"`{rule}`" in shown
        assert rule in "".join(explained.split())
    value = json.loads(said("rules", "show", name, "--format", "json"))
    assert rules <= {one["id"] for one in value.get("rules", [value]) if isinstance(one, dict)}
