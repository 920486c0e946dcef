"""`profile new` and what a shell completes."""

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.commands import run
from support.generators import BASE

from recommender import LABEL, InputError, Profile
from recommender.cli import completing
from recommender.intake.interview import Answers, profile_of

pytestmark = pytest.mark.once

FLAGS = [
    *("--id", "case", "--disease", "HCC", "--therapy", "Nexavar", "--resistant-to", "lenvatinib"),
    *("--mutation", "TP53 p.R249S", "--marker", "HBV=positive", "--marker", "PD-L1=high", "--note", "text"),
]
EXPECTED = {
    "schema_version": "1.0",
    "id": "case",
    "disease": "HCC",
    "therapies": ["Nexavar"],
    "resistant_to": ["lenvatinib"],
    "mutations": ["TP53 p.R249S"],
    "markers": {"HBV": "positive", "PD-L1": "high"},
    "note": "text",
}


def test_from_flags(tmp_path: Path) -> None:
    done = run("profile", "new", *FLAGS)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == EXPECTED
    target = tmp_path / "case.json"
    assert run("profile", "new", *FLAGS, "-o", target).returncode == 0
    assert Profile.read(target.read_bytes()).id == "case"


def test_all_that_is_wrong_with_flags() -> None:
    done = run(
        "profile", "new", "--marker", "HBV", "--marker", "=", "--marker", "FASN=high", "--marker", "FASN=low"
    )
    assert done.returncode == 2
    assert done.stderr.count(b"--marker") == 3
    assert b"HBV=positive" in done.stderr
    done = run("profile", "new", "--disease", "HCC", "--marker", "FASN=hihg", "--mutation", "TP53 lost")
    assert done.returncode == 2
    assert b"Did you mean high?" in done.stderr


def test_unknown_names_are_noticed() -> None:
    done = run("profile", "new", "--disease", "HCC", "--marker", "GPX44=low")
    assert done.returncode == 0
    assert b"UNKNOWN_MARKER" in done.stderr


def test_by_asking_through_a_pipe() -> None:
    answers = [
        *(
            "case",
            "HCC",
            "nexavra",
            "Nexavar",
            "",
            "lenvatinib",
            "",
            "TP53 wtt",
            "TP53 p.R249S",
            "TP53 wild-type",
            "",
        ),
        *("FASN", "FASN=hihg", "PDK1=high", "HBV=positive", "PD-L1=high", "", "text"),
    ]
    done = run("profile", "new", stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
    told = done.stderr.decode()
    assert LABEL in told
    assert "Did you mean Nexavar" in told
    assert "Did you mean high?" in told
    assert "Write FASN=STATE" in told
    assert "can mean" in told
    assert "TP53 is wild-type here and mutated" in told


def test_a_disease_outside_the_vocabulary_is_kept() -> None:
    done = run("profile", "new", stdin="case\nmelanoma\n" + "\n" * 5)
    assert json.loads(done.stdout)["disease"] == "melanoma"
    assert b"nothing is ranked" in done.stderr


def test_an_input_that_ends_early_is_told() -> None:
    done = run("profile", "new", stdin="case\n")
    assert done.returncode == 2
    assert b"ended before 'Disease " in done.stderr


def test_nothing_but_empty_answers_is_a_profile_with_the_disease_that_is_offered() -> None:
    done = run("profile", "new", stdin="\n" * 7)
    assert json.loads(done.stdout) == {"schema_version": "1.0", "disease": "HCC"}
    assert b"Disease [HCC; - for none]" in done.stderr
    done = run("profile", "new", stdin="\n-\n" + "\n" * 5)
    assert json.loads(done.stdout) == {"schema_version": "1.0"}


def test_the_tab_key_completes_in_a_terminal_and_the_profile_is_saved_where_wanted(tmp_path: Path) -> None:
    (tmp_path / "taken.json").write_text("kept")
    pytest.importorskip("readline")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "INPUTRC": os.devnull}
    command = [sys.executable, "-m", "recommender", "profile", "new"]
    shown = b""

    def until(text: bytes) -> None:
        nonlocal shown
        end = time.monotonic() + 30
        while text not in shown:
            assert time.monotonic() < end, shown
            shown += os.read(ours, 4096)
        shown = shown[shown.index(text) + len(text) :]

    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path
    ) as process:
        os.close(theirs)
        for question, answer in [
            (b"Name of the case: ", b"case\n"),
            (b"for none]: ", b"hepatocellular carcinoma\n"),
            (b"Therapy: ", b"sorafenib tos\t\n"),
            (b"(another): ", b"\n"),
            (b"failed: ", b"\n"),
            (b"p.X1Y: ", b"\n"),
            (b"STATE: ", b"FASN=hi\t\n"),
            (b"(another): ", b"\n"),
            (b"Note: ", b"\n"),
            (b"Save as [case.json; - to print it]: ", b"taken.json\n"),
            (b"Overwrite it? [y/N]: ", b"\n"),
            (b"Save as [case.json; - to print it]: ", b"no/such/folder.json\n"),
            (b"Save as [case.json; - to print it]: ", b"\n"),
        ]:
            until(question)
            os.write(ours, answer)
        until(b"recommender recommend case.json")
        shown = b""
        assert process.wait(30) == 0
    os.close(ours)
    assert (tmp_path / "taken.json").read_text() == "kept"
    assert Profile.read((tmp_path / "case.json").read_bytes()).id == "case"


def test_what_was_completed_is_in_the_profile() -> None:
    """The same without a terminal: the names that the Tab key offers are accepted."""
    for therapy in ["sorafenib tosylate", *completing.therapy("lenva")]:
        value, notices = profile_of(Answers(disease="HCC", therapies=(therapy,)), BASE)
        assert value["therapies"] == [therapy]
        assert not notices


def test_completion_of_markers_therapies_and_rules() -> None:
    assert "FGFR4" in completing.marker("fgf")
    assert completing.marker_state("FASN=hi") == ["FASN=high"]
    assert "HBV=positive" in completing.marker_state("HBV")
    assert "FASN" in completing.marker_state("FAS")
    assert "+sorafenib" in completing.therapy("+soraf")
    assert "Nexavar" in completing.therapy("nex")
    assert "HCC" in completing.disease("hc")
    assert "orlistat-against-fasn" in completing.rule("orli")
    for names in (completing.marker(""), completing.therapy(""), completing.disease("")):
        assert names
        assert not [name for name in names if " " in name]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["whatif", "case.json", "--set", "FASN=h"], "FASN=high"),
        (["whatif", "case.json", "--therapy", "+nivo"], "+nivolumab"),
        (["profile", "import", "x", "--therapy", "sora"], "sorafenib"),
        (["profile", "new", "--marker", "FASN=l"], "FASN=low"),
        (["rules", "show", "orlistat-a"], "orlistat-against-fasn"),
        (["explain", "case.json", "orlistat-a"], "orlistat-against-fasn"),
        (["prof"], "profile"),
        (["profile", "val"], "validate"),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_offered_commands_and_names(words: list[str], offered: str, shell: str) -> None:
    line = "recommender " + " ".join(words)
    environment = {
        "_RECOMMENDER_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words)),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = run(**environment)
    assert offered in done.stdout.decode(), done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["--set", "FASN", "="], {"high", "low", "normal"}),
        (["--set", "FASN", "=", "h"], {"high"}),
        (["--set", "FASN", "=", "high", "--set", "MT1G", "=", "lo"], {"low"}),
        (["--set", "FASN=h"], {"FASN=high"}),
    ],
)
def test_bash_is_offered_states_though_it_splits_at_the_equals_sign(
    words: list[str], offered: set[str]
) -> None:
    line = ["recommender", "whatif", "case.json", *words]
    done = run(
        _RECOMMENDER_COMPLETE="complete_bash",
        COMP_WORDS="\n".join(line),
        COMP_CWORD=str(len(line) - 1),
    )
    found = set(done.stdout.decode().split())
    assert offered <= found
    assert len(offered) > 1 or offered == found


def test_an_existing_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "case.json"
    target.write_text("kept")
    done = run("profile", "new", *FLAGS, "-o", target)
    assert done.returncode == 2
    assert b"--force" in done.stderr
    assert target.read_text() == "kept"
    assert run("profile", "new", *FLAGS, "-o", target, "--force").returncode == 0
    assert json.loads(target.read_text()) == EXPECTED


def test_a_profile_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        profile_of(Answers(markers=("FASN=hihg",)), BASE)
    target = tmp_path / "case.json"
    assert run("profile", "new", "--marker", "FASN=hihg", "-o", target).returncode == 2
    assert not target.exists()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_nobody_to_ask_is_told(closed: str) -> None:
    command = f'"{sys.executable}" -m recommender profile new {closed}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, input=b"")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
