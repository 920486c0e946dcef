"""The wheel and the sdist hold what they must, and the wheel works away from the source."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support.places import ROOT, pyproject

from recommender._version import VERSION

pytestmark = [
    pytest.mark.once,
    pytest.mark.xdist_group("wheel"),
    pytest.mark.usefixtures("uncounted"),
]

EXTRAS = ["cohort", "corroborate", "excel", "mcp", "refs", "report", "spark", "web"]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("ferroptosis_recommender-*.whl")
    return found


def test_the_wheel_carries_the_rules_and_the_cases(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("rules", "profiles"):
        source = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.*")}
        packed = {
            name.removeprefix("recommender/_shipped/")
            for name in names
            if name.startswith(f"recommender/_shipped/{folder}/")
        }
        assert packed == source
    assert not any(name.startswith(("tests/", "bench/")) for name in names)
    assert "recommender/py.typed" in names


def test_the_sdist_carries_what_it_takes_to_test(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = set()
    if shutil.which("git"):
        ours = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
        )
        needed = set(filter(None, ours.stdout.split("\0")))
    needed |= {"pyproject.toml", "Makefile", "rules/rulebase.yaml", "tests/system/test_laws.py", ".ci/run"}
    assert not needed - names


def test_twine_finds_no_fault(dist: Path) -> None:
    files = [*dist.glob("*.whl"), *dist.glob("*.tar.gz")]
    assert len(files) == 2
    done = subprocess.run(
        [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *files],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    assert wheel.name.split("-")[1] == VERSION
    heading = re.search(
        r"^## \[(\d.*?)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert heading
    assert heading[1] == VERSION
    assert VERSION not in (ROOT / "pyproject.toml").read_text()


def test_the_licence_and_the_notices_are_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (text,) = [archive.read(name).decode() for name in names if name.endswith("/METADATA")]
    for file in ("LICENSE", "THIRD_PARTY_NOTICES.md"):
        assert any(name.endswith(f".dist-info/licenses/{file}") for name in names)
        assert f"License-File: {file}" in text
    assert "License-Expression: MIT" in text
    assert "Classifier: Development Status :: 5 - Production/Stable" in text


def rows(heading: str, column: int) -> dict[str, str]:
    """Package to licence, from a table of the notices; `column` is that of the package."""
    table = (
        (ROOT / "THIRD_PARTY_NOTICES.md").read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    )
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {row[column].partition(" (")[0]: row[column + 1] for row in cells}


def test_the_notices_name_every_package_of_a_plain_install_with_its_licence() -> None:
    """Against the metadata of what is installed here."""
    named = rows("What a plain install needs", 0)
    project = pyproject()["project"]
    required = installed([Requirement(one) for one in project["dependencies"]])
    assert required <= set(named)
    assert set(named) - required <= {"durable-rules"}, "which the wheel asks for before Python 3.13 only"
    listed = rows("What the extras need", 1)
    assert sorted(project["optional-dependencies"]) == EXTRAS
    for needs in project["optional-dependencies"].values():
        for one in needs:
            name = folded(Requirement(one).name)
            assert name in listed or name == project["name"], name
    for name, licence in {**named, **listed}.items():
        said = licence_of(name)
        assert not said or any(word in said for word in WORDS[licence.partition(",")[0]]), (
            name,
            licence,
            said,
        )


WORDS = {
    "MIT": ("MIT",),
    "BSD-2-Clause": ("BSD-2-Clause",),
    "BSD-3-Clause": ("BSD-3-Clause", "BSD License", "BSD 3-Clause"),
    "ISC": ("ISC",),
    "PSF-2.0": ("PSF-2.0",),
    "Apache-2.0": ("Apache-2.0", "Apache License"),
    "the licence of matplotlib": ("matplotlib", "Python Software Foundation"),
}
"""What the metadata of a package may say for a licence."""


def licence_of(name: str) -> str:
    """What the metadata says; nothing where the package is not installed or says nothing."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [one for one in found.get_all("Classifier") or [] if one.startswith("License ::")]
    expression = found.get_all("License-Expression") or []
    short = [text.partition("\n")[0] for text in found.get_all("License") or []]
    return " ".join([*expression, *short, *classifiers])


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(requirements: list[Requirement]) -> set[str]:
    """The names of the packages that these requirements need here, themselves included."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        one = waiting.pop()
        if folded(one.name) in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(folded(one.name))
        waiting += map(Requirement, metadata.requires(one.name) or ())
    return found


def interpreter(version: str) -> str | None:
    """The path of a Python of this version that runs: on the PATH, or of pyenv."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [
        shutil.which(f"python{version}"),
        *sorted(root.glob(f"versions/{version}.*/bin/python{version}")),
    ]
    asked = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    for candidate in [sys.executable, *(str(path) for path in named if path)]:
        done = subprocess.run([candidate, "-c", asked], capture_output=True, check=False, text=True)
        if done.returncode == 0 and done.stdout.strip() == version:
            return candidate
    return None


HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = sorted({HERE, "3.13"})
"""That of the tests, and one for which the wheel requires less; the matrix installs it on the others."""


@pytest.fixture(scope="module")
def bill(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a bill of materials, by the script that `make sbom` runs, and of what it lists."""
    out = tmp_path_factory.mktemp("bill")
    environment = {**os.environ, "BIN": str(Path(sys.executable).parent)}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [ROOT / ".ci" / "sbom", out, wheel, out / "env"],
        capture_output=True,
        check=False,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return out


def install(wheel: Path, python: str, environment: Path) -> None:
    """Install the wheel and what it needs, nothing else, into a new environment."""
    # Our pip installs into it: a pip of its own, and bytecode, took half of the time.
    subprocess.run([python, "-m", "venv", "--without-pip", environment], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin/python")]
    lock = ROOT / "requirements-dev.lock"
    done = subprocess.run(
        [*pip, "install", "--quiet", "--no-compile", "--disable-pip-version-check", "-c", lock, wheel],
        capture_output=True,
        check=False,
        text=True,
        env=clean(),
        cwd=environment,
    )
    assert done.returncode == 0, done.stderr


def clean() -> dict[str, str]:
    """The environment of this process without what it says to its interpreter."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_plain_install_in_a_clean_environment_works(
    version: str, wheel: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The wheel and what it needs, nothing else. Without that interpreter this is skipped, and says so."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    if version == HERE:
        command = request.getfixturevalue("bill") / "env" / "bin"
    else:
        install(wheel, python, tmp_path / "env")
        command = tmp_path / "env" / "bin"
    (tmp_path / "case.json").write_text(
        '{"disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}'
    )

    def answered(*arguments: str) -> str:
        asked = [str(command / "recommender"), *arguments]
        done = subprocess.run(asked, capture_output=True, check=True, text=True, env=clean(), cwd=tmp_path)
        return done.stdout

    assert answered("--version").strip() == VERSION
    assert (
        json.loads(answered("recommend", "case.json", "--format", "json"))["recommendations"][0]["score"]
        == 59.0
    )
    assert "PRECLINICAL EVIDENCE" in answered("report", "case.json")
    assert "nrf2-active-sorafenib" in answered("cases")
    assert '"id": "nrf2-active-sorafenib"' in answered(
        "recommend", "nrf2-active-sorafenib", "--format", "json"
    )
    state = json.loads(answered("doctor", "--format", "json"))
    assert state["recommender"] == VERSION
    assert state["engine"].startswith("plain" if version == "3.13" else "durable-rules")
    assert state["optional: cohorts (cohort)"] == "absent"
    assert f"[{','.join(EXTRAS)}]" in state["to install what is absent"]
    assert ("CPPFLAGS" in state.get("to install durable-rules", "")) == (version == "3.13")
    missing = subprocess.run(
        [command / "recommender", "serve"],
        capture_output=True,
        check=False,
        text=True,
        env=clean(),
        cwd=tmp_path,
    )
    assert missing.returncode == 2
    assert "ferroptosis-recommender[web]" in missing.stderr


def test_the_bill_of_materials_lists_a_plain_install(bill: Path) -> None:
    text = (bill / "sbom.cdx.json").read_text()
    value = json.loads(text)
    assert value["bomFormat"] == "CycloneDX"
    assert value["metadata"]["component"]["name"] == "ferroptosis-recommender"
    assert value["metadata"]["component"]["version"] == VERSION
    listed = {folded(one["name"]): one for one in value["components"]}
    project = pyproject()["project"]
    assert set(listed) == installed([Requirement(one) for one in project["dependencies"]])
    for one in listed.values():
        assert one["version"]
        assert one["licenses"]
    assert str(ROOT) not in text
    assert "file://" not in text


def test_the_wheel_pins_nothing(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        text = archive.read(name).decode()
    assert sorted(re.findall("^Provides-Extra: (.*)$", text, re.MULTILINE)) == EXTRAS
    needed = [line for line in text.splitlines() if line.startswith("Requires-Dist") and "extra" not in line]
    (durable,) = [Requirement(line.partition(": ")[2]) for line in needed if "durable" in line]
    assert durable.marker
    for version, system in (("3.11", "Linux"), ("3.12", "Darwin"), ("3.13", "Linux"), ("3.12", "Windows")):
        asked = durable.marker.evaluate({"python_version": version, "platform_system": system})
        assert asked == (version != "3.13" and system != "Windows")
    assert len(needed) == 7
    assert not any("==" in line.partition(";")[0] for line in needed)


def test_the_command_is_installed_under_the_name_of_the_distribution_as_well(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")]
        read = configparser.ConfigParser()
        read.read_string(archive.read(name).decode())
    commands = dict(read["console_scripts"])
    assert commands == dict.fromkeys(("recommender", "ferroptosis-recommender"), "recommender.cli:main")


def test_the_wheel_answers_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment that has our dependencies, but not our source."""
    venv.create(tmp_path / "env", with_pip=False)
    (site,) = (tmp_path / "env").glob("[Ll]ib/**/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    others = [path for path in sys.path if path.endswith("site-packages")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    (site / "dependencies.pth").write_text("\n".join(others))
    python = next(
        path for path in (tmp_path / "env").glob("*/python*") if os.access(path, os.X_OK) and path.is_file()
    )
    run = tmp_path / "elsewhere"
    run.mkdir()
    (run / "case.json").write_text('{"disease": "HCC", "therapies": ["sorafenib"]}')
    done = subprocess.run(
        [python, "-m", "recommender", "recommend", "case.json", "--format", "json"],
        cwd=run,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["recommendations"]
    for command in (["report", "case.json"], ["map", "case.json", "--format", "svg"], ["tour", "--list"]):
        shown = subprocess.run(
            [python, "-m", "recommender", *command], cwd=run, env=environment, capture_output=True, check=True
        )
        assert b"PRECLINICAL EVIDENCE" in shown.stdout
    where = subprocess.run(
        [python, "-c", "import recommender; print(recommender.__file__)"],
        cwd=run,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert Path(where.stdout.decode().strip()).is_relative_to(site)
