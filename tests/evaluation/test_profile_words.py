"""Words for states in a profile: what they mean there is what they mean in a table."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.generators import BASE
from support.packs import pack_with

from recommender import InputError, Profile, Recommender
from recommender.evaluation.facts import facts_and_problems, read_facts
from recommender.importing import import_profiles
from recommender.states import STATES


@pytest.mark.parametrize("state", ["mutated", "wild-type", "amplified", "deleted"])
def test_a_state_after_the_gene_is_read_as_that_state(state: str) -> None:
    assert Profile.parse({"mutations": [f"TP53 {state}"]}).mutations[0].state == state


@pytest.mark.parametrize("word", ["none", "not detected", "VUS", "loss", "normal", "positive"])
def test_a_word_after_the_gene_is_never_read_as_a_mutation(word: str) -> None:
    facts, problems = facts_and_problems(Profile.parse({"mutations": [f"TP53 {word}"]}), BASE)
    assert not facts.findings
    assert [one.where for one in problems] + [
        one.path for one in facts.notices if one.path != "/disease"
    ] == ["/mutations/0"]


def test_words_of_tables_are_understood() -> None:
    """What `profile import` and `cohort` understand of a table is understood in a profile as well."""
    given = {
        "mutations": [
            "KEAP1 mut",
            {"gene": "CTNNB1", "state": "WT", "source": "a"},
            "MET amp",
            "TP53 p.R249S",
        ],
        "markers": {
            "FASN": "HIGH",
            "NFE2L2": "p.R34G",
            "BRCA1": {"state": "p.L320=", "source": "b"},
            "HBV": "pos",
            "HCV": False,
            "GPX4": "NA",
            "SQSTM1": None,
            "GSTZ1": {"z_score": "-2,5"},
            "FGFR4": {"z_score": "1e-5"},
            "CD274": ["High", "neg"],
            "unheard of": "Low",
        },
    }
    meant = {
        "mutations": [
            {"gene": "KEAP1", "state": "mutated"},
            {"gene": "CTNNB1", "state": "wild-type", "source": "a"},
            {"gene": "MET", "state": "amplified"},
            "TP53 p.R249S",
            {"gene": "NFE2L2", "change": "p.R34G"},
            {"gene": "BRCA1", "change": "p.L320=", "source": "b"},
        ],
        "markers": {
            "FASN": "high",
            "HBV": "positive",
            "HCV": "negative",
            "GSTZ1": {"z_score": -2.5},
            "FGFR4": {"z_score": 1e-5},
            "CD274": ["high", "negative"],
            "unheard of": "low",
        },
    }
    facts = read_facts(Profile.parse(given), BASE)
    wanted = read_facts(Profile.parse(meant), BASE)
    assert {(one.marker, one.state) for one in facts.findings} == {
        (one.marker, one.state) for one in wanted.findings
    }
    sources = {one.marker: one.source for one in facts.findings}
    assert sources["NFE2L2"] == "/markers/NFE2L2"
    assert {one.path for one in facts.notices if one.code == "NO_VALUE"} == {
        "/markers/GPX4",
        "/markers/SQSTM1",
    }
    assert {one.path for one in facts.notices if one.code == "SILENT_CHANGE"} == {"/markers/BRCA1"}


def test_words_are_those_of_the_rule_base_that_answers(tmp_path: Path) -> None:
    pack = pack_with(tmp_path / "pack", "markers:\n  - {symbol: PACKM, kind: infection, name: a virus}\n")
    base = Recommender(rules=[pack], engine="plain").base
    for word in ("yes", "pos", True):
        (finding,) = read_facts(Profile.parse({"markers": {"PACKM": word}}), base).findings
        assert (finding.marker, finding.state) == ("PACKM", "positive")


def test_a_word_keeps_its_place_and_what_is_beside_it() -> None:
    given = {"markers": {"FGFR4": ["NA", "High"], "TP53": {"state": "p.R249S", "assay": "WES"}}}
    found = {one.marker: one for one in read_facts(Profile.parse(given), BASE).findings}
    assert (found["FGFR4"].state, found["FGFR4"].source) == ("high", "/markers/FGFR4/1")
    assert (found["TP53"].source, found["TP53"].detail) == ("/markers/TP53", "p.R249S, WES")
    with pytest.raises(InputError, match="unknown field 'bogus'"):
        Profile.parse({"markers": {"TP53": {"state": "p.R249S", "bogus": 1}}})


@given(
    st.sampled_from(
        [*STATES, "WT", "mut", "pos", "NEG", "HIGH", "NA", "", "hihg", "3+", "p.R249S", "true", "1"]
    )
)
def test_a_word_in_a_profile_means_what_it_means_in_a_table(
    tmp_path_factory: pytest.TempPathFactory, word: str
) -> None:
    for marker in ("FASN", "TP53", "HBV", "MDSC"):
        path = tmp_path_factory.mktemp("words") / "t.csv"
        path.write_text(f"id,{marker}\na,{word}\n")
        imported = import_profiles(path, BASE)
        try:
            facts = read_facts(Profile.parse({"id": "a", "markers": {marker: word}}), BASE)
        except InputError:
            assert not imported.profiles
        else:
            (profile,) = imported.profiles
            found = [(one.marker, one.state) for one in facts.findings]
            assert found == [(one.marker, one.state) for one in read_facts(profile, BASE).findings]


@pytest.mark.parametrize("given_score", ["NA", "nan", "", "n/a", "missing", ".nan", None, float("nan")])
def test_a_score_without_a_value_leaves_the_marker_unknown(given_score: object) -> None:
    profile = Profile.parse({"markers": {"GSTZ1": {"z_score": given_score}}})
    facts, problems = facts_and_problems(profile, BASE)
    assert not facts.findings
    assert not problems
    assert [one.code for one in facts.notices if one.path != "/disease"] == ["NO_VALUE"]


def test_a_state_beside_a_score_without_a_value_counts() -> None:
    profile = Profile.parse({"markers": {"GSTZ1": {"state": "low", "z_score": "NA"}}})
    assert [one.state for one in read_facts(profile, BASE).findings] == ["low"]


@pytest.mark.parametrize("given_score", ["x", "high", True, [1], float("inf")])
def test_what_is_no_score_is_an_error_at_its_place(given_score: object) -> None:
    with pytest.raises(InputError) as caught:
        read_facts(Profile.parse({"markers": {"GSTZ1": {"z_score": given_score}}}), BASE)
    assert [one.where for one in caught.value.problems] == ["/markers/GSTZ1/z_score"]
