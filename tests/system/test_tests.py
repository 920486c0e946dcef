"""The tests themselves: who imports what, and that none passes without having looked at anything."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from support.places import TESTS

pytestmark = pytest.mark.once

MODULES = sorted(TESTS.rglob("test_*.py"))
SUPPORT = sorted(path for path in TESTS.rglob("*.py") if path not in MODULES)
CHECKS = ("raises", "warns", "fail", "assume", "reject")
"""Calls that check something, or that hypothesis fails on where they never hold."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> list[ast.FunctionDef]:
    """The test functions of a module."""
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def blocks(statements: Sequence[ast.stmt]) -> Iterator[Sequence[ast.stmt]]:
    """This block and all below it, but for those of functions and classes that are defined there."""
    yield statements
    for statement in statements:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                yield from blocks(getattr(statement, name, ()))
            for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
                yield from blocks(part.body)


def ends_early(block: Sequence[ast.stmt]) -> bool:
    """Whether a block returns without having checked anything."""
    return not any(map(checks, block)) and any(isinstance(one, ast.Return) for one in block)


def checks(statement: ast.stmt) -> bool:
    """Whether a statement itself checks something."""
    if isinstance(statement, ast.With):
        calls = [item.context_expr for item in statement.items]
    else:
        calls = [statement.value] if isinstance(statement, ast.Expr) else []
    return isinstance(statement, ast.Assert) or any(
        isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in CHECKS for call in calls
    )


def surely_checks(statements: Sequence[ast.stmt]) -> bool:
    """Whether a check is reached however many rounds loops take and whichever way conditions go."""
    for statement in statements:
        match statement:
            case _ if checks(statement):
                return True
            case ast.For(iter=given, body=body) if never_empty(given) and surely_checks(body):
                return True
            case ast.With(items=items, body=body):
                if surely_checks(body) and not any("suppress" in ast.unparse(item) for item in items):
                    return True
            case ast.If(body=body, orelse=other) if surely_checks(body) and surely_checks(other):
                return True
            case ast.Try(body=body, orelse=other, finalbody=final):
                if surely_checks(body) or surely_checks(other) or surely_checks(final):
                    return True
            case _:
                pass
    return False


def never_empty(given: ast.expr) -> bool:
    """Whether it can be seen that a loop over something has a round: written out, a range or a constant."""
    match given:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(not isinstance(part, ast.Starred) for part in parts)
        case ast.Dict(keys=keys):
            return bool(keys)
        case ast.Name(id=name):
            return name.isupper() or name == "both_engines"
        case ast.Call(func=ast.Name(id="range"), args=[*_, ast.Constant(value=int(last))]):
            return last > 0
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "sorted" | "product"), args=[first, *more]):
            return never_empty(first) and all(
                isinstance(one, ast.Constant) or never_empty(one) for one in more
            )
        case ast.Call(func=ast.Attribute(value=whole, attr="items" | "values" | "keys"), args=[]):
            return never_empty(whole)
        case (
            ast.SetComp(generators=[ast.comprehension(iter=whole, ifs=[])])
            | ast.ListComp(generators=[ast.comprehension(iter=whole, ifs=[])])
        ):
            return never_empty(whole)
        case ast.IfExp(body=one, orelse=other):
            return never_empty(one) and never_empty(other)
    return False


def test_no_test_ends_early_or_only_looks_at_what_may_be_nothing() -> None:
    """A loop counts what it saw, or hypothesis assumes that there is something to see."""
    faults, seen = [], 0
    for path in MODULES:
        for test in functions(path):
            seen += 1
            if any(map(ends_early, blocks(test.body))):
                faults.append(f"{path.name}:{test.lineno} {test.name}: it returns before it checks anything")
            elif any(map(checks, chain(*blocks(test.body)))) and not surely_checks(test.body):
                faults.append(f"{path.name}:{test.lineno} {test.name}: it may look at nothing")
    assert seen > 500
    assert not faults, "\n".join(faults)


def test_the_rule_sees_what_it_is_for() -> None:
    def sure(text: str) -> bool:
        return surely_checks(ast.parse(text).body)

    assert sure("for a in (1, 2):\n assert a")
    assert sure("for a in found:\n assert a\nassert found")
    assert sure("with raises(X):\n f()")
    assert not sure("for a in found:\n assert a")
    assert not sure("while found:\n assert found.pop()")
    assert not sure("if found:\n assert a")
    assert not sure("with suppress(X):\n assert a")
    assert not sure("for a in (*found,):\n assert a")
    assert not sure("for a in range(0):\n assert a")
    early = "try:\n f()\nexcept X:\n return\nassert a"
    assert any(map(ends_early, blocks(ast.parse(early).body)))
    assert not any(map(ends_early, blocks(ast.parse(early.replace("return", "assert b; return")).body)))


@pytest.mark.xdist_group("together")
def test_tests_of_a_group_run_in_one_worker(request: pytest.FixtureRequest) -> None:
    """Otherwise each worker builds a site and starts a Spark of its own, and nothing says so."""
    grouped = request.config.getoption("loadgroup", default=False)
    assert request.node.nodeid.endswith("@together") == grouped


def test_no_test_imports_another() -> None:
    """What tests share is in support/, and in fuzzing/."""
    others = {"tests", "conftest", *(path.stem for path in MODULES)}
    assert len(others) > 40
    for path in (*MODULES, *SUPPORT):
        found: set[str] = set()
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 or path.parent.name == "fuzzing", path.name
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        assert not {part for name in found for part in name.split(".")} & others, path.name


def test_helpers_are_in_their_folders() -> None:
    loose = {path.relative_to(TESTS).parts[0] for path in SUPPORT}
    assert loose == {"conftest.py", "support", "fuzzing"}
