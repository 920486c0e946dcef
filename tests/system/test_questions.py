"""Why, why not, what if, what next, and how sure is the order."""

import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.amounts import at_most
from support.commands import CASE, run
from support.generators import BASE, findings, profile_of, profiles

from recommender import LABEL, InputError, Profile, Recommender
from recommender.evaluation.explanation import Node
from recommender.evaluation.facts import read_facts
from recommender.states import AXES, axis_of
from recommender.whatif import Changes, changed, effect

STRATEGIES = [rule.id for rule in BASE.content.rules if rule.kind == "strategy"]
URI = {
    "disease": "HCC",
    "therapies": ["sorafenib"],
    "mutations": ["TP53 p.R249S"],
    "markers": {"URI1": "high"},
}


def leaves(node: Node) -> list[Node]:
    return [node] if not node.children else [leaf for child in node.children for leaf in leaves(child)]


class TestExplain:
    def test_each_condition_is_met_contradicted_or_not_measured(self, recommender: Recommender) -> None:
        (node,) = recommender.explain(Profile.parse(URI), "scd-inhibition-in-uri-high-p53-wild-type")
        assert node.truth == "contradicted"
        assert [(leaf.text, leaf.truth, leaf.detail) for leaf in leaves(node)] == [
            ("therapy tyrosine kinase inhibitor", "met", "given at /therapies/0"),
            ("URI1 high or amplified", "met", "high at /markers/URI1"),
            ("SCD high", "not measured", ""),
            ("TP53 wild-type", "contradicted", "measured mutated at /mutations/0"),
        ]
        (open_,) = recommender.explain(Profile.parse({**URI, "mutations": []}), "scd-inhibitor")
        assert open_.truth == "not measured"

    @pytest.mark.parametrize(
        "name",
        ["camptothecin", "camptothecin-with-sorafenib", "camptothecin-against-nrf2-rebound", "nrf2-axis"],
    )
    def test_rules_add_ons_recommendations_and_facts(self, recommender: Recommender, name: str) -> None:
        profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "mutations": ["KEAP1"]})
        nodes = recommender.explain(profile, name)
        assert nodes[0].truth == "met"
        found = [leaf.detail for node in nodes for leaf in leaves(node)]
        assert "mutated at /mutations/0" in found

    def test_a_mistyped_id_gets_suggestions(self, recommender: Recommender) -> None:
        with pytest.raises(InputError, match="Did you mean camptothecin"):
            recommender.explain(Profile.parse(CASE), "camptothecine")

    @given(profile=profiles(), rule=st.sampled_from(STRATEGIES))
    def test_the_truth_is_that_of_the_answer(
        self, recommender: Recommender, profile: dict[str, Any], rule: str
    ) -> None:
        parsed = Profile.parse(profile)
        result = recommender.recommend(parsed)
        (node,) = recommender.explain(parsed, rule)
        asked = [child for child in node.children if child.kind != "called for by"]
        fired = {fired.id for one in result.recommendations for fired in one.rules}
        assert (node.truth == "met") == (rule in fired)
        assert (node.truth == "met") == all(child.truth == "met" for child in asked)
        if rule in {one.id for one in result.undecided}:
            assert node.truth == "not measured"

    @pytest.mark.parametrize("output_format", ["table", "json", "markdown", "mermaid"])
    def test_the_command(self, tmp_path: Path, output_format: str) -> None:
        (tmp_path / "case.json").write_text(json.dumps({**URI, "id": "\x1b[31m"}))
        done = run("explain", tmp_path / "case.json", "scd-inhibitor", "--format", output_format)
        text = done.stdout.decode()
        assert done.returncode == 0
        assert LABEL in text
        assert "contradicted" in text
        assert "\x1b" not in text
        if output_format == "json":
            assert json.loads(text)["trees"][0]["truth"] == "contradicted"
        assert run("explain", tmp_path / "case.json", "scd-inhibitr").returncode == 2


class TestWhatIf:
    @at_most(40)
    @given(profiles())
    def test_the_empty_change_changes_nothing(
        self, recommender: Recommender, profile: dict[str, Any]
    ) -> None:
        before = Profile.parse(profile)
        after = changed(before, Changes(), BASE)
        assert after == before
        assert not any(effect(recommender.recommend(before), recommender.recommend(after)))

    @at_most(60)
    @given(found=findings(), more=findings(most=3), data=st.data())
    def test_a_change_equals_the_changed_profile(
        self,
        recommender: Recommender,
        found: dict[tuple[str, str], str],
        more: dict[tuple[str, str], str],
        data: st.DataObject,
    ) -> None:
        """By hand: the findings replaced, those unset left out, the therapy added."""
        profile = Profile.parse(profile_of(found, ["sorafenib"], []))
        have = {(one.marker, axis_of(one.state)): one.state for one in read_facts(profile, BASE).findings}
        unset = data.draw(st.sets(st.sampled_from(sorted({name for name, _ in have})))) if have else set()
        more = {key: state for key, state in more.items() if key[0] not in unset}
        changes = Changes(
            [f"{name}={state}" for (name, _), state in more.items()], sorted(unset), ["+nivolumab"]
        )
        after = read_facts(changed(profile, changes, BASE), BASE)
        expected = {key: state for key, state in have.items() if key[0] not in unset} | more
        assert {(one.marker, axis_of(one.state)): one.state for one in after.findings} == expected
        assert {one.therapy for one in after.therapies} == {"nivolumab", "sorafenib"}

    def test_what_enters_leaves_and_moves(self, recommender: Recommender) -> None:
        profile = Profile.parse(
            {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"GSTZ1": "low", "FASN": "low"}}
        )
        after = changed(profile, Changes(["FASN=high"], ["GSTZ1"]), BASE)
        found = effect(recommender.recommend(profile), recommender.recommend(after))
        assert [one.id for one in found.leaves] == [
            "rsl3-with-sorafenib",
            "nrf2-inhibition-with-sorafenib",
            "disulfiram-copper-nrf2-inhibition-with-sorafenib",
        ]
        assert found.leaves[0].rules == ("rsl3-in-gstz1-low",)
        assert not found.enters
        (orlistat,) = [one for one in found.moves if one.id == "orlistat-with-sorafenib"]
        assert orlistat.score[0] < orlistat.score[1]
        assert any("marker_match 0 to 70" in one for one in orlistat.because)
        assert "gstz1-low-resists-sorafenib" in found.context_leaves

    def test_one_marker_on_three_axes(self) -> None:
        given = {"markers": {"G6PC1": "high", "G6PC": "positive"}}
        after = changed(Profile.parse(given), Changes(["G6PC1=present"]), BASE)
        assert {one.state for one in read_facts(after, BASE).findings} == {"high", "positive", "present"}

    def test_a_part_of_a_combination_can_be_removed(self) -> None:
        profile = Profile.parse({"therapies": ["TACE with doxorubicin"]})
        after = changed(profile, Changes(therapy=["-doxorubicin"]), BASE)
        assert [one.therapy for one in read_facts(after, BASE).therapies] == ["tace"]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (Changes(["FASN=high", "FASN=low"]), ["set to high and to low"]),
            (Changes(["FASN=high"], ["FASN"]), ["set and unset"]),
            (Changes(therapy=["+nivolumab", "-sorafenib", "+sorafenib"]), ["added and removed"]),
            (Changes(["FASN"]), ["no state"]),
            (Changes(["FASNN=high"]), ["Did you mean FASN"]),
            (Changes(["HBV=high"]), ["positive"]),
            (Changes(["PDK1=high"]), ["PDPK1"]),
            (Changes(unset=["GPX4"]), ["not in the profile"]),
            (Changes(therapy=["nivolumab"]), ["no sign"]),
            (Changes(therapy=["-nivolumab"]), ["not in the profile"]),
            (Changes(therapy=["+nivolumb"]), ["Did you mean nivolumab"]),
            (Changes(["X=high"], ["Y"], ["+Z"]), ["'X'", "'Y'", "'Z'"]),
        ],
    )
    def test_changes_that_cannot_be_made(self, changes: Changes, words: list[str]) -> None:
        profile = Profile.parse(CASE)
        with pytest.raises(InputError) as caught:
            changed(profile, changes, BASE)
        assert all(word in str(caught.value) for word in words)

    def test_the_command(self, tmp_path: Path) -> None:
        (tmp_path / "case.json").write_text(json.dumps(CASE))
        arguments = [
            "--set",
            "GSTZ1=low",
            "--unset",
            "FASN",
            "--therapy",
            "+nivolumab",
            "--therapy",
            "-sorafenib",
        ]
        done = run("whatif", tmp_path / "case.json", *arguments)
        assert done.returncode == 0
        assert LABEL in done.stdout.decode()
        value = json.loads(run("whatif", tmp_path / "case.json", *arguments, "--format", "json").stdout)
        assert "orlistat-with-sorafenib" in {one["id"] for one in value["leaves"]}
        assert "pgam1-inhibitor-kh3-with-nivolumab" in {one["id"] for one in value["enters"]}
        assert "Nothing changes" in run("whatif", tmp_path / "case.json").stdout.decode()
        assert run("whatif", tmp_path / "case.json", "--set", "FASN=hihg").returncode == 2


class TestNextTests:
    def test_a_small_case_by_hand(self, recommender: Recommender) -> None:
        """One undecided strategy, which lacks TP53: wild-type and one of URI1: high or amplified, SCD: high.

        TP53: wild-type leaves one finding to go (1/2), mutated rules the strategy out (1): 3/4.
        URI1: high or amplified leave one to go (1/2 each); low, normal and deleted close one of two ways
        and leave two findings to go (0 each): 1/5. SCD: high leaves one to go, low and normal two: 1/6.
        """
        profile = Profile.parse({"disease": "HCC", "therapies": ["regorafenib"]})
        result = recommender.recommend(profile)
        assert [one.id for one in result.undecided] == ["scd-inhibition-in-uri-high-p53-wild-type"]
        assert {one.marker: one.gain for one in result.next_tests} == {
            "TP53": 0.75,
            "URI1": 0.2,
            "SCD": 0.1667,
        }
        assert result.next_tests[0].assay == "sequencing by panel or exome"
        assert result.next_tests[0].would_rule_out == ("scd-inhibition-in-uri-high-p53-wild-type",)

    def test_how_far_the_top_could_move(self, recommender: Recommender) -> None:
        profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"]})
        shifts = {one.marker: one.top_shift for one in recommender.next_tests(profile)}
        assert shifts["DUSP4"] == 3
        assert shifts["TFRC"] == 0, "it selects the nanovesicle, which is the first without it"
        assert shifts["FASN"] == 3, "it selects orlistat, or holds it back"
        assert recommender.recommend(profile).next_tests[0].top_shift is None

    @at_most(40)
    @given(profiles(with_therapy=True))
    def test_only_what_a_strategy_for_this_therapy_asks(
        self, recommender: Recommender, profile: dict[str, Any]
    ) -> None:
        parsed = Profile.parse(profile)
        facts = read_facts(parsed, BASE)
        lineage = {name for one in facts.therapies for name in BASE.vocabulary.lineage(one.therapy)}
        asked = set()
        for rule in BASE.content.rules:
            if rule.kind == "strategy" and lineage.intersection(rule.therapy):
                ways = BASE.measured_ways(rule.id)
                if rule.called_for_by:
                    ways = [*ways, *BASE.measured_support(rule.id)]
                asked |= {atom.name for way in ways for atom in way if atom.kind == "marker"}
        found = recommender.next_tests(parsed)
        assert {one.marker for one in found} <= asked
        for one in found:
            assert 0 <= one.gain <= 1
            assert one.gain or one.top_shift
            assert one.assay

    def test_it_takes_less_than_a_second(self, recommender: Recommender) -> None:
        """A bound far from the figure that `make bench` measures, against a change of order."""
        markers = {"FASN": "high", "GPX4": "high", "HBV": "positive"}
        profile = Profile.parse(
            {"disease": "HCC", "therapies": ["sorafenib", "nivolumab", "oxaliplatin"], "markers": markers}
        )
        start = time.perf_counter()
        assert len(recommender.next_tests(profile)) > 10
        assert time.perf_counter() - start < 5

    def test_the_command(self, tmp_path: Path) -> None:
        (tmp_path / "case.json").write_text(json.dumps(CASE))
        done = run("next-tests", tmp_path / "case.json")
        assert done.returncode == 0
        assert LABEL in done.stdout.decode()
        value = json.loads(run("next-tests", tmp_path / "case.json", "--top", "2", "--format", "json").stdout)
        assert len(value["rows"]) == 2
        (tmp_path / "none.json").write_text(json.dumps({"disease": "HCC"}))
        assert "Nothing" in run("next-tests", tmp_path / "none.json").stdout.decode()


class TestOrder:
    @settings(max_examples=15)
    @given(found=findings(most=4), data=st.data())
    def test_possible_first_places_are_those_of_brute_force(
        self, recommender: Recommender, found: dict[tuple[str, str], str], data: st.DataObject
    ) -> None:
        """Every combination of the states of a few markers, all other markers settled by the profile."""
        kept = data.draw(st.sets(st.sampled_from(["GSTZ1", "FASN", "TFRC", "MT1G"]), max_size=2))
        neutral = settled(recommender, ["sorafenib"], found, kept)
        result = recommender.recommend(Profile.parse(neutral))
        assert result.order is not None
        assert result.order.exact
        leaders: set[str] = set()
        axes = [(marker, axis) for marker in sorted(kept) for axis in ("level", "copy-number")]
        for states in itertools.product(*[AXES[axis] for _, axis in axes]):
            chosen = dict(zip(axes, states, strict=True))
            wider = profile_of({**as_findings(neutral), **chosen}, ["sorafenib"], [])
            ranked = recommender.recommend(Profile.parse(wider), brief=True).recommendations
            leaders |= {one.id for one in ranked if one.rank == 1}
        assert {one.id for one in result.order.possible_first} == leaders

    @pytest.mark.parametrize("called_for", ["FASN", "MT1G"])
    def test_a_caution_can_let_another_one_lead(self, recommender: Recommender, called_for: str) -> None:
        """GPX4 low puts a caution on RSL3, which leads otherwise."""
        markers = {"GSTZ1": "low", called_for: "high"}
        given = {"disease": "HCC", "therapies": ["sorafenib", "nivolumab"], "markers": markers}
        result = recommender.recommend(Profile.parse(given))
        lower = Profile.parse({**given, "markers": {**markers, "GPX4": "low"}})
        leaders = {one.id for one in recommender.recommend(lower).recommendations if one.rank == 1}
        assert result.order is not None
        assert result.order.exact
        assert leaders <= {one.id for one in result.order.possible_first}

    @at_most(60)
    @given(profile=profiles(with_therapy=True), more=findings(most=6))
    def test_whoever_leads_once_more_is_measured_was_named(
        self, recommender: Recommender, profile: dict[str, Any], more: dict[tuple[str, str], str]
    ) -> None:
        result = recommender.recommend(Profile.parse(profile))
        assert result.order is not None
        found = {**more, **as_findings(profile)}
        wider = recommender.recommend(
            Profile.parse(profile_of(found, profile["therapies"], profile["resistant_to"])), brief=True
        )
        leaders = {one.id for one in wider.recommendations if one.rank == 1}
        assert not result.order.exact or leaders <= {one.id for one in result.order.possible_first}

    def test_verdicts(self, recommender: Recommender) -> None:
        result = recommender.recommend(Profile.parse(CASE))
        assert result.order is not None
        assert result.recommendations[0].verdict.startswith("Ranks first of its group in ")
        (gstz1,) = [one for one in result.order.possible_first if one.id == "rsl3-with-sorafenib"]
        assert [[(m.marker, m.needs) for m in way] for way in gstz1.needs] == [
            [("GSTZ1", ("deleted", "low"))]
        ]
        assert recommender.recommend(Profile.parse(CASE), brief=True).order is None


def as_findings(profile: dict[str, Any]) -> dict[tuple[str, str], str]:
    facts = read_facts(Profile.parse(profile), BASE)
    return {(one.marker, axis_of(one.state)): one.state for one in facts.findings}


def settled(
    recommender: Recommender, therapies: list[str], found: dict[tuple[str, str], str], kept: set[str]
) -> dict[str, Any]:
    """A profile with `found`, and with every other marker of strategies and cautions, but `kept`, neutral."""
    asked = {
        (atom.name, axis_of(atom.state)): atom.state
        for one in recommender.base.content.rules
        if one.kind == "caution"
        or (one.kind == "strategy" and BASE.vocabulary.lineage("sorafenib").intersection(one.therapy))
        for way in [
            *BASE.measured_ways(one.id),
            *(BASE.measured_support(one.id) if one.id in BASE.support_ways else []),
        ]
        for atom in way
        if atom.kind == "marker"
    }
    neutral = {
        "level": "normal",
        "copy-number": None,
        "sequence": "wild-type",
        "test": "negative",
        "presence": "absent",
    }
    opposite = {"amplified": "deleted", "deleted": "amplified"}
    settled_ = {key: state for key, state in found.items() if key[0] not in kept}
    for key, state in asked.items():
        if key[0] not in kept:
            other = neutral[key[1]] or opposite[state]
            settled_.setdefault(key, "mutated" if key[0] == "TP53" and key[1] == "sequence" else other)
    return profile_of(settled_, therapies, [])


class TestCombinations:
    def test_alternatives_and_complementary(self, recommender: Recommender) -> None:
        profile = {"disease": "HCC", "therapies": ["sorafenib"], "markers": {"GSTZ1": "low", "FASN": "high"}}
        found = recommender.recommend(Profile.parse(profile)).combinations
        assert found is not None
        assert "no synergy is claimed" in found.note
        assert found.defences == (
            "cystine-glutathione-supply",
            "gpx4-defence",
            "iron-availability",
            "nrf2-axis",
        )
        hits = {one.id: one.defences for one in found.matrix}
        assert hits["rsl3-with-sorafenib"] == ("gpx4-defence",)
        assert ("rsl3-with-sorafenib", "orlistat-with-sorafenib") in found.complementary
        groups = {one.acts_on: one.recommendations for one in found.alternatives}
        assert "orlistat-with-sorafenib" in groups["cystine-glutathione-supply"]

    @given(profiles(with_therapy=True))
    def test_no_pair_is_both(self, recommender: Recommender, profile: dict[str, Any]) -> None:
        found = recommender.recommend(Profile.parse(profile)).combinations
        assert found is not None
        hits = {one.id: set(one.defences) for one in found.matrix}
        for one, other in found.complementary:
            assert hits[one]
            assert hits[other]
            assert not hits[one] & hits[other]
            assert not any({one, other} <= set(group.recommendations) for group in found.alternatives)
