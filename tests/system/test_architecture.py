"""What keeps the house in order: who may import what, and knowledge apart from code."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import recommender
from recommender._data import shipped

pytestmark = pytest.mark.once

PACKAGE = Path(recommender.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def imports(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def importers(name: str) -> set[str]:
    """The modules that import a package or anything in it."""
    return {
        module.relative_to(PACKAGE).as_posix()
        for module in MODULES
        if any(found == name or found.startswith(f"{name}.") for found in imports(module))
    }


def test_one_module_imports_durable_rules() -> None:
    assert importers("durable_rules_engine") == {"engine/durable.py"}
    assert not importers("durable")


def test_one_module_knows_yaml() -> None:
    assert importers("yaml") == {"_yaml.py"}


def test_each_columnar_engine_and_the_plots_have_one_home() -> None:
    for name in ("duckdb", "pyarrow", "sqlglot", "numpy"):
        assert {module.partition("/")[0] for module in importers(name)} == {"cohort"}
    assert importers("pyspark") == {"cohort/spark.py"}
    assert importers("matplotlib") == {"views/plots.py"}


def test_pages_pictures_and_print_have_one_home_each() -> None:
    assert importers("jinja2") == {"views/templating.py"}
    assert importers("weasyprint") == {"views/pages.py"}
    assert importers("resvg_py") == {"views/drawing.py"}


def test_only_the_command_line_knows_typer_and_only_it_and_views_know_rich() -> None:
    assert {name.partition("/")[0] for name in importers("typer")} == {"cli"}
    assert {name.partition("/")[0] for name in importers("rich")} == {"cli", "views"}


def test_only_the_server_knows_the_web() -> None:
    for name in ("fastapi", "starlette", "uvicorn"):
        assert {module.partition("/")[0] for module in importers(name)} == {"web"}


def test_nothing_goes_over_the_network() -> None:
    assert importers("socket") == {"web/serving.py"}, "for the socket that it listens on"
    for name in ("urllib.request", "urllib3", "http", "requests", "httpx", "ssl"):
        assert not importers(name)


def test_public_names_are_all_there() -> None:
    for name in recommender.__all__:
        assert getattr(recommender, name) is not None
    for name in ("Recommender", "Profile", "Result"):
        assert name in recommender.__all__


def test_no_gene_drug_or_reference_stands_in_the_code() -> None:
    from support.generators import BASE

    names = {marker.symbol for marker in BASE.content.markers if len(marker.symbol) > 2}
    names |= {therapy.name for therapy in BASE.content.therapies if therapy.kind == "drug"}
    names |= {add_on.id for add_on in BASE.content.add_ons}
    assert len(names) > 200
    assert len(MODULES) > 100
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
                assert not words & names, (module.name, node.lineno, words & names)


def test_modules_stay_short() -> None:
    for module in MODULES:
        assert len(module.read_text().splitlines()) <= 400, module.name


def test_shipped_files_name_no_machine() -> None:
    paths = re.compile(r"/(?:work|root|home|Users|tmp)/")
    files = [file for folder in ("rules", "profiles") for file in shipped(folder).rglob("*.*")]
    assert len(files) > 40
    for file in files:
        assert not paths.search(file.read_text()), file.name


def test_doctests() -> None:
    import doctest
    from importlib import import_module

    tried = 0
    for module in MODULES:
        if ">>> " in module.read_text():
            name = ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts)
            result = doctest.testmod(import_module(name.removesuffix(".__init__")))
            assert result.failed == 0, name
            tried += result.attempted
    assert tried > 10
