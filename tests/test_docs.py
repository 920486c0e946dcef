"""Every command line in README and docs works, and every command is in the help and the README."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def command_lines() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text()):
            found += [(page.name, line[2:]) for line in block.splitlines() if line.startswith("$ ")]
    return found


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_command_line_of_the_docs_works(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from the root of the repository, output files going elsewhere."""
    words = shlex.split(line)
    assert words[0] == "recommender"
    if "-o" in words:
        words[words.index("-o") + 1] = str(tmp_path / "out")
    monkeypatch.chdir(ROOT)
    done = run(*words[1:])
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_the_docs_runs(page: Path) -> None:
    for block in PYTHON.findall(page.read_text()):
        exec(compile(block, page.name, "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_carries_the_label_and_its_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    assert "PRECLINICAL EVIDENCE" in text
    assert "not for treatment decisions" in text
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / target).exists(), target
