"""What the program says about itself: without a command, and in the help of each."""

import re

import pytest
from support.commands import run
from typer.main import get_command

from recommender import LABEL
from recommender.cli import completing
from recommender.cli.app import COMMAND_GROUPS, COMMANDS, build

pytestmark = pytest.mark.once


def helps() -> list[list[str]]:
    found: list[list[str]] = [[]]
    for name, command in get_command(build([])).commands.items():  # type: ignore[attr-defined]
        found.append([name])
        found += [[name, inner] for inner in getattr(command, "commands", {})]
    return found


def test_without_a_command_it_says_where_to_begin_on_one_screen() -> None:
    done = run()
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80
    assert LABEL in lines[0]
    used = [words[1] for line in lines if (words := line.split())[:1] == ["recommender"]]
    assert len(used) == 5
    assert set(used) <= set(COMMANDS)
    assert "--help" in done.stdout.decode()


def test_the_help_shows_the_commands_in_groups() -> None:
    text = run("--help", COLUMNS="80").stdout.decode()
    headings = re.findall("╭─ (.*?) ─", text)
    assert headings == ["Options", *COMMAND_GROUPS]
    assert re.findall(r"^│ ([a-z-]+) ", text, re.MULTILINE)[-len(COMMANDS) :] == list(COMMANDS)


@pytest.mark.parametrize("words", helps(), ids=" ".join)
def test_a_help_names_no_types_breaks_no_word_and_has_examples(words: list[str]) -> None:
    text = run(*words, "--help", COLUMNS="80").stdout.decode()
    assert not re.search(r"<[a-z]|list\[|range", text.partition("Example")[0])
    shown = text.partition("Examples:")[2].split("\n\n")[0]
    assert shown.count("recommender ") >= 2
    assert max(map(len, text.splitlines())) <= 80


def test_states_are_offered_for_a_marker() -> None:
    for begun in ("FASN", "FASN="):
        assert set(completing.marker_state(begun)) >= {"FASN=high", "FASN=low", "FASN=normal"}
