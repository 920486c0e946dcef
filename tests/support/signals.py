"""The signals of the test run, and so of every process that a test starts."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def usual_signals() -> Iterator[None]:
    """Let an interrupt end a process for as long as the block runs, as in a process started at a prompt.

    A script starts what it puts into the background with SIGINT and SIGQUIT ignored, `nohup` with SIGHUP.
    What is ignored or blocked stays so in all children, of any depth: a server or a stream that a test
    interrupts would go on for ever.
    """
    handlers: dict[signal.Signals, signal.Handlers] = {}
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            handlers[number] = signal.SIG_IGN
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
    blocked = signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number, handler in handlers.items():
            signal.signal(number, handler)
