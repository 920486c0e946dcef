"""The commands by name. Only the module of the chosen command is imported."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

from .coercing import keep_plain
from .helping import HelpedCommand, HelpedGroup, examples
from .packs import with_packs

COMMAND_GROUPS = {
    "Answer": ("recommend", "whatif", "next-tests", "cohort"),
    "Explain": ("explain", "map"),
    "Show and teach": ("report", "tour", "cases", "serve", "mcp"),
    "Data": ("profile", "export", "schema"),
    "Knowledge": ("rules", "audit", "refs", "corroborate", "triage"),
    "System": ("replay", "doctor"),
}
COMMANDS = tuple(name for names in COMMAND_GROUPS.values() for name in names)
"""In the order of the help. Each is a function, or a group `app`, in the module of its name here."""

EXAMPLES = examples(
    "recommender recommend case.json",
    "recommender rules list",
    "recommender COMMAND --help",
)


class ExitCode(NamedTuple):
    """The meaning of an exit code: in the help, and in the manual."""

    short: str
    meaning: str


EXIT_CODES = {
    0: ExitCode("answered", "answered, also when nothing is recommended"),
    1: ExitCode("failure", "unexpected failure"),
    2: ExitCode("bad usage or input", "bad usage or bad input"),
    3: ExitCode(
        "invalid rule base",
        "the rule base is invalid, or `rules lint`, `rules test`, `rules coverage` or `refs check` found "
        "a fault",
    ),
    4: ExitCode("answers differ", "`--verify` or `replay` found a difference"),
}


class _Commands(HelpedGroup):
    """All commands, each group of them in the order of the help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        keep_plain(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=COMMANDS.index)


class _Command(HelpedCommand):
    """A command that does not begin to read what it would write over."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        keep_plain(self.get_params(ctx))
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            from .flags import wrong_value

            error.message = wrong_value(error.message)
            raise

    def invoke(self, ctx: Any) -> Any:
        from .output import refuse_inputs

        refuse_inputs(ctx.params)
        return super().invoke(ctx)


def build(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line: with one command where `arguments` begin with it, else with all."""
    codes = ", ".join(f"{code} {one.short}" for code, one in EXIT_CODES.items())
    app = typer.Typer(
        name="recommender",
        cls=_Commands,
        help="Ferroptosis-inducing add-ons for hepatocellular carcinoma: preclinical evidence, audited.",
        epilog=f"{EXAMPLES}\n\nNot for treatment decisions. Exit codes: {codes}.",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_common)
    panels = {name: panel for panel, names in COMMAND_GROUPS.items() for name in names}
    asked = [name for name in COMMANDS if [name] == list(arguments[:1])]
    for name in asked or COMMANDS:
        function = name.replace("-", "_")
        module = import_module(f".{function}", __package__)
        if hasattr(module, "app"):
            for command in module.app.registered_commands:
                command.cls = _Command
                command.callback = with_packs(command.callback)
            app.add_typer(module.app, name=name, rich_help_panel=panels[name])
        else:
            command = app.command(name, cls=_Command, epilog=module.EXAMPLES, rich_help_panel=panels[name])
            command(with_packs(getattr(module, function)))
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from .._version import VERSION

        typer.echo(VERSION)
        raise typer.Exit


def _common(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from .output import emit
        from .welcome import welcome

        emit(welcome())
