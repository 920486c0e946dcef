"""Hostile profiles, results, rules and tours, and names that would steer a terminal."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from support.commands import CASE, HOSTILE, STEERING, run, spawn
from support.packs import pack_with
from support.places import ROOT

from recommender import InputError, Profile, Recommender, RuleBaseError
from recommender.knowledge import cache
from recommender.profile import MAX_PROFILE
from recommender.reports.tour_files import open_case


class TestTerminal:
    def test_names_of_the_profile_in_other_commands(self, tmp_path: Path) -> None:
        file = tmp_path / "case.json"
        file.write_text(json.dumps({**CASE, "id": HOSTILE, "markers": {'\x1b[FASN"]\n\n# \u202e': "high"}}))
        for output_format in ("table", "markdown", "mermaid", "json"):
            done = run("explain", file, "orlistat", "--format", output_format)
            assert done.returncode == 0
            assert not STEERING.search(done.stdout.decode())
        for output_format in ("table", "json"):
            done = run("whatif", file, "--set", "\u202eGSTZ1\x1b[=low", "--format", output_format)
            assert done.returncode == 0
            assert not STEERING.search(done.stdout.decode())

    def test_a_result_that_was_tampered_with(self, case: Path, tmp_path: Path) -> None:
        value = json.loads(run("recommend", case, "--format", "json").stdout)
        value["label"] = "\x1b[2J\u202e"
        value["\x1b[31mkey"] = 1
        kept = tmp_path / "result.json"
        kept.write_text(json.dumps(value))
        done = run("replay", kept, case, "--format", "json")
        assert done.returncode == 4
        assert not STEERING.search(done.stdout.decode() + done.stderr.decode())

    def test_invisible_characters_in_a_pack_are_refused(self, tmp_path: Path) -> None:
        pack = pack_with(tmp_path / "pack", 'diseases:\n  - {id: x, name: "a\\e[31m", in_scope: false}\n')
        with pytest.raises(RuleBaseError, match=r"pack/x\.yaml:2.*invisible"):
            Recommender(rules=[pack])


PACKS = {
    "therapy above itself": (
        "therapies: [{id: ta, name: ta, kind: class, parents: [ta]}]\n",
        "its own ancestor",
    ),
    "therapies in a circle": (
        """therapies:
  - {id: a, name: a, kind: class, parents: [b]}
  - {id: b, name: b, kind: class, parents: [a]}
""",
        "its own ancestor",
    ),
    "no candidates": ("ambiguous_aliases: [{alias: qq, candidates: [], why: aaaaaaaaaaaa}]\n", "candidates"),
    "no states": ("marker_kinds: [{id: q, states: []}]\n", "states"),
    "a shipped marker made ambiguous": (
        "ambiguous_aliases: [{alias: FASN, candidates: [FASN, KIF23], why: aaaaaaaaaaaa}]\n",
        "means the marker FASN",
    ),
}


@pytest.mark.parametrize("name", PACKS)
def test_packs_that_must_not_load(tmp_path: Path, name: str) -> None:
    text, expected = PACKS[name]
    with pytest.raises(RuleBaseError, match=expected):
        Recommender(rules=[pack_with(tmp_path / "pack", text)])


class TestLargeInput:
    """Generous bounds: before, each of these took from ten seconds to minutes."""

    @pytest.mark.parametrize(
        "value",
        [
            {"therapies": ["sorafenib"], "markers": {f"M{n}": "high" for n in range(20_000)}},
            {"therapies": [f"T{n}" for n in range(20_000)]},
            {f"field{n}": 1 for n in range(5_000)},
            {"markers": {f"M{n}": "hihg" for n in range(5_000)}},
        ],
        ids=["markers", "therapies", "fields", "states"],
    )
    def test_many_unknown_names(self, recommender: Recommender, value: dict[str, object]) -> None:
        start = time.perf_counter()
        try:
            result = recommender.recommend(Profile.parse(value))
            assert len(result.notices) > 1000
        except InputError as error:
            assert 50 <= len(error.problems) <= 100  # noqa: PT017
        assert time.perf_counter() - start < 8

    def test_many_keys_with_one_twice(self) -> None:
        keys = ",".join(f'"k{n}":1' for n in range(60_000))
        start = time.perf_counter()
        with pytest.raises(InputError, match="stands twice"):
            Profile.read("{" + keys + ',"k59999":1}')
        assert time.perf_counter() - start < 4


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"top": "abc"}},
        {"options": {"top": -1}},
        {"options": {"top": 1e308}},
        {"recommendations": [{"id": ["a"]}]},
        {"recommendations": [{"id": 1}, {"id": "x"}]},
        {"recommendations": None},
    ],
)
def test_replay_of_odd_results(case: Path, tmp_path: Path, change: dict[str, object]) -> None:
    value = json.loads(run("recommend", case, "--format", "json").stdout)
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({**value, **change}))
    done = run("replay", kept, case)
    assert done.returncode in (2, 4)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("references", [None, 5, [{"x": 1}], ["a"]])
def test_refs_of_odd_results(tmp_path: Path, references: object) -> None:
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps({"recommendations": [], "references": references}))
    done = run("refs", "--for", kept, "--format", "csl-json")
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "damage",
    [{"content": {}, "origins": {}, "pack_of": {}}, {"content": None, "origins": None, "pack_of": None}],
)
def test_a_cache_entry_that_was_changed_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: dict[str, object]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Recommender(engine="plain")
    (entry,) = cache.cache_folder().iterdir()
    entry.write_text(json.dumps(damage))
    assert len(Recommender(engine="plain").base.rules) > 90
    entry.unlink()
    os.mkfifo(entry)
    assert len(Recommender(engine="plain").base.rules) > 90


def test_a_path_of_the_server_beside_a_query_that_is_no_text() -> None:
    pytest.importorskip("fastapi")
    from fuzzing.outer import Refused, Web

    web = Web(Path())
    for path in ("/x", "/api/recommend"):
        with pytest.raises(Refused):
            web.attempt(("GET", path, b"\xed\xa0\x80", {b"host": b"localhost"}, b""))
    web.close()


@pytest.mark.parametrize("body", [{"any_disease": 0}, {"any_disease": "yes"}, {"top": "3"}, {"top": True}])
def test_a_body_holds_what_its_description_says(body: dict[str, object]) -> None:
    pytest.importorskip("fastapi")
    from recommender.web.models import NextTestsBody

    with pytest.raises(ValueError, match="valid"):
        NextTestsBody.model_validate({"profile": {}, **body})


class TestTours:
    def test_a_profile_without_end_beside_a_tour(self, tmp_path: Path) -> None:
        shutil.copy(ROOT / "docs/examples/tour.yaml", tmp_path)
        (tmp_path / "tour-case.json").write_bytes(b" " * (MAX_PROFILE + 1))
        with pytest.raises(InputError, match="too much"):
            open_case(str(tmp_path / "tour.yaml"))

    def test_a_tour_without_end(self, tmp_path: Path) -> None:
        (tmp_path / "tour.yaml").write_bytes(b"#" * (MAX_PROFILE + 1))
        with pytest.raises(InputError, match="too much"):
            open_case(str(tmp_path / "tour.yaml"))

    @pytest.mark.parametrize("name", ["../case.json", "/etc/passwd", "a/b.json", "..", ".hidden"])
    def test_a_profile_elsewhere(self, tmp_path: Path, name: str) -> None:
        text = (ROOT / "docs/examples/tour.yaml").read_text().replace("tour-case.json", name)
        (tmp_path / "tour.yaml").write_text(text)
        with pytest.raises(InputError, match="profile"):
            open_case(str(tmp_path / "tour.yaml"))


def test_rule_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    pack = pack_with(tmp_path / "pack", "rules: []\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RuleBaseError, match="cannot be read: Permission denied"):
        Recommender(rules=[pack], use_cache=False)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: *a",
        "a: &a {<<: *a}",
        "!!python/object/apply:os.system ['true']",
        "a: !<tag:x> 1",
        "--- 1\n--- 2",
        "a: 1\na: 2",
        "? [a]\n: 1",
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"note": ' + "[" * 950 + "]" * 950 + "}",
        '{"markers": {"A": {"value": 1e999}}}',
        '{"markers": {"A": {"z_score": ' + "9" * 5000 + "}}}",
        '{"id": "\ud800"}',
        '{"id": "\\ud800"}',
        "id: \ud800",
        "id: a\0b",
    ],
    ids=lambda text: text[:16].encode("ascii", "backslashreplace").decode().replace("\0", "NUL"),
)
def test_texts_that_are_no_profile(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Profile.read(text)
    assert not STEERING.search(str(caught.value))


class TestLongFaults:
    """What is wrong may repeat what was given, and that has an end."""

    def test_of_a_profile(self) -> None:
        with pytest.raises(InputError) as caught:
            Profile.read("!!python/object/" + "x" * 10_000)
        assert len(str(caught.value)) < 2_000

    def test_of_a_rule_pack(self, tmp_path: Path) -> None:
        text = (ROOT / "rules" / "cautions-chemotherapy.yaml").read_text()
        pack = pack_with(tmp_path / "pack", text.replace("[oxaliplatin]", f"[{'x' * 10_000}]", 1))
        with pytest.raises(RuleBaseError) as caught:
            Recommender(rules=[pack], use_cache=False)
        assert max(map(len, str(caught.value).split("\n"))) < 2_000


def test_answers_to_questions_that_are_no_text() -> None:
    done = spawn("profile", "new", stdin=b"\xed\xbf\xbf\n", PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 2
    assert b"the answer to 'Name of the case' is not text in UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("recommend", "FILE"),
        ("recommend", "FILE", "--format", "ndjson"),
        ("explain", "FILE", "orlistat"),
        ("whatif", "FILE", "--set", "FASN=high"),
        ("next-tests", "FILE"),
        ("report", "FILE", "-o", "OUT.html"),
        ("map", "FILE"),
        ("replay", "FILE", "nrf2-active-sorafenib"),
        ("refs", "--for", "FILE"),
        ("tour", "FILE"),
        ("profile", "validate", "FILE"),
        ("profile", "import", "FILE"),
        ("profile", "import", "FILE", "--from", "cbioportal"),
        ("profile", "import", "FILE", "--from", "phenopacket"),
        ("profile", "import", "FILE", "--from", "table"),
        ("profile", "import", "FILE", "--from", "maf"),
        ("cohort", "FILE", "-o", "OUT.csv"),
        ("cohort", "summary", "FILE"),
        ("rules", "list", "--rules", "FOLDER"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    "name", ["/dev/zero", "endless.ndjson", "endless.yaml", "endless.json", "endless.csv"]
)
def test_what_has_no_end_is_refused(command: tuple[str, ...], name: str, tmp_path: Path) -> None:
    file = Path(name)
    if not file.is_absolute():
        file = tmp_path / name
        file.touch()
        os.truncate(file, 2**36)
    places = {
        "FILE": file,
        "FOLDER": tmp_path,
        "OUT.html": tmp_path / "a.html",
        "OUT.csv": tmp_path / "a.csv",
    }
    done = run(*(places.get(word, word) for word in command))
    assert done.returncode == (3 if "FOLDER" in command else 2), done
    assert b"Traceback" not in done.stderr
