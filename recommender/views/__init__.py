"""How a result is shown. A view gets a result and decides nothing; all carry the label."""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from .._errors import InputError, Problem, RecommenderError
from .._text import printable
from ..result.model import Result
from ..result.parts import NoticeView

Format = Literal["table", "json", "ndjson", "markdown", "csv"]

STDOUT = Path("-")


def render(result: Result, output_format: Format, *, width: int | None, to_file: bool) -> str:
    """Return the result in a format; a table has colours where the terminal shows them."""
    if output_format == "json":
        return result.to_json() + "\n"
    if output_format == "ndjson":
        return result.to_json(indent=None) + "\n"
    if output_format == "csv":
        from .rows import header, rows

        return header() + rows(result)
    if output_format == "markdown":
        from .markdown import markdown

        return markdown(result)
    from .table import table

    return table(result, width=width, colour=False if to_file else None)


def emit(made: str | bytes, output: Path | None) -> None:
    """Write text or a picture to stdout, or to a file that is there complete or not at all.

    A link is followed, and what is no regular file, such as a device, is written to as it is.
    Raises InputError; RecommenderError where stdout cannot be written.
    """
    if isinstance(made, str):
        with writing(output) as write:
            write(made)
    elif output is None or output == STDOUT:
        _to_stdout(made)
    else:
        with _opening(output, follow=True) as stream:
            stream.write(made)


@contextmanager
def writing(output: Path | None, *, follow: bool = True) -> Iterator[Callable[[str], None]]:
    """Give a function that writes a piece to stdout, or to a file that appears when all is written.

    As `emit`, and raises the same. A link is replaced and not followed unless `follow`.
    """
    if output is None or output == STDOUT:
        yield _to_stdout
        return
    with _opening(output, follow=follow) as raw:
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", newline="")
        try:
            yield _writer(stream)
            stream.flush()
        finally:
            stream.detach()


@contextmanager
def _opening(output: Path, *, follow: bool) -> Iterator[IO[bytes]]:
    """Give the file that is to take the place of `output` when all is written."""
    try:
        target = output.resolve() if follow else output.parent.resolve() / output.name
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                yield stream
            return
        umask = os.umask(0)
        os.umask(umask)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name[:100]}.", delete=False
        ) as part:
            kept = Path(part.name)
            try:
                yield part
                part.flush()
                os.fsync(part.fileno())  # some file systems tell only here that they are full
                kept.chmod(mode)
                kept.replace(target)
            except BaseException:
                kept.unlink(missing_ok=True)
                raise
    except (OSError, RuntimeError) as error:  # the latter for links that lead to themselves
        if isinstance(error, RecommenderError):
            raise
        why = error.strerror if isinstance(error, OSError) else "it is a link to itself"
        raise InputError([Problem("", f"it cannot be written: {why}.")], source=str(output)) from None


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
            sys.exit(0)  # the reader has seen enough, as `head` does
        raise RecommenderError(f"The answer cannot be shown: {error.strerror}.") from None


def emit_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts to files of a folder, which is made where it is not there. Raises InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"it cannot be made a folder: {error.strerror}."
        raise InputError([Problem("", what)], source=str(folder)) from None
    for name, text in texts.items():
        with writing(folder / name, follow=False) as write:
            write(text)


def tell(text: str) -> None:
    """Write a line to stderr, if anybody can read it there: that is no reason to stop."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(printable(text) + "\n")
            sys.stderr.flush()
        except OSError:
            # What is left unwritten would be tried again at the end, and change the exit code.
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def warn(notices: Iterable[NoticeView]) -> None:
    """Write notices to stderr, for commands whose answer does not hold them."""
    for one in notices:
        tell(f"{one.code} {one.path}: {one.message}")
