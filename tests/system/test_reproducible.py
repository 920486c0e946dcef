"""The same bytes for the same input, rules and version: over engines, Pythons, seeds, locales and releases.

Archived results stand for all interpreters: each of them must write these very bytes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement
from support import archive
from support.commands import run, spawn_each, support_path
from support.generators import BASE
from support.places import ROOT, pyproject

from recommender import LABEL, Profile, Recommender
from recommender._data import shipped
from recommender._version import VERSION
from recommender.engine import durable_loads
from recommender.schemas import file_name, schema

RELEASES = sorted(path for path in archive.ARCHIVE.iterdir() if path.is_dir())
RESULTS = sorted(path for release in RELEASES for path in (release / "results").glob("*"))
ENGINES = ["plain", "durable"] if durable_loads() else ["plain"]
ENVIRONMENTS = {
    "seed 0, locale C": {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    "seed 1, without UTF-8 mode": {"PYTHONHASHSEED": "1", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
    "seed 4711, Turkish": {"PYTHONHASHSEED": "4711", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Istanbul"},
    "random seed, German": {"PYTHONHASHSEED": "random", "LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Auckland"},
}
MARKS = dict.fromkeys(("seed 4711, Turkish", "random seed, German"), pytest.mark.once)
"""Those with a locale that has to be made, which is of the C library and not of an interpreter."""


def shown(path: Path) -> str:
    return f"{path.parent.parent.name}-{path.stem}"


def profile_of(result: Path) -> Path:
    return result.parent.parent / "profiles" / result.name


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The rule base of each release, unpacked."""
    return {one.name: archive.unpacked(one, tmp_path_factory.mktemp("rules")) for one in RELEASES}


class TestArchive:
    def test_there_are_results_of_every_kind(self) -> None:
        assert len(RESULTS) >= 5
        options = [json.loads(path.read_bytes())["options"] for path in RESULTS]
        assert any(one["brief"] for one in options)
        assert any(one["top"] for one in options)
        size = sum(path.stat().st_size for path in RELEASES[-1].rglob("*.*"))
        assert size < 700_000

    @pytest.mark.parametrize("result", RESULTS, ids=shown)
    def test_a_result_and_its_profile_follow_their_schemas(self, result: Path) -> None:
        for which, file in (("result", result), ("profile", profile_of(result))):
            value = json.loads(file.read_bytes())
            name = f"{which}-{value['schema_version']}.schema.json"
            published = (release / "schemas" / name for release in RELEASES)
            kept = json.loads(next(path for path in published if path.exists()).read_bytes())
            jsonschema.Draft202012Validator(kept).validate(value)

    @pytest.mark.parametrize("which", archive.FORMATS)
    def test_a_schema_that_was_published_is_not_changed_in_place(self, which: str) -> None:
        """What is said about a field may become clearer; a change of form needs a new version."""
        published = [file for one in RELEASES for file in (one / "schemas").glob(f"{which}-*")]
        assert len(published) >= len(RELEASES) > 0
        for file in published:
            same = form(json.loads(file.read_bytes())) == form(schema(which))
            assert same or file.name != file_name(which), f"{file} was published: give it a new version"

    @pytest.mark.parametrize("result", RESULTS, ids=shown)
    def test_a_result_is_the_same_bytes_with_the_rules_of_its_time(
        self, result: Path, bases: dict[str, Path]
    ) -> None:
        text = result.read_text("utf-8")
        kept = json.loads(text)
        profile = Profile.read(profile_of(result).read_bytes())
        for engine in ENGINES:
            recommender = Recommender(base=bases[result.parent.parent.name], engine=engine)  # type: ignore[arg-type]
            assert recommender.base.sha256 == kept["rule_base"]["sha256"]
            again = archive.answered(recommender, profile, kept["options"])
            assert archive.without_engine(again) == archive.without_engine(text)

    @pytest.mark.parametrize("result", RESULTS, ids=shown)
    def test_the_command_replays_it(self, result: Path, bases: dict[str, Path]) -> None:
        done = run("replay", result, profile_of(result), "--base", bases[result.parent.parent.name])
        assert (done.returncode, done.stderr) == (0, b"")

    def test_another_rule_base_is_named(self, tmp_path: Path) -> None:
        value = json.loads(RESULTS[0].read_bytes())
        value["rule_base"] |= {"version": "2001.1.0", "sha256": "0" * 64}
        (tmp_path / "old.json").write_text(json.dumps(value))
        done = run("replay", tmp_path / "old.json", profile_of(RESULTS[0]))
        assert done.returncode == 4
        assert b"made with rule base 2001.1.0" in done.stderr
        assert b"--base DIR" in done.stderr

    def test_the_archive_of_this_version_holds_its_rules(self) -> None:
        """Between releases the version of the rule base ends in .dev."""
        release = archive.ARCHIVE / VERSION
        if BASE.info.version.endswith(".dev") or not release.is_dir():
            pytest.skip(f"nothing is kept yet of {VERSION} with rules {BASE.info.version}")
        assert (release / "rules.zip").read_bytes() == archive.packed(shipped("rules")), (
            f"the rules are not those that were kept for {VERSION}: run make archive before the release, "
            "raise the version after it"
        )

    def test_rules_that_were_changed_have_another_version(self, bases: dict[str, Path]) -> None:
        assert bases
        for release, folder in bases.items():
            kept = Recommender(base=folder, engine="plain").base
            assert (kept.info.version == BASE.info.version) == (kept.sha256 == BASE.sha256), release


def form(whole: dict[str, Any]) -> Any:
    """A schema without what is said for people, and without the names of its parts."""

    def of(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(of, value))
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return of(whole["$defs"][value["$ref"].rpartition("/")[2]])
        return {
            name: of(one)
            for name, one in value.items()
            if name != "$defs" and not (name in ("description", "title") and isinstance(one, str))
        }

    return of(whole)


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locales that the C library can make here, in the place of those of the system."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef"):
        for name in ("tr_TR", "de_DE"):
            made = ["localedef", "-i", name, "-f", "UTF-8", folder / f"{name}.UTF-8"]
            subprocess.run(made, capture_output=True, check=False)
    return folder


@pytest.mark.usefixtures("uncounted")
@pytest.mark.xdist_group("environments")  # in one worker, which makes the locales once
class TestEnvironments:
    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("name", [pytest.param(one, marks=MARKS.get(one, ())) for one in ENVIRONMENTS])
    def test_seed_locale_time_zone_and_folder_change_no_byte(
        self,
        name: str,
        engine: str,
        bases: dict[str, Path],
        request: pytest.FixtureRequest,
        tmp_path: Path,
    ) -> None:
        """A locale that there is not is asked for all the same, and then said to be missing."""
        environment = ENVIRONMENTS[name]
        if name in MARKS and any((locales := request.getfixturevalue("locales")).iterdir()):
            environment = {**environment, "LOCPATH": str(locales)}
        release = RELEASES[-1]
        results = [path for path in RESULTS if path.is_relative_to(release)]
        done = subprocess.run(
            [sys.executable, "-m", archive.__name__, "answer", bases[release.name], engine, *results],
            capture_output=True,
            check=True,
            cwd=tmp_path,
            env={**os.environ, **environment, "PYTHONPATH": support_path()},
        )
        expected = "".join(archive.without_engine(path.read_text("utf-8")) for path in results)
        found = "".join(map(archive.without_engine, split(done.stdout.decode())))
        assert found == expected
        if b"not installed" in done.stderr:
            pytest.skip(f"the same bytes, but the locale {environment['LC_ALL']} is not installed here")

    @pytest.mark.once  # the seeds above tried the result, and forms are made of it in its order
    def test_every_format_is_the_same_bytes_everywhere(self) -> None:
        case = RELEASES[-1] / "profiles" / "nrf2-active-sorafenib.json"
        asked: list[str | Path] = ["recommend", case, "--engine", "plain", "--width", "100", "--format"]
        lines = [[*asked, output_format] for output_format in ("table", "json", "csv", "markdown", "html")]
        here = b"".join(run(*line).stdout for line in lines)
        assert here.decode().count(LABEL) >= len(lines)
        for name, environment in ENVIRONMENTS.items():
            done = spawn_each(*lines, **environment)
            assert (done.returncode, done.stderr) == (0, b""), name
            assert done.stdout == here, name


def split(text: str) -> list[str]:
    """The results that were written one after the other."""
    return [f"{one}\n}}\n" for one in text.split("\n}\n")[:-1]]


def test_every_development_dependency_is_locked() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    locked = {folded(Requirement(line).name) for line in lines}
    assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in lines)
    project = pyproject()
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    assert {"test", "lint", "docs", "bench", "mutation", "dev"} <= set(groups)
    required = resolve_dependency_groups(groups, *groups)
    wanted = [*declared(*extras), *map(Requirement, required)]
    assert {folded(one.name) for one in wanted} - {folded(project["project"]["name"])} <= locked
    assert not needed(wanted) - locked


def declared(*extras: str) -> list[Requirement]:
    """The requirements of the project with these extras."""
    project = pyproject()["project"]
    optional = [text for extra in extras for text in project["optional-dependencies"][extra]]
    return [Requirement(text) for text in (*project["dependencies"], *optional)]


def needed(requirements: list[Requirement]) -> set[str]:
    """The names of all packages that are installed here for these requirements."""
    project = pyproject()["project"]
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        one = waiting.pop()
        if folded(one.name) == folded(project["name"]):
            waiting += [inner for extra in one.extras for inner in declared(extra)]
            continue
        key = f"{folded(one.name)}[{','.join(sorted(one.extras))}]"
        if key in found:
            continue
        try:
            inner = [Requirement(text) for text in metadata.requires(one.name) or ()]
        except metadata.PackageNotFoundError:
            continue
        found.add(key)
        for other in inner:
            chosen = [{"extra": extra} for extra in (*one.extras, "")]
            if other.marker is None or any(map(other.marker.evaluate, chosen)):
                waiting.append(other)
    return {key.partition("[")[0] for key in found}


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
