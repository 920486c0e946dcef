"""`recommender tour`: the journal-club walk-through."""

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import completing, options
from .helping import examples
from .keyboard import LEAVE, asks_in_terminal, key_after

if TYPE_CHECKING:
    from ..recommender import Recommender
    from ..views.screen import Screen

EXAMPLES = examples(
    "recommender tour --list",
    "recommender tour CASE",
    "recommender tour own.yaml --no-pause",
    "recommender tour --quiz case.json",
    "recommender tour --quiz case.json --format html -o quiz.html",
)


def tour(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="CASE",
            help="The name of a tour, or your own tour file; with --quiz a profile or a shipped case, too.",
            autocompletion=completing.tour_name,
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the tours.")] = False,
    no_pause: Annotated[bool, typer.Option("--no-pause", help="Show all steps at once.")] = False,
    quiz: Annotated[
        bool,
        typer.Option("--quiz", help="Ask questions made from the answer; without CASE, about the audit."),
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Another set of questions of a quiz.", show_default="1"),
    ] = None,
    output_format: Annotated[
        Literal["table", "json", "markdown", "html"],
        typer.Option(
            "--format", metavar="FORMAT", help="Output format: table or json; a quiz also markdown or html."
        ),
    ] = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Walk a journal club through a teaching case: question, rules, ranking, evidence, audit, what if.

    In a terminal it waits for a key between the steps.
    """
    from .._label import LABEL
    from ..recommender import Recommender
    from ..reports.tour_steps import walk
    from ..views.plain import labelled
    from ..views.tours import shown
    from .output import emit, screen
    from .reading import opened_tour

    recommender = Recommender(rules=rules or ())
    if quiz and not list_:
        from .quizzing import run_quiz

        run_quiz(
            recommender,
            case,
            rules=rules or (),
            seed=seed,
            output_format=output_format,
            output=output,
            width=width,
            sheet=no_pause,
        )
        return
    _refuse_for_tours(seed, output_format)
    if case is None or list_:
        emit(_listed(recommender, output_format, screen(width, output)), output)
        return
    opened = opened_tour(case, output)
    steps = walk(recommender, opened)
    if output_format == "json":
        plain = [step.to_dict() for step in steps]
        packs = recommender.rule_base.packs_field
        emit(labelled(tour=opened.name, title=opened.tour.title, steps=plain, **packs), output)
        return
    shown_on = screen(width, output)
    pages = [shown(step, number, len(steps), shown_on) for number, step in enumerate(steps, 1)]
    if packs_said := recommender.rule_base.packs_in_words():
        pages[0] += f"\n{packs_said}\n"
    pauses = not (no_pause or output) and asks_in_terminal()
    if not pauses:
        emit("\n".join(pages), output)
        return
    screens = [
        (f"{LABEL} · {number}/{len(steps)} · any key to continue, q to quit ", part)
        for number, text in enumerate(pages, 1)
        for part in _screens(text)
    ]
    with suppress(KeyboardInterrupt):
        for number, (prompt, part) in enumerate(screens, 1):
            emit(part)
            if number < len(screens) and key_after(prompt) in LEAVE:
                return


def _refuse_for_tours(seed: int | None, output_format: str) -> None:
    """Raises InputError for what only a quiz has."""
    from .._errors import InputError, Problem

    if output_format in ("markdown", "html"):
        what = f"a tour is not written as {output_format}."
        raise InputError([Problem("", what, "Use table or json, or make a quiz: --quiz.", "format")])
    if seed is not None:
        raise InputError([Problem("", "only a quiz has a seed.", "Add: --quiz.", "seed")])


def _listed(recommender: "Recommender", output_format: str, shown_on: "Screen") -> str:
    from ..reports.tour_files import open_case, tour_names
    from ..reports.tour_steps import therapy_classes
    from ..views.listing import listing

    rows = [
        {
            "tour": case.name,
            "title": case.tour.title,
            "therapy": [one.name for one in therapy_classes(case, recommender.base)],
        }
        for case in map(open_case, tour_names())
    ]
    columns = {"tour": "Tour", "title": "What it is about", "therapy": "Therapy"}
    note = "Start one with: recommender tour CASE" if output_format == "table" else ""
    return listing(rows, columns, output_format, title="Tours for a journal club", screen=shown_on, note=note)


def _screens(text: str) -> list[str]:
    """Return the parts of a step that fit on the screen, so that none runs past the reader."""
    rows = max(shutil.get_terminal_size().lines - 2, 8)
    lines = text.splitlines(keepends=True)
    return ["".join(lines[first : first + rows]) for first in range(0, len(lines), rows)]
