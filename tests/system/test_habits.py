"""What surrounds the program: the Makefile, paths in the configuration, and files about the project."""

import re
import subprocess
import tomllib
from typing import Any

import pytest
from support.places import ROOT

pytestmark = pytest.mark.once


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", text, re.MULTILINE)
    assert phony
    targets = set(phony[1].replace("\\", " ").split()) - {"announce"}
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True)
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert all(line[0] == "make" and line[2] for line in lines)
    assert {line[1] for line in lines} == targets


def test_the_configuration_names_files_that_exist() -> None:
    tool = pyproject()["tool"]
    (command,) = tool["tox"]["env_run_base"]["commands"]
    named = [word.removeprefix("--ignore=") for word in command if str(word).startswith("--ignore=")]
    named += tool["mutmut"]["only_mutate"] + tool["mutmut"]["pytest_add_cli_args_test_selection"]
    named += [path.strip("/") for path in tool["hatch"]["build"]["targets"]["sdist"]["include"]]
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_the_tests_that_pages_name_exist() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/data/**/*.md")]
    named = {name for page in pages for name in re.findall(r"`(tests/[\w/]+\.py)`", page.read_text())}
    assert len(named) > 3
    assert not [name for name in named if not (ROOT / name).exists()]
