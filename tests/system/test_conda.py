"""The conda recipe: rattler-build reads it, and it requires what the wheel requires."""

from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from support.places import ROOT, pyproject

from recommender._label import LABEL
from recommender._version import VERSION

pytestmark = pytest.mark.once

PATH = ROOT / "conda" / "recipe.yaml"


def recipe() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(PATH.read_text())
    return loaded


def spelt(requirement: Requirement) -> str:
    """A requirement as conda writes it, whose names have small letters."""
    return f"{requirement.name.lower()} {requirement.specifier}".strip()


def test_rattler_build_reads_and_renders_it() -> None:
    rattler_build = pytest.importorskip(
        "rattler_build", reason="py-rattler-build is not installed: the conda recipe was NOT linted"
    )
    (variant,) = rattler_build.Stage0Recipe.from_file(str(PATH)).render(rattler_build.VariantConfig())
    rendered = variant.recipe.to_dict()
    assert rendered["package"] == {"name": pyproject()["project"]["name"], "version": VERSION}
    assert rendered["build"]["noarch"] == "python"
    # Its reader refuses a field that it does not know.
    with pytest.raises(Exception, match="requirments"):
        rattler_build.Stage0Recipe.from_yaml(PATH.read_text().replace("requirements:", "requirments:"))


def test_it_requires_what_the_project_requires() -> None:
    project = pyproject()["project"]
    needed = [Requirement(text) for text in project["dependencies"]]
    given = recipe()["requirements"]
    python = f"python {project['requires-python']}"
    assert given["run"] == [python, *sorted(spelt(one) for one in needed if not one.marker)]
    assert given["run_constraints"] == [spelt(one) for one in needed if one.marker]
    backend = [spelt(Requirement(text)) for text in pyproject()["build-system"]["requires"]]
    assert given["host"] == [python, "pip", *backend]


def test_it_says_what_the_project_says() -> None:
    project = pyproject()["project"]
    read = recipe()
    assert read["context"] == {"name": project["name"], "version": VERSION}
    assert read["build"]["python"]["entry_points"] == [
        f"{name} = {place}" for name, place in project["scripts"].items()
    ]
    assert read["about"]["summary"] == project["description"]
    assert read["about"]["license"] == project["license"]
    assert read["about"]["license_file"] == project["license-files"]
    assert LABEL in read["about"]["description"]
