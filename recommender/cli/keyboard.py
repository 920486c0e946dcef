"""Single keys from the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

LEAVE = (b"", b"q", b"Q", b"\x04")
"""The end of the input, q, and Ctrl-D."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal."""
    return stream is not None and stream.isatty()


def asks_in_terminal() -> bool:
    """Return whether questions and answers are on a terminal."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


def key_after(prompt: str) -> bytes:
    """Show a prompt, wait for a key, and return its first byte; empty where the terminal has gone."""
    with _single_keys():
        _prompt(f"\n{prompt}")
        try:
            key = os.read(sys.stdin.fileno(), 64)
        except OSError:  # the terminal has gone
            return b""
        finally:
            _prompt("\r" + " " * len(prompt) + "\r")
    return key[:1]


def _prompt(text: str) -> None:
    if is_terminal(sys.stderr):
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
