"""Plain scientific English: no phrasing of `tests/data/phrasings.yaml` in what people read."""

import json
from pathlib import Path

import pytest
import yaml
from support.commands import run
from support.places import ROOT
from support.wording import phrasings, to_rewrite
from typer.main import get_command

from recommender.cli.app import build

pytestmark = pytest.mark.once

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/workflows").glob("*.md")),
    *sorted((ROOT / "docs/lint").glob("*.md")),
    *sorted((ROOT / "docs/examples").glob("*.yaml")),
    *sorted((ROOT / "docs/example-pack").glob("*.yaml")),
]
RULES = sorted((ROOT / "rules").rglob("*.yaml"))
TOURS = sorted((ROOT / "profiles/tours").glob("*.yaml"))
CASES = sorted(path for path in (ROOT / "profiles").iterdir() if path.suffix in (".json", ".yaml"))


def path_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def help_of() -> list[list[str]]:
    found: list[list[str]] = [[]]
    for name, command in get_command(build([])).commands.items():  # type: ignore[attr-defined]
        found.append([name])
        found += [[name, inner] for inner in getattr(command, "commands", {})]
    return found


def texts_in(value: object) -> list[str]:
    """Every text of a record, without its keys."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_in(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


def test_the_list_finds_what_it_is_for() -> None:
    assert to_rewrite("orlistat beside sorafenib")
    assert to_rewrite("It brings\n  ferroptosis.")
    assert to_rewrite("much PGAM1")
    assert not to_rewrite("It has much to offer.")
    assert not to_rewrite("In the paper, high MT1G correlates with resistance.")
    assert all(phrasing.write for phrasing in phrasings())


@pytest.mark.parametrize("page", PAGES, ids=path_id)
def test_the_documentation_is_plain(page: Path) -> None:
    assert not to_rewrite(page.read_text())


def test_the_next_release_is_described_plainly() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert not to_rewrite(text.partition("## [Unreleased]")[2].partition("\n## ")[0])


@pytest.mark.parametrize("path", [*RULES, *TOURS, *CASES], ids=path_id)
def test_rules_tours_and_cases_are_plain(path: Path) -> None:
    assert [text for text in texts_in(yaml.safe_load(path.read_text())) if to_rewrite(text)] == []


@pytest.mark.parametrize("words", help_of(), ids=" ".join)
def test_the_help_is_plain(words: list[str]) -> None:
    assert not to_rewrite(run(*words, "--help").stdout.decode())


@pytest.mark.parametrize("path", CASES, ids=path_id)
def test_what_is_printed_about_a_case_is_plain(path: Path) -> None:
    for words in (["recommend"], ["recommend", "--full"], ["next-tests"], ["map"]):
        done = run(*words, path)
        assert done.returncode == 0
        assert not to_rewrite((done.stdout + done.stderr).decode()), words
    first = json.loads(run("recommend", path, "--brief", "--format", "json").stdout)["recommendations"]
    for one in first[:1]:
        assert not to_rewrite(run("explain", path, one["id"]).stdout.decode())
    assert not to_rewrite(
        run("whatif", path, "--set", "GSTZ1=low", "--therapy", "+cisplatin").stdout.decode()
    )


def test_what_is_printed_about_the_rules_is_plain() -> None:
    rules = ["orlistat-against-fasn", "nrf2-active-by-keap1-loss", "leflunomide-injures-liver"]
    for words in (
        ["audit"],
        ["cases"],
        ["tour", "--list"],
        ["doctor"],
        *(["rules", "show", one] for one in rules),
    ):
        done = run(*words)
        assert done.returncode == 0
        assert not to_rewrite((done.stdout + done.stderr).decode()), words
