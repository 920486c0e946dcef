"""The library names parameters; the command line shows them as options, the server as parts of a request."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from support.commands import run
from support.places import ROOT

from recommender import InputError, Problem, Profile, Recommender
from recommender._errors import Action
from recommender.cli.app import COMMANDS
from recommender.cli.flags import COMMAND_OF, error_text, flag, with_flags
from recommender.cli.import_notices import with_options
from recommender.curation.records import rule_rows
from recommender.importing import ImportOptions, import_profiles
from recommender.whatif import Changes, changed

PACKAGE = ROOT / "recommender"


def texts(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [
        one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def test_no_text_of_the_library_names_an_option() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "cli"]
    modules += PACKAGE.rglob("*.j2")
    seen = 0
    for path in modules:
        found = texts(path) if path.suffix == ".py" else [path.read_text()]
        seen += len(found)
        named = [one for one in found if re.search(r"(?<![\w<!-])--[a-z]", one)]
        assert [one for one in named if "pip install" not in one and "no-binary" not in one] == [], path
    assert seen > 5000


def test_every_parameter_that_a_text_names_is_an_option_of_a_command() -> None:
    named = {
        name
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "cli"
        for text in texts(path)
        for name in re.findall(r"`([a-z_]+)=`", text)
    }
    options = "\n".join(path.read_text() for path in (PACKAGE / "cli").glob("*.py"))
    assert {"assume_exome", "panels", "resume"} < named
    for name in named:
        assert f'"{flag(name)}"' in options, name


def test_no_text_of_the_library_names_a_command() -> None:
    command = re.compile(rf"(?<!`)\brecommender (?:{'|'.join(COMMANDS)})\b|(?<![\w`])-[a-z]\b(?! )")
    named = [
        f"{path.name}: {text}"
        for path in PACKAGE.rglob("*.py")
        if path.parent.name not in ("cli", "views") and path.name != "isolated.py"  # which starts Python
        for text in texts(path)
        if command.search(text)
    ]
    assert named == []


def test_every_action_has_a_command_that_is_there() -> None:
    assert set(COMMAND_OF) == set(get_args(Action))
    for command in COMMAND_OF.values():
        words = [word for word in command.split()[1:] if word.islower() and not word.startswith("-")]
        words = words[:1] if words[0] in ("cohort", "recommend") else words
        assert run(*words, "--help").returncode == 0, command


@pytest.mark.parametrize(
    "words", [("explain", "nrf2-active-sorafenib", "qqqqqq"), ("rules", "show", "qqqqqq")]
)
def test_the_command_line_names_the_command(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert b"See the list of rules. Use: recommender rules list." in done.stderr


def test_a_problem_names_the_parameter(recommender: Recommender) -> None:
    with pytest.raises(InputError) as caught:
        rule_rows(recommender.base, therapy="lenvatinb")
    assert caught.value.problems == (
        Problem("", "the therapy 'lenvatinb' is not known.", "Did you mean lenvatinib?", "therapy"),
    )
    assert "  therapy: the therapy" in str(caught.value)
    assert "  --therapy: the therapy" in error_text(caught.value)


def test_the_command_line_names_the_option() -> None:
    done = run("rules", "list", "--therapy", "lenvatinb")
    assert done.returncode == 2
    assert b"--therapy: the therapy 'lenvatinb' is not known. Did you mean lenvatinib?" in done.stderr
    done = run("whatif", ROOT / "profiles" / "nrf2-active-sorafenib.json", "--set", "FASN=hihg")
    assert b"--set: FASN cannot be 'hihg'." in done.stderr
    done = run("profile", "new", "--marker", "FASN")
    assert b"--marker FASN: MARKER=STATE is expected. Such as FASN=" in done.stderr


def test_a_change_names_its_part(recommender: Recommender) -> None:
    with pytest.raises(InputError) as caught:
        changed(Profile(), Changes(unset=("FASN",), therapy=("sorafenib",)), recommender.base)
    assert [one.parameter for one in caught.value.problems] == ["unset", "therapy"]


def test_notices_of_an_import_name_the_option(recommender: Recommender, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("id,disease,FASN\na,HCC,high\n")
    found = import_profiles(tmp_path / "table.csv", recommender.base, ImportOptions())
    (notice,) = [one for one in found.notices if one.code == "NO_THERAPY"]
    assert notice.message.endswith("add it with `therapies=`.")
    (notice,) = [one for one in with_options(found).notices if one.code == "NO_THERAPY"]
    assert notice.message.endswith("add it with --therapy.")


def test_other_text_in_backticks_stays() -> None:
    assert with_flags("this needs the extra `cohort`; `x = 1`") == "this needs the extra `cohort`; `x = 1`"
