"""Every command, argument, option and exit code as a page of Markdown, from what the commands declare."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from typer import Typer
from typer.models import ArgumentInfo, OptionInfo

from recommender._label import DISCLAIMER, LABEL
from recommender.cli.app import COMMANDS, EXAMPLES, EXIT_CODES, build

_BEGINNING = """\
`recommender --help` and `recommender COMMAND --help` (also `-h`) say the same in the terminal. Results go to
stdout, all else to stderr. `python -m recommender` is the same as `recommender`."""

_THE_COMMAND_ITSELF = """\
## The command itself

| Option | Does |
|---|---|
| `--version` | Print the version. |
| `--install-completion` | Let the Tab key complete names in this shell: bash, zsh, fish or PowerShell. |
| `--show-completion` | Print what that would install. |
| `--help`, `-h` | Show the help. Every command has it. |"""

_ENDING = """\
In a stream with bad lines the good ones are answered, and the code at the end is 2, or 4 where `--verify`
found a difference. A command that is stopped by a signal ends with 128 and the number of the signal: 130
after Ctrl-C, 143 after SIGTERM.

## Environment

| Variable | Does |
|---|---|
| `RECOMMENDER_RULES` | folders of rules to lay over the shipped ones, a colon between them, as `--rules` |
| `XDG_CACHE_HOME` | where the checked copy of the rule base is kept, in a folder of its own |
| `NO_COLOR` | no colours, whatever the terminal |
| `COLUMNS` | the width of tables, where `--width` does not say it |"""


class Part(NamedTuple):
    """An argument or an option of a command: how it is written, and what it does."""

    written: tuple[str, ...]
    value: str
    help: str
    needed: bool
    default: str


class Command(NamedTuple):
    """A command as it is declared; `name` has the group before it."""

    name: str
    about: str
    examples: str
    arguments: tuple[Part, ...]
    options: tuple[Part, ...]


def commands() -> list[Command]:
    """Return all commands, in the order of the help."""
    return list(_commands(build([]), ""))


def _commands(app: Typer, group: str) -> Iterator[Command]:
    modules = {one.name: one.typer_instance for one in app.registered_groups}
    functions = {one.name or _name_of(one.callback): one for one in app.registered_commands}
    order = _order(functions, modules)
    for name in order:
        if (inner := modules.get(name)) is not None:
            yield from _commands(inner, f"{name} ")
            continue
        info = functions[name]
        assert info.callback is not None
        parts = list(_parts(info.callback))
        yield Command(
            name=f"{group}{name}",
            about=inspect.getdoc(info.callback) or "",
            examples=str(info.epilog or ""),
            arguments=tuple(part for part in parts if not part.written[0].startswith("-")),
            options=tuple(part for part in parts if part.written[0].startswith("-")),
        )


def _order(functions: dict[str, Any], groups: dict[str | None, Any]) -> list[str]:
    names = [*functions, *(name for name in groups if name)]
    return sorted(names, key=COMMANDS.index) if groups else names


def _name_of(function: Callable[..., Any] | None) -> str:
    return function.__name__.replace("_", "-") if function else ""


def _parts(function: Callable[..., Any]) -> Iterator[Part]:
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        assert get_origin(hints[name]) is Annotated
        kind, info = get_args(hints[name])[:2]
        required = parameter.default is inspect.Parameter.empty
        if isinstance(info, ArgumentInfo):
            yield Part((info.metavar or _value(kind, info),), "", info.help or "", required, "")
        elif isinstance(info, OptionInfo):
            # Inside Annotated the first name stands where otherwise the default would.
            first = (info.default,) if isinstance(info.default, str) else ()
            written = (*first, *(info.param_decls or ()))
            text = info.help or ""
            if info.envvar:
                text += f" Also by the environment variable `{info.envvar}`."
            value = _value(kind, info)
            flag = kind is bool
            nothing = flag or parameter.default in (None, inspect.Parameter.empty)
            default = "" if nothing else parameter.default
            shown = info.show_default if isinstance(info.show_default, str) else default and f"`{default}`"
            yield Part(written, "" if flag else value, text, required, shown)


def _value(kind: Any, info: ArgumentInfo | OptionInfo) -> str:
    """What an argument is, or what stands after an option."""
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    inner = [one for one in get_args(kind) if one is not type(None)]
    if inner:
        return _value(inner[0], info)
    if kind is int and (info.min is not None or info.max is not None):
        low = "" if info.min is None else str(info.min)
        return f"N from {low} to {info.max}" if info.max is not None else f"N from {low}"
    return info.metavar or {int: "N", float: "NUMBER", Path: "PATH"}.get(kind, "TEXT")


def command_page() -> str:
    """Return the reference of the command line."""
    shown = commands()
    lines = ["# The command line", "", f"**{LABEL}.** {DISCLAIMER}", ""]
    lines += ["Made from the commands themselves by `make docs`. Do not edit.", ""]
    lines += [_BEGINNING, ""]
    lines += [f"- [recommender {one.name}](#recommender-{one.name.replace(' ', '-')})" for one in shown]
    lines += ["- [The command itself](#the-command-itself)", "- [Exit codes](#exit-codes)"]
    lines += ["- [Environment](#environment)", ""]
    for one in shown:
        lines += [f"## recommender {one.name}", "", one.about, ""]
        asked = " ".join(part.written[0] for part in one.arguments)
        lines += ["```text", f"recommender {one.name} [OPTIONS] {asked}".rstrip(), "```", ""]
        lines += _arguments(one)
        lines += _options(one)
        lines += [_shown_examples(one.examples), ""]
    lines += [_THE_COMMAND_ITSELF, "", _shown_examples(EXAMPLES), ""]
    lines += ["## Exit codes", "", "| Code | Means |", "|---|---|"]
    lines += [f"| {code} | {one.meaning} |" for code, one in EXIT_CODES.items()]
    lines += ["", _ENDING]
    return "\n".join(lines).rstrip() + "\n"


def _arguments(command: Command) -> list[str]:
    if not command.arguments:
        return []
    lines = ["| Argument | Is |", "|---|---|"]
    return [*lines, *(f"| `{_cell(one.written[0])}` | {_cell(one.help)} |" for one in command.arguments), ""]


def _options(command: Command) -> list[str]:
    if not command.options:
        return []
    lines = ["| Option | Value | Does |", "|---|---|---|"]
    for one in command.options:
        written = ", ".join(f"`{name}`" for name in one.written)
        value = f"`{_cell(one.value)}`" if one.value else ""
        ends = [" Needed." if one.needed else "", f" Default: {one.default}." if one.default else ""]
        lines.append(f"| {written} | {value} | {_cell(one.help)}{''.join(ends)} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _shown_examples(text: str) -> str:
    heading, *shown = text.splitlines()
    return f"{heading} {', '.join(f'`{one}`' for one in shown)}"
