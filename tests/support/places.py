"""Where the checkout and the data of the tests are."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
EXAMPLES = ROOT / "docs" / "examples"
EXAMPLE_PACK = ROOT / "docs" / "example-pack"


def program(path: str) -> ModuleType:
    """A program of the checkout that is in no package, imported anew."""
    spec = spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
