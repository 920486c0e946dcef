"""How far a long stream has come, on a terminal's stderr: Rich is imported where anything is shown."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from .keyboard import is_terminal

if TYPE_CHECKING:
    from rich.progress import ProgressColumn


class Count(Protocol):
    """Counts one line that was answered, or that could not be."""

    def __call__(self, *, bad: bool = False) -> None:
        """Count a line."""


@contextmanager
def progress(asked: bool) -> Iterator[Count]:
    """Give a function that counts lines; they are shown on request where stderr is a terminal."""
    if not (asked and is_terminal(sys.stderr)):
        yield _silent
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} profiles"),
        TextColumn("{task.fields[bad]} bad"),
        _rate(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False) as shown:
        task = shown.add_task("", total=None, bad=0)
        count = 0

        def step(*, bad: bool = False) -> None:
            nonlocal count
            count += bad
            shown.update(task, advance=1, bad=count)

        yield step


@contextmanager
def counting(asked: bool, total: int | None) -> Iterator[Callable[[int], None]]:
    """Give a function that counts profiles; with a total the time that is left is shown as well."""
    if not (asked and is_terminal(sys.stderr)):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    count = "{task.completed:,.0f}" + (" of {task.total:,.0f}" if total else "") + " profiles"
    columns = (BarColumn(), TextColumn(count), _rate(), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False) as shown:
        task = shown.add_task("", total=total)
        yield lambda rows: shown.update(task, advance=rows)


def _rate() -> "ProgressColumn":
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    return Rate()


def _silent(*, bad: bool = False) -> None:
    """Count nothing."""
