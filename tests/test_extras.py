"""What the optional parts need, and how somebody learns to get them."""

import re
import sys
from importlib import util
from pathlib import Path
from typing import get_args

import pytest
from support.places import ROOT, pyproject

import recommender
from recommender import InputError
from recommender._extras import (
    PARTS,
    PartName,
    command,
    durable_command,
    folder_of,
    importing,
    missing,
    needs,
)

pytestmark = pytest.mark.once  # a wheel names the published form


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)


def test_parts_need_what_their_extra_brings() -> None:
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    brought = {
        extra: {name for text in texts if (name := re.split(r"[<>=\[]", text)[0]) != project["name"]}
        for extra, texts in extras.items()
    }
    assert set(PARTS) == set(get_args(PartName))
    needed: dict[str, set[str]] = {}
    for part in PARTS.values():
        names = {module.replace("_", "-") for module in part.modules}
        needed.setdefault(part.extra, set()).update(names)
    assert needed == brought


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("part", get_args(PartName))
def test_an_error_names_extra_packages_and_command(part: PartName) -> None:
    with pytest.raises(InputError) as caught:
        needs(part)
    extra = PARTS[part].extra
    text = str(caught.value)
    assert f"the extra `{extra}`" in text
    assert f"pip install '.[{extra}]'" in text
    assert all(module in text for module in missing(part))
    assert missing(part) == list(PARTS[part].modules)


@pytest.mark.parametrize("error", [ImportError("no such symbol"), OSError("cannot load libpango")])
def test_what_is_there_and_does_not_load_is_named_too(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: object())
    needs("PDF")
    says = f"does not load: {error}.*report.*the system library Pango"
    with pytest.raises(InputError, match=says), importing("PDF"):
        raise error


def test_several_extras_are_one_command() -> None:
    assert command(["web", "cohort", "web"]) == "pip install '.[cohort,web]'"


def test_a_release_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender._extras.is_checkout", lambda: False)
    assert command(["web"]) == "pip install 'ferroptosis-recommender[web]'"


def test_the_folder_of_a_package_is_found_without_importing_it() -> None:
    assert folder_of("recommender") == Path(recommender.__file__).parent


def test_one_line_repairs_durable_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same in docs/engine.md, in the Makefile and in the matrix."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    assert durable_command().startswith("pip install ")
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    flags, options = re.fullmatch(
        "(CPPFLAGS=.*) pip install --force-reinstall (.*)", durable_command()
    ).groups()  # type: ignore[union-attr]
    for file in ("Makefile", "docs/engine.md"):
        text = (ROOT / file).read_text()
        assert flags in text, file
        assert options in text, file
    ((_, flag, *rest), _) = pyproject()["tool"]["tox"]["env"]["py313"]["commands_pre"]
    assert flag == flags
    assert " ".join(rest).endswith(options)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not durable_command()
