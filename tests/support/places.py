"""Where the checkout and the data of the tests are."""

import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
EXAMPLES = ROOT / "docs" / "examples"
EXAMPLE_PACK = ROOT / "docs" / "example-pack"


def pyproject() -> dict[str, Any]:
    """The configuration of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def program(path: str) -> ModuleType:
    """A program of the checkout that is in no package, imported anew."""
    spec = spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
