"""The reference of the command line against the commands as they really run."""

from collections.abc import Iterator
from typing import Any

import pytest
from generate.commands import commands
from generate.fields import field_pages
from support.places import ROOT
from typer.main import get_command
from typer.testing import CliRunner

from recommender import DifferenceError, InputError, RecommenderError, RuleBaseError
from recommender.cli import exit_code
from recommender.cli.app import COMMANDS, EXIT_CODES, build
from recommender.schemas import schema

pytestmark = pytest.mark.once

PAGE = (ROOT / "docs" / "cli.md").read_text()


def real(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below a command, groups included, as the parser knows it."""
    yield name, command
    for inner, one in getattr(command, "commands", {}).items():
        yield from real(one, f"{name} {inner}")


REAL = dict(real(get_command(build([])), "recommender"))
SHOWN = {name: one for name, one in REAL.items() if not hasattr(one, "commands")}


def section(name: str) -> str:
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def escaped(text: str) -> str:
    """As it stands in a table of Markdown."""
    return text.replace("|", "\\|")


def test_all_commands_are_there() -> None:
    assert {name.split()[1] for name in SHOWN} == set(COMMANDS)
    listed = [f"recommender {one.name}" for one in commands()]
    assert sorted(listed) == sorted(SHOWN)
    assert list(dict.fromkeys(name.split()[1] for name in listed)) == list(COMMANDS)


@pytest.mark.parametrize("name", SHOWN)
def test_every_argument_and_option_of_a_command_is_in_the_reference(name: str) -> None:
    text = section(name)
    assert "\nExample" in text
    for parameter in SHOWN[name].params:
        if parameter.param_type_name == "argument":
            assert f"| `{escaped(parameter.metavar or '')}" in text
            assert escaped(parameter.help) in text
        elif "--help" not in parameter.opts:
            for option in parameter.opts:
                assert f"`{option}`" in text or f"`{option}/" in text, option
            assert escaped(parameter.help) in text


def test_the_options_of_the_command_itself_and_the_exit_codes_are_there() -> None:
    text = section("The command itself")
    for parameter in REAL["recommender"].params:
        assert f"`{parameter.opts[0]}`" in text
    for code, one in EXIT_CODES.items():
        assert f"| {code} | {one.meaning} |" in section("Exit codes")
    errors = [RecommenderError("x"), InputError([]), RuleBaseError([]), DifferenceError("x")]
    assert {0, *map(exit_code, errors)} == set(EXIT_CODES)


@pytest.mark.parametrize("name", REAL)
def test_every_help_has_an_example(name: str) -> None:
    asked = [*name.split()[1:], "--help"]
    done = CliRunner().invoke(build(asked), asked, env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0
    assert "Example" in done.output
    assert f"recommender {name.split()[1] if ' ' in name else 'recommend'}" in done.output


def test_every_field_of_profile_and_result_says_what_it_means() -> None:
    pages = field_pages()
    for which in ("profile", "result"):
        whole = schema(which)
        assert len(whole["$defs"]) >= 2
        for part in [whole, *whole["$defs"].values()]:
            for name, field in part["properties"].items():
                assert field["description"].endswith((".", "`")), name
                assert f"| `{name}` |" in pages[f"{which}-reference.md"]
        for name in whole["$defs"]:
            assert f"\n## {name}\n" in pages[f"{which}-reference.md"]
