"""Profiles as text: what is read, and what is refused, with the place and the nearest allowed value."""

import copy
import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.copies import copies_of
from support.generators import BASE, profiles

from recommender import InputError, Profile
from recommender._data import shipped
from recommender.evaluation.facts import read_facts


def refused(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read_facts(Profile.parse(value), BASE)
    return [(problem.where, f"{problem.what} {problem.hint}") for problem in caught.value.problems]


def test_short_and_long_forms() -> None:
    profile = Profile.parse(
        {
            "mutations": ["TP53 p.R249S", {"gene": "KEAP1", "state": "wild-type"}],
            "markers": {"FGFR4": "high", "PD-L1": {"state": "high", "value": 12, "unit": "CPS"}},
        }
    )
    assert (profile.mutations[0].gene, profile.mutations[0].change) == ("TP53", "p.R249S")
    assert profile.mutations[1].state == "wild-type"
    assert profile.markers["FGFR4"][0].state == "high"


def test_json_and_yaml_mean_the_same() -> None:
    text = "therapies: [sorafenib]\nmarkers:\n  HBV: positive\n  NO: high\n"
    value = {"therapies": ["sorafenib"], "markers": {"HBV": "positive", "NO": "high"}}
    assert Profile.read(text) == Profile.read(json.dumps(value)) == Profile.parse(value)


@pytest.mark.parametrize(
    ("value", "where", "words"),
    [
        ({"therapy": ["sorafenib"]}, "/therapy", ["unknown field", "therapies"]),
        ({"markers": {"FGFR4": "hihg"}}, "/markers/FGFR4", ["hihg", "Did you mean high?"]),
        ({"mutations": [{"gene": "TP53", "state": "mutatd"}]}, "/mutations/0", ["mutated"]),
        ({"mutations": [{"gen": "TP53"}]}, "/mutations/0/gene", ["missing"]),
        ({"markers": {"A/B": "hihg"}}, "/markers/A~1B", ["hihg"]),
        ({"markers": ["FGFR4"]}, "/markers", ["object", "list"]),
        ({"therapies": "sorafenib"}, "/therapies", ["list", "sorafenib"]),
        ({"therapies": [7]}, "/therapies/0", ["text", "7"]),
        ({"schema_version": "2.0"}, "/schema_version", ["1.0"]),
        ({"markers": {"FGFR4": {}}}, "/markers/FGFR4", ["neither a state nor a z_score"]),
        ({"markers": {"FGFR4": {"z_score": "three"}}}, "/markers/FGFR4/z_score", ["number"]),
        ({"markers": {"FGFR4": 3}}, "/markers/FGFR4", ["cannot be", "3"]),
        ({"markers": {"FGFR4": {"stat": "high"}}}, "/markers/FGFR4/stat", ["unknown field", "state"]),
    ],
)
def test_what_is_wrong_and_where(value: Any, where: str, words: list[str]) -> None:
    found = dict(refused(value))
    assert where in found
    assert all(word in found[where] for word in words), found[where]


def test_all_problems_at_once() -> None:
    found = refused({"therapy": [], "markers": {"A": {"stat": "x"}}, "mutations": [{"state": "x"}]})
    assert {where for where, _ in found} == {"/therapy", "/markers/A/stat", "/mutations/0/gene"}
    found = refused({"markers": {"A": "hihg", "FASN": ["NA", "lwo"]}, "mutations": ["TP53", "KEAP1 x"]})
    assert {where for where, _ in found} == {"/markers/A", "/markers/FASN/1", "/mutations/1"}


@pytest.mark.parametrize("value", [None, [], "sorafenib", 3, True])
def test_a_profile_is_one_object(value: Any) -> None:
    ((where, message),) = refused(value)
    assert where == ""
    assert "one object" in message


BAD_TEXTS = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t ", "empty"),
    "broken JSON": (b'{"id": "x",}', "line 1, column 1"),
    "half a JSON": (b'{"id": ', "not JSON"),
    "two JSON values": (b'{"id": "x"} {"id": "y"}', "Extra data"),
    "a key twice": (b'{"id": "x", "id": "y"}', "stands twice"),
    "NaN": (b'{"markers": {"A": {"z_score": NaN}}}', "NaN"),
    "deep JSON": (b"[" * 100_000, "nested too deeply"),
    "a number of 5,000 digits": (b'{"id": ' + b"9" * 5000 + b"}", "digits"),
    "broken YAML": (b"id: [x\nmarkers: {", "line"),
    "YAML alias": (b"a: &x [1]\nb: *x\n", "anchors and aliases"),
    "YAML tag": (b"!!python/object:os.system {}\n", "tags are not allowed"),
    "YAML key twice": (b"id: a\nid: b\n", "twice"),
    "YAML, two documents": (b"id: a\n---\nid: b\n", "second document"),
    "deep YAML": (b"a: " + b"[" * 50 + b"]" * 50, "nested deeper"),
    "YAML tab": (b"a:\n\t- b\n", "line 2"),
    "binary": (bytes(range(256)), "UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
    "NUL": (b"id: a\x00b\n", "not allowed"),
    "too long": (b'{"note": "' + b"x" * (10 * 1024 * 1024) + b'"}', "the limit is 4 MiB"),
    "a list": (b"[1, 2]", "one object"),
    "a word": (b"sorafenib", "one object"),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_bad_text_gives_one_clear_message(name: str) -> None:
    data, expected = BAD_TEXTS[name]
    with pytest.raises(InputError) as caught:
        Profile.read(data, source="case.json")
    assert expected in str(caught.value)
    assert "case.json" in str(caught.value)
    assert len(caught.value.problems) == 1
    assert len(str(caught.value)) < 400


def test_a_byte_order_mark_is_no_problem() -> None:
    assert Profile.read(b'\xef\xbb\xbf{"id": "x"}').id == "x"


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InputError):
        Profile.read('{"id": "\\ud800"}')


@given(st.binary(max_size=300))
def test_any_bytes_are_a_profile_or_an_input_error(data: bytes) -> None:
    try:
        assert isinstance(Profile.read(data), Profile)
    except InputError as error:
        assert error.problems  # noqa: PT017


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["schema_version", "id", "disease", "therapies", "resistant_to", "mutations", "markers", "note", "x"]
)


@given(st.dictionaries(fields, json_values, max_size=5))
def test_any_object_is_a_profile_or_an_input_error(value: dict[str, Any]) -> None:
    try:
        assert isinstance(Profile.parse(value), Profile)
    except InputError as error:
        assert error.problems  # noqa: PT017
        assert all(problem.what for problem in error.problems)  # noqa: PT017


def test_the_digest_depends_on_the_content_and_not_on_the_spelling_of_json() -> None:
    one = Profile.read('{"id":"a","markers":{"A":"high","B":"low"}}').canonical()
    other = Profile.read('{"markers": {"B": "low", "A": {"state": "high"}}, "id": "a"}').canonical()
    assert one == other
    assert one != Profile.read('{"id":"a","markers":{"A":"high"}}').canonical()


@pytest.mark.parametrize(
    ("word", "state"), [("strong", "high"), ("weak", "low"), ("mutatd", "mutated"), ("hihg", "high")]
)
def test_what_people_write_for_a_state_is_named(word: str, state: str) -> None:
    ((_, message),) = refused({"markers": {"FASN": word}})
    assert f"Did you mean {state}?" in message


@pytest.mark.parametrize("text", ["TP53\tp.R249S", "TP53:p.R249S", " TP53   p.R249S "])
def test_other_ways_to_write_a_mutation(text: str) -> None:
    (mutation,) = Profile.parse({"mutations": [text]}).mutations
    assert (mutation.gene, mutation.change) == ("TP53", "p.R249S")


def test_an_hgnc_id_with_a_change() -> None:
    (mutation,) = Profile.parse({"mutations": ["HGNC:11998 p.R249S"]}).mutations
    assert mutation.gene == "HGNC:11998"


@pytest.mark.parametrize("z_score", [True, [3]])
def test_a_z_score_is_a_number(z_score: object) -> None:
    with pytest.raises(InputError):
        Profile.parse({"markers": {"FASN": {"z_score": z_score}}})


class TestSeveralFindings:
    GIVEN: ClassVar[dict[str, Any]] = {
        "therapies": ["nivolumab"],
        "markers": {"CD274": ["high", {"state": "positive", "assay": "IHC 22C3"}], "FASN": "high"},
    }

    def test_a_marker_has_a_level_and_a_status(self) -> None:
        profile = Profile.parse(self.GIVEN)
        assert profile.schema_version == "1.1"
        assert [(one.marker, one.measurement.state, one.path) for one in profile.measured()] == [
            ("CD274", "high", "/markers/CD274/0"),
            ("CD274", "positive", "/markers/CD274/1"),
            ("FASN", "high", "/markers/FASN"),
        ]
        facts = read_facts(profile, BASE)
        assert [(one.marker, one.state, one.source, one.detail) for one in facts.findings] == [
            ("CD274", "high", "/markers/CD274/0", ""),
            ("CD274", "positive", "/markers/CD274/1", "IHC 22C3"),
            ("FASN", "high", "/markers/FASN", ""),
        ]

    def test_it_is_written_as_it_is_read(self) -> None:
        profile = Profile.parse(self.GIVEN)
        written = json.loads(profile.canonical())
        assert written["schema_version"] == "1.1"
        assert written["markers"] == {
            "CD274": [{"state": "high"}, {"assay": "IHC 22C3", "state": "positive"}],
            "FASN": {"state": "high"},
        }
        assert Profile.parse(written) == profile

    @pytest.mark.parametrize("version", [{}, {"schema_version": "1.0"}, {"schema_version": "1.1"}])
    def test_what_fits_into_1_0_is_written_as_1_0(self, version: dict[str, str]) -> None:
        profile = Profile.parse({**version, "markers": {"FASN": ["high"], "HBV": "positive"}})
        assert profile == Profile.parse({"markers": {"FASN": "high", "HBV": {"state": "positive"}}})
        assert profile.canonical() == (
            '{"markers":{"FASN":{"state":"high"},"HBV":{"state":"positive"}},"mutations":[],'
            '"resistant_to":[],"schema_version":"1.0","therapies":[]}'
        )

    @pytest.mark.parametrize(
        ("found", "where", "words"),
        [
            ([], "/markers/FASN", ["empty"]),
            (["high", "hihg"], "/markers/FASN/1", ["hihg", "Did you mean high?"]),
            (["high", {"state": "hihg"}], "/markers/FASN/1", ["hihg"]),
            (["high", {"stat": "positive"}], "/markers/FASN/1/stat", ["unknown field", "state"]),
            (["high", 7], "/markers/FASN/1", ["cannot be", "7"]),
            (["high", ["positive"]], "/markers/FASN/1", ["object", "list"]),
            (["high", {"assay": "IHC"}], "/markers/FASN/1", ["neither a state nor a z_score"]),
        ],
    )
    def test_what_is_wrong_in_a_list_and_where(self, found: list[Any], where: str, words: list[str]) -> None:
        told = dict(refused({"markers": {"FASN": found}}))
        assert all(word in told[where] for word in words), told

    def test_two_findings_of_one_axis_contradict_each_other(self) -> None:
        with pytest.raises(InputError) as caught:
            read_facts(Profile.parse({"markers": {"FASN": ["high", {"z_score": -3}]}}), BASE)
        (problem,) = caught.value.problems
        assert problem.where == "/markers/FASN/1"
        assert "low here and high at /markers/FASN/0" in problem.what

    def test_two_spellings_still_mean_one_marker(self) -> None:
        both = read_facts(Profile.parse({"markers": {"CD274": "high", "PD-L1": "positive"}}), BASE)
        listed = read_facts(Profile.parse({"markers": {"CD274": ["high", "positive"]}}), BASE)
        assert [one.state for one in both.findings] == [one.state for one in listed.findings]


def common_forms() -> st.SearchStrategy[dict[str, Any]]:
    """Profiles in the common form, and some that are not."""
    words = st.sampled_from(
        ["TP53", "high", "p.R249S", "TP53 p.R249S", "TP53 c.747G>T", ":p.R249S", " ", "", "ä", "\ud800"]
    )
    number = st.sampled_from([3, -2.5, 0, 1e300, 10**20, True, float("nan"), "2,5", None])
    word = words | st.just("x" * 401) | st.none()
    mutation = st.fixed_dictionaries({}, optional=dict.fromkeys(("gene", "state", "change", "source"), word))
    measured = {"state": word, "assay": word, "value": number, "z_score": number, "unit": word, "stat": word}
    measurement = st.fixed_dictionaries({}, optional=measured)
    found = word | measurement | st.lists(words, max_size=2)
    fields = {
        "schema_version": st.sampled_from(["1.0", "1.1", "1.2"]),
        "id": word,
        "disease": word,
        "therapies": st.lists(word, max_size=2) | word,
        "resistant_to": st.lists(words, max_size=1),
        "mutations": st.lists(word | mutation, max_size=2),
        "markers": st.dictionaries(words, found, max_size=2),
        "note": word,
    }
    return st.fixed_dictionaries({}, optional=fields)


class TestCommonForm:
    """What is read without the validator is what the validator reads."""

    def check(self, value: dict[str, Any]) -> bool:
        made = Profile.of_common(copy.deepcopy(value))
        if made is None:
            return False
        validated = Profile.model_validate(value)
        for one, other in zip(parts_of(made), parts_of(validated), strict=True):
            assert one == other
            assert list(one.__dict__) == list(other.__dict__)
            assert repr(one.__dict__) == repr(other.__dict__)
            assert one.model_fields_set == other.model_fields_set
        assert made.read_from == validated.read_from
        assert made.model_dump_json() == validated.model_dump_json()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Profile, "__pydantic_complete__", False)
            unbuilt = made.canonical()
        assert unbuilt == validated.canonical()
        return True

    @given(profiles() | common_forms())
    def test_any(self, value: dict[str, Any]) -> None:
        self.check(value)

    @pytest.mark.parametrize("path", sorted(shipped("profiles").glob("*.json")), ids=lambda path: path.stem)
    def test_shipped_cases(self, path: Path) -> None:
        value = json.loads(path.read_text())
        plain = not any(isinstance(one, list) for one in value.get("markers", {}).values())
        assert self.check(value) == (plain and "specimen" not in path.read_text())


def parts_of(profile: Profile) -> list[Any]:
    return [profile, *profile.mutations, *(one for found in profile.markers.values() for one in found)]


class TestValue:
    @given(profiles())
    def test_profiles_are_equal_where_their_fields_are(self, value: dict[str, Any]) -> None:
        profile = Profile.parse(value, source="here.json")
        for same in (
            Profile.parse(json.loads(profile.canonical()), source="there.json"),
            profile.replaced(),
            *copies_of(profile),
        ):
            assert same == profile
            assert hash(same) == hash(profile)
            assert same.canonical() == profile.canonical()
        assert profile.replaced(note="another") != profile

    def test_the_mapping_of_findings_keeps_its_entries(self) -> None:
        profile = Profile.parse({"markers": {"FASN": "high"}})
        with pytest.raises(AttributeError, match="cannot be set"):
            profile.markers._entries = {}  # type: ignore[attr-defined]
        with pytest.raises(AttributeError, match="cannot be deleted"):
            del profile.markers._entries  # type: ignore[attr-defined]
        assert profile.markers["FASN"][0].state == "high"

    def test_copies_know_where_they_were_read(self) -> None:
        profile = Profile.parse({"markers": {"FASN": ["high", "positive"]}}, source="case.json")
        for same in (profile.replaced(id="x"), *copies_of(profile)):
            assert same.read_from == "case.json"

    def test_nothing_in_it_can_be_changed(self) -> None:
        value: dict[str, Any] = {
            "markers": {"FASN": ["high", "positive"]},
            "mutations": ["TP53"],
            "therapies": ["sorafenib"],
        }
        profile = Profile.parse(value)
        before = profile.canonical()
        value["markers"]["MET"] = "high"
        value["therapies"].append("lenvatinib")
        tried = 0
        for part in (profile, profile.mutations[0], profile.markers["FASN"][0]):
            for name in type(part).model_fields:
                tried += 1
                with pytest.raises(ValidationError):
                    setattr(part, name, None)
        assert tried > 12
        with pytest.raises(TypeError):
            profile.markers["MET"] = ()  # type: ignore[index]
        with pytest.raises(TypeError):
            del profile.markers["FASN"]  # type: ignore[attr-defined]
        assert not hasattr(profile.markers, "update")
        assert profile.canonical() == before

    def test_profiles_of_different_tumours_differ(self) -> None:
        values = [{}, {"markers": {"FASN": "high"}}, {"markers": {"FASN": "low"}}, {"note": "x"}]
        assert len({Profile.parse(value) for value in values}) == 4
