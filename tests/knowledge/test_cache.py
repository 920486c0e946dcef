"""The cache of checked rule bases: what a start does once, and what makes an entry stale."""

import ast
import errno
import hashlib
import json
import os
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path
from support.places import EXAMPLE_PACK

import recommender
from recommender import Profile, Recommender, RuleBaseError
from recommender import _files as files
from recommender._data import shipped
from recommender.knowledge import base as base_module
from recommender.knowledge import cache
from recommender.knowledge.loading import load
from recommender.knowledge.rule_file import RuleFile
from recommender.knowledge.sections import LATER, Sections
from recommender.knowledge.vocabulary import Vocabulary

PACKAGE = Path(recommender.__file__).parent


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_PACK, tmp_path / "our-pack"))


def only_entry() -> Path:
    (entry,) = cache.cache_folder().iterdir()
    return entry


class TestOneStart:
    """Every record is validated once and compiled once, and with an entry not at all."""

    @pytest.fixture
    def counts(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
        counts = {"records": 0, "programs": 0, "rules": 0, "conditions": 0}

        def counting(target: Any, name: str, what: str) -> None:
            original = getattr(target, name)

            def counted(*args: Any) -> Any:
                counts[what] += 1
                return original(*args)

            monkeypatch.setattr(target, name, counted)

        validate = RuleFile.model_validate

        def validated(value: dict[str, Any]) -> RuleFile:
            file = validate(value)
            counts["records"] += records(file)
            return file

        monkeypatch.setattr(RuleFile, "model_validate", validated)
        counting(base_module, "compile_rules", "programs")
        counting(base_module, "_compiled", "rules")
        counting(base_module, "ways_of", "conditions")
        return counts

    def test_cold(self, counts: dict[str, int]) -> None:
        base = Recommender(engine="plain").base
        support = base.support_ways
        assert counts == {
            "records": records(base.content) + records(base.quotes),
            "programs": 1,
            "rules": len(base.rules),
            "conditions": len(base.rules) + sum(rule.kind == "strategy" for rule in base.content.rules),
        }
        assert support

    def test_warm(self, counts: dict[str, int]) -> None:
        assert Recommender(engine="plain")
        counts.update(dict.fromkeys(counts, 0))
        base = Recommender(engine="plain").base
        assert base.support_ways
        assert base.measured_ways(base.strategies[0].id)
        assert counts == dict.fromkeys(counts, 0)


def records(file: RuleFile) -> int:
    sections = [getattr(file, name) for name in file.model_fields_set]
    return sum(len(section) if isinstance(section, tuple) else 1 for section in sections)


def test_a_second_load_parses_nothing_and_is_the_same(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Recommender(rules=[pack], engine="plain").base
    monkeypatch.setattr("recommender._yaml.parse", lambda _: pytest.fail("parsed again"))
    second = Recommender(rules=[pack], engine="plain").base
    assert second.content == first.content
    assert second.quotes == first.quotes
    assert second.program == first.program
    assert (second.sha256, second.origins, second.pack_of) == (first.sha256, first.origins, first.pack_of)


def test_a_changed_rule_is_seen(pack: Path) -> None:
    assert Recommender(rules=[pack], engine="plain")
    file = pack / "local.yaml"
    file.write_text(file.read_text().replace("add_on: rsl3", "add_on: nothing-known"))
    with pytest.raises(RuleBaseError, match="nothing-known"):
        Recommender(rules=[pack], engine="plain")


@pytest.mark.once
def test_a_pack_under_another_name_is_another_pack(pack: Path) -> None:
    assert Recommender(rules=[pack], engine="plain").base.pack_of == {"local-rsl3-in-kif23-high": "our-pack"}
    base = Recommender(rules=[pack.rename(pack.with_name("their-pack"))], engine="plain").base
    assert base.pack_of == {"local-rsl3-in-kif23-high": "their-pack"}
    assert base.origins["local-rsl3-in-kif23-high"].startswith("their-pack/local.yaml:")


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"content": {}}', b"\x00\xff"])
def test_a_damaged_entry_is_made_anew(pack: Path, damage: bytes) -> None:
    expected = Recommender(rules=[pack], engine="plain").base.content
    entry = only_entry()
    entry.write_bytes(damage)
    assert Recommender(rules=[pack], engine="plain").base.content == expected
    assert len(entry.read_bytes()) > 1000


class _Runs:
    """An object whose pickle creates a folder when it is read."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("made",)


CRAFTED = {
    "another call": pickle.dumps(_Runs()),
    "a call through a module": b"\x80\x04\x8c\x1brecommender.knowledge.cache\x8c\x08os.mkdir\x93"
    b"\x8c\x04made\x85R.",
    "a class that is not of records": b"\x80\x04\x8c\x1erecommender.knowledge.placing\x8c\x06Placed\x93)R.",
    "a value": pickle.dumps([1, 2, 3]),
    "JSON": b'[{}, {}]\n{"rules": []}',
    "nothing": b"",
}


@pytest.mark.parametrize("data", CRAFTED.values(), ids=CRAFTED)
def test_an_entry_that_holds_anything_else_runs_nothing_and_is_made_anew(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = Recommender(engine="plain").base.content
    entry = only_entry()
    entry.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
    monkeypatch.chdir(tmp_path)
    assert cache.read_entry(entry.stem) is None
    assert Recommender(engine="plain").base.content == expected
    assert not (tmp_path / "made").exists()
    assert len(entry.read_bytes()) > 1000


def test_a_kept_section_that_holds_anything_else_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sections = Sections(RuleFile())
    for data in (CRAFTED["another call"], CRAFTED["a call through a module"]):
        sections._kept["claims"] = data
        vars(sections).pop("claims", None)
        with pytest.raises(pickle.UnpicklingError, match="not part of a rule base"):
            _ = sections.claims
    assert not (tmp_path / "made").exists()


def test_a_start_reads_only_the_sections_that_its_answer_needs() -> None:
    Recommender(engine="plain")
    base = Recommender(engine="plain").base
    assert set(RuleFile.model_fields) >= LATER
    assert not LATER & vars(base.sections).keys() - {"reading", "searches", "unused_references"}
    profile = Profile.parse({"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}})
    Recommender(base=base, engine="plain").recommend(profile)
    assert not {"claims", "importing", "screening", "triage"} & vars(base.sections).keys()
    assert base.sections.claims == base.content.claims
    with pytest.raises(AttributeError, match="no section clams"):
        _ = base.sections.clams  # type: ignore[attr-defined]


def test_records_are_pickled_whole() -> None:
    records = Recommender(engine="plain").base.content.markers
    copies = pickle.loads(pickle.dumps(records))
    assert copies == records
    assert [one.model_fields_set for one in copies] == [one.model_fields_set for one in records]
    assert [repr(one) for one in copies] == [repr(one) for one in records]


@pytest.mark.skipif(os.name == "nt", reason="a file in place of a folder behaves otherwise there")
def test_where_nothing_can_be_written_everything_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(Recommender(engine="plain").base.rules) > 90


@pytest.mark.once
@pytest.mark.parametrize(("owner", "call"), [(os, "fsync"), (Path, "replace")])
def test_a_full_disk_leaves_nothing_behind_and_costs_no_answer(
    owner: Any, call: str, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    whole = load([shipped("rules"), pack])
    only_entry().unlink()
    monkeypatch.setattr(owner, call, is_full)
    assert load([shipped("rules"), pack]).sha256 == whole.sha256
    assert not list(cache.cache_folder().iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.once
def test_a_disk_that_is_full_while_an_entry_is_written_leaves_nothing_behind(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load([shipped("rules"), pack])
    only_entry().unlink()
    begin = files._new_beside

    def beside(target: Path) -> Any:
        stream = begin(target)
        with Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), stream.fileno())
        return stream

    monkeypatch.setattr(files, "_new_beside", beside)
    assert load([shipped("rules"), pack]).sha256 == whole.sha256
    assert not list(cache.cache_folder().iterdir())


def test_old_entries_are_removed_and_nothing_is_left_beside_them() -> None:
    content = RuleFile()
    checked = base_module.Checked(content, {}, {}, base_module.CompiledRules(content), Vocabulary(content))
    for number in range(cache.KEPT + 3):
        assert cache.write(f"{number:032}", checked)
    assert len(list(cache.cache_folder().iterdir())) == cache.KEPT


@pytest.mark.once
class TestKey:
    def test_it_covers_every_module_that_loading_depends_on(self) -> None:
        needed = imported_by(PACKAGE / "knowledge" / "loading.py")
        assert {"knowledge/parsing.py", "engine/limits.py", "_yaml.py"} <= {
            path.relative_to(PACKAGE).as_posix() for path in needed
        }
        assert needed - {PACKAGE / "_version.py"} <= set(cache.sources()), "the key holds the version as text"

    @pytest.mark.parametrize(
        "changed", ["engine/limits.py", "states.py", "_text.py", "knowledge/checking.py"]
    )
    def test_a_changed_module_makes_it_another(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
    ) -> None:
        copy = Path(shutil.copytree(PACKAGE, tmp_path / "recommender"))
        monkeypatch.setattr(cache, "PACKAGE", copy)
        before = cache.key_of(["rules"])
        assert before == cache.key_of(["rules"])
        with (copy / changed).open("a") as file:
            file.write("\n")
        assert cache.key_of(["rules"]) != before

    def test_another_pydantic_makes_it_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = cache.key_of(["rules"])
        monkeypatch.setattr(cache, "PYDANTIC", "0.0")
        assert cache.key_of(["rules"]) != before

    def test_names_do_not_run_into_one_another(self) -> None:
        assert cache.key_of(["ab", "c"]) != cache.key_of(["a", "bc"])


def imported_by(module: Path) -> set[Path]:
    """Every file of the package that a module imports, directly or not, in functions too."""
    seen: set[Path] = set()
    waiting = {module}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                start = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                named = [start, *(start / alias.name for alias in node.names)]
                rooms = [folder for folder in start.parents if folder.is_relative_to(PACKAGE)]
                files = {name.with_suffix(".py") for name in named}
                files |= {name / "__init__.py" for name in [*named, *rooms]}
                waiting |= {file for file in files if file.is_file()} - seen - {PACKAGE / "__init__.py"}
    return seen


def test_what_is_kept_is_what_was_written_in_the_files() -> None:
    made = load([shipped("rules"), EXAMPLE_PACK])
    kept = cache.read_entry(only_entry().stem)
    assert kept is not None
    assert isinstance(kept.content, Sections)
    whole = kept.content.whole()
    assert whole == made.content
    assert json.loads(whole.model_dump_json()) == json.loads(made.content.model_dump_json())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no owners of files here")
@pytest.mark.once  # permissions are of the system
class TestWhoseItIs:
    @pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
    def test_a_folder_that_others_can_write_is_not_read_but_emptied(self, mode: int, pack: Path) -> None:
        load([shipped("rules"), pack])
        entry = only_entry()
        cache.cache_folder().chmod(mode)
        assert cache.read_entry(entry.stem) is None
        planted = entry.with_name("planted.json")
        planted.touch()
        load([shipped("rules"), pack])
        assert only_entry() == entry
        assert cache.cache_folder().stat().st_mode & 0o777 == 0o700
        assert cache.read_entry(entry.stem) is not None

    @pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
    def test_an_entry_that_others_can_write_is_not_read_but_replaced(self, mode: int, pack: Path) -> None:
        load([shipped("rules"), pack])
        entry = only_entry()
        entry.chmod(mode)
        assert cache.read_entry(entry.stem) is None
        load([shipped("rules"), pack])
        assert entry.stat().st_mode & 0o777 == 0o600
        assert cache.read_entry(entry.stem) is not None

    @pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root gives files away")
    def test_what_belongs_to_another_user_is_not_read(self, pack: Path) -> None:
        load([shipped("rules"), pack])
        entry = only_entry()
        os.chown(entry, 12345, -1)
        assert cache.read_entry(entry.stem) is None
        os.chown(entry, os.geteuid(), -1)
        os.chown(cache.cache_folder(), 12345, -1)
        assert cache.read_entry(entry.stem) is None

    def test_with_a_wide_umask(self, pack: Path) -> None:
        umask = os.umask(0)
        try:
            load([shipped("rules"), pack])
        finally:
            os.umask(umask)
        assert cache.read_entry(only_entry().stem) is not None


def test_a_relative_folder_of_the_environment_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / ".cache" / "ferroptosis-recommender"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
@pytest.mark.parametrize("given", ["", "  ", "/some/where", " /some/where "])
def test_the_folder_is_that_of_platformdirs(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert cache.cache_folder() == user_cache_path("ferroptosis-recommender", appauthor=False)


@pytest.mark.once
def test_what_a_killed_process_left_half_written_is_removed(pack: Path) -> None:
    folder = cache.cache_folder()
    folder.mkdir(mode=0o700, parents=True)
    old, new = folder / ".a.json.0.part", folder / ".b.json.0.part"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    load([shipped("rules"), pack])
    assert not old.exists()
    assert new.exists(), "another process may be writing it"
