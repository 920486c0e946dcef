"""What a pack may add to the names of the shipped rules, and what it may not change."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.commands import run
from support.generators import BASE
from support.packs import pack_with
from support.places import EXAMPLE_PACK

from recommender import Profile, Recommender, RuleBaseError
from recommender._data import shipped
from recommender._text import fold
from recommender.knowledge.loading import load, pack_names
from recommender.knowledge.parsing import parse_packs
from recommender.knowledge.vocabulary import Vocabulary

FILES = [
    (path.relative_to(shipped("rules")).as_posix(), path.read_bytes())
    for path in sorted(shipped("rules").rglob("*.yaml"))
    if "packs" not in path.parts
]
WHY = "A hostile reading of this name."


def pack_of(folder: Path, **sections: object) -> Path:
    return pack_with(folder, yaml.safe_dump(sections, sort_keys=False))


def problems(*folders: Path) -> list[str]:
    with pytest.raises(RuleBaseError) as caught:
        Recommender(rules=folders, engine="plain", use_cache=False)
    return [str(one) for one in caught.value.problems]


def alias(name: str, reading: str | None = "FASN") -> dict[str, object]:
    return {"alias": name, "reading": reading, "candidates": ["FASN"], "why": WHY}


def gene(symbol: str, **more: object) -> dict[str, object]:
    return {"symbol": symbol, "kind": "gene", "name": "A made-up gene", **more}


def drug(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "name": name, "kind": "drug", **more}


def test_pd_l1_stays_pd_l1(tmp_path: Path) -> None:
    (told,) = problems(pack_of(tmp_path / "p", ambiguous_aliases=[alias("PD-L1")]))
    assert told.startswith(
        "p/x.yaml:2: ambiguous alias PD-L1: in the shipped rules the name 'PD-L1' means "
        "the marker CD274: see vocabulary/genes.yaml:"
    )
    assert told.endswith("a pack may not change it.")


@pytest.mark.parametrize(
    ("section", "record", "meaning"),
    [
        ("ambiguous_aliases", alias("pd l1"), "the marker CD274"),
        ("ambiguous_aliases", alias("nrf-2"), "NFE2L2 or GABPA (read as NFE2L2)"),
        ("ambiguous_aliases", alias("pdk-1", "PDK1"), "PDPK1 or PDK1 (not read)"),
        ("ambiguous_aliases", alias("HGNC:3594"), "the marker FASN"),
        ("markers", gene("NRF2"), "NFE2L2 or GABPA"),
        ("markers", gene("X1", aliases=["PD-L1"]), "the marker CD274"),
        ("markers", gene("X1", previous=["cd274"]), "the marker CD274"),
        ("markers", gene("X1", ncbi_gene=29126), "the marker CD274"),
        ("markers", gene("gpx4-defence"), "the derived fact gpx4-defence"),
        (
            "derived_facts",
            {"id": "hypoxia", "name": "x", "meaning": WHY, "states": {"on": WHY}},
            "the marker hypoxia",
        ),
        ("therapies", drug("x", brands=["Nexavar"]), "the therapy sorafenib"),
        ("diseases", {"id": "x", "name": "hcc", "in_scope": True}, "the disease hepatocellular carcinoma"),
        (
            "add_ons",
            {"id": "fsp1-defence", "name": "x", "type": "drug", "status": "abandoned"},
            "derived fact",
        ),
    ],
)
def test_what_a_shipped_name_means(tmp_path: Path, section: str, record: object, meaning: str) -> None:
    told = problems(pack_of(tmp_path / "p", **{section: [record]}))
    assert any("p/x.yaml:" in one and meaning in one and "Choose another name" in one for one in told), told


def test_a_rule_may_not_have_the_id_of_a_shipped_add_on(tmp_path: Path) -> None:
    text = (EXAMPLE_PACK / "local.yaml").read_text()
    pack = pack_with(tmp_path / "p", text.replace("local-rsl3-in-kif23-high", "orlistat"))
    assert any("the name 'orlistat' means the add-on orlistat" in one for one in problems(pack))


def test_a_later_pack_does_not_change_an_earlier_one(tmp_path: Path) -> None:
    first = pack_of(tmp_path / "first", markers=[gene("X1", aliases=["our-name"])])
    second = pack_of(tmp_path / "second", ambiguous_aliases=[alias("Our Name")])
    (told,) = problems(first, second)
    assert "in the pack first the name 'Our Name' means the marker X1: see first/x.yaml:2" in told


def test_a_name_without_letters_stands_for_nothing(tmp_path: Path) -> None:
    told = problems(pack_of(tmp_path / "p", markers=[gene("X1", aliases=["?"])]))
    assert any("neither a letter nor a digit" in one for one in told)


@pytest.mark.parametrize("name", ["sorafenib + nivolumab", "Nexavar with Opdivo", "sorafenibnivolumab"])
def test_therapies_given_together_stay_themselves(tmp_path: Path, name: str) -> None:
    (told,) = problems(pack_of(tmp_path / "p", therapies=[drug("x", synonyms=[name])]))
    assert "means the therapies nivolumab, sorafenib given together" in told
    below = drug("x", synonyms=[name], parents=["nivolumab", "sorafenib"])
    assert load([shipped("rules"), pack_of(tmp_path / "q", therapies=[below])], use_cache=False)


def test_what_is_new_stays_allowed(tmp_path: Path) -> None:
    pack = pack_of(
        tmp_path / "p",
        markers=[gene("X1", aliases=["X-one", "PD-L1-like"], hgnc="HGNC:999999", ncbi_gene=999999)],
        ambiguous_aliases=[{**alias("X-two", "X1"), "candidates": ["X1", "FASN"]}],
        therapies=[drug("xinib", brands=["Xin"], parents=["tki"])],
    )
    vocabulary = load([shipped("rules"), pack], use_cache=False).vocabulary
    for name in ("x one", "X-TWO", "HGNC:999999"):
        assert vocabulary.marker(name) is vocabulary.markers["X1"]


def meanings(vocabulary: Vocabulary) -> dict[tuple[str, str], object]:
    """What every shipped name means."""
    names = [*BASE.vocabulary.marker_spellings(), *(one.alias for one in BASE.content.ambiguous_aliases)]
    found: dict[tuple[str, str], object] = {}
    found |= {("marker", name): (vocabulary.marker(name), vocabulary.ambiguous(name)) for name in names}
    found |= {("therapy", name): vocabulary.therapy(name) for name in BASE.vocabulary.therapy_spellings()}
    found |= {("disease", name): vocabulary.disease(name) for name in BASE.vocabulary.disease_spellings()}
    return found


SHIPPED = meanings(BASE.vocabulary)
KNOWN = st.sampled_from(sorted({name for _, name in SHIPPED}))
NAMES = st.one_of(
    KNOWN,
    KNOWN.map(str.swapcase),
    KNOWN.map(lambda name: f" {'-'.join(name)}."),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 -]{0,8}", fullmatch=True),
)
LISTS = st.lists(NAMES, max_size=2)
HOSTILE = st.fixed_dictionaries(
    {
        "markers": st.lists(st.builds(gene, NAMES, aliases=LISTS, previous=LISTS), max_size=2),
        "ambiguous_aliases": st.lists(st.builds(alias, NAMES, st.sampled_from(["FASN", None])), max_size=2),
        "therapies": st.lists(st.builds(lambda names: drug("x", synonyms=names), LISTS), max_size=1),
        "diseases": st.lists(
            st.builds(lambda names: {"id": "x", "name": "x", "in_scope": False, "synonyms": names}, LISTS),
            max_size=1,
        ),
    }
)


@given(HOSTILE)
def test_no_pack_changes_what_a_shipped_name_means(sections: dict[str, object]) -> None:
    try:
        checked = parse_packs([("", FILES), ("pack", [("x.yaml", yaml.safe_dump(sections).encode())])])
    except RuleBaseError as error:
        assert error.problems  # noqa: PT017
    else:
        assert meanings(Vocabulary(checked.content)) == SHIPPED


class TestNamesOfPacks:
    def test_two_folders_of_one_name(self, tmp_path: Path) -> None:
        one = pack_of(tmp_path / "a" / "rules", markers=[gene("X1")])
        other = pack_of(tmp_path / "b" / "rules", markers=[gene("X2"), gene("X1")])
        told = problems(one, other)
        assert told == ["rules (2)/x.yaml:5: marker X1: this symbol is taken: see rules/x.yaml:2."]

    def test_no_two_names_are_alike(self) -> None:
        folders = [Path("/a/x (2)"), Path("/a/x"), Path("/b/x"), Path("/"), Path("/c/x\n")]
        assert pack_names(folders) == ["x (2)", "x", "x (3)", "pack", "x\\u000a"]

    def test_a_pack_in_another_folder_answers_under_its_own_name(self, tmp_path: Path) -> None:
        text = (EXAMPLE_PACK / "local.yaml").read_text()
        profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"KIF23": "high"}})
        for name in ("one", "two"):
            pack = pack_with(tmp_path / name, text)
            result = Recommender(rules=[pack], engine="plain").recommend(profile)
            assert [one.name for one in result.rule_base.packs] == [name]
            assert name in {rule.pack for one in result.recommendations for rule in one.rules}


class TestVariable:
    @pytest.mark.parametrize("value", ["{}::", ":{}", "{}: ", ":"])
    def test_an_empty_part_is_ignored(
        self, tmp_path: Path, value: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pack = pack_of(tmp_path / "p", markers=[gene("X1")])
        monkeypatch.chdir(pack_with(tmp_path / "here", "nonsense: 1\n"))
        done = run("doctor", RECOMMENDER_RULES=value.format(pack))
        assert done.returncode == 0
        assert b"RECOMMENDER_RULES has an empty part, which is ignored" in done.stderr
        assert (b" p " in done.stdout) is ("{}" in value)

    def test_whole_parts_are_all_taken(self, tmp_path: Path) -> None:
        one = pack_of(tmp_path / "one", markers=[gene("X1")])
        two = pack_of(tmp_path / "two", markers=[gene("X2")])
        done = run("doctor", RECOMMENDER_RULES=f"{one}:{two}")
        assert not done.stderr
        assert b"one " in done.stdout
        assert b"two " in done.stdout

    def test_folders_on_the_command_line_take_its_place(self, tmp_path: Path) -> None:
        pack = pack_of(tmp_path / "p", markers=[gene("X1")])
        done = run("doctor", "--rules", pack, RECOMMENDER_RULES="::nowhere")
        assert not done.stderr
        assert b" p " in done.stdout


def test_the_shipped_names_are_all_compared() -> None:
    assert len(SHIPPED) > 500
    assert all(fold(name) for _, name in SHIPPED)
