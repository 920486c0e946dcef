"""The parts of the program that need more than a plain install: what each needs, and how to get it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from ._data import is_checkout
from ._errors import InputError, Problem
from ._text import shortened

PartName = Literal[
    "BibTeX",
    "RIS",
    "cohorts",
    "cohorts on Spark",
    "pictures",
    "PDF",
    "PNG of the map",
    "page and API",
    "workbooks",
    "assistants",
    "screens",
]


class ExtraPart(NamedTuple):
    """The extra that brings a part of the program, and the modules that it imports."""

    extra: str
    modules: tuple[str, ...]
    system: str = ""
    """The parts that pip cannot install."""


PARTS: dict[PartName, ExtraPart] = {
    "BibTeX": ExtraPart("refs", ("bibtexparser",)),
    "RIS": ExtraPart("refs", ("rispy",)),
    "cohorts": ExtraPart("cohort", ("duckdb", "numpy", "pyarrow")),
    "cohorts on Spark": ExtraPart("spark", ("pandas", "pyspark")),
    "pictures": ExtraPart("report", ("matplotlib",)),
    "PDF": ExtraPart("report", ("weasyprint",), system="the system library Pango"),
    "PNG of the map": ExtraPart("report", ("matplotlib", "resvg_py")),
    "page and API": ExtraPart("web", ("fastapi", "uvicorn")),
    "workbooks": ExtraPart("excel", ("python_calamine",)),
    "assistants": ExtraPart("mcp", ("mcp",)),
    "screens": ExtraPart("corroborate", ("numpy", "pandas", "scipy")),
}


def missing(part: PartName) -> list[str]:
    """Return the modules of a part that are not installed. Nothing is imported."""
    from importlib.util import find_spec

    return [name for name in PARTS[part].modules if find_spec(name) is None]


class _Without:
    """Among what finds modules: a package that is not to be found."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, *_: object) -> None:
        if name == self._package:
            raise ModuleNotFoundError(f"{name} is not needed", name=name)


@contextmanager
def hidden(package: str) -> Iterator[None]:
    """Let an import of a package within fail, as if it were not installed."""
    blind = _Without(package)
    sys.meta_path.insert(0, blind)
    try:
        yield
    finally:
        sys.meta_path.remove(blind)


def folder_of(package: str) -> Path:
    """Return the folder of an installed package, which is not imported."""
    from importlib.util import find_spec

    found = find_spec(package)
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def command(extras: Iterable[str]) -> str:
    """Return the command that installs these extras: of the release, or in the folder of a checkout."""
    names = ",".join(sorted(set(extras)))
    project = "." if is_checkout() else "ferroptosis-recommender"
    return f"pip install '{project}[{names}]'"


def needs(part: PartName) -> None:
    """Raise InputError where a module of a part is not installed."""
    if absent := missing(part):
        raise _cannot(part, f"not installed: {', '.join(absent)}")


@contextmanager
def importing(part: PartName) -> Iterator[None]:
    """Turn an import within that fails into an InputError that says how to get the part."""
    try:
        yield
    except (ImportError, OSError) as error:  # it is not there, or not what it needs of the system
        needs(part)
        raise _cannot(part, f"it does not load: {shortened(str(error), 120)}") from None


def durable_command() -> str:
    """Return the command after which durable-rules loads; nothing on Windows, which cannot build it."""
    if sys.platform == "win32":
        return ""
    # Python 3.13 removed a name that it uses. A wheel that was built without the flag may lie in the cache.
    flags = "" if sys.version_info < (3, 13) else "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
    return f"{flags}pip install --force-reinstall --no-cache-dir --no-binary durable-rules durable-rules"


def _cannot(part: PartName, why: str) -> InputError:
    extra, _, system = PARTS[part]
    what = f"this needs the extra `{extra}` ({part}), which is incomplete: {why}."
    hint = f"Install it: {command([extra])}"
    return InputError([Problem("", what, f"{hint}, and {system}." if system else f"{hint}.")])
