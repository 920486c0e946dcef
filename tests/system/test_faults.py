"""Faults of the machine: full disks, read-only folders, kills at any moment, missing parts, old Pythons."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from support.commands import CASE, Done, run, spawn, spawn_each, without
from support.places import ROOT

from recommender import LABEL

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def nothing_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files may not grow, nothing but the command writes any.

    Some Pythons keep half a module as bytecode, for everybody; and coverage counts into a file.
    """
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


CASES = ROOT / "profiles"
STUDY = ROOT / "docs" / "examples" / "study"
PYTHON = [sys.executable, "-m", "recommender"]
MAX_BYTES = 64
"""What a file may hold where the disk is said to be full."""

WRITES = {
    "recommend": ["recommend", "CASE", "--format", "json", "-o", "OUT.json"],
    "stream": ["recommend", "STREAM", "-o", "OUT.ndjson"],
    "report html": ["report", "CASE", "-o", "OUT.html"],
    "report pdf": ["report", "CASE", "-o", "OUT.pdf"],
    "map png": ["map", "CASE", "-o", "OUT.png"],
    "map svg": ["map", "CASE", "-o", "OUT.svg"],
    "cohort parquet": ["cohort", str(STUDY), "-o", "OUT.parquet"],
    "cohort csv": ["cohort", str(STUDY), "-o", "OUT.csv"],
    "cohort ndjson": ["cohort", str(STUDY), "-o", "OUT.ndjson"],
    "cohort folder": ["cohort", str(STUDY), "-o", "OUT"],
    "import ndjson": ["profile", "import", str(STUDY), "-o", "OUT.ndjson"],
    "import folder": ["profile", "import", str(STUDY), "-o", "OUT"],
    "new": ["profile", "new", "--disease", "HCC", "--therapy", "sorafenib", "-o", "OUT.json"],
}
NEEDS = {"report pdf": "weasyprint", "map png": "resvg_py", "cohort": "duckdb"}


def arguments(name: str, folder: Path, inputs: Path) -> list[str]:
    """The words of a command that writes into a folder; what it needs must be there."""
    for part, package in NEEDS.items():
        if name.startswith(part):
            pytest.importorskip(package)
    case, stream = inputs / "case.json", inputs / "stream.ndjson"
    # As PDF a page of nothing takes long enough.
    case.write_text(json.dumps({"disease": "HCC"} if name == "report pdf" else CASE))
    stream.write_text((json.dumps(CASE) + "\n") * 20)
    given = {"CASE": str(case), "STREAM": str(stream)}
    words = [given.get(word, word) for word in WRITES[name]]
    return [str(folder / word) if word.startswith("OUT") else word for word in words]


def command(name: str, folder: Path, inputs: Path) -> list[str]:
    """The same as a process."""
    return [*PYTHON, *arguments(name, folder, inputs)]


def told(done: Done, why: str) -> None:
    """It says in a few lines what went wrong, and ends as bad input does."""
    text = done.stderr.decode()
    assert done.returncode == 2, text
    assert why in text
    assert "Traceback" not in text
    assert ".part" not in text


@contextmanager
def cramped() -> Iterator[None]:
    """Let no file grow: by the limit of the system, which every writer meets, C code as well."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", WRITES)
def test_a_disk_that_fills_leaves_nothing(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    line = arguments(name, out, tmp_path)
    with cramped():
        done = run(*line)
    told(done, "it cannot be written: File too large")
    assert not [path for path in out.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["recommend", "cohort parquet"])
def test_a_process_that_met_a_full_disk_ends_in_peace(name: str, tmp_path: Path) -> None:
    """Nothing is tried again, or told again, while its interpreter ends."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({MAX_BYTES}, {MAX_BYTES}))"
    out = tmp_path / "out"
    out.mkdir()
    done = spawn_each(arguments(name, out, tmp_path), first=limit)
    told(done, "it cannot be written: File too large")
    assert done.stderr.count(b"cannot be written") == 1
    assert not [path for path in out.rglob("*") if path.is_file()]


@cache
def mounts() -> bool:
    """Whether a file system can be mounted here, for one process alone."""
    if not shutil.which("unshare"):
        return False
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_a_real_file_system(kind: str, tmp_path: Path) -> None:
    """Several commands one after the other in one process, which alone sees it."""
    if not mounts():
        pytest.skip("a file system cannot be mounted here; the limit of file sizes stands in for it")
    out = tmp_path / "out"
    out.mkdir()
    options = "size=4k" if kind == "full" else "ro"
    fill = f"head -c 4096 /dev/zero > {out}/filler;" if kind == "full" else ""
    script = (
        f'mount -t tmpfs -o {options} tmpfs {out} && {{ {fill} }} 2>/dev/null; "$@"; code=$?; '
        f"find {out} -type f; exit $code"
    ).replace("{  }", "true")
    names = ("recommend", "cohort csv", "cohort folder", "import folder")
    lines = json.dumps([arguments(name, out, tmp_path) for name in names])
    each = "import json, sys; from recommender.cli import run; print(*map(run, json.loads(sys.argv[1])))"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", sys.executable, "-c", each, lines],
        capture_output=True,
        check=True,
        text=True,
    )
    codes, _, left = done.stdout.partition("\n")
    assert codes == "2 2 2 2", done.stderr
    assert done.stderr.count("No space left on device" if kind == "full" else "Read-only file system") == 4
    assert "Traceback" not in done.stderr
    assert ".part" not in done.stderr
    assert left.split() == ([str(out / "filler")] if kind == "full" else [])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("words", ["recommend CASE", "rules list", "--help", "recommend --help", "--version"])
def test_a_full_stdout(words: str, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(CASE))
    with Path("/dev/full").open("w") as full:
        line = [str(case) if word == "CASE" else word for word in words.split()]
        done = subprocess.run([*PYTHON, *line], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "No space left on device" in done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("name", ["recommend", "report html", "report pdf"])
def test_a_full_device_as_output(name: str, tmp_path: Path) -> None:
    line = [*arguments(name, tmp_path, tmp_path)[:-1], "/dev/full"]
    line += ["--format", "pdf"] if name == "report pdf" else []
    told(run(*line), "No space left on device")


@pytest.mark.parametrize("cache_folder", ["/dev/null", "/proc", "file"])
def test_a_cache_that_cannot_be_written_costs_no_answer(cache_folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    given = json.dumps(CASE)
    done = run("recommend", "-", "--format", "json", stdin=given, XDG_CACHE_HOME=str(tmp_path / cache_folder))
    assert (json.loads(done.stdout)["label"], done.stderr) == (LABEL, b"")


def test_a_cohort_that_met_a_full_disk_can_be_resumed(tmp_path: Path) -> None:
    line = arguments("cohort folder", tmp_path / "out", tmp_path)
    with cramped():
        assert run(*line).returncode == 2
    done = run(*line, "--resume")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "OUT" / "_SUCCESS").exists()


@pytest.mark.parametrize("name", ["cohort csv", "cohort folder", "report html", "stream"])
def test_killed_at_a_random_moment(name: str, tmp_path: Path) -> None:
    """The output is complete or absent; and one that stood there is the old or the new one, whole."""
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    whole = tmp_path / "whole"
    whole.mkdir()
    start = time.monotonic()
    subprocess.run(command(name, whole, tmp_path), check=True, capture_output=True)
    seconds = time.monotonic() - start
    finished = contents(whole)
    for turn in range(2):
        out = tmp_path / f"out-{turn}"
        out.mkdir()
        line = arguments(name, out, tmp_path)
        old = out / Path(line[-1]).name
        if turn % 2 and name != "cohort folder":
            old.write_text("old")
        with subprocess.Popen(
            [*PYTHON, *line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(chance.uniform(seconds / 3, seconds * 1.1))
            process.send_signal(signal.SIGKILL)
        for path, data in contents(out).items():
            assert data == finished[path] or (path == old.name and data == b"old" and turn % 2)
        again = [*line, "--resume"] if name == "cohort folder" and any(out.rglob("*")) else line
        # In a process that wrote others before, Parquet encodes the same rows otherwise.
        repeat = spawn if name == "cohort folder" else run
        assert repeat(*again).returncode == 0
        assert contents(out) == finished != {}


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder that do not begin with a dot, which is how what is half written is named."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize(
    ("extra", "missing", "words"),
    [
        ("cohort", "duckdb", ["cohort", STUDY, "-o", "x.csv"]),
        ("cohort", "pyarrow", ["cohort", "summary", "x.parquet"]),
        ("spark", "pyspark", ["cohort", STUDY, "-o", "x.parquet", "--backend", "spark"]),
        ("report", "matplotlib", ["cohort", "summary", "RANKED", "--format", "html"]),
        ("report", "weasyprint", ["report", CASES / "nrf2-active-sorafenib.json", "-o", "x.pdf"]),
        ("report", "resvg_py", ["map", CASES / "nrf2-active-sorafenib.json", "-o", "x.png"]),
        ("web", "fastapi", ["serve"]),
        ("web", "uvicorn", ["serve"]),
        ("refs", "bibtexparser", ["refs", "--format", "bibtex"]),
        ("refs", "rispy", ["refs", "--format", "ris"]),
    ],
)
def test_a_missing_extra_is_named(extra: str, missing: str, words: list[str | Path], tmp_path: Path) -> None:
    if words[0] == "cohort":
        pytest.importorskip("duckdb")
    if "RANKED" in words:
        ranked = tmp_path / "ranked.parquet"
        assert run("cohort", STUDY, "-o", ranked).returncode == 0
        words = [ranked if word == "RANKED" else word for word in words]
    done = without([missing], words)
    text = " ".join(done.stderr.decode().split())
    assert done.returncode == 2, text
    assert f"pip install '.[{extra}]'" in text.replace('"', "'")
    assert "Traceback" not in text


EVERYTHING: list[list[str | Path]] = [
    ["recommend", CASES / "nrf2-active-sorafenib.json", "--format", "json"],
    ["explain", CASES / "nrf2-active-sorafenib.json", "orlistat"],
    ["whatif", CASES / "nrf2-active-sorafenib.json", "--set", "GSTZ1=low"],
    ["next-tests", CASES / "nothing-measured-sorafenib.json"],
    ["report", CASES / "nrf2-active-sorafenib.json"],
    ["map", CASES / "nrf2-active-sorafenib.json", "--format", "svg"],
    ["rules", "test"],
    ["tour", "--list"],
    ["audit"],
]


def test_everything_works_without_durable_rules() -> None:
    done = without(["durable_rules_engine"], *EVERYTHING)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().count(LABEL) >= len(EVERYTHING)


def test_streams_and_the_doctor_without_durable_rules(tmp_path: Path) -> None:
    stream = tmp_path / "x.ndjson"
    stream.write_text((json.dumps(CASE) + "\n") * 2)
    for line in without(["durable_rules_engine"], ["recommend", stream]).stdout.splitlines():
        assert json.loads(line)["engine"]["name"] == "plain"
    found = json.loads(without(["durable_rules_engine"], ["doctor", "--format", "json"]).stdout)
    assert found["engine"].startswith("plain ")
    assert "does not load here" in found["durable-rules"]
    assert "--no-binary durable-rules" in found["to install durable-rules"]
    asked = without(["durable_rules_engine"], ["recommend", stream, "--engine", "durable"])
    assert asked.returncode == 1
    assert b"Use the plain engine" in asked.stderr
    assert b"Traceback" not in asked.stderr


def test_another_python_is_told_in_one_line(tmp_path: Path) -> None:
    older = [path for name in ("3.10", "3.9", "3.8") if (path := older_python(name))]
    if not older:
        pytest.skip("there is no older Python here")
    done = subprocess.run(
        [older[0], "-m", "recommender", "doctor"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"needs Python 3.11 or newer; this is 3." in done.stderr


def older_python(version: str) -> str | None:
    """An interpreter on the path, or among those of pyenv."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in kept.glob(f"{version}.*/bin/python")]
    return found[0] if found else None
