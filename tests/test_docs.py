"""Every command line in README and docs works, and every command is in the help and the README."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def command_lines() -> list[tuple[str, str, str]]:
    """Every command line with its page and the output that the page shows, which may be none."""
    found = []
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text()):
            for part in block.split("$ ")[1:] if block.startswith("$ ") else []:
                line, _, output = part.partition("\n")
                found.append((page.name, line, output))
    return found


def shown(output: str, expected: str) -> bool:
    """Whether an output is what a page shows; a line of three dots stands for any lines."""
    pieces = [re.escape(piece.strip("\n")) for piece in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    return re.fullmatch(r"\s*" + r"[\s\S]*".join(pieces) + r"\s*", output) is not None


@pytest.mark.parametrize(("page", "line", "output"), command_lines())
def test_a_command_line_of_the_docs_works(
    page: str, line: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from the root of the repository, output files going elsewhere, and show what the page shows."""
    if "recommender cohort" in line:
        pytest.importorskip("duckdb")
    monkeypatch.chdir(ROOT)
    if re.search(r"[|<>]|&&", line):
        command = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{command}:{os.environ['PATH']}", "COLUMNS": "100"}
        for name in ("docs", "profiles"):
            (tmp_path / name).symlink_to(ROOT / name)
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            capture_output=True,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        expected = 0
    else:
        words = shlex.split(line)
        assert words[0] == "recommender"
        if "-o" in words:
            words[words.index("-o") + 1] = str(tmp_path / "out")
        done = run(*words[1:])
        expected = 2 if "0 errors" not in output and " errors\n" in output else 0
    assert done.returncode == expected, done.stderr.decode()
    if output.strip():
        assert shown(done.stdout.decode(), output), done.stdout.decode()


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


def test_the_drawings_of_the_readme_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs/pictures/make.py", "--check"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
