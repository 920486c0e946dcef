"""Names, states and doubts: from a profile to facts."""

import copy
import gc
import shutil
import weakref
from pathlib import Path
from typing import Any

import pytest
from support.copies import copies_of, pickled
from support.generators import BASE

from recommender import InputError, Profile, Recommender
from recommender._data import shipped
from recommender.engine.atoms import Atom
from recommender.evaluation.facts import Facts, Finding, Given, Notice, read_facts
from recommender.knowledge.loading import load


@pytest.fixture
def facts_of(recommender: Recommender) -> Any:
    def read(strict: bool = False, **profile: Any) -> Facts:
        return read_facts(Profile.parse({"disease": "HCC", **profile}), recommender.base, strict=strict)

    return read


def codes(facts: Facts) -> list[str]:
    return [notice.code for notice in facts.notices]


def problems(caught: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(problem.where, str(problem)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("sorafenib", ["sorafenib"]),
        ("NEXAVAR", ["sorafenib"]),
        ("nexa var", ["sorafenib"]),
        ("atezolizumab", ["atezolizumab"]),
        ("radiotherapy", ["radiotherapy"]),
        ("SBRT", ["sbrt"]),
        ("TACE with doxorubicin", ["doxorubicin", "tace"]),
        ("atezolizumab + bevacizumab", ["atezolizumab", "bevacizumab"]),
        ("anti-PD-1", ["anti-pd-1"]),
        ("5-FU", ["fluorouracil"]),
    ],
)
def test_therapies_by_name_synonym_brand_and_combination(facts_of: Any, given: str, known: list[str]) -> None:
    assert [one.therapy for one in facts_of(therapies=[given]).therapies] == known


def test_classes_come_with_a_therapy(recommender: Recommender) -> None:
    lineage = recommender.base.vocabulary.lineage
    assert {"sorafenib", "multikinase-tki", "tki"} <= lineage("sorafenib")
    assert {"anti-pd-1", "anti-pd-1-pd-l1", "immune-checkpoint-inhibitor"} <= lineage("nivolumab")
    assert "anti-pd-1" not in lineage("atezolizumab")
    assert "radiotherapy" in lineage("sbrt")
    assert "surgery" in lineage("resection")
    assert {"oxaliplatin", "chemotherapy"} <= lineage("folfox")


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("PD-L1", "CD274"),
        ("pdl1", "CD274"),
        ("xCT", "SLC7A11"),
        ("HBXIP", "LAMTOR5"),
        ("URI", "URI1"),
        ("FTH", "FTH1"),
        ("p53", "TP53"),
        ("HGNC:11998", "TP53"),
        ("HIF-1α", "HIF1A"),
        ("HBsAg", "HBV"),
    ],
)
def test_markers_by_alias(facts_of: Any, name: str, symbol: str) -> None:
    state = "positive" if symbol == "HBV" else "high"
    facts = facts_of(markers={name: state})
    assert [(one.marker, one.state) for one in facts.findings] == [(symbol, state)]
    assert not facts.notices


@pytest.mark.parametrize(
    ("name", "symbol", "candidate"),
    [
        ("FSP1", "AIFM2", "S100A4"),
        ("NRF2", "NFE2L2", "GABPA"),
        ("P62", "SQSTM1", "GTF2H1"),
        ("PD1", "PDCD1", "SNCA"),
        ("TAZ", "WWTR1", "TAFAZZIN"),
    ],
)
def test_ambiguous_names_are_read_with_a_notice(
    facts_of: Any, name: str, symbol: str, candidate: str
) -> None:
    facts = facts_of(markers={name: "high"})
    assert [one.marker for one in facts.findings] == [symbol]
    (notice,) = facts.notices
    assert notice.code == "AMBIGUOUS_ALIAS"
    assert notice.path == f"/markers/{name}"
    assert candidate in notice.message


def test_an_ambiguous_name_without_a_reading_is_an_error(facts_of: Any) -> None:
    with pytest.raises(InputError) as caught:
        facts_of(markers={"PDK1": "high"})
    ((where, message),) = problems(caught)
    assert where == "/markers/PDK1"
    assert "PDPK1" in message
    assert [one.marker for one in facts_of(markers={"HGNC:8809": "high"}).findings] == ["PDK1"]


def test_unknown_names_are_notices_with_suggestions(facts_of: Any) -> None:
    facts = facts_of(therapies=["sorafenb"], markers={"KEAP": "low"}, mutations=["NOSUCHGENE"])
    assert sorted(codes(facts)) == ["UNKNOWN_MARKER", "UNKNOWN_MARKER", "UNKNOWN_THERAPY"]
    messages = {notice.path: notice.message for notice in facts.notices}
    assert "sorafenib" in messages["/therapies/0"]
    assert "KEAP1" in messages["/markers/KEAP"]
    assert not facts.findings


def test_strict_makes_unknown_names_errors_all_at_once(facts_of: Any) -> None:
    with pytest.raises(InputError) as caught:
        facts_of(strict=True, therapies=["sorafenb"], markers={"KEAP": "low"})
    assert [where for where, _ in problems(caught)] == ["/therapies/0", "/markers/KEAP"]


def test_contradictions_name_both_places(facts_of: Any) -> None:
    with pytest.raises(InputError) as caught:
        facts_of(
            mutations=["TP53", {"gene": "TP53", "state": "wild-type"}],
            markers={"PD-L1": "high", "CD274": "low"},
        )
    found = problems(caught)
    assert [where for where, _ in found] == ["/mutations/1", "/markers/CD274"]
    assert "/mutations/0" in found[0][1]
    assert "/markers/PD-L1" in found[1][1]


def test_states_on_different_axes_do_not_contradict(facts_of: Any) -> None:
    facts = facts_of(mutations=["KEAP1", {"gene": "KEAP1", "state": "deleted"}], markers={"KEAP1": "low"})
    assert {one.state for one in facts.findings} == {"mutated", "deleted", "low"}


def test_a_state_that_a_marker_cannot_have(facts_of: Any) -> None:
    with pytest.raises(InputError) as caught:
        facts_of(markers={"HBV": "high"})
    ((where, message),) = problems(caught)
    assert where == "/markers/HBV"
    assert "positive" in message


def test_present_means_positive_for_an_infection(facts_of: Any) -> None:
    assert [one.state for one in facts_of(markers={"HBV": "present"}).findings] == ["positive"]


@pytest.mark.parametrize(
    ("z_score", "state"), [(2.0, "high"), (1.99, "normal"), (-2.0, "low"), (0, "normal")]
)
def test_z_scores_are_read_by_the_cut_offs_of_the_rule_base(
    facts_of: Any, z_score: float, state: str
) -> None:
    (finding,) = facts_of(markers={"FASN": {"z_score": z_score, "measured": "mRNA"}}).findings
    assert finding.state == state
    assert finding.detail == f"mRNA, z = {z_score:g}"


def test_a_state_against_its_z_score(facts_of: Any) -> None:
    with pytest.raises(InputError, match="reads as low"):
        facts_of(markers={"FASN": {"state": "high", "z_score": -3}})


@pytest.mark.parametrize("change", ["p.R249=", "p.(R249=)", "p.T125T", "p.=", "p.Thr125Thr"])
def test_silent_changes_are_no_mutation(facts_of: Any, change: str) -> None:
    facts = facts_of(mutations=[f"TP53 {change}"])
    assert not facts.findings
    assert codes(facts) == ["SILENT_CHANGE"]


@pytest.mark.parametrize("change", ["p.R249S", "p.K97*", "p.DC228fs", "c.747G>T", "p.P191del"])
def test_other_changes_are_mutations(facts_of: Any, change: str) -> None:
    (finding,) = facts_of(mutations=[f"TP53 {change}"]).findings
    assert (finding.state, finding.detail) == ("mutated", change)


def test_the_first_place_of_a_repeated_finding_is_kept(facts_of: Any) -> None:
    facts = facts_of(mutations=["NOSUCHGENE"] * 9 + ["TP53", "TP53", "TP53"])
    assert facts.findings[0].source == "/mutations/9"


def test_nothing_given_is_nothing_known(facts_of: Any) -> None:
    facts = facts_of()
    assert not facts.findings
    assert not facts.therapies


def test_a_disease_by_name_and_code(recommender: Recommender) -> None:
    for name in ("HCC", "hcc", "hepatocellular carcinoma", "NCIT:C3099", "8170/3", "C22.0", "DOID:684"):
        facts = read_facts(Profile.parse({"disease": name}), recommender.base)
        assert facts.disease is not None
        assert facts.disease.in_scope, name
    for name in ("FLC", "CHOL", "hepatoblastoma", "HCCIHCH"):
        facts = read_facts(Profile.parse({"disease": name}), recommender.base)
        assert facts.disease is not None
        assert not facts.disease.in_scope, name


class TestScope:
    def test_no_therapy_no_ranking_but_context(self, recommender: Recommender) -> None:
        result = recommender.recommend(Profile.parse({"disease": "HCC", "markers": {"FTH1": "high"}}))
        assert not result.recommendations
        assert [one.code for one in result.notices] == ["NO_THERAPY"]
        assert result.context

    def test_outside_hcc_nothing_is_ranked_unless_asked(self, recommender: Recommender) -> None:
        profile = Profile.parse({"disease": "FLC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
        result = recommender.recommend(profile)
        assert not result.recommendations
        assert not result.undecided
        assert [one.code for one in result.notices] == ["OUTSIDE_SCOPE"]
        assert result.context
        asked = recommender.recommend(profile, any_disease=True)
        assert asked.recommendations
        assert [one.code for one in asked.notices] == ["OUTSIDE_SCOPE"]

    def test_a_therapy_without_strategies_is_told(self, recommender: Recommender) -> None:
        result = recommender.recommend(Profile.parse({"disease": "HCC", "therapies": ["TACE"]}))
        assert not result.recommendations
        (notice,) = result.notices
        assert (notice.code, notice.path) == ("NO_STRATEGY", "/therapies/0")
        assert "absence of evidence" in notice.message

    def test_a_partner_that_failed_is_told(self, recommender: Recommender) -> None:
        given = {"disease": "HCC", "therapies": ["sorafenib"], "resistant_to": ["Nexavar"]}
        result = recommender.recommend(Profile.parse(given))
        assert [one.code for one in result.notices] == ["PARTNER_FAILED"]

    def test_an_unknown_disease_is_outside(self, recommender: Recommender) -> None:
        result = recommender.recommend(Profile.parse({"disease": "glioma", "therapies": ["sorafenib"]}))
        assert not result.recommendations
        assert [one.code for one in result.notices] == ["OUTSIDE_SCOPE", "UNKNOWN_DISEASE"]

    def test_a_disease_that_is_not_stated_is_read_as_hcc_with_a_notice(
        self, recommender: Recommender
    ) -> None:
        result = recommender.recommend(Profile.parse({"therapies": ["sorafenib"]}))
        assert result.recommendations
        assert [one.code for one in result.notices] == ["DISEASE_NOT_STATED"]


def test_facts_are_values(facts_of: Any) -> None:
    given = {"therapies": ["sorafenib"], "markers": {"FASN": "high", "XYZ": "low"}}
    facts = facts_of(**given)
    facts.sources(BASE)
    assert facts == facts_of(**given)
    assert hash(facts) == hash(facts_of(**given))
    assert facts != facts_of(therapies=["sorafenib"], markers={"FASN": "low", "XYZ": "low"})
    for name in vars(facts_of(**given)):
        with pytest.raises(AttributeError):
            setattr(facts, name, ())
    for same in copies_of(facts):
        assert same == facts
        assert same.sources(BASE) == facts.sources(BASE)


def test_sources_are_those_of_the_rule_base_that_is_asked(facts_of: Any, tmp_path: Path) -> None:
    shutil.copytree(shipped("rules"), tmp_path / "rules")
    therapies = tmp_path / "rules" / "vocabulary" / "therapies.yaml"
    text = therapies.read_text()
    before, drug, after = text.partition("    name: sorafenib\n")
    assert drug
    assert "- multikinase-tki\n" in after.partition("    name:")[0]
    therapies.write_text(before + drug + after.replace("- multikinase-tki\n", "- tki\n", 1))
    other = load([tmp_path / "rules"], use_cache=False)
    facts = facts_of(therapies=["sorafenib"])
    for _ in range(2):
        assert Atom("therapy", "multikinase-tki") in facts.sources(BASE)
        assert Atom("therapy", "multikinase-tki") not in facts.sources(other)
        assert Atom("therapy", "tki") in facts.sources(other)


def test_facts_that_have_more_keep_what_they_had(facts_of: Any) -> None:
    facts = facts_of(therapies=["sorafenib"], markers={"FASN": "high"})
    more = Atom("marker", "MET", "high")
    for asked in (False, True):
        if asked:
            facts.sources(BASE)
        wider = facts.having([more])
        assert dict(wider.sources(BASE)) == {**facts.sources(BASE), more: ""}
        assert len(facts.findings) == 1
        assert wider.excludes([Atom("marker", "MET", "low")])
        assert not facts.excludes([Atom("marker", "MET", "low")])


def test_what_facts_keep_cannot_be_changed(facts_of: Any) -> None:
    facts = facts_of(therapies=["sorafenib"], markers={"FASN": "high"})
    for kept in (facts.measured, facts.sources(BASE)):
        assert kept
        with pytest.raises(AttributeError):
            kept.clear()
        with pytest.raises(TypeError):
            kept[next(iter(kept))] = None
    wider = facts.having([Atom("marker", "GSTZ1", "low")])
    assert facts.sources(BASE).keys() < wider.sources(BASE).keys()
    with pytest.raises(AttributeError):
        wider.sources(BASE).clear()


@pytest.mark.usefixtures("earlier_objects_aside")
def test_facts_keep_no_rule_base_alive(facts_of: Any) -> None:
    facts = facts_of(therapies=["sorafenib"])
    base = load([shipped("rules")])
    gone = weakref.ref(base)
    assert facts.sources(base)
    del base
    gc.collect()
    assert gone() is None


def test_records_of_different_kinds_differ() -> None:
    kinds = [Notice("a", "b", "c"), Finding("a", "b", "c", ""), Given("a", "b", "c")]
    assert len(kinds) == 3
    for one in kinds:
        assert one == pickled(one)
        assert len({one, copy.copy(one)}) == 1
        assert [one == other for other in kinds].count(True) == 1
        assert one != tuple(one)
        assert tuple(one) != one


class TestSpecimen:
    def test_a_finding_in_blood_is_not_taken_for_one_in_the_tumour(self, recommender: Recommender) -> None:
        given = {"therapies": ["sorafenib"], "disease": "HCC"}
        for finding in ({"state": "high"}, {"z_score": 3}):
            profile = Profile.parse({**given, "markers": {"FASN": {**finding, "specimen": "blood"}}})
            facts = read_facts(profile, recommender.base)
            assert not facts.findings
            (notice,) = facts.notices
            assert (notice.code, notice.path) == ("NOT_OF_THE_TUMOUR", "/markers/FASN")
        mutation = {"gene": "TP53", "specimen": "blood"}
        facts = read_facts(Profile.parse({**given, "mutations": [mutation]}), recommender.base)
        assert not facts.findings
        assert [one.path for one in facts.notices] == ["/mutations/0"]

    @pytest.mark.parametrize("specimen", ["tumour", "unknown", None])
    def test_other_specimens_are_taken(self, facts_of: Any, specimen: str | None) -> None:
        facts = facts_of(markers={"FASN": {"state": "high", "specimen": specimen}})
        assert [one.marker for one in facts.findings] == ["FASN"]
        assert not facts.notices

    @pytest.mark.parametrize("marker", ["HBV", "HCV", "PIVKA-II", "lactate", "diabetes"])
    def test_what_is_examined_in_blood_is_taken(self, facts_of: Any, marker: str) -> None:
        state = {"lactate": "high", "PIVKA-II": "high"}.get(marker, "present")
        facts = facts_of(markers={marker: {"state": state, "specimen": "blood"}})
        assert [one.marker for one in facts.findings] == [marker]

    @pytest.mark.parametrize(
        ("name", "tumour"),
        [
            ("NGAL", "LCN2"),
            ("ceruloplasmin", "CP"),
            ("Cu", "copper"),
            ("hepcidin", "HAMP"),
            ("ferritin", "FTH1"),
        ],
    )
    def test_a_serum_test_by_its_usual_name_is_no_finding_of_the_tumour(
        self, facts_of: Any, name: str, tumour: str
    ) -> None:
        facts = facts_of(markers={name: "high"})
        assert all(one.marker.endswith("-in-blood") for one in facts.findings)
        (notice,) = facts.notices
        assert notice.code == "AMBIGUOUS_ALIAS"
        assert f"Write {tumour}" in notice.message

    def test_a_profile_with_a_specimen_is_of_the_later_version(self) -> None:
        markers = {"FASN": {"state": "high", "specimen": "tumour"}}
        assert Profile.parse({"markers": markers}).schema_version == "1.1"
        assert Profile.parse({"mutations": [{"gene": "TP53", "specimen": "blood"}]}).schema_version == "1.1"
        assert Profile.parse({"markers": {"FASN": "high"}}).schema_version == "1.0"
        with pytest.raises(InputError, match="specimen"):
            Profile.parse({"markers": {"FASN": {"state": "high", "specimen": "serum"}}})
