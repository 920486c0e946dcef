"""Output of the commands: stdout or a file for the answer, stderr for everything else."""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from .._errors import InputError, Problem, RecommenderError
from .._files import refuse_input, replacing, told
from .._text import printable

if TYPE_CHECKING:
    from ..evaluation.facts import Notice
    from ..result.parts import NoticeView
    from ..views.screen import Screen

STDOUT = Path("-")
_USUAL_WIDTH = 80
"""Columns of a terminal that does not know its width."""
_NARROWEST = 40
"""Columns to which messages are wrapped at least."""


def screen(width: int | None = None, output: Path | None = None) -> "Screen":
    """Return the abilities of the terminal; for an output file, text without colours."""
    from rich.console import Console

    from ..views.screen import Screen

    # With a height, which is not used, rich does not read COLUMNS again: it may hold anything.
    terminal = Console(width=width or _columns(), height=25)
    if output not in (None, STDOUT):
        return Screen(terminal.width)
    colours = terminal.color_system if terminal.is_terminal else None
    return Screen(terminal.width, styles=terminal.is_terminal, colours=colours, plain=terminal.no_color)


def _columns() -> int:
    """The width of the terminal, within what a table can be made for."""
    import shutil

    from ..views.screen import MAX_WIDTH, MIN_WIDTH

    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
    return min(max(columns or shutil.get_terminal_size().columns or _USUAL_WIDTH, MIN_WIDTH), MAX_WIDTH)


def emit(made: str | bytes, output: Path | None = None) -> None:
    """Write text or a picture to stdout, or to a file, atomically.

    A link is followed; a device or another file that is not regular is written to directly.
    Raises InputError; RecommenderError where stdout cannot be written.
    """
    if isinstance(made, str):
        with written_to(output) as write:
            write(made)
    elif output is None or output == STDOUT:
        _to_stdout(made)
    else:
        with told(output), replacing(output) as stream:
            stream.write(made)


@contextmanager
def written_to(output: Path | None) -> Iterator[Callable[[str], None]]:
    """Give a function that writes a piece to stdout, or to a file that appears when all is written.

    As `emit`, and raises the same.
    """
    if output is None or output == STDOUT:
        yield _to_stdout
        return
    with told(output), replacing(output) as raw:
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", newline="")
        try:
            yield _writer(stream)
            stream.flush()
        finally:
            stream.detach()


@contextmanager
def appended_to(log: Path | None) -> Iterator[Callable[[str], None]]:
    """Give a function that adds a line to a file, at once; without a file it does nothing.

    Raises InputError.
    """
    if log is None:
        yield lambda _: None
        return
    with told(log):
        stream = log.open("ab", buffering=0)  # a line is written whole: other programs may add theirs

    def note(line: str) -> None:
        data = line.encode()
        with told(log):
            if stream.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with stream:
        yield note


def emit_all(folder: Path, made: Mapping[str, str | bytes], *, inputs: Iterable[Path] = ()) -> None:
    """Write files into a folder, which is made where it is not there.

    Nothing is written where one of them would take the place of an input. Raises InputError.
    """
    inputs = tuple(inputs)
    for name in made:
        refuse_input(folder / name, inputs)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be created: {error.strerror}."
        raise InputError([Problem("", what)], source=str(folder)) from None
    for name, content in made.items():
        data = content.encode(errors="backslashreplace") if isinstance(content, str) else content
        with told(folder / name), replacing(folder / name, follow=False) as stream:
            stream.write(data)


_OUTPUTS = ("output", "pictures", "notices_to", "log")
_RULE_FOLDERS = ("rules", "base", "a", "b")
_NAMED = ("file", "files", "case", "a", "b")
"""Parameters that are a text and may name a file or a folder."""
_EXPORTS = (".txt", ".ris", ".nbib")
"""How other files end that are read in a folder: texts, and exports of reference managers."""


def refuse_inputs(parameters: Mapping[str, Any]) -> None:
    """Raises InputError where the parameters of a command name an input as an output, or a file twice.

    Inputs are all its paths, the names of files, and a file that is redirected to stdin.
    """
    outputs = [path for name in _OUTPUTS if isinstance(path := parameters.get(name), Path) and path != STDOUT]
    for one, other in combinations(outputs, 2):
        _refuse_one_file(one, other)
    for output in outputs:
        for name, value in parameters.items():
            if name in _OUTPUTS:
                continue
            values = value if isinstance(value, list | tuple) else [value]
            named = name in _NAMED
            paths = [Path(one) for one in values if isinstance(one, Path) or (named and isinstance(one, str))]
            refuse_input(output, [Path("/dev/stdin") if one == STDOUT else one for one in paths], _ends(name))


def _refuse_one_file(one: Path, other: Path) -> None:
    """Raises InputError where two outputs are one file under any names; a device may be both."""
    try:
        if one.exists():
            same = one.is_file() and one.samefile(other)
        else:
            same = os.path.realpath(one) == os.path.realpath(other)
    except (OSError, ValueError):  # it is not there, or cannot be, which is reported where it is written
        return
    if same:
        what = "two outputs cannot be one file: one of them would be lost."
        raise InputError([Problem("", what, "Name another output.")], source=str(other))


def _ends(parameter: str) -> tuple[str, ...]:
    """Return how the files end that are read in a folder which is given for a parameter."""
    from .._opening import PACKED, TABLES
    from ..intake.files import ENDINGS

    if parameter in _RULE_FOLDERS:
        return (".yaml", ".yml")
    read = ENDINGS if parameter == "files" else (*ENDINGS, *TABLES, *_EXPORTS)
    return (*read, *(f"{ending}{PACKED}" for ending in read))


def tell(text: str) -> None:
    """Write a line to stderr, if it can be written; a closed stream does not stop the program."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(_wrapped(printable(text)) + "\n")
            sys.stderr.flush()
        except OSError:
            # What is left unwritten would be tried again at the end, and change the exit code.
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _wrapped(line: str) -> str:
    """Return a line as several where the terminal of stderr is narrower, broken between words."""
    assert sys.stderr is not None
    if len(line) <= _NARROWEST or not sys.stderr.isatty():
        return line
    import shutil
    from textwrap import fill

    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:  # it has no file, or has gone
        columns = 0
    columns = columns or shutil.get_terminal_size().columns or _USUAL_WIDTH
    indent = " " * (len(line) - len(line.lstrip()))
    return fill(
        line.lstrip(),
        max(columns - 1, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def warn(notices: "Iterable[Notice | NoticeView]") -> None:
    """Write notices to stderr, for commands whose answer does not hold them."""
    for one in notices:
        tell(f"{one.code} {one.path}: {one.message}")


def _writer(stream: IO[str]) -> Callable[[str], None]:
    def write(text: str) -> None:
        stream.write(text)

    return write


def _to_stdout(text: str | bytes) -> None:
    if sys.stdout is None:
        raise RecommenderError("Nothing can be shown: stdout is closed.")
    try:
        if isinstance(text, str):
            sys.stdout.write(text)
        else:
            sys.stdout.buffer.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can be written here, not even by the interpreter on its way out.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(0) from None  # the reader has seen enough, as `head` does
        raise RecommenderError(f"The answer cannot be shown: {error.strerror}.") from None
