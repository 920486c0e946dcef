"""The command line: it parses, calls one function of the library, renders, and sets the exit code.

Results go to stdout, everything else to stderr.
"""

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .._errors import DifferenceError, InputError, RecommenderError, RuleBaseError

_CODE_OF: dict[type[RecommenderError], int] = {InputError: 2, RuleBaseError: 3, DifferenceError: 4}
"""The exit code of each kind of error; 1 for any other. The help has all codes from `app.EXIT_CODES`."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def main() -> None:
    """Run the command line in a process of its own, and leave with its exit code."""
    try:
        from .startup import prepare

        prepare()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # also while modules are still being imported
        code = 130
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command with its arguments, and return the exit code."""
    if os.environ.get("_RECOMMENDER_COMPLETE") != "complete_bash":
        return _run(arguments)
    from .completing import words_of_bash

    with words_of_bash():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    from .app import build

    try:
        build(arguments)(list(arguments), prog_name="recommender")
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            # The reader of the help has seen enough, as `head` does. A usage error keeps its code, and
            # what is still to be written when the interpreter ends goes nowhere.
            sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            return getattr(end.__context__.__context__, "exit_code", 0)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except RecommenderError as error:
        from .flags import error_text
        from .output import tell

        for line in error_text(error).split("\n"):
            tell(line)
        return exit_code(error)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        from .output import tell

        # Help and version are not written by us. What is left of them is not to be tried again at the end.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        tell(f"It cannot be written: {error.strerror}.")
        return 1
    return 0


def exit_code(error: RecommenderError) -> int:
    """Return the exit code that an error stands for."""
    return next((code for kind, code in _CODE_OF.items() if isinstance(error, kind)), 1)
