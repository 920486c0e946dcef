"""Weights of the user's own: read with all faults at once, and used for every rank."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st
from support.commands import run
from support.generators import profiles

from recommender import Profile, Recommender
from recommender._errors import InputError
from recommender.knowledge.ranking_models import DIMENSIONS
from recommender.knowledge.weights import MERITS, read_weights

OWN = {"marker_match": 10, "partner_match": 10, "evidence": 70, "actionability": 10, "penalty": 5}
CASE = "nrf2-active-sorafenib"


@st.composite
def weights(draw: st.DrawFn) -> dict[str, int]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    return {**dict(zip(MERITS, parts, strict=True)), "penalty": draw(st.integers(0, 100))}


USUAL = Recommender(engine="plain")


@tried(profiles(), weights())
def test_a_score_is_the_sum_of_its_parts_by_these_weights(
    given: dict[str, object], own: dict[str, int]
) -> None:
    profile = Profile.parse(given)
    usual = USUAL.recommend(profile, brief=True)
    result = Recommender(base=USUAL.base.reweighted(own), engine="plain").recommend(profile, brief=True)
    assert {one.id: one.score_parts for one in result.recommendations} == {
        one.id: one.score_parts for one in usual.recommendations
    }
    for one in result.recommendations:
        total = sum(own[name] * getattr(one.score_parts, name) for name in DIMENSIONS)
        assert one.score == total / 100
    assert {name: getattr(result.rule_base.weights, name) for name in DIMENSIONS} == own
    assert usual.rule_base.weights is None
    assert "weights" not in usual.to_dict()["rule_base"]


def test_a_pickle_keeps_them() -> None:
    again = pickle.loads(pickle.dumps(Recommender(engine="plain", weights=OWN)))
    assert again.base.weights == OWN


def test_a_recommender_of_a_loaded_rule_base_takes_others() -> None:
    other = Recommender(base=USUAL.base, engine="plain").reweighted(OWN)
    assert other.base.weights == OWN
    assert pickle.loads(pickle.dumps(other)).base.weights == OWN


def test_what_a_result_names_is_not_read_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(json.dumps(OWN))
    stamp: Any = str(file)
    with pytest.raises(InputError, match="object"):
        USUAL.reweighted(stamp)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("evidence: 100", ["marker_match: it is missing", "penalty: it is missing"]),
        (json.dumps(OWN | {"evidence": 71}), ["add up to 101, not to 100"]),
        (json.dumps(OWN | {"evidnce": 1}), ["Did you mean evidence?"]),
        (json.dumps(OWN | {"evidence": -1, "penalty": "many"}), ["-1 was given", "penalty: "]),
        (json.dumps(OWN | {"evidence": 70.0}), ["evidence: "]),
        ("[1, 2]", ["object"]),
        ("", ["object"]),
        ("a: [", ["own.yaml:2"]),
        ("\udcff", ["not UTF-8"]),
    ],
)
def test_all_faults_are_told(tmp_path: Path, text: str, told: list[str]) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_weights(file)
    for words in told:
        assert words in str(caught.value)
    done = run("recommend", CASE, "--weights", file)
    assert done.returncode == 2
    assert not done.stdout


FORMS: list[tuple[str, ...]] = [
    *(("recommend", CASE, "--format", form) for form in ("table", "json", "markdown", "html", "csv")),
    ("recommend", CASE, "--full"),
    *(("report", CASE, form, "--format", "html") for form in ("--handout", "--slides")),
    ("whatif", CASE, "--set", "FASN=low"),
    ("next-tests", CASE, "--format", "json"),
    ("explain", CASE, "--format", "mermaid"),
]


@pytest.mark.parametrize("words", FORMS, ids=" ".join)
def test_every_form_states_them(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(OWN))
    done = run(*words, "--weights", file)
    assert done.returncode == 0, done.stderr
    shown = " ".join(done.stdout.decode().split())
    in_words = "marker match 10, partner match 10, evidence 70, actionability 10, penalty 5"
    assert (
        in_words in shown or '"evidence": 70' in shown or '"evidence":70' in shown or "weights@10-10" in shown
    )
    assert "own weights" not in run(*words).stdout.decode()


def test_replay_takes_the_weights_of_the_result(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps(OWN))
    kept = tmp_path / "result.json"
    run("recommend", CASE, "--weights", tmp_path / "own.json", "--format", "json", "-o", kept)
    assert run("replay", kept, CASE).returncode == 0
    value = json.loads(kept.read_text())
    value["rule_base"]["weights"] = {"evidence": 1}
    kept.write_text(json.dumps(value))
    assert run("replay", kept, CASE).returncode == 2
