"""The command line, run in this process or in one of its own, and inputs that tests give it."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from recommender._data import shipped
from recommender.cli import run as run_arguments
from recommender.knowledge.base import KnowledgeBase
from support.places import TESTS
from support.rule_bases import load_once, made_once

CASE = {"id": "case", "disease": "HCC", "therapies": ["sorafenib"], "markers": {"FASN": "high"}}
HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J [bold]markup[/bold] \u202e \u200b \U000e0041 \ufff9"
"""A text that would steer a terminal, were it printed as it is."""
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]")

_TERMINAL = {"COLUMNS": "100", "TERM": "xterm"}

Done = subprocess.CompletedProcess[bytes]
Argument = str | Path


def run(*arguments: Argument, stdin: bytes | str | None = None, **environment: str) -> Done:
    """Run the command in this process: no interpreter is started, and what is made of rules is made once."""
    given = io.BytesIO(_bytes(stdin))
    out, err = io.BytesIO(), io.BytesIO()
    with (
        _streams(given, out, err) as (stdout, stderr),
        patch.dict(os.environ, {**_TERMINAL, **environment}),
        patch("recommender.knowledge.loading.load_rules", _rules_once),
        patch.multiple("recommender.recommender", load_rules=_rules_once, **made_once()),
    ):
        code = run_arguments(list(map(str, arguments)))
        stdout.flush()
        stderr.flush()
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def _rules_once(
    packs: Sequence[Argument] = (), base: Argument | None = None, *, use_cache: bool = True
) -> KnowledgeBase:
    folders = [Path(base) if base else shipped("rules"), *map(Path, packs)]
    return load_once(folders, use_cache=use_cache)


def spawn(*arguments: Argument, stdin: bytes | str | None = None, **environment: str) -> Done:
    """Run the command in a process of its own: for hash seeds, encodings, memory, and what is imported."""
    return subprocess.run(
        [sys.executable, "-m", "recommender", *map(str, arguments)],
        input=_bytes(stdin),
        capture_output=True,
        check=False,
        env=environment_of(environment),
    )


_EACH = """
import json, sys
{first}
from recommender.cli import main
codes = []
for words in json.loads(sys.argv[1]):
    sys.argv = ["recommender", *words]
    try:
        main()
    except SystemExit as end:
        codes.append(end.code or 0)
sys.exit(max(codes))
"""


def spawn_each(*lines: Sequence[Argument], first: str = "", **environment: str) -> Done:
    """Run commands one after the other in a process of their own, after some code; the highest exit code."""
    words = json.dumps([list(map(str, line)) for line in lines])
    return subprocess.run(
        [sys.executable, "-c", _EACH.format(first=first), words],
        capture_output=True,
        check=False,
        env=environment_of(environment),
    )


def without(packages: Sequence[str], *lines: Sequence[Argument]) -> Done:
    """Run commands in a process of their own, where packages cannot be imported."""
    return spawn_each(*lines, first=f"sys.modules.update(dict.fromkeys({list(packages)!r}))")


def support_path(environment: Mapping[str, str] = os.environ) -> str:
    """The PYTHONPATH of a process that imports `support`: what it is, after our folder."""
    return os.pathsep.join(filter(None, [str(TESTS), environment.get("PYTHONPATH", "")]))


def environment_of(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command, with the same terminal everywhere."""
    return {**os.environ, **_TERMINAL, **more}


def _bytes(given: bytes | str | None) -> bytes:
    return given.encode() if isinstance(given, str) else given or b""


@contextmanager
def _streams(
    given: io.BytesIO, out: io.BytesIO, err: io.BytesIO
) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Let the three streams of the process be pipes into and out of memory, set up as at a start."""
    stdin = io.TextIOWrapper(given, encoding="utf-8")
    stdout, stderr = (
        io.TextIOWrapper(one, encoding="utf-8", errors="backslashreplace") for one in (out, err)
    )
    with (
        patch.object(sys, "stdin", stdin),
        patch.object(sys, "stdout", stdout),
        patch.object(sys, "stderr", stderr),
    ):
        yield stdout, stderr
    for stream in (stdin, stdout, stderr):
        stream.detach()
