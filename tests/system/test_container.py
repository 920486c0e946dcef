"""The image: what its file says, and, where there is a builder, the image itself."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from support.places import ROOT

from recommender._label import LABEL
from recommender._version import VERSION

pytestmark = pytest.mark.once

TEXT = (ROOT / "Dockerfile").read_text()


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its arguments, comments left out and lines joined."""
    lines = re.sub(r"^\s*#.*\n", "", TEXT, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines) if word]


def copied() -> list[str]:
    """What is copied from the checkout."""
    sources = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    return [name for names in sources for name in names]


def test_hadolint_finds_no_fault() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is not installed: the Dockerfile was NOT linted")
    done = subprocess.run(
        [hadolint, "--no-color", ROOT / "Dockerfile"], capture_output=True, check=False, text=True
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_the_image_has_two_stages_and_no_root() -> None:
    words = [word for word, _ in instructions()]
    bases = [rest for word, rest in instructions() if word == "FROM"]
    assert len(bases) == 2
    assert all(re.match(r"python:3\.\d+(-slim)?-\w+\b", base) for base in bases), "a tag, and no registry"
    assert bases[0].endswith(" AS build")
    assert "-slim-" in bases[1]
    final = dict(instructions()[len(words) - words[::-1].index("FROM") :])
    assert final["COPY"] == "--from=build /opt/recommender /opt/recommender"
    assert final["USER"] == "65532:65532"
    assert json.loads(final["ENTRYPOINT"]) == ["recommender"]
    assert "XDG_CACHE_HOME=/tmp/" in final["ENV"]
    assert LABEL in final["LABEL"]


def test_the_image_keeps_no_cache_of_an_installer() -> None:
    runs = [rest for word, rest in instructions() if word == "RUN"]
    assert sum("pip " in run for run in runs) == sum("--no-cache-dir" in run for run in runs) == 1
    assert (
        sum("apt-get" in run for run in runs) == sum("rm -rf /var/lib/apt/lists" in run for run in runs) == 1
    )


def test_the_builder_is_sent_what_is_copied_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    assert sent == set(copied())


def test_what_is_copied_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        check=True,
        cwd=tmp_path,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "recommender/_shipped/rules/rulebase.yaml" in names
    assert "recommender/_shipped/profiles/nrf2-active-sorafenib.json" in names
    assert "recommender/cli/__init__.py" in names


@pytest.mark.parametrize("extras", ["", "web", "report,web"])
def test_the_shell_lines_choose_the_extras(extras: str, tmp_path: Path) -> None:
    """Run with stand-ins for pip and apt-get, which write down what they are given."""
    for name in ("python", "pip", "apt-get", "rm"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {shlex.quote(str(tmp_path / "calls"))}\n')
        program.chmod(0o755)
    for word, rest in instructions():
        if word == "RUN":
            environment = {"EXTRAS": extras, "PATH": f"{tmp_path}:/usr/bin:/bin"}
            subprocess.run(["/bin/sh", "-ec", rest], check=True, env=environment, cwd=tmp_path)
    calls = (tmp_path / "calls").read_text().splitlines()
    (installed,) = [call for call in calls if call.startswith("pip ")]
    assert installed.endswith(f" .[{extras}]" if extras else " .")
    (system,) = [call for call in calls if call.startswith("apt-get install")]
    assert ("libpangoft2-1.0-0" in system) == ("report" in extras)


def test_the_program_answers_where_nothing_can_be_written(tmp_path: Path) -> None:
    """As in a container that is read-only and has no /tmp of its own."""
    read_only = (
        "mount --bind / / && mount -o remount,bind,ro / && mount --bind /tmp /tmp"
        " && mount -o remount,bind,ro /tmp && ! touch /tmp/written 2>/dev/null"
    )
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-m", "sh", "-c", read_only], check=False).returncode:
        pytest.skip("nothing can be mounted here: a read-only file system was NOT tried")
    shutil.copy(ROOT / "profiles" / "nrf2-active-sorafenib.json", tmp_path / "case.json")
    # Where lines are counted, a process writes down what it reached.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = shlex.join([sys.executable, "-m", "recommender", "recommend", "case.json", "--format", "json"])
    done = subprocess.run(
        [unshare, "-m", "sh", "-c", f"{read_only} && exec {command}"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**clean, "HOME": "/tmp", "XDG_CACHE_HOME": "/tmp/cache", "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["label"] == LABEL


def test_the_image_answers_where_there_is_a_builder(tmp_path: Path) -> None:
    """Read-only, without network, as nobody, with the folder of the input mounted."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("there is no Docker daemon here: the image was NOT built")
    tag = "ferroptosis-recommender:tested"
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    if any(
        subprocess.run([docker, "pull", base], capture_output=True, check=False).returncode for base in bases
    ):
        pytest.skip("the images it is built from cannot be had here: the image was NOT built")
    subprocess.run([docker, "build", "--tag", tag, ROOT], check=True, capture_output=True)
    shutil.copy(ROOT / "profiles" / "nrf2-active-sorafenib.json", tmp_path / "case.json")
    safe = [
        docker,
        "run",
        "--rm",
        "--read-only",
        "--network",
        "none",
        "--volume",
        f"{tmp_path}:/data:ro",
        tag,
    ]
    shown = subprocess.run([*safe, "--version"], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == VERSION
    done = subprocess.run(
        [*safe, "recommend", "case.json", "--format", "json"], check=True, capture_output=True, text=True
    )
    answer = json.loads(done.stdout)
    assert answer["label"] == LABEL
    assert answer["recommendations"]
