"""What surrounds the program: the Makefile, paths in the configuration, and files about the project."""

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from support.places import ROOT, pyproject

from recommender._version import VERSION

pytestmark = pytest.mark.once


def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", text, re.MULTILINE)
    assert phony
    targets = set(phony[1].replace("\\", " ").split()) - {"announce"}
    command = ["make", "--no-print-directory", "help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert all(line[0] == "make" and line[2] for line in lines)
    assert {line[1] for line in lines} == targets


@pytest.mark.parametrize("demanded", [False, True])
@pytest.mark.parametrize("there", ["11 12", "11 12 13", "11 12 13 14"])
def test_the_matrix_says_what_it_leaves_out(there: str, demanded: bool, tmp_path: Path) -> None:
    """With interpreters and a tox that only say that they were started."""
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or pytest.fail(f"there is no {name}"))
    stubs = {"tox": 'echo "tried: $*"', "python": "echo 12"} | {
        f"python3.{minor}": ":" for minor in there.split()
    }
    for name, line in stubs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": str(tmp_path), "BIN": str(tmp_path), "CI": "true" if demanded else ""}
    done = subprocess.run(
        [ROOT / ".ci" / "matrix"], env=environment, capture_output=True, check=False, text=True
    )
    if demanded and "13" not in there:
        assert (done.returncode, done.stdout) == (1, "")
        assert "needs Python 3.13," in done.stderr
        return
    assert (done.returncode, done.stderr) == (0, "")
    tried = ",".join(f"py3{minor}" for minor in there.split() if minor != "12")
    assert done.stdout.startswith("tried: run-parallel ")
    assert f" -e {tried}\n" in done.stdout
    absent = [f"3.{minor}" for minor in ("13", "14") if minor not in there]
    assert (f"NOT TESTED on Python {' '.join(absent)}:" in done.stdout) == bool(absent)


def test_the_configuration_names_files_that_exist() -> None:
    tool = pyproject()["tool"]
    (command,) = tool["tox"]["env_run_base"]["commands"]
    named = [word for word in command if str(word).startswith("tests/")]
    named += tool["mutmut"]["only_mutate"] + tool["mutmut"]["pytest_add_cli_args_test_selection"]
    named += [path.strip("/") for path in tool["hatch"]["build"]["targets"]["sdist"]["include"]]
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_the_tests_that_pages_name_exist() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/data/**/*.md")]
    named = {name for page in pages for name in re.findall(r"`(tests/[\w/]+\.py)`", page.read_text())}
    assert len(named) > 3
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_citation_is_valid_and_names_this_version() -> None:
    """What version 1.2.0 of the Citation File Format demands, and what may grow old."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "software"
    assert cited["message"]
    assert cited["title"] == pyproject()["project"]["name"]
    assert [set(author) for author in cited["authors"]] == [{"name"}], "an entity, not a person"
    assert cited["license"] == pyproject()["project"]["license"]
    assert cited["version"] == VERSION
    released = cited["date-released"]
    assert isinstance(released, dt.date)
    assert f"## [{VERSION}] - {released}" in (ROOT / "CHANGELOG.md").read_text()
    assert not set(cited) & {"doi", "identifiers", "contact"}, "nothing invented"


def test_hooks_run_what_make_lint_and_make_types_run() -> None:
    """And fetch nothing."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    commands = {" ".join(hook["entry"].split()[:2]) for hook in hooks}
    assert commands == {".venv/bin/ruff check", ".venv/bin/ruff format", ".venv/bin/mypy"}


def test_issue_templates_ask_for_no_patient_data() -> None:
    templates = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    assert len(templates) == 3
    for path in templates:
        form = yaml.safe_load(path.read_text())
        assert form["name"]
        assert form["description"]
        assert "No patient data" in path.read_text()
        ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
        assert len(ids) == len(set(ids)) > 2


def test_security_names_its_page_and_no_address() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    assert "(docs/security.md)" in text
    assert "@" not in text
    assert "PRECLINICAL EVIDENCE" in text
