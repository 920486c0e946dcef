"""`recommender tour`: the journal-club walk-through."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from . import completing, options
from .helping import examples

if TYPE_CHECKING:
    from ..recommender import Recommender
    from ..views.screen import Screen

EXAMPLES = examples(
    "recommender tour --list", "recommender tour CASE", "recommender tour own.yaml --no-pause"
)
_LEAVE = (b"", b"q", b"Q", b"\x04")
"""The end of the input, q, and Ctrl-D."""


def tour(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="CASE",
            help="The name of a tour, or your own tour file.",
            autocompletion=completing.tour_name,
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the tours.")] = False,
    no_pause: Annotated[bool, typer.Option("--no-pause", help="Show all steps at once.")] = False,
    output_format: options.TableOrJson = "table",
    output: options.Output = None,
    rules: options.RuleFolders = None,
    width: options.Width = None,
) -> None:
    """Walk a journal club through a teaching case: question, rules, ranking, evidence, audit, what if.

    In a terminal it waits for a key between the steps.
    """
    from .._files import refuse_input
    from .._label import LABEL
    from ..recommender import Recommender
    from ..reports.tour_files import open_case
    from ..reports.tour_steps import walk
    from ..views.plain import labelled
    from ..views.tours import shown
    from .output import emit, screen

    recommender = Recommender(rules=rules or ())
    if case is None or list_:
        emit(_listed(recommender, output_format, screen(width, output)), output)
        return
    opened = open_case(case)
    if output is not None:
        refuse_input(output, [opened.path.parent / opened.tour.profile])
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
    pauses = not (no_pause or output) and _is_terminal(sys.stdin) and _is_terminal(sys.stdout)
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
            if number < len(screens) and not _goes_on(prompt):
                return


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


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _screens(text: str) -> list[str]:
    """Return the parts of a step that fit on the screen, so that none runs past the reader."""
    rows = max(shutil.get_terminal_size().lines - 2, 8)
    lines = text.splitlines(keepends=True)
    return ["".join(lines[first : first + rows]) for first in range(0, len(lines), rows)]


def _goes_on(prompt: str) -> bool:
    """Wait for a key, and return whether it is one to continue with."""
    with _single_keys():
        _prompt(f"\n{prompt}")
        try:
            key = os.read(sys.stdin.fileno(), 64)
        except OSError:  # the terminal has gone
            return False
        finally:
            _prompt("\r" + " " * len(prompt) + "\r")
    return key[:1] not in _LEAVE


def _prompt(text: str) -> None:
    if _is_terminal(sys.stderr):
        sys.stderr.write(text)
        sys.stderr.flush()


@contextmanager
def _single_keys() -> Iterator[None]:
    """Let a key be read without Enter, where the system can do that; what was typed ahead is forgotten."""
    try:
        import termios
        import tty
    except ImportError:
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal has gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
