"""A run that is taken up again ends as one that was never broken off, whatever changed in between."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from support.commands import Done, run, support_path
from support.places import EXAMPLE_PACK

from recommender.cohort import resuming

pytestmark = pytest.mark.usefixtures("few_rules")


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "a.csv").write_text("id,therapies,FASN\nt1,sorafenib,high\nt2,sorafenib,low\n")
    (folder / "b.csv").write_text("id,therapies,GSTZ1\nt3,sorafenib,high\nt4,sorafenib,sideways\n")
    (folder / "c.ndjson").write_text('{"id": "t5", "therapies": ["lenvatinib"]}\n{"id": "t1"}\n{"id": 5}\n')
    return folder


def contents(out: Path) -> dict[str, Any]:
    """What a run wrote, in the folder and beside it, by name; of rows not how Parquet encodes them."""
    found: dict[str, Any] = {}
    for path in [path for path in out.rglob("*") if path.is_file()]:
        name = path.relative_to(out).as_posix()
        if path.suffix == ".parquet":
            found[name] = pq.read_table(path)
        elif path.parent.name == "_parts" and path.suffix == ".json":
            found[name] = {**json.loads(path.read_bytes()), "written": None, "sha256": None}
        else:
            found[name] = path.read_bytes()
    beside = out.with_name(f"{out.name}.rejects.ndjson")
    return found | {"beside": beside.read_bytes() if beside.exists() else b""}


def is_like_unbroken(done: Done, parts: Path, out: Path, *more: str | Path) -> bool:
    """Whether a run ended as one does into a new folder."""
    fresh = out.with_name("fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    whole = run("cohort", parts, "-o", fresh, *more)
    last = [run_.stderr.decode().splitlines()[-1] for run_ in (done, whole)]
    assert contents(out) == contents(fresh)
    return done.returncode == whole.returncode and last[0] == last[1]


def test_a_resumed_run_with_rejects_ends_as_an_unbroken_one(parts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("cohort", parts, "-o", out).returncode == 2
    for name in ("b.parquet", "c.parquet", "_SUCCESS", "_parts/c.json"):
        (out / name).unlink()
    done = run("cohort", parts, "-o", out, "--resume")
    assert b"1 part kept from before" in done.stderr
    assert is_like_unbroken(done, parts, out)
    again = run("cohort", parts, "-o", out, "--resume")
    assert b"3 parts kept from before" in again.stderr
    assert again.stderr.replace(b"3 parts kept from before\n", b"").count(b"ranked again") == 0
    assert is_like_unbroken(again, parts, out)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("input", "1 part is ranked again, because the input is another: a.csv"),
        ("ids", "2 parts are ranked again, because the ids in the parts before are others: b.csv, c.ndjson"),
        ("options", "3 parts are ranked again, because the options are others: a.csv, b.csv, c.ndjson"),
        ("therapies", "3 parts are ranked again, because the options are others"),
        ("rules", "3 parts are ranked again, because the rules are others"),
        ("program", "3 parts are ranked again, because another version of the program ranked them"),
        ("module", "3 parts are ranked again, because another version of the program ranked them"),
        (
            "output",
            "1 part is ranked again, because what was written is not there any more, or another: a.csv",
        ),
        (
            "rejects",
            "1 part is ranked again, because what was written is not there any more, or another: c",
        ),
        ("record", "1 part is ranked again, because what is kept of them cannot be read: a.csv"),
        ("hostile record", "1 part is ranked again, because what is kept of them cannot be read: a.csv"),
        ("digit of a record", "1 part is ranked again, because what is kept of them cannot be read: a.csv"),
        ("pipe as a record", "1 part is ranked again, because what is kept of them cannot be read: a.csv"),
        (
            "pipe as a part",
            "1 part is ranked again, because what was written is not there any more, or another",
        ),
        ("removed", "1 part is removed, because the cohort no longer has them: b.parquet"),
    ],
)
def test_what_differs_is_ranked_anew(
    name: str, said: str, parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert run("cohort", parts, "-o", out).returncode == 2
    more: list[str | Path] = []
    record = out / "_parts" / "a.json"
    match name:
        case "input":  # of the same size, and with the same ids
            text = (parts / "a.csv").read_text()
            (parts / "a.csv").write_text(text.replace("t1,sorafenib,high", "t1,regorafenib,low"))
        case "ids":
            text = (parts / "a.csv").read_text()
            (parts / "a.csv").write_text(text.replace("t1", "t9"))
        case "options":
            more = ["--top", "1"]
        case "therapies":
            more = ["--therapy", "lenvatinib"]
        case "rules":
            more = ["--rules", EXAMPLE_PACK]
        case "program":
            monkeypatch.setattr(resuming, "VERSION", "0.9")
        case "module":
            package = shutil.copytree(
                resuming._PACKAGE,
                tmp_path / "package",
                ignore=shutil.ignore_patterns("__pycache__", "_shipped"),
            )
            with (package / "scores.py").open("a") as module:
                module.write("\n")
            monkeypatch.setattr(resuming, "_PACKAGE", package)
        case "output":
            (out / "a.parquet").write_bytes((out / "b.parquet").read_bytes())
        case "rejects":
            (out / "_parts" / "c.rejects.ndjson").unlink()
        case "record":
            record.write_text("{")
        case "hostile record":
            value = json.loads(record.read_text())
            value["tally"]["profiles"] = "many"
            del value["sha256"]
            value["sha256"] = resuming._digest_of(value)
            record.write_text(json.dumps(value))
        case "digit of a record":
            record.write_text(record.read_text().replace('"profiles": 2', '"profiles": 3'))
        case "pipe as a record" | "pipe as a part":
            path = record if name == "pipe as a record" else out / "a.parquet"
            path.unlink()
            os.mkfifo(path)
        case "removed":
            (parts / "b.csv").unlink()
    done = run("cohort", parts, "-o", out, "--resume", *more)
    assert said in done.stderr.decode()
    assert is_like_unbroken(done, parts, out, *more)


def test_what_is_not_ours_is_neither_removed_nor_taken_for_a_part(parts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("cohort", parts, "-o", out)
    (out / "own.parquet").write_text("mine")
    done = run("cohort", parts, "-o", out, "--resume")
    assert done.returncode == 2
    assert b"'own.parquet', which is of no part" in done.stderr
    assert (out / "own.parquet").read_text() == "mine"
    other = tmp_path / "other"
    other.mkdir()
    (other / "x").touch()
    assert run("cohort", parts, "-o", other, "--resume").returncode == 2


def test_rejects_lie_beside_the_folder(parts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("cohort", parts, "-o", out)
    assert b"the reasons are in out.rejects.ndjson" in done.stderr
    assert ds.dataset(out, format="parquet").count_rows() > 0
    assert not list(out.glob("*.ndjson"))
    for name in ("b.csv", "c.ndjson"):
        (parts / name).unlink()
    assert run("cohort", parts, "-o", out, "--resume").returncode == 0
    assert not (tmp_path / "out.rejects.ndjson").exists()


@pytest.mark.parametrize("moment", ["rows", "rejects", "record"])
def test_killed_in_the_middle_of_a_part(moment: str, parts: Path, tmp_path: Path) -> None:
    """The process is killed while the second part is written: at its rows, its rejects and its record."""
    where = {
        "rows": "recommender.cohort.run.reject_line",
        "rejects": "recommender.cohort.resuming.Records.keep",
        "record": "recommender.cohort.resuming.Records._written",
    }[moment]
    module, _, name = where.rpartition(".")
    code = (
        "import os, signal, sys\n"
        "from pkgutil import resolve_name\n"
        "from fuzzing.small import small_base\n"
        "from recommender.cli import main\n"
        f"holder, calls = resolve_name({module!r}), []\n"
        f"before = getattr(holder, {name!r})\n"
        "def killed(*given, **named):\n"
        "    calls.append(1)\n"
        f"    if len(calls) == {1 if moment == 'rows' else 2}:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return before(*given, **named)\n"
        f"setattr(holder, {name!r}, killed)\n"
        "few = small_base()\n"
        "resolve_name('recommender.knowledge.loading').load_rules = lambda *_, **__: few\n"
        "main()\n"
    )
    out = tmp_path / "out"
    line = ["cohort", str(parts), "-o", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", code, *line],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": support_path()},
    )
    assert done.returncode == -signal.SIGKILL
    assert not (out / "_SUCCESS").exists()
    assert (out / "_parts" / "a.json").exists()
    assert not (out / "_parts" / "b.json").exists()
    resumed = run(*line, "--resume")
    assert b"1 part kept from before" in resumed.stderr
    assert is_like_unbroken(resumed, parts, out)


@pytest.mark.once
def test_killed_while_a_large_part_is_read(tmp_path: Path) -> None:
    parts, out = tmp_path / "parts", tmp_path / "out"
    parts.mkdir()
    (parts / "a.csv").write_text("id,therapies\nt1,sorafenib\nt1,sorafenib\n")
    many = "".join(f"u{number},sorafenib,high\n" for number in range(200_000))
    (parts / "b.csv").write_text("id,therapies,FASN\n" + many)
    line = ["cohort", str(parts), "-o", str(out)]
    with subprocess.Popen([sys.executable, "-m", "recommender", *line], stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not list(out.glob(".b.parquet.*")):
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    resumed = run(*line, "--resume")
    assert resumed.returncode == 2
    assert is_like_unbroken(resumed, parts, out)
