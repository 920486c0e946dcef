"""The wrappers for workflow systems and R: what they run, run here, and the label in all that they write."""

import json
import os
import re
import runpy
import shlex
import shutil
import string
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree as ET

import pytest
import yaml
from support.commands import Done, run
from support.places import ROOT

from recommender._label import LABEL
from recommender._version import VERSION

pytestmark = pytest.mark.once

WORKFLOWS = ROOT / "docs" / "workflows"
CASE = ROOT / "profiles" / "nrf2-active-sorafenib.json"
MODULE = (WORKFLOWS / "nf-core" / "main.nf").read_text()
TOOL = WORKFLOWS / "galaxy" / "ferroptosis_recommender.xml"

STAND_IN = r"""#!/bin/sh
printf '%s\037' "$@" >> "$CALLS"
printf '\036' >> "$CALLS"
"""
"""A `recommender` that writes down how a shell called it."""


def calls_of(script: str, folder: Path) -> list[list[str]]:
    """What a shell script calls `recommender` with, in the order of the calls."""
    stand_in = folder / "bin" / "recommender"
    stand_in.parent.mkdir(exist_ok=True)
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    calls = folder / "calls"
    calls.write_text("")
    environment = {"PATH": f"{stand_in.parent}:/usr/bin:/bin", "CALLS": str(calls)}
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, cwd=folder, env=environment)
    return [call.split("\037")[:-1] for call in calls.read_text().split("\036")[:-1]]


def answered(script: str, folder: Path) -> list[Done]:
    """The answers to what a shell script calls, in this process."""
    return [run(*words) for words in calls_of(script, folder)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, with a profile in a file with a space in its name."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(CASE, tmp_path / "a case.json")
    return tmp_path


def test_every_wrapper_names_this_version() -> None:
    named = {
        "nf-core/main.nf": f'container "ferroptosis-recommender:{VERSION}"',
        "nf-core/environment.yml": f"ferroptosis-recommender={VERSION}\n",
        "snakemake/environment.yaml": f"ferroptosis-recommender ={VERSION}\n",
        "galaxy/ferroptosis_recommender.xml": f'<token name="@TOOL_VERSION@">{VERSION}</token>',
        "README.md": f"--tag ferroptosis-recommender:{VERSION} ",
    }
    for name, text in named.items():
        assert text in (WORKFLOWS / name).read_text(), name
    assert f"version = {{{VERSION}}}" in TOOL.read_text()


def test_every_text_for_people_carries_the_label() -> None:
    for name in ("README.md", "r.md", "recommender.R", "nf-core/meta.yml", "snakemake/meta.yaml"):
        assert LABEL in (WORKFLOWS / name).read_text(), name


class TestNextflow:
    """The process, without Nextflow."""

    def block(self, name: str, **values: str) -> str:
        """The shell lines of a block of the process, as Nextflow gives them to bash."""
        text = re.search(rf'^    {name}:\n.*?"""\n(.*?)"""', MODULE, re.DOTALL | re.MULTILINE)
        assert text
        filled = string.Template(text[1].replace("\\\\", "\\")).substitute(values)
        assert "$" not in filled
        return filled

    def test_the_script_writes_what_it_promises(self, folder: Path) -> None:
        # Nextflow itself escapes the name of a file.
        script = self.block(
            "script", args="--top 1", args2="", prefix="P-01.recommendation", profile=r"a\ case.json"
        )
        assert [done.returncode for done in answered(script, folder)] == [0, 0]
        answer = json.loads((folder / "P-01.recommendation.json").read_text())
        assert answer["label"] == LABEL
        assert len(answer["recommendations"]) == 1
        assert LABEL in (folder / "P-01.recommendation.html").read_text()

    def test_a_profile_that_cannot_be_used_ends_the_task(self, folder: Path) -> None:
        (folder / "bad.json").write_text('{"disease": "HCC", "markers": {"FASN": "hihg"}}')
        script = self.block("script", args="", args2="", prefix="bad.recommendation", profile="bad.json")
        assert answered(script, folder)[0].returncode == 2
        assert not (folder / "bad.recommendation.json").exists()

    def test_the_stub_carries_the_label_too(self, folder: Path) -> None:
        subprocess.run(["bash", "-euc", self.block("stub", prefix="stub")], check=True, cwd=folder)
        assert json.loads((folder / "stub.json").read_text()) == {"label": LABEL}
        assert LABEL in (folder / "stub.html").read_text()

    def test_the_description_is_that_of_the_process(self) -> None:
        """The form that nf-core demands of `meta.yml`, and its names in `main.nf`."""
        meta = yaml.safe_load((WORKFLOWS / "nf-core" / "meta.yml").read_text())
        assert {"name", "description", "keywords", "tools", "input", "output", "authors"} <= set(meta)
        assert meta["name"].upper() == re.findall(r"^process (\w+)", MODULE)[0]
        assert len(set(meta["keywords"])) == len(meta["keywords"]) >= 3
        (tool,) = meta["tools"]
        assert {"description", "doi", "licence"} <= set(tool["recommender"])
        outputs = MODULE.partition("    output:\n")[2].partition("    when:")[0]
        assert list(meta["output"]) == re.findall(r"emit: (\w+)", outputs)
        assert list(meta["topics"]) == re.findall(r"topic: (\w+)", outputs)
        for channel in [*meta["input"], *(one for group in meta["output"].values() for one in group)]:
            for element in channel:
                ((name, said),) = element.items()
                assert said["type"] in ("map", "file", "string", "eval"), name
                assert said["description"]
                assert name.strip("${}") in MODULE

    def test_the_environment_has_the_form_of_nf_core(self) -> None:
        environment = yaml.safe_load((WORKFLOWS / "nf-core" / "environment.yml").read_text())
        assert environment["channels"] == ["conda-forge", "bioconda"]
        assert all(re.fullmatch(r"[\w-]+=[\d.]+", one) for one in environment["dependencies"])
        assert set(environment) == {"channels", "dependencies"}

    def test_its_own_test_uses_a_profile_that_is_shipped(self) -> None:
        text = (WORKFLOWS / "nf-core" / "tests" / "main.nf.test").read_text()
        named = re.findall(r"\$\{projectDir\}/([\w./-]+)", text)
        assert named
        assert all((ROOT / name).exists() for name in named)
        assert f'label == "{LABEL}"' in text


class Quoting(string.Formatter):
    """How Snakemake fills in a shell line: lists with spaces between, `:q` quoted."""

    def format_field(self, value: Any, format_spec: str) -> str:
        words = [value] if isinstance(value, str) else list(value)
        return " ".join(map(shlex.quote, words) if format_spec == "q" else words)


class TestSnakemake:
    """The wrapper, with a stand-in for Snakemake, and the example where Snakemake is installed."""

    def lines(
        self, *outputs: str, profiles: tuple[str, ...] = ("a case.json",), extra: str = ""
    ) -> list[str]:
        """The shell lines that the wrapper has Snakemake run."""
        found = []

        def shell(line: str) -> None:
            frame = sys._getframe(1)
            found.append(Quoting().vformat(line, (), {**frame.f_globals, **frame.f_locals}))

        module = ModuleType("snakemake.shell")
        module.shell = shell  # type: ignore[attr-defined]
        job = SimpleNamespace(
            input=list(profiles),
            output=list(outputs),
            params={"extra": extra} if extra else {},
            log_fmt_shell=lambda **given: " 2>> log",
        )
        with patch.dict(sys.modules, {"snakemake": ModuleType("snakemake"), "snakemake.shell": module}):
            runpy.run_path(str(WORKFLOWS / "snakemake" / "wrapper.py"), {"snakemake": job})
        return found

    def test_every_output_has_its_format_and_the_label(self, folder: Path) -> None:
        names = ["an answer.json", "b.ndjson", "c.csv", "d.md", "e.html"]
        done = answered("\n".join(self.lines(*names)), folder)
        assert [one.returncode for one in done] == [0] * len(names)
        assert all(LABEL in (folder / name).read_text() for name in names)
        assert json.loads((folder / "an answer.json").read_text())["profile"]["id"] == CASE.stem
        assert (folder / "c.csv").read_text().startswith("profile_id,rank,")
        assert (folder / "e.html").read_text().startswith("<!doctype html>")

    def test_many_profiles_and_options_make_one_table(self, folder: Path) -> None:
        shutil.copy(ROOT / "profiles" / "resection.json", folder)
        lines = self.lines("t.csv", profiles=("a case.json", "resection.json"), extra="--top 1 --brief")
        assert [one.returncode for one in answered("\n".join(lines), folder)] == [0]
        rows = (folder / "t.csv").read_text().splitlines()
        assert [row.partition(",")[0] for row in rows] == ["profile_id", CASE.stem, "resection"]

    def test_an_unknown_end_of_a_name_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"answer\.docx: the name must end in one of \.json, \.ndjson"):
            self.lines("answer.docx")

    def test_its_description_and_environment_are_those_of_a_wrapper(self) -> None:
        described = yaml.safe_load((WORKFLOWS / "snakemake" / "meta.yaml").read_text())
        assert {"name", "description", "authors", "input", "output", "params"} <= set(described)
        environment = yaml.safe_load((WORKFLOWS / "snakemake" / "environment.yaml").read_text())
        assert environment["channels"] == ["conda-forge", "nodefaults"]

    def test_the_example_runs_where_snakemake_is_installed(self, tmp_path: Path) -> None:
        snakemake = shutil.which("snakemake")
        if not snakemake:
            pytest.skip("Snakemake is not installed: the example Snakefile was NOT run")
        (tmp_path / "profiles").mkdir()
        shutil.copy(CASE, tmp_path / "profiles")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        subprocess.run(
            [snakemake, "--cores", "1", "--snakefile", WORKFLOWS / "snakemake" / "Snakefile"],
            check=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
        )
        for name in (f"answers/{CASE.stem}.json", f"answers/{CASE.stem}.html", "answers.csv"):
            assert LABEL in (tmp_path / name).read_text()


class Dataset(str):
    """A data set as the template of a Galaxy tool sees it: its path, and its datatype."""

    __slots__ = ("ext",)
    ext: str


def tool() -> Any:
    """The root of the Galaxy tool."""
    return ET.parse(TOOL).getroot()


def galaxy_tests() -> list[Any]:
    """The tests that the Galaxy tool has itself."""
    return list(tool().iterfind("tests/test"))


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:.*:PendingDeprecationWarning")
class TestGalaxy:
    """The tool, with Galaxy's own linter and template engine."""

    def found(self, path: Path) -> list[str]:
        """What Galaxy's linter, schema included, warns of."""
        lint = pytest.importorskip(
            "galaxy.tool_util.lint", reason="galaxy-tool-util is not installed: the tool was NOT linted"
        )
        parser = pytest.importorskip("galaxy.tool_util.parser")
        # Terms of EDAM, of which there are none, are looked up in a package of their own.
        context = lint.LintContext(level="silent", skip_types=["EDAMTermsValid"])
        lint.lint_tool_source_with(context, parser.get_tool_source(str(path)))
        return [str(one) for one in [*context.error_messages, *context.warn_messages]]

    def test_its_linter_finds_no_fault(self, tmp_path: Path) -> None:
        assert self.found(TOOL) == []
        faulty = tmp_path / TOOL.name
        faulty.write_text(
            TOOL.read_text().replace("<citations>", "<cites>").replace("</citations>", "</cites>")
        )
        assert any("cites" in one for one in self.found(faulty)), "it reads the schema"

    def command(self, given: Mapping[str, str], folder: Path) -> str:
        """The shell line of the tool, for values of its parameters as a test of it gives them."""
        template = pytest.importorskip(
            "Cheetah.Template", reason="Cheetah is not installed: the Galaxy tool was NOT run"
        )
        values: dict[str, str] = {"answer": "answer"}
        for param in tool().iterfind("inputs/param"):
            name = param.get("name") or param.get("argument").lstrip("-").replace("-", "_")
            kind = param.get("type")
            if kind == "boolean":
                checked = given.get(name, param.get("checked")) == "true"
                values[name] = param.get("truevalue" if checked else "falsevalue")
            elif kind == "data":
                data = Dataset(folder / given[name])
                data.ext = "json"
                values[name] = data
            elif kind == "select":
                allowed = {option.get("value"): option.get("selected") for option in param}
                (selected,) = [value for value, chosen in allowed.items() if chosen == "true"]
                values[name] = given.get(name, selected)
                assert values[name] in allowed
            else:
                values[name] = given.get(name, "")
        text = tool().findtext("command")
        return " ".join(str(template.Template(text, searchList=[values])).split())

    @pytest.mark.parametrize("number", range(len(galaxy_tests())))
    def test_its_tests_pass(self, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        test = galaxy_tests()[number]
        given = {param.get("name"): param.get("value") for param in test.iterfind("param")}
        (done,) = answered(self.command(given, TOOL.parent / "test-data"), tmp_path)
        assert (done.returncode != 0) == (test.get("expect_failure") == "true"), done.stderr
        for text in test.iterfind("assert_stderr/has_text"):
            assert text.get("text") in done.stderr.decode()
        for output in test.iterfind("output"):
            answer = (tmp_path / "answer").read_text()
            for check in output.iterfind("assert_contents/*"):
                if check.tag == "has_text":
                    assert check.get("text") in answer
                else:
                    assert check.tag == "has_line_matching"
                    assert any(re.fullmatch(check.get("expression"), row) for row in answer.splitlines())

    def test_it_shows_the_label_wherever_a_user_looks(self) -> None:
        root = tool()
        assert LABEL in root.findtext("description")
        assert LABEL in root.findtext("help").splitlines()[1]
        for data in root.iterfind("outputs/data"):
            assert LABEL in data.get("label")
        checked = [
            [text.get("text") for text in test.iterfind("output/assert_contents/has_text")]
            for test in galaxy_tests()
            if not test.get("expect_failure")
        ]
        assert all(any(LABEL in text for text in texts) for texts in checked)


class TestR:
    """The script, where R is found, and what it runs, everywhere."""

    SCRIPT = WORKFLOWS / "recommender.R"

    def test_what_it_runs_answers(self, folder: Path) -> None:
        """The words of its call, with the files and options that it fills in."""
        call = re.search(r'c\("recommend".*\)', self.SCRIPT.read_text())
        assert call
        values = {"output": ["answer.json"], "options": ["--top", "1"], "input": ["a case.json"]}
        words = [
            word
            for literal, name in re.findall(r'"([^"]+)"|quoted\((\w+)\)', call[0])
            for word in ([literal] if literal else values[name])
        ]
        assert words[0] == "recommend"
        assert run(*words).returncode == 0
        answer = json.loads((folder / "answer.json").read_text())
        # What the script takes from an answer.
        assert answer["label"] == LABEL
        assert answer["disclaimer"]
        (first,) = answer["recommendations"]
        assert {"rank", "partner", "score", "group"} <= set(first)
        assert first["add_on"]["name"]
        assert first["evidence"]["level"]

    def test_the_script_answers_where_there_is_r(self, folder: Path) -> None:
        rscript = shutil.which("Rscript")
        if not rscript:
            pytest.skip("there is no Rscript here: docs/workflows/recommender.R was NOT run")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path}
        asked = [rscript, str(self.SCRIPT), "a case.json", "--top", "1"]
        done = subprocess.run(asked, capture_output=True, check=False, text=True, env=environment)
        if "there is no package called" in done.stderr:
            pytest.skip("R has no jsonlite here: docs/workflows/recommender.R was NOT run")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{LABEL}\n")
        assert "NRF2 inhibition" in done.stdout
        page = (WORKFLOWS / "r.md").read_text()
        (block,) = re.findall(r"^```r\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        lines = block.replace("docs/workflows/", f"{WORKFLOWS}/").splitlines()
        code = "\n".join(line for line in lines if not line.startswith("#>"))
        shown = "\n".join(line.removeprefix("#> ") for line in lines if line.startswith("#>"))
        (folder / "page.R").write_text(code)
        again = subprocess.run(
            [rscript, "page.R"], capture_output=True, check=True, text=True, env=environment
        )
        assert again.stdout.split() == shown.split()
