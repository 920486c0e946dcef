"""Where commands write: files, links and pipes, never onto an input, and a terminal of any width."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.commands import CASE, run
from support.packs import pack_with
from typer.main import get_command

from recommender import DISCLAIMER, LABEL
from recommender._files import replacing
from recommender.cli.app import build

UNREAD = "not a profile, and not even read"
_NAMES = {"FILE|CASE|-", "FILE...", "FILE", "DIR", "INPUT", "OUT", "SOURCE", "RESULT.json", "CASE", "A", "B"}
"""The placeholders of paths in the help."""
_OUTPUTS = {"output", "notices_to", "pictures", "log"}


def commands(command: Any, *words: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The commands of a group and of its groups, with the words that call them."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *words, name)
    if not hasattr(command, "commands"):
        yield words, command


def is_input(parameter: Any) -> bool:
    return parameter.metavar in _NAMES and parameter.name not in _OUTPUTS


class TestOutputFiles:
    def test_a_link_is_followed(self, case: Path, tmp_path: Path) -> None:
        target, link = tmp_path / "target.json", tmp_path / "link.json"
        target.write_text("before")
        link.symlink_to(target)
        assert run("recommend", case, "--format", "json", "-o", link).returncode == 0
        assert link.is_symlink()
        assert LABEL in target.read_text()

    def test_what_is_no_regular_file_is_written_and_not_replaced(self, case: Path, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        assert run("recommend", case, "-o", pipe).returncode == 0
        assert LABEL in os.read(reading, 1 << 20).decode()
        os.close(reading)
        assert pipe.is_fifo()

    def test_nothing_is_left_behind_and_modes_are_usual(self, case: Path, tmp_path: Path) -> None:
        before = set(tmp_path.iterdir())
        assert run("recommend", case, "-o", tmp_path).returncode == 2
        assert set(tmp_path.iterdir()) == before
        out = tmp_path / "out.json"
        run("recommend", case, "-o", out)
        umask = os.umask(0)
        os.umask(umask)
        assert out.stat().st_mode & 0o777 == 0o666 & ~umask
        out.chmod(0o640)
        run("recommend", case, "-o", out)
        assert out.stat().st_mode & 0o777 == 0o640

    def test_what_is_half_written_is_as_private_as_what_it_replaces(self, tmp_path: Path) -> None:
        out = tmp_path / "out.json"
        out.touch(0o600)
        with replacing(out) as stream:
            assert Path(stream.name).stat().st_mode & 0o777 == 0o600

    def test_the_other_names_of_a_file_keep_what_it_held(self, case: Path, tmp_path: Path) -> None:
        out, other = tmp_path / "out.json", tmp_path / "other.json"
        out.write_text("before")
        other.hardlink_to(out)
        assert run("recommend", case, "-o", out).returncode == 0
        assert LABEL in out.read_text()
        assert other.read_text() == "before"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
    def test_a_link_of_a_stranger_in_a_shared_folder_is_not_followed(
        self, case: Path, tmp_path: Path
    ) -> None:
        shared, target = tmp_path / "shared", tmp_path / "target.json"
        shared.mkdir()
        shared.chmod(0o1777)
        target.write_text("before")
        link = shared / "out.json"
        link.symlink_to(target)
        os.chown(link, 12345, 12345, follow_symlinks=False)
        done = run("recommend", case, "-o", link)
        assert done.returncode == 2
        assert b"link of another user" in done.stderr
        assert target.read_text() == "before"


class TestOutputOntoInput:
    """Nothing is read, and nothing lost, where the output is an input."""

    @pytest.mark.parametrize("name", ["itself", "link", "hard link", "round about"])
    @pytest.mark.parametrize(
        "words",
        [
            "recommend IN",
            "report IN",
            "map IN",
            "profile validate IN",
            "recommend resection IN",
            "recommend .",
        ],
    )
    def test_by_any_name(
        self, words: str, name: str, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        case.write_text(UNREAD)
        out = tmp_path / "out.json"
        match name:
            case "itself":
                out = case
            case "link":
                out.symlink_to(case)
            case "hard link":
                out.hardlink_to(case)
            case _:
                (tmp_path / "a").mkdir()
                out = tmp_path / "a" / ".." / "case.json"
        done = run(*(str(case) if word == "IN" else word for word in words.split()), "-o", out)
        assert done.returncode == 2
        assert b"it is an input too" in done.stderr
        assert case.read_text() == UNREAD

    def test_of_every_command_and_every_input(self, tmp_path: Path) -> None:
        pack, file = pack_with(tmp_path / "pack", UNREAD), tmp_path / "input.json"
        file.write_text(UNREAD)
        seen, read_nothing = [], []
        for words, command in commands(get_command(build([]))):
            if not any("-o" in parameter.opts for parameter in command.params):
                continue
            inputs = [parameter for parameter in command.params if is_input(parameter)]
            if not inputs:
                read_nothing.append(words)
            for read in inputs:
                given, out = (pack, pack / "x.yaml") if read.metavar == "DIR" else (file, file)
                arguments: list[str | Path] = [
                    given if parameter is read else tmp_path / "other.json"
                    for parameter in command.params
                    if parameter.param_type_name == "argument" and (parameter.required or parameter is read)
                ]
                for parameter in command.params:
                    if parameter.param_type_name == "option" and (parameter.required or parameter is read):
                        arguments += [
                            parameter.opts[0],
                            given if parameter is read else tmp_path / "other.json",
                        ]
                done = run(*words, *arguments, "-o", out)
                assert done.returncode == 2, (words, read.name)
                assert b"it is an input too" in done.stderr, (words, read.name, done.stderr)
                assert out.read_text() == UNREAD
                seen.append((*words, read.name))
        assert len(seen) > 25, seen
        assert read_nothing == [("cases",), ("schema",)]

    @pytest.mark.parametrize(
        ("words", "name"),
        [(["rules", "compare", "shipped"], "x.yaml"), (["refs", "check", "--abstracts"], "x.ris")],
    )
    def test_of_a_file_in_a_folder(self, words: list[str], name: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text(UNREAD)
        done = run(*words, tmp_path, "-o", tmp_path / name)
        assert done.returncode == 2
        assert b"it is an input too" in done.stderr
        assert (tmp_path / name).read_text() == UNREAD

    def test_a_pack_and_stdin(self, case: Path, tmp_path: Path) -> None:
        pack = pack_with(tmp_path / "pack", "rules: []\n")
        done = run("recommend", case, "--rules", pack, "-o", pack / "x.yaml")
        assert b"it is an input too" in done.stderr
        with case.open() as stdin:
            command = [sys.executable, "-m", "recommender", "recommend", "-", "-o", str(case)]
            late = subprocess.run(command, stdin=stdin, capture_output=True, check=False)
        assert late.returncode == 2
        assert json.loads(case.read_text()) == CASE

    def test_of_a_cohort(self, tmp_path: Path) -> None:
        parts = tmp_path / "parts"
        parts.mkdir()
        table, other = parts / "a.csv", tmp_path / "b.csv"
        table.write_text("id,therapies\na,sorafenib\n")
        other.hardlink_to(table)
        for source, out in ((table, table), (parts, table), (table, other), (parts, other)):
            done = run("cohort", source, "-o", out)
            assert done.returncode == 2
            assert b"it is an input too" in done.stderr

    def test_of_files_by_the_ids_of_samples(self, tmp_path: Path) -> None:
        table = tmp_path / "a.json"
        table.write_text("id,therapies,FASN\na,sorafenib,high\n")
        done = run("profile", "import", table, "--from", "table", "-o", tmp_path)
        assert done.returncode == 2
        assert b"it is an input too" in done.stderr
        assert table.read_text().startswith("id")

    @pytest.mark.parametrize("out", ["study", "study/new/deep", "other/../study", "link", "study/x.ndjson"])
    @pytest.mark.parametrize("flag", ["-o", "--notices"])
    def test_into_a_study_that_is_imported(self, tmp_path: Path, out: str, flag: str) -> None:
        study = tmp_path / "study"
        study.mkdir()
        (tmp_path / "other").mkdir()
        (tmp_path / "link").symlink_to(study)
        (study / "meta_study.txt").write_text("this is not even read")
        done = run("profile", "import", study, flag, tmp_path / out)
        assert done.returncode == 2
        assert b"it is the folder that is read, or lies in it" in done.stderr
        assert [one.name for one in study.iterdir()] == ["meta_study.txt"]

    def test_what_a_folder_is_not_read_for_may_be_written_again(self, case: Path, tmp_path: Path) -> None:
        for _ in range(2):
            out = tmp_path / "answers.csv"
            assert run("recommend", tmp_path, "--format", "csv", "-o", out).returncode == 0


class TestStdout:
    @pytest.mark.parametrize("command", [["recommend"], ["audit"], ["refs"]])
    def test_a_reader_that_has_gone(self, case: Path, command: list[str]) -> None:
        arguments = [*command, str(case)] if command == ["recommend"] else command
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "recommender", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_closed_streams(self, case: Path) -> None:
        command = f'"{sys.executable}" -m recommender recommend'
        for line in (f'{command} "{case}" >&-', f"{command} <&-"):
            done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
            assert done.returncode in (1, 2)
            assert b"Traceback" not in done.stderr

    @pytest.mark.parametrize("columns", ["²", "99999999999", "0", "1", "-5", "x", ""])
    def test_any_width_of_the_terminal(self, case: Path, columns: str) -> None:
        done = run("recommend", case, COLUMNS=columns)
        assert done.returncode == 0
        assert LABEL in done.stdout.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["rules", "list", "--format", "json"],
        ["rules", "show", "orlistat-against-fasn"],
        ["rules", "show", "orlistat-against-fasn", "--format", "json"],
        ["rules", "graph"],
        ["rules", "graph", "--format", "json"],
        ["rules", "coverage", "--format", "json"],
        ["rules", "test", "--format", "json"],
        ["rules", "lint", "--format", "sarif"],
        ["audit", "--format", "markdown"],
        ["refs", "--format", "ris"],
        ["refs", "--format", "bibtex"],
        ["schema", "profile"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_both_phrases_stand_on_every_output(arguments: list[str]) -> None:
    text = (
        " ".join(run(*arguments, "--width", "200").stdout.decode().split())
        if arguments[0] == "doctor"
        else ""
    )
    text = text or " ".join(run(*arguments).stdout.decode().split())
    assert LABEL in text
    assert "not for treatment decisions" in text or DISCLAIMER in text
