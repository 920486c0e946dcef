"""The wheel and the sdist hold what they must, and the wheel works away from the source."""

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


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
    for needed in ("pyproject.toml", "Makefile", "rules/rulebase.yaml", "tests/test_laws.py", "CHANGELOG.md"):
        assert needed in names


def test_the_wheel_pins_nothing(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode()
    needed = [
        line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra" not in line
    ]
    assert len(needed) == 6
    assert not any("==" in line.partition(";")[0] for line in needed)


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
