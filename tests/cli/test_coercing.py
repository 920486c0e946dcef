"""What parameters keep without the validator of Typer is what that validator makes of it."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
import typer
from typer.main import get_command

from recommender.cli.app import build
from recommender.cli.coercing import keep_plain

VALUES: list[Any] = [None, "", "a word", "7", "json", (), ("a", "b"), ["a"], ("a", 3), 3, True]


def parameters(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    for one in command.get_params(context):
        yield one, context
    for inner in getattr(command, "commands", {}).values():
        yield from parameters(inner, inner.context_class(inner, info_name=inner.name, parent=context))


def outcome(parameter: Any, context: Any, value: Any) -> Any:
    try:
        found = parameter.process_value(context, value)
    except (typer.BadParameter, typer.Exit) as end:
        return type(end), str(end)
    return type(found), found


def test_every_kind_of_parameter_of_the_commands() -> None:
    command = get_command(build([]))
    tried: set[Any] = set()
    words = 0
    for parameter, context in parameters(command, command.context_class(command, info_name="recommender")):
        kind = parameter.type_descriptor.annotation
        alike = (kind, parameter.required, parameter.nargs, getattr(parameter, "multiple", False))
        if alike in tried:
            continue
        tried.add(alike)
        choices = get_args(kind) if get_origin(kind) is Literal else ()
        parameter.callback = None  # some print and leave
        given = [*VALUES, *choices]
        expected = [outcome(parameter, context, value) for value in given]
        keep_plain([parameter])
        assert [outcome(parameter, context, value) for value in given] == expected, parameter.name
        words += len(choices)
    assert len(tried) > 20
    assert words > 40


def test_a_callback_is_called_and_typer_decides_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    app = typer.Typer()

    @app.command()
    def _greet(
        name: str = typer.Option("x", callback=lambda given: f"<{given}>"), count: int = 1
    ) -> None: ...

    command = get_command(app)
    context = command.context_class(command)
    name, count = command.params[:2]
    keep_plain(command.params)
    monkeypatch.setattr(type(name), "get_runtime_param", lambda _: pytest.fail("a validator is built"))
    assert name.process_value(context, "me") == "<me>"
    assert count.process_value(context, None) is None
    monkeypatch.undo()
    assert count.process_value(context, "3") == 3
    with pytest.raises(typer.BadParameter):
        count.process_value(context, "many")
