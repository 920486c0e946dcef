"""What keeps the house in order: who may import what, one home for each thing, knowledge apart from code."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest
from support.places import ROOT

import recommender
from recommender._data import shipped

pytestmark = pytest.mark.once

PACKAGE = Path(recommender.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "_version",
    "_data",
    "_text",
    "_cells",
    "_values",
    "_label",
    "states",
    "scores",
    "changes",
    "_errors",
    "_opening",
    "_yaml",
    "_files",
    "_extras",
    "_validation",
    "options",
    "engine",
    "_common",
    "profile",
    "knowledge",
    "evaluation",
    "ranking",
    "importing",
    "intake",
    "result",
    "cohort",
    "recommender",
    "whatif",
    "reports",
    "curation",
    "exporting",
    "streaming",
    "replay",
    "doctor",
    "schemas",
    "views",
    "page",
    "web",
    "assistants",
    "cli",
)
"""The rooms from the ground up; docs/architecture.md has the same list. A room imports those before it."""

DOORS: set[tuple[str, str]] = {
    ("recommender.profile", "recommender.intake.files"),
    ("recommender.result.model", "recommender.views.notebook"),
    ("recommender.result.model", "recommender.views.rows"),
    ("recommender.recommender", "recommender.whatif"),
    ("recommender.recommender", "recommender.reports.case_report"),
    ("recommender.recommender", "recommender.reports.tumour_map"),
    ("recommender.recommender", "recommender.views.drawing"),
    ("recommender.recommender", "recommender.views.pages"),
}
"""Conveniences of the library that may import upward, inside a function: the module, and what it imports."""

ONLY_HERE = {
    "durable_rules_engine": {"engine/durable.py"},
    "yaml": {"_yaml.py"},
    "duckdb": {"cohort/"},
    "pyarrow": {"cohort/"},
    "numpy": {"cohort/", "curation/corroboration/"},
    "pandas": {"curation/corroboration/"},
    "scipy": {"curation/corroboration/"},
    "pyspark": {"cohort/spark.py"},
    "matplotlib": {"views/sheets.py"},
    "jinja2": {"views/templating.py"},
    "weasyprint": {"views/pages.py"},
    "resvg_py": {"views/drawing.py"},
    "typer": {"cli/"},
    "rich": {"views/", "cli/"},
    "mcp": {"assistants/server.py"},
    "mcp_types": {"assistants/server.py"},
    "fastapi": {"web/"},
    "starlette": {"web/"},
    "uvicorn": {"web/"},
    "socket": {"web/serving.py"},
}
"""Each package, or module of the standard library, and the only places that may import it."""

OF_EVERY_COMMAND = {"app", "EXAMPLES"}
"""The names that the module of a command has, apart from its function."""

MAX_LINES = 400


class Import(NamedTuple):
    """An import: the module that has it, what it imports, and if it is inside a function or for types."""

    module: str
    target: str
    inside: bool


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


@lru_cache(maxsize=1)
def imports() -> tuple[Import, ...]:
    """Every import in the package; those of our own modules by their full names."""
    return tuple(found for path in MODULES for found in _imports(path))


def _imports(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text())
    module = name_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    top = {id(node) for node in _at_the_top(tree)}
    for node in ast.walk(tree):
        inside = id(node) not in top
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield Import(module, inner if inner in NAMES else base, inside)


def _at_the_top(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs when the module is imported."""
    for node in ast.iter_child_nodes(tree):
        yield node
        for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not (for_types or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)):
            yield from _at_the_top(node)


def ours() -> list[Import]:
    """The imports of our own modules by our own modules, the package itself left out."""
    found = [one for one in imports() if one.target in NAMES and one.module != one.target]
    return [one for one in found if "." in one.module and "." in one.target]


def room_of(module: str) -> str:
    """The room of a module: the folder or the module right below the package."""
    return module.split(".")[1]


def where(module: str) -> str:
    """A module as a path inside the package."""
    inner = module.split(".")[1:]
    return "/".join(inner) + ("/" if (PACKAGE / "/".join(inner)).is_dir() else ".py")


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {room_of(name) for name in NAMES if "." in name} - {"__main__"}
    assert rooms == set(ROOMS)


def test_nothing_imports_upward() -> None:
    upward = [
        f"{one.module} imports {one.target}"
        for one in ours()
        if room_of(one.module) != "__main__"
        and ROOMS.index(room_of(one.target)) > ROOMS.index(room_of(one.module))
        and not (one.inside and (one.module, one.target) in DOORS)
    ]
    assert upward == []
    assert len(ours()) > 300


def test_every_door_is_used() -> None:
    used = {(one.module, one.target) for one in ours() if one.inside}
    assert used >= DOORS


def test_no_modules_import_each_other() -> None:
    below = defaultdict(set)
    for one in ours():
        if (one.module, one.target) not in DOORS:
            below[one.module].add(one.target)
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " imports ".join([*path[path.index(module) :], module])
        if module not in done:
            for target in sorted(below[module]):
                visit(target, (*path, module))
            done.add(module)

    for module in sorted(below):
        visit(module, ())
    assert len(done) > 100


@pytest.mark.parametrize("package", sorted(ONLY_HERE))
def test_each_package_has_one_home(package: str) -> None:
    importers = {
        where(one.module)
        for one in imports()
        if one.target == package or one.target.startswith(f"{package}.")
    }
    homes = ONLY_HERE[package]
    assert importers
    assert [name for name in importers if not name.startswith(tuple(homes))] == []


def test_durable_is_driven_by_its_c_module() -> None:
    assert not [one for one in imports() if one.target.partition(".")[0] == "durable"]


def test_nothing_goes_over_the_network() -> None:
    calling = {"urllib.request", "urllib3", "http", "requests", "httpx", "ssl"}
    assert not [one for one in imports() if any(f"{one.target}.".startswith(f"{name}.") for name in calling)]


def test_only_the_command_line_knows_a_terminal() -> None:
    known = re.compile(r"\bsys\.(?:stdout|stderr|stdin|exit|argv)\b|\bos\.umask\b|^ *print\(|[\"' (]--[a-z]")
    child = "engine/isolated.py"  # the other end of its pipes
    spoken = [
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for path in MODULES
        if (name := path.relative_to(PACKAGE).as_posix()) != child and not name.startswith("cli/")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if known.search(line.partition("pip install")[0])
    ]
    assert spoken == []


def test_architecture_page_has_the_rooms_in_their_order() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    listed = re.findall(r"^\| `([\w.]+?)(?:/|\.py)?` \|", page, re.MULTILINE)
    assert [name for name in listed if name in ROOMS] == list(ROOMS)


def test_public_names_are_all_there() -> None:
    for name in recommender.__all__:
        assert getattr(recommender, name) is not None
    assert {"Recommender", "Profile", "Result"} <= set(recommender.__all__)


def test_no_public_name_is_defined_twice() -> None:
    homes = defaultdict(set)
    for path in MODULES:
        name = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_text())
        apart = _of_a_command(tree, path.stem) if name.startswith("cli/") else set()
        for defined in _public(tree):
            if defined not in apart:
                homes[defined].add(name)
    assert len(homes) > 500
    twice = {
        name: sorted(where)
        for name, where in homes.items()
        if len(where) > 1
        and not (name in ("read", "USES") and all(one.startswith("importing/") for one in where))
    }
    assert twice == {}


def _of_a_command(tree: ast.Module, module: str) -> set[str]:
    """The names in a module of the command line that follow the command, which the library may also have."""
    functions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and (node.name == module or any("app.command" in ast.unparse(one) for one in node.decorator_list))
    }
    return functions | OF_EVERY_COMMAND


def _public(tree: ast.Module) -> Iterator[str]:
    """The public names that a module defines."""
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        yield from (name for name in names if not name.startswith("_"))


def test_no_gene_drug_or_reference_stands_in_the_code() -> None:
    from support.generators import BASE

    names = {marker.symbol for marker in BASE.content.markers if len(marker.symbol) > 2}
    names |= {therapy.name for therapy in BASE.content.therapies if therapy.kind == "drug"}
    names |= {add_on.id for add_on in BASE.content.add_ons}
    seen = 0
    for module in MODULES:
        tree = ast.parse(module.read_text())
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs:
                words = set(re.findall(r"[A-Za-z0-9-]+", node.value))
                seen += len(words)
                assert not words & names, (module.name, node.lineno, words & names)
    assert seen > 1000


def test_limits_are_named_alike() -> None:
    names = [
        found
        for path in MODULES
        for found in re.findall(r"^(_?[A-Z_]+) = (-?)", path.read_text(), re.MULTILINE)
    ]
    limits = [found for found in names if found[0].lstrip("_").startswith("MAX_")]
    assert len(limits) > 20
    assert [name for name, minus in limits if minus] == []
    assert [name for name, _ in names if re.match(r"_?(?:DEEPEST|LARGEST|LONGEST|MOST)_", name)] == []


def test_one_module_looks_for_what_is_installed() -> None:
    users = [path.relative_to(PACKAGE).as_posix() for path in MODULES if "find_spec" in path.read_text()]
    assert users == ["_extras.py"]


def test_modules_stay_short() -> None:
    lengths = {module.name: len(module.read_text().splitlines()) for module in MODULES}
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_shipped_files_name_no_machine() -> None:
    paths = re.compile(r"/(?:work|root|home|Users|tmp)/")
    files = [file for folder in ("rules", "profiles") for file in shipped(folder).rglob("*.*")]
    assert len(files) > 20
    assert [file.name for file in files if paths.search(file.read_text())] == []


def test_doctests() -> None:
    import doctest
    from importlib import import_module

    tried = 0
    for module in MODULES:
        if ">>> " in module.read_text():
            result = doctest.testmod(import_module(name_of(module)))
            assert result.failed == 0, module
            tried += result.attempted
    assert tried > 10


def test_docstrings_of_functions_are_no_questions() -> None:
    """A docstring of a function is a sentence with a verb; one of a property names what it is."""
    said = [
        (path, node.lineno, text)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node))
    ]
    assert len(said) > 800
    questions = ("How", "What", "Where", "Whether", "Which", "Who")
    assert [where for *where, text in said if text.split()[0] in questions] == []
